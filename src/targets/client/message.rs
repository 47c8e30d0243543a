//! Requests and answers.

use std::borrow::Cow;

use reqwest::{
    Method, StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use url::Url;

use crate::error::{Error, Result};

/// A request, kept whole so that it can be sent again where that is safe.
#[derive(Clone)]
pub struct Request {
    /// `GET`, `POST`, …
    pub method: Method,
    /// Where to.
    pub url: Url,
    /// Headers; those with secrets are marked sensitive.
    pub headers: HeaderMap,
    /// The body.
    pub body: Body,
}

/// A request's body.
#[derive(Clone)]
pub enum Body {
    /// None.
    Empty,
    /// JSON.
    Json(serde_json::Value),
    /// Bytes, their type in the headers.
    Bytes(Vec<u8>),
    /// One file as `multipart/form-data`.
    File {
        /// The form's field.
        field: Cow<'static, str>,
        /// The file's name.
        name: String,
        /// `image/png`.
        media_type: String,
        /// The bytes.
        bytes: Vec<u8>,
    },
}

/// An answer, whatever its status.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, whole.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    ///
    /// # Errors
    /// When it is something else: a page of a proxy, a PHP warning in front.
    pub fn json(&self) -> Result<serde_json::Value, String> {
        serde_json::from_slice(&self.body).map_err(|_| {
            let kind = self.header("content-type").unwrap_or("no content type");
            format!("the answer is not JSON ({kind}): {}", self.excerpt())
        })
    }

    /// A header as text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }

    /// The first words of the body, on one line, for messages.
    #[must_use]
    pub fn excerpt(&self) -> String {
        let text = String::from_utf8_lossy(&self.body[..self.body.len().min(400)]);
        let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let line: String = line.chars().filter(|c| !c.is_control()).take(160).collect();
        if line.is_empty() { "(empty)".to_owned() } else { line }
    }
}

/// Why there is no answer.
#[derive(Debug, Clone)]
pub enum NoAnswer {
    /// The request was not received: nothing can have happened.
    NotReceived(Error),
    /// It may have been received and carried out.
    Lost(Error),
}

impl NoAnswer {
    /// The error in it.
    #[must_use]
    pub fn into_error(self) -> Error {
        match self {
            Self::NotReceived(error) | Self::Lost(error) => error,
        }
    }
}

impl Request {
    /// A request without body or headers.
    #[must_use]
    pub fn new(method: Method, url: Url) -> Self {
        Self { method, url, headers: HeaderMap::new(), body: Body::Empty }
    }

    /// With a JSON body.
    #[must_use]
    pub fn json(mut self, body: serde_json::Value) -> Self {
        self.body = Body::Json(body);
        self
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Whether it changes nothing, so that it may be sent any number of times.
    pub(super) fn is_read(&self) -> bool {
        matches!(self.method, Method::GET | Method::HEAD | Method::OPTIONS)
    }
}
