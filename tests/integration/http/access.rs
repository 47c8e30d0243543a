//! Who asks.

use reqwest::Method;

use super::Bench;
use crate::fakes::api::{KEY_HEADER, Trick};

#[test]
fn a_token_is_fetched_once_in_a_run_and_never_for_an_unchanged_note() {
    let bench = Bench::new();
    bench.note("", "First.");
    bench.publish().expect(0);
    assert_eq!(bench.api.tokens(), 1);
    bench.api.requests();
    bench.publish().expect(0);
    assert!(bench.api.requests().is_empty(), "an unchanged note costs no request");
}

#[test]
fn a_token_that_is_over_is_renewed_once_and_the_post_is_there_once() {
    let bench = Bench::new();
    bench.note("", "First.");
    bench.api.play(Method::POST, "/posts", Trick::Revoke);
    bench.publish().expect(0);
    assert_eq!(bench.api.tokens(), 2);
    bench.post();
}

#[test]
fn a_wrong_client_secret_is_told_and_never_reads_as_not_found() {
    let mut bench = Bench::new();
    bench.note("", "First.");
    bench.publish().expect(0);
    bench.note("", "Second.");
    bench.project.env("CROSSPOST_INTRANET_CLIENT_SECRET", "wrong-wrong-wrong");
    let run = bench.publish().expect(1);
    assert!(run.stderr.contains("gets no token"), "{}", run.transcript());
    assert!(!run.transcript().contains("wrong-wrong"), "{}", run.transcript());
    assert!(bench.post()["html"].as_str().unwrap().contains("First."));
}

/// The description with another way to say who asks.
fn with_auth(config: &str, auth: &str) -> String {
    let (before, after) = config.split_once("[targets.intranet.auth]").unwrap();
    let (_, after) = after.split_once("[targets.intranet.check]").unwrap();
    format!("{before}auth = {{ {auth} }}\n[targets.intranet.check]{after}")
}

#[test]
fn a_token_goes_as_a_bearer_or_in_a_header_of_the_servers_own_and_a_wrong_one_is_told() {
    let in_header = format!("kind = \"header\", header = \"{KEY_HEADER}\", prefix = \"key=\"");
    for auth in ["kind = \"bearer\"", &in_header] {
        let mut bench = Bench::with(|config| with_auth(&config, auth));
        let token = bench.api.make_token();
        bench.project.env("CROSSPOST_INTRANET_TOKEN", &token);
        bench.note("", "First.");
        let run = bench.publish().expect(0);
        assert!(!run.transcript().contains(&token), "{}", run.transcript());
        bench.note("", "Second.");
        bench.project.env("CROSSPOST_INTRANET_TOKEN", "wrong-wrong-wrong");
        let run = bench.publish().expect(1);
        assert!(run.stderr.contains("credentials"), "{}", run.transcript());
        let said = run.transcript();
        assert!(!said.contains("wrong-wrong") && !said.contains("deleted"), "{said}");
        assert!(bench.post()["html"].as_str().unwrap().contains("First."));
    }
}

/// Some servers answer a stranger like anybody else: only the name is missing.
#[test]
fn a_server_that_answers_strangers_is_not_believed_until_it_says_who_asks() {
    let bench = Bench::with(|config| config.replace("who = \"/user/name\"", "who = \"/user/missing\""));
    bench.note("", "First.");
    let run = bench.publish().expect(1);
    assert!(run.stderr.contains("does not take the credentials of `crosspost`"), "{}", run.transcript());
    assert!(bench.api.posts().is_empty());
}

#[test]
fn doctor_tries_what_does_not_write_and_says_what_was_answered() {
    let bench = Bench::with(|config| with_auth(&config, "kind = \"none\""));
    bench.api.open();
    let config = bench.project.read("crosspost.toml");
    let diagnoses = crate::harness::wait(async move {
        let config =
            crosspost::config::Config::parse(&config, std::path::Path::new("crosspost.toml")).unwrap();
        let writer = config.targets[0].connect(&crosspost::secrets::Secrets::new("test")).unwrap();
        writer.diagnose().await
    });
    let said: Vec<String> = diagnoses.iter().map(|d| format!("{:?}: {}", d.grade, d.text)).collect();
    insta::assert_snapshot!(said.join("\n"), @r"
    Good: `check`: the server knows us as crosspost
    Good: `find`: a post that is not there is not found
    Good: `fetch`: a post that is not there is told (HTTP 404: no such post)
    Doubtful: there is no `upload`: pictures become their alternative text
    ");
    assert!(bench.api.requests().iter().all(|request| request.starts_with("GET ")));
}
