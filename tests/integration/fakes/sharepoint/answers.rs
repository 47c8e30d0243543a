//! Answers, in Graph's envelopes.

use axum::{body::Body, http::Response};
use serde_json::{Value, json};

/// An answer before it is sent.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub body: Value,
    pub retry_after: bool,
}

impl Reply {
    pub fn json(status: u16, body: Value) -> Self {
        Self { status, body, retry_after: false }
    }

    /// Done, and nothing to say.
    pub fn empty() -> Self {
        Self::json(204, Value::Null)
    }

    /// `{"error": {"code", "message"}}`.
    pub fn error(status: u16, code: &str) -> Self {
        Self::json(
            status,
            json!({ "error": { "code": code, "message": format!("Said by the stand-in: {code}") } }),
        )
    }

    pub fn not_found() -> Self {
        Self::error(404, "itemNotFound")
    }

    pub fn into_response(self) -> Response<Body> {
        let mut response = Response::builder().status(self.status);
        if self.retry_after {
            response = response.header("retry-after", "0");
        }
        let body = match self.body {
            Value::Null => Body::empty(),
            body => {
                response = response.header("content-type", "application/json");
                Body::from(body.to_string())
            }
        };
        response.body(body).expect("the parts are constant")
    }
}
