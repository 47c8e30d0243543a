//! The proxy's faults, each against a small server that counts what it got.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{Router, routing::any};
use reqwest::Method;
use serde_json::json;

use super::{Fault, Proxy, Reply, Rule};
use crate::harness::{
    self,
    http::{self, Answer},
};

/// A server that answers every request with JSON, and how many requests it got.
fn server() -> (String, Arc<AtomicUsize>) {
    let got = Arc::new(AtomicUsize::new(0));
    let count = got.clone();
    let listener = harness::wait(tokio::net::TcpListener::bind(("127.0.0.1", 0))).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = json!({"id": 1, "link": format!("{url}/post"), "escaped": "http:\\/\\/x"});
    let service = any(async move || {
        count.fetch_add(1, Ordering::SeqCst);
        axum::Json(answer)
    });
    harness::runtime().spawn(async { axum::serve(listener, Router::new().fallback(service)).await });
    (url, got)
}

fn post(proxy: &Proxy, path: &str) -> Result<Answer, String> {
    http::send(Method::POST, &format!("{}{path}", proxy.url), None, Some(&json!({"title": "x"})))
}

/// What a POST through a proxy with this fault comes to, and how many requests reached the server.
fn through(fault: Fault) -> (Result<Answer, String>, usize) {
    let (url, got) = server();
    let proxy = Proxy::in_front_of(&url);
    proxy.fail(Rule::on("POST", "^/posts$", fault));
    let answer = post(&proxy, "/posts");
    assert!(proxy.requests()[0].faulty);
    (answer, got.load(Ordering::SeqCst))
}

#[test]
fn without_a_rule_everything_passes_and_is_recorded() {
    let (url, got) = server();
    let proxy = Proxy::in_front_of(&format!("{url}/blog/"));
    assert_eq!(proxy.url.strip_suffix("/blog").map(str::len), Some(proxy.url.len() - 5));
    let answer = post(&proxy, "/posts?context=edit").unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(got.load(Ordering::SeqCst), 1);

    let seen = &proxy.requests()[0];
    assert_eq!((seen.method.as_str(), seen.path.as_str()), ("POST", "/blog/posts?context=edit"));
    assert_eq!((seen.json(), seen.status, seen.faulty), (json!({"title": "x"}), Some(200), false));
    assert!(seen.headers.contains(&"content-type".to_owned()));
    assert_eq!(proxy.count("POST", r"/posts\?"), 1);
    assert_eq!(proxy.count("GET", ""), 0);
    assert_eq!(proxy.writes().len(), 1);
    proxy.forget();
    assert!(proxy.requests().is_empty());
}

#[test]
fn the_servers_address_becomes_the_proxys() {
    let (url, _) = server();
    let proxy = Proxy::in_front_of(&url);
    assert_eq!(post(&proxy, "/").unwrap().json()["link"], format!("{}/post", proxy.url));
}

#[test]
fn a_request_dropped_before_never_arrives() {
    let (answer, got) = through(Fault::DropBefore);
    assert!(answer.is_err());
    assert_eq!(got, 0);
}

#[test]
fn a_request_dropped_after_has_arrived() {
    let (answer, got) = through(Fault::DropAfter);
    assert!(answer.is_err());
    assert_eq!(got, 1);
}

#[test]
fn an_answer_before_keeps_the_request_from_the_server() {
    let (answer, got) = through(Fault::AnswerBefore(Reply::json_error(429).header("retry-after", "1")));
    let answer = answer.unwrap();
    assert_eq!((answer.status, got), (429, 0));
    assert_eq!(answer.headers["retry-after"], "1");
    assert_eq!(answer.json()["code"], "lab_429");
}

#[test]
fn an_answer_after_hides_the_servers() {
    for reply in [Reply::empty(504), Reply::html(502), Reply::text(200, "text/html", "<p>home</p>")] {
        let (answer, got) = through(Fault::AnswerAfter(reply.clone()));
        let answer = answer.unwrap();
        assert_eq!((answer.status, got), (reply.status, 1));
        assert_eq!(answer.text(), reply.body);
    }
}

#[test]
fn a_redirect_is_not_followed_by_the_proxy() {
    let (answer, got) = through(Fault::AnswerBefore(Reply::redirect(301, "http://127.0.0.1:1/")));
    let answer = answer.unwrap();
    assert_eq!((answer.status, got), (301, 0));
    assert_eq!(answer.headers["location"], "http://127.0.0.1:1/");
}

#[test]
fn a_cut_answer_ends_in_an_error() {
    let (answer, got) = through(Fault::CutAfter);
    let error = answer.unwrap_err();
    assert!(
        error.contains("Body") || error.contains("Decode"),
        "the head arrives, the body does not: {error}"
    );
    assert_eq!(got, 1);
}

#[test]
fn half_an_answer_is_no_json() {
    let (answer, got) = through(Fault::HalfAfter);
    let answer = answer.unwrap();
    assert_eq!((answer.status, got), (200, 1));
    assert!(serde_json::from_slice::<serde_json::Value>(&answer.body).is_err());
    assert!(answer.text().starts_with(r#"{"id":1"#));
}

#[test]
fn a_warning_stands_before_the_whole_answer() {
    let (answer, _) = through(Fault::WarningAfter);
    let text = answer.unwrap().text();
    assert!(text.starts_with("<br />") && text.ends_with('}'), "{text}");
}

#[test]
fn slow_before_and_slow_after_wait() {
    let wait = Duration::from_millis(300);
    for fault in [Fault::SlowBefore(wait), Fault::SlowAfter(wait)] {
        let begun = Instant::now();
        let (answer, got) = through(fault);
        assert_eq!((answer.unwrap().status, got), (200, 1));
        assert!(begun.elapsed() >= wait);
    }
}

#[test]
fn a_late_request_arrives_though_the_client_has_given_up() {
    let (url, got) = server();
    let proxy = Proxy::in_front_of(&url);
    proxy.fail(Rule::on("*", "", Fault::SlowBefore(Duration::from_millis(400))));
    let impatient = http::client().post(&proxy.url).timeout(Duration::from_millis(100));
    assert!(harness::wait(async { impatient.send().await }).unwrap_err().is_timeout());
    assert_eq!(got.load(Ordering::SeqCst), 0);
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(got.load(Ordering::SeqCst), 1);
}

#[test]
fn a_rule_counts_the_requests_that_it_matches() {
    let (url, got) = server();
    let proxy = Proxy::in_front_of(&url);
    proxy.fail(Rule::on("POST", "/posts", Fault::AnswerBefore(Reply::empty(500))).skip(1).times(2));
    let mut statuses = Vec::new();
    for path in ["/posts", "/other", "/posts", "/posts", "/posts"] {
        statuses.push(post(&proxy, path).unwrap().status);
    }
    assert_eq!(statuses, [200, 200, 500, 500, 200]);
    assert_eq!(got.load(Ordering::SeqCst), 3);
}

#[test]
fn a_rule_can_meet_the_nth_request_alone() {
    let (url, _) = server();
    let proxy = Proxy::in_front_of(&url);
    proxy.fail(Rule::on("*", "", Fault::AnswerBefore(Reply::empty(500))).nth(3));
    let statuses = [(); 4].map(|()| post(&proxy, "/").unwrap().status);
    assert_eq!(statuses, [200, 200, 500, 200]);
}

#[test]
fn healed_it_passes_everything_again() {
    let (url, _) = server();
    let proxy = Proxy::in_front_of(&url);
    proxy.fail(Rule::when(Fault::AnswerBefore(Reply::empty(500)), |seen| seen.json()["title"] == "x"));
    assert_eq!(post(&proxy, "/").unwrap().status, 500);
    proxy.heal();
    assert_eq!(post(&proxy, "/").unwrap().status, 200);
}

#[test]
fn a_closed_port_refuses() {
    let url = format!("http://127.0.0.1:{}/", harness::closed_port());
    assert!(http::send(Method::GET, &url, None, None).unwrap_err().contains("Connect"));
}
