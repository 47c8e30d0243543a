use reqwest::{StatusCode, header::HeaderMap};

use super::*;

fn refusal(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> Refusal {
    let headers: HeaderMap =
        headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
    let answer =
        Answer { status: StatusCode::from_u16(status).unwrap(), headers, body: body.as_bytes().to_vec() };
    match outcome(&answer) {
        Outcome::Refused(refusal, words) => {
            assert!(words.starts_with(&format!("HTTP {status}")), "{words}");
            refusal
        }
        Outcome::Done(body) => panic!("done: {body}"),
    }
}

fn v2(status: u16, title: &str) -> Refusal {
    let body = format!(r#"{{"errors":[{{"status":{status},"code":"X","title":"{title}","detail":null}}]}}"#);
    refusal(status, &[], &body)
}

fn v1(status: u16, message: &str) -> Refusal {
    let body = format!(
        r#"{{"statusCode":{status},"data":{{"authorized":true,"valid":true}},"message":"com.atlassian.X: {message}"}}"#
    );
    refusal(status, &[], &body)
}

#[test]
fn both_forms_of_an_error_mean_the_same() {
    for form in [v2, v1] {
        let taken =
            "A page with this title already exists: A page already exists with the same TITLE in this space";
        assert_eq!(form(400, taken), Refusal::Exists);
        assert_eq!(
            form(400, "Cannot add a new attachment with same file name as an existing attachment"),
            Refusal::Exists
        );
        assert_eq!(form(400, "Error parsing xhtml"), Refusal::Invalid);
        assert_eq!(form(401, "Unauthorized; scope does not match"), Refusal::Stranger);
        assert_eq!(form(403, "no"), Refusal::Forbidden);
        assert_eq!(form(404, "no"), Refusal::NotThere);
        assert_eq!(
            form(409, "Version must be incremented on update. Current version is: 3"),
            Refusal::Conflict
        );
        assert_eq!(form(413, "large"), Refusal::TooLarge);
        assert_eq!(form(429, "slow"), Refusal::Busy);
        assert_eq!(form(500, "oops"), Refusal::Broken);
    }
}

#[test]
fn what_a_gate_or_a_proxy_says_is_no_answer_of_the_api() {
    let page = "<html><body>Log in</body></html>";
    for status in [400, 403, 404] {
        assert_eq!(refusal(status, &[], page), Refusal::NotApi { success: false }, "{status}");
    }
    assert_eq!(refusal(200, &[], page), Refusal::NotApi { success: true });
    assert_eq!(refusal(200, &[], ""), Refusal::NotApi { success: true });
    assert_eq!(
        refusal(302, &[("location", "/login.action")], ""),
        Refusal::Redirect("/login.action".to_owned())
    );
    assert_eq!(refusal(503, &[("retry-after", "5")], page), Refusal::Busy);
    assert_eq!(refusal(503, &[], page), Refusal::Broken);
}

#[test]
fn nothing_to_say_is_an_answer_too() {
    let answer = Answer { status: StatusCode::NO_CONTENT, headers: HeaderMap::new(), body: Vec::new() };
    assert_eq!(outcome(&answer), Outcome::Done(Value::Null));
}
