//! One request of a description: what it is made of, and the request that values make of it.

use reqwest::{
    Method,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use serde_json::Value as Json;
use url::Url;

use super::{address, names::Values, source::Source, template::Text, tree::Tree};
use crate::{
    error::{Error, Result},
    targets::client::Request,
};

/// A request and what its answers mean.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Its table's name: `create`.
    pub name: &'static str,
    /// `method`.
    pub method: Method,
    /// `path`, below the target's `url`.
    pub path: Text,
    /// `query`; what has no value is left out.
    pub query: Vec<(String, Text)>,
    /// `headers`; what has no value is left out.
    pub headers: Vec<(HeaderName, Text)>,
    /// `body`.
    pub body: Option<Tree>,
    /// `at`: where the post is in an answer.
    pub at: String,
    /// `exists_on`: statuses that mean that it is there already.
    pub exists_on: Vec<u16>,
    /// `absent_on`: statuses that mean that it is not there.
    pub absent_on: Vec<u16>,
    /// `conflict_on`: statuses that mean that somebody else changed it.
    pub conflict_on: Vec<u16>,
    /// `error_if`: what stands in an answer of an error, whatever its status.
    pub error_if: Option<Source>,
}

impl Operation {
    /// Whether any part of the request names a value.
    #[must_use]
    pub fn names(&self, name: &str) -> bool {
        self.path.names(name)
            || self.query.iter().any(|(_, text)| text.names(name))
            || self.headers.iter().any(|(_, text)| text.names(name))
            || self.body.as_ref().is_some_and(|body| body.names(name))
    }

    /// Whether it asks and changes nothing.
    #[must_use]
    pub fn is_read(&self) -> bool {
        matches!(self.name, "check" | "find" | "fetch")
    }

    /// The request, without its body and without what says who asks.
    ///
    /// # Errors
    /// A value that is missing; one that would lead elsewhere.
    pub fn request(&self, base: &Url, common: &HeaderMap, values: &Values) -> Result<Request> {
        self.make(base, common, values)
            .map_err(|error| error.detail("in", format!("the request `{}`", self.name)))
    }

    fn make(&self, base: &Url, common: &HeaderMap, values: &Values) -> Result<Request> {
        let mut url = address::below(base, &self.path.path(values)?)?;
        for (name, text) in &self.query {
            if let Some(value) = text.text(values)? {
                url.query_pairs_mut().append_pair(name, &value);
            }
        }
        let mut request = Request::new(self.method.clone(), url);
        request.headers = common.clone();
        for (name, text) in &self.headers {
            if let Some(value) = text.text(values)? {
                request = request.header(name.clone(), header_value(name, &value)?);
            }
        }
        Ok(request)
    }

    /// The body that values make.
    ///
    /// # Errors
    /// As for [`Operation::request`].
    pub fn json(&self, values: &Values) -> Result<Option<Json>> {
        let filled = self.body.as_ref().map(|body| body.fill(values)).transpose();
        filled.map_err(|error| error.detail("in", format!("the request `{}`", self.name)))
    }
}

fn header_value(name: &HeaderName, value: &str) -> Result<HeaderValue> {
    HeaderValue::from_bytes(value.as_bytes()).map_err(|_| {
        Error::invalid(format!("the value of the header `{name}` cannot be sent: it has a control character"))
    })
}
