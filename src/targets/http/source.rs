//! Where a value stands in an answer: at a JSON pointer (RFC 6901), in a header, or made of it by a
//! template.

use reqwest::header::{HeaderMap, HeaderName};
use serde_json::Value as Json;

use super::{
    names::Values,
    template::{Text, Wrong},
};
use crate::error::{Error, Result};

/// A place in an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// `/data/id`.
    Pointer(String),
    /// `header:ETag`.
    Header(HeaderName),
    /// `https://intranet.example.org/news/{{ id }}`.
    Template(Text),
}

impl Source {
    /// Reads a place. `known` are the names that a template may use.
    ///
    /// # Errors
    /// What is neither a pointer, a header nor a template.
    pub fn new(text: &str, known: &[&str], sample: &Values) -> Result<Self, Wrong> {
        if let Some(name) = text.strip_prefix("header:") {
            let name = name.trim().parse().map_err(|_| plain(format!("`{name}` is no name of a header")))?;
            return Ok(Self::Header(name));
        }
        if text.contains("{{") || text.contains("{%") {
            return Ok(Self::Template(Text::new(text, known, sample)?));
        }
        pointer(text).map(Self::Pointer)
    }

    /// Whether it is in a header, which the rows of a list do not have.
    #[must_use]
    pub fn is_header(&self) -> bool {
        matches!(self, Self::Header(_))
    }

    /// The value; `None` where there is none.
    #[must_use]
    pub fn value(&self, json: &Json, headers: &HeaderMap, values: &Values) -> Option<Json> {
        let found = match self {
            Self::Pointer(pointer) => json.pointer(pointer).cloned(),
            Self::Header(name) => headers.get(name)?.to_str().ok().map(Json::from),
            Self::Template(text) => text.value(&values.clone().with("answer", json)).ok(),
        };
        found.filter(|value| !value.is_null())
    }

    /// The same as text: what is no text is its JSON.
    #[must_use]
    pub fn text(&self, json: &Json, headers: &HeaderMap, values: &Values) -> Option<String> {
        self.value(json, headers, values).map(|value| text(&value))
    }

    /// The place as it was written.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Pointer(pointer) => pointer.clone(),
            Self::Header(name) => format!("header:{name}"),
            Self::Template(text) => text.source().to_owned(),
        }
    }
}

/// A value as text.
#[must_use]
pub fn text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A JSON pointer: empty for the whole, or beginning with `/`.
///
/// # Errors
/// Any other text.
pub fn pointer(text: &str) -> Result<String, Wrong> {
    if text.is_empty() || text.starts_with('/') {
        return Ok(text.to_owned());
    }
    Err(plain(format!("`{text}` is no place in an answer")))
}

fn plain(message: String) -> Wrong {
    let error = Error::invalid(message)
        .help("write a JSON pointer as `/data/id`, or a header as `header:ETag`")
        .help("where a place may be a template: with `{{ … }}`");
    Wrong { error, line: 1 }
}
