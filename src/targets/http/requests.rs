//! What would be sent, as text for people: the requests in the form that editors know as `.http`
//! files, with a word in place of the secret.

use std::fmt::Write as _;

use reqwest::header::HeaderValue;
use serde_json::Value as Json;

use super::{config::Config, names::Values, operation::Operation};
use crate::{error::Result, note::Marker, render::Rendering, targets::client::Request};

/// Stands where the secret would.
const SECRET: &str = "(secret)";
/// Stand for what only the server can say.
const ID: &str = "ID";

/// The requests for a post: the one that creates it, and the one that updates it.
#[must_use]
pub fn shown(config: &Config, rendering: &Rendering, marker: Marker) -> String {
    let values = Values::note(rendering, marker);
    let mut out = one(config, &config.create, &values);
    if let Some(update) = &config.update {
        let there = values.with_text("id", ID).with("lock", &Json::from(0)).with("post", &Json::Null);
        out.push('\n');
        out.push_str(&one(config, update, &there));
    }
    out
}

fn one(config: &Config, operation: &Operation, values: &Values) -> String {
    let name = operation.name;
    let made: Result<(Request, Option<Json>)> = operation
        .request(&config.url, &config.headers, values)
        .and_then(|request| Ok((request, operation.json(values)?)));
    match made {
        Ok((request, body)) => format!("### {name}\n{}", text(config, &request, body.as_ref())),
        // It counts with what stands on the site now.
        Err(_) => format!("### {name}: depends on the post that is there\n"),
    }
}

fn text(config: &Config, request: &Request, body: Option<&Json>) -> String {
    let mut out = format!("{} {}\n", request.method, request.url);
    let mut headers = request.headers.clone();
    if let Some(name) = config.auth.header() {
        headers.insert(name, HeaderValue::from_static(SECRET));
    }
    if body.is_some() && !headers.contains_key("content-type") {
        headers.insert("content-type", HeaderValue::from_static("application/json"));
    }
    for (name, value) in &headers {
        let _ = writeln!(out, "{name}: {}", String::from_utf8_lossy(value.as_bytes()));
    }
    if let Some(body) = body {
        let _ = writeln!(out, "\n{}", serde_json::to_string_pretty(body).unwrap_or_default());
    }
    out
}
