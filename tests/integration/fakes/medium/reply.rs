//! Answers, in Medium's envelopes.

use axum::{
    body::Body,
    http::{Response, header::CONTENT_TYPE},
};
use serde_json::{Value, json};

/// An answer before it is sent.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub content_type: &'static str,
    pub body: String,
}

impl Reply {
    /// `{"data": …}`.
    pub fn data(status: u16, data: &Value) -> Self {
        Self {
            status,
            content_type: "application/json; charset=utf-8",
            body: json!({ "data": data }).to_string(),
        }
    }

    /// `{"errors": [{"message", "code"}]}`.
    pub fn error(status: u16, code: i64, message: &str) -> Self {
        let body = json!({ "errors": [{ "message": message, "code": code }] }).to_string();
        Self { status, content_type: "application/json; charset=utf-8", body }
    }

    /// A page, as gates and proxies send them.
    pub fn page(status: u16, text: &str) -> Self {
        let body = format!(
            "<!DOCTYPE html><html><head><title>{text}</title></head><body><h1>{text}</h1></body></html>"
        );
        Self { status, content_type: "text/html; charset=UTF-8", body }
    }

    /// A feed.
    pub fn feed(body: String) -> Self {
        Self { status: 200, content_type: "text/xml; charset=UTF-8", body }
    }

    pub fn not_found() -> Self {
        Self::error(404, -1, "Not found.")
    }

    pub fn into_response(self) -> Response<Body> {
        Response::builder()
            .status(self.status)
            .header(CONTENT_TYPE, self.content_type)
            .body(Body::from(self.body))
            .expect("the parts are constant")
    }
}
