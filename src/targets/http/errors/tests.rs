use reqwest::{Method, StatusCode};

use super::*;
use crate::targets::http::{source::Source, template::Text};

fn operation() -> Operation {
    Operation {
        name: "create",
        method: Method::POST,
        path: Text::new("/posts", &[], &Values::sample()).expect("a path"),
        query: Vec::new(),
        headers: Vec::new(),
        body: None,
        at: "/post".to_owned(),
        exists_on: vec![412],
        absent_on: vec![404],
        conflict_on: vec![409],
        error_if: Some(Source::Pointer("/error".to_owned())),
    }
}

fn answer(status: u16, body: &str) -> Answer {
    let status = StatusCode::from_u16(status).expect("a status");
    Answer { status, headers: HeaderMap::new(), body: body.as_bytes().to_vec() }
}

/// What it means, and for a write whether it may have been done.
fn meaning(status: u16, body: &str) -> String {
    match outcome(&operation(), &answer(status, body)) {
        Outcome::Done(said) => format!("done {}", said.post),
        Outcome::Exists(_) => "exists".to_owned(),
        Outcome::Absent(_) => "absent".to_owned(),
        Outcome::Conflict(_) => "conflict".to_owned(),
        Outcome::Refused(refusal, words) => format!("{refusal:?} ({words})"),
    }
}

#[test]
fn the_description_decides_first_and_then_http() {
    for (status, body, expected) in [
        (201, r#"{"post": {"id": 1}}"#, r#"done {"id":1}"#),
        (204, "", "done null"),
        (200, "<html>Log in</html>", "NoJson (HTTP 200: <html>Log in</html>)"),
        (200, r#"{"error": {"message": "full"}}"#, "Invalid (HTTP 200: full)"),
        (200, r#"{"error": false, "post": 1}"#, "done 1"),
        (412, "", "exists"),
        (404, "", "absent"),
        (409, "", "conflict"),
        (401, r#"{"detail": "who?"}"#, "Stranger (HTTP 401: who?)"),
        (403, "", "Forbidden (HTTP 403: (empty))"),
        (429, "", "Busy (HTTP 429: (empty))"),
        (500, "", "Broken (HTTP 500: (empty))"),
        (503, "", "Broken (HTTP 503: (empty))"),
        (422, r#"{"errors": [{"detail": "no\u001b[2J title"}]}"#, "Invalid (HTTP 422: no [2J title)"),
    ] {
        assert_eq!(meaning(status, body), expected, "{status} {body}");
    }
}
