use reqwest::{
    StatusCode,
    header::{HeaderMap, HeaderValue},
};
use serde_json::{Value, json};

use super::*;

fn answer(status: u16, body: &str) -> Answer {
    let status = StatusCode::from_u16(status).unwrap();
    Answer { status, headers: HeaderMap::new(), body: body.as_bytes().to_vec() }
}

fn rest(status: u16, code: &str, data: &Value) -> Answer {
    answer(status, &json!({ "code": code, "message": "Sorry.", "data": data }).to_string())
}

#[test]
fn each_answer_that_wordpress_gives_has_its_meaning() {
    let none = json!({});
    let cases = [
        (rest(401, "rest_cannot_create", &none), Refusal::Unauthorised),
        (rest(401, "rest_forbidden_context", &none), Refusal::Unauthorised),
        (rest(403, "rest_cannot_publish", &none), Refusal::Forbidden),
        (rest(403, "rest_cannot_update", &none), Refusal::AfterTheInsert),
        (rest(404, "rest_post_invalid_id", &none), Refusal::NotThere),
        (rest(404, "rest_no_route", &none), Refusal::NoRoute),
        (rest(410, "rest_already_trashed", &none), Refusal::AlreadyTrashed),
        (rest(400, "term_exists", &json!({ "term_id": 7 })), Refusal::TermExists(7)),
        (rest(400, "empty_content", &none), Refusal::Invalid),
        (rest(400, "rest_invalid_param", &none), Refusal::Invalid),
        (rest(500, "internal_server_error", &none), Refusal::Broken),
        (rest(413, "too_large", &none), Refusal::TooLarge),
    ];
    for (answer, expected) in cases {
        assert_eq!(refusal(&answer), expected, "{}", words(&answer));
    }
}

#[test]
fn a_stranger_who_asks_for_all_states_is_told_of_a_bad_parameter() {
    let data = json!({ "details": { "status": { "code": "rest_forbidden_status" } } });
    assert_eq!(refusal(&rest(400, "rest_invalid_param", &data)), Refusal::Unauthorised);
}

#[test]
fn answers_that_are_not_of_the_api_go_by_their_status() {
    let page = "<!DOCTYPE html><h1>Blocked</h1>";
    for (status, expected) in [
        (200, Refusal::NotRest),
        (404, Refusal::NotRest),
        (403, Refusal::Unauthorised),
        (413, Refusal::TooLarge),
        (429, Refusal::Busy),
        (502, Refusal::Broken),
        (408, Refusal::Broken),
    ] {
        assert_eq!(refusal(&answer(status, page)), expected, "{status}");
    }
}

#[test]
fn only_a_503_that_says_when_to_come_back_was_not_received() {
    let mut closed = answer(503, "");
    assert_eq!(refusal(&closed), Refusal::Broken);
    closed.headers.insert("retry-after", HeaderValue::from_static("600"));
    assert_eq!(refusal(&closed), Refusal::Busy);
}

#[test]
fn a_redirect_keeps_its_place() {
    let mut moved = answer(301, "");
    moved.headers.insert("location", HeaderValue::from_static("https://www.example.org/"));
    assert_eq!(refusal(&moved), Refusal::Redirect("https://www.example.org/".to_owned()));
}

#[test]
fn the_words_of_an_error_are_one_plain_line() {
    let body = json!({ "code": "invalid_username", "message": "<strong>Error:</strong> it&#8217;s wrong.", "data": null });
    assert_eq!(words(&answer(403, &body.to_string())), "HTTP 403, invalid_username: Error: it’s wrong.");
    assert_eq!(words(&answer(502, "<h1>Bad\n gateway</h1>")), "HTTP 502: <h1>Bad gateway</h1>");
}

#[test]
fn a_php_warning_before_the_json_is_passed_over() {
    let noisy =
        "<br />\n<b>Warning</b>:  Array [0] in {closure} on line <b>3</b><br />\n{\"id\":12,\"tags\":[]}";
    assert_eq!(parse::<Value>(&answer(201, noisy)).unwrap(), json!({ "id": 12, "tags": [] }));
}

#[test]
fn the_end_of_an_answer_that_was_cut_is_no_answer() {
    for cut in
        ["{\"id\":12,\"tags\":[]", "[{\"id\":1,\"a\":{}", "{\"id\":1,\"title\":\"[]", "{\"a\": [1, [2]"]
    {
        assert!(parse::<Value>(&answer(201, cut)).is_err(), "{cut}");
    }
}

#[test]
fn a_page_is_no_json_and_says_so() {
    let error = parse::<Value>(&answer(200, "<html>{not json}</html>")).unwrap_err();
    assert!(error.starts_with("the answer is not JSON (no content type): <html>"), "{error}");
}
