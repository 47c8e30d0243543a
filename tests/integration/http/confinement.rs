//! Requests stay where the configuration says, whatever the server answers.

use reqwest::Method;
use serde_json::json;

use super::Bench;
use crate::fakes::api::{Api, Trick};

#[test]
fn a_redirect_to_another_server_is_refused_and_that_server_hears_nothing() {
    let (bench, other) = (Bench::new(), Api::start());
    bench.note("", "First.");
    for status in [301, 302, 307, 308] {
        let to = format!("{}/api/posts", other.address);
        bench.api.play(Method::GET, "/posts", Trick::Redirect(status, to));
        let run = bench.publish().expect(1);
        assert!(run.stderr.contains("leads out of the target's `url`"), "{}", run.transcript());
    }
    assert!(other.requests().is_empty());
    assert!(bench.api.posts().is_empty());
}

#[test]
fn a_redirect_within_the_configured_address_is_followed_by_reads() {
    let bench = Bench::new();
    bench.note("", "First.");
    bench.api.play(Method::GET, "/me", Trick::Redirect(302, "/api/me".to_owned()));
    bench.publish().expect(0);
    bench.post();
}

#[test]
fn a_write_follows_no_redirect_not_even_to_the_same_server() {
    let bench = Bench::new();
    bench.note("", "First.");
    bench.api.play(Method::POST, "/posts", Trick::Redirect(307, "/api/posts".to_owned()));
    let run = bench.publish().expect(1);
    assert!(run.stderr.contains("the server sends elsewhere"), "{}", run.transcript());
    assert!(bench.api.posts().is_empty());
}

#[test]
fn a_list_that_goes_on_at_another_server_is_not_read_on() {
    let (bench, other) = (Bench::new(), Api::start());
    bench.note("", "First.");
    bench.api.play(Method::GET, "/posts", Trick::Next(format!("{}/api/posts", other.address)));
    let run = bench.publish().expect(1);
    assert!(run.stderr.contains("leads out of the target's `url`"), "{}", run.transcript());
    assert!(other.requests().is_empty());
}

#[test]
fn a_list_is_read_to_its_end() {
    let bench = Bench::new();
    bench.note("", "First.");
    bench.api.play(Method::GET, "/posts", Trick::Next("?key=nothing".to_owned()));
    bench.publish().expect(0);
    let asked = bench.api.requests().into_iter().filter(|r| r == "GET /api/posts").count();
    assert_eq!(asked, 3, "two parts, and a look whether what was created is found");
}

#[test]
fn an_id_that_is_a_path_leads_nowhere() {
    let bench = Bench::new();
    bench.note("", "First.");
    bench.publish().expect(0);
    let ledger = bench.project.files(".crosspost").into_iter().find(|file| file.ends_with(".json")).unwrap();
    for id in ["../me", "..", "1/publish", "1%2Fpublish", "..\\\\me", ""] {
        let text = bench.project.read(&ledger);
        let before = text.split("\"remote_id\": \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let forged =
            text.replace(&format!("\"remote_id\": \"{before}\""), &format!("\"remote_id\": \"{id}\""));
        bench.project.write(&ledger, forged);
        bench.note("", &format!("Changed for {id:?}."));
        bench.api.requests();
        let run = bench.publish();
        assert_ne!(run.code, Some(0), "{id}: {}", run.transcript());
        let odd: Vec<String> = bench.api.requests().into_iter().filter(|r| r.contains("posts")).collect();
        assert!(odd.iter().all(|r| r == "GET /api/posts/1%252Fpublish"), "{id}: {odd:?}");
    }
    assert_eq!(bench.post()["published"], json!(false));
}
