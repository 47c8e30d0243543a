//! Answers, in the forms of both APIs.

use axum::{
    body::Body,
    http::{Response, header::CONTENT_TYPE},
};
use serde_json::{Value, json};

/// An answer before it is sent.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub body: Option<Value>,
}

impl Reply {
    pub fn ok(body: Value) -> Self {
        Self { status: 200, body: Some(body) }
    }

    pub fn nothing() -> Self {
        Self { status: 204, body: None }
    }

    /// A list without a next part.
    pub fn list(rows: Vec<Value>) -> Self {
        let mut body = json!({ "_links": {} });
        body["results"] = Value::Array(rows);
        Self::ok(body)
    }

    /// v2's form of an error.
    pub fn refused(status: u16, title: &str) -> Self {
        let error = json!({ "status": status, "code": "SOME_CODE", "title": title, "detail": null });
        Self { status, body: Some(json!({ "errors": [error] })) }
    }

    /// The same in the older API's form.
    pub fn older(self) -> Self {
        let said = self.body.as_ref().and_then(|body| body.pointer("/errors/0/title"));
        match said.and_then(Value::as_str) {
            Some(said) => Self {
                status: self.status,
                body: Some(json!({
                    "statusCode": self.status,
                    "data": { "authorized": true, "valid": true, "errors": [], "successful": false },
                    "message": format!("com.atlassian.confluence.api.service.exceptions.ServiceException: {said}"),
                })),
            },
            None => self,
        }
    }

    pub fn into_response(self) -> Response<Body> {
        let body = self.body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        Response::builder()
            .status(self.status)
            .header(CONTENT_TYPE, "application/json")
            .body(body)
            .expect("the parts are constant")
    }
}

/// A page, as gates and proxies send them.
pub fn page(status: u16) -> Response<Body> {
    Response::builder()
        .status(status)
        .header(CONTENT_TYPE, "text/html;charset=UTF-8")
        .body(Body::from("<!DOCTYPE html><html><body>Log in - Confluence</body></html>"))
        .expect("the parts are constant")
}
