use reqwest::{
    StatusCode,
    header::{HeaderMap, HeaderValue},
};

use super::*;

fn answer(status: u16, body: &str) -> Answer {
    let mut headers = HeaderMap::new();
    headers.insert("location", HeaderValue::from_static("https://elsewhere.example/"));
    Answer { status: StatusCode::from_u16(status).unwrap(), headers, body: body.as_bytes().to_vec() }
}

fn refusal(status: u16, code: &str) -> Refusal {
    let body = format!("{{\"error\": {{\"code\": \"{code}\", \"message\": \"words\\n\"}}}}");
    match outcome(&answer(status, &body)) {
        Outcome::Refused(refusal, words) => {
            assert_eq!(words, format!("HTTP {status}, {code}: words "));
            refusal
        }
        done @ Outcome::Done(_) => panic!("{done:?}"),
    }
}

#[test]
fn each_error_of_graph_has_one_meaning() {
    for (status, code, expected) in [
        (401, "InvalidAuthenticationToken", Refusal::Stranger),
        (401, "generalException", Refusal::Stranger),
        (403, "accessDenied", Refusal::Forbidden),
        (404, "itemNotFound", Refusal::NotThere),
        (409, "nameAlreadyExists", Refusal::Exists),
        (409, "generalException", Refusal::Conflict),
        (412, "resourceModified", Refusal::Conflict),
        (400, "resourceModified", Refusal::Conflict),
        (423, "resourceLocked", Refusal::Locked),
        (423, "notAllowed", Refusal::Locked),
        (429, "activityLimitReached", Refusal::Busy),
        (503, "serviceNotAvailable", Refusal::Busy),
        (500, "generalException", Refusal::Broken),
        (504, "gatewayTimeout", Refusal::Broken),
        (400, "invalidRequest", Refusal::Invalid),
        (200, "invalidRequest", Refusal::Invalid),
    ] {
        assert_eq!(refusal(status, code), expected, "{status} {code}");
    }
}

#[test]
fn done_is_json_or_an_empty_answer_that_may_be_empty() {
    assert_eq!(outcome(&answer(201, "{\"id\": \"1\"}")), Outcome::Done(serde_json::json!({ "id": "1" })));
    assert_eq!(outcome(&answer(204, "")), Outcome::Done(Value::Null));
    for (status, body, success) in [(200, "", true), (201, "<html>", true), (404, "<html>", false)] {
        let Outcome::Refused(refusal, _) = outcome(&answer(status, body)) else { panic!("{status}") };
        assert_eq!(refusal, Refusal::NotApi { success }, "{status} {body}");
    }
    let Outcome::Refused(refusal, _) = outcome(&answer(302, "")) else { panic!("a redirect") };
    assert_eq!(refusal, Refusal::Redirect("https://elsewhere.example/".to_owned()));
}
