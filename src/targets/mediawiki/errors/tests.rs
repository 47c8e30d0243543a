use reqwest::{StatusCode, header::HeaderMap};

use super::*;

fn refusal(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> Refusal {
    let headers: HeaderMap =
        headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
    let answer =
        Answer { status: StatusCode::from_u16(status).unwrap(), headers, body: body.as_bytes().to_vec() };
    match outcome(&answer) {
        Outcome::Refused(refusal, _) => refusal,
        Outcome::Done(body) => panic!("done: {body}"),
    }
}

fn by_code(code: &str) -> Refusal {
    refusal(200, &[], &format!(r#"{{"error":{{"code":"{code}","info":"…"}}}}"#))
}

#[test]
fn an_error_with_status_200_is_an_error() {
    for (code, expected) in [
        ("assertuserfailed", Refusal::Stranger),
        ("readapidenied", Refusal::Stranger),
        ("mwoauth-invalid-authorization", Refusal::Stranger),
        ("badtoken", Refusal::Token),
        ("readonly", Refusal::ReadOnly),
        ("articleexists", Refusal::Exists),
        ("editconflict", Refusal::Conflict),
        ("nosuchpageid", Refusal::NotThere),
        ("permissiondenied", Refusal::Forbidden),
        ("internal_api_error_DBQueryError", Refusal::Broken),
        ("something-new", Refusal::Invalid),
    ] {
        assert_eq!(by_code(code), expected, "{code}");
    }
}

#[test]
fn a_busy_wiki_says_how_long() {
    let lag = r#"{"error":{"code":"maxlag","info":"Waiting for a database server"}}"#;
    assert_eq!(refusal(200, &[("retry-after", "7")], lag), Refusal::Busy(Some(Duration::from_secs(7))));
    assert_eq!(refusal(429, &[], ""), Refusal::Busy(None));
    assert_eq!(refusal(503, &[("retry-after", "1")], ""), Refusal::Busy(Some(Duration::from_secs(1))));
}

#[test]
fn what_is_no_answer_of_the_api_is_told_apart() {
    assert_eq!(refusal(200, &[], "<html>"), Refusal::NotApi { success: true });
    assert_eq!(refusal(200, &[], "[]"), Refusal::NotApi { success: true });
    assert_eq!(refusal(403, &[], "<html>"), Refusal::NotApi { success: false });
    assert_eq!(refusal(401, &[], "<html>"), Refusal::Stranger);
    assert_eq!(refusal(502, &[], "<html>"), Refusal::Broken);
    assert_eq!(refusal(503, &[], ""), Refusal::Broken);
    assert_eq!(refusal(301, &[("location", "/x")], ""), Refusal::Redirect("/x".to_owned()));
}

#[test]
fn the_server_s_words_stay_on_one_line() {
    let answer = Answer {
        status: StatusCode::OK,
        headers: HeaderMap::new(),
        body: br#"{"error":{"code":"x","info":"a\nb\u001b[2J"}}"#.to_vec(),
    };
    let Outcome::Refused(_, words) = outcome(&answer) else { panic!() };
    assert_eq!(words, "HTTP 200, x: a b [2J");
}
