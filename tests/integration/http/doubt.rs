//! Answers that do not say what happened, and edits by others.

use reqwest::Method;
use serde_json::json;

use super::Bench;
use crate::fakes::api::Trick;

/// A description that cannot look for a post.
fn without_find(config: &str) -> String {
    let (before, after) = config.split_once("[targets.intranet.find]").unwrap();
    let (_, after) = after.split_once("[targets.intranet.fetch]").unwrap();
    format!("{before}[targets.intranet.fetch]{after}")
}

#[test]
fn a_create_without_an_id_in_its_answer_is_looked_for_and_never_sent_again() {
    for trick in [Trick::NoId, Trick::Page] {
        let bench = Bench::new();
        bench.note("", "First.");
        bench.api.play(Method::POST, "/posts", trick);
        let run = bench.publish().expect(0);
        assert!(run.stdout.contains("created"), "{}", run.transcript());
        bench.publish().expect(0);
        bench.post();
    }
}

#[test]
fn where_nothing_can_be_looked_for_a_person_says_what_happened() {
    let bench = Bench::with(|config| without_find(&config));
    bench.note("", "First.");
    bench.api.play(Method::POST, "/posts", Trick::NoId);
    let run = bench.publish().expect(3);
    assert!(run.stderr.contains("crosspost resolve"), "{}", run.transcript());
    bench.publish().expect(3);
    bench.post();
    let url = "https://intranet.example.org/news/1";
    let resolve = ["resolve", "notes/week.md", "--target", "intranet", "--published", url];
    let run = bench.project.run(&resolve).expect(2);
    assert!(run.stderr.contains("--id ID"), "{}", run.transcript());
    bench.project.run(&[&resolve[..], &["--id", "1"]].concat()).expect(0);
    bench.note("", "Second.");
    bench.publish().expect(0);
    assert!(bench.post()["html"].to_string().contains("Second."), "{:#}", bench.post());
}

#[test]
fn an_update_whose_answer_is_lost_needs_nobody_since_the_post_can_be_looked_at() {
    let bench = Bench::with(|config| without_find(&config));
    bench.note("", "First.");
    bench.publish().expect(0);
    bench.note("", "Second.");
    bench.api.play(Method::PUT, "/posts/1", Trick::Fail);
    let run = bench.publish().expect(1);
    assert!(run.stderr.contains("it looks before it posts"), "{}", run.transcript());
    bench.publish().expect(0);
    assert!(bench.post()["html"].to_string().contains("Second."), "{:#}", bench.post());
}

#[test]
fn an_error_in_an_answer_of_200_is_an_error_and_the_next_run_sends_the_note() {
    let bench = Bench::new();
    bench.note("", "First.");
    bench.api.play(Method::POST, "/posts", Trick::ErrorIn200);
    let run = bench.publish().expect(1);
    assert!(run.stderr.contains("the quota is used up"), "{}", run.transcript());
    assert!(bench.api.posts().is_empty());
    bench.publish().expect(0);
    bench.post();
}

#[test]
fn an_edit_between_looking_and_writing_is_never_overwritten() {
    let bench = Bench::new();
    bench.note("", "First.");
    bench.publish().expect(0);
    bench.note("", "Second.");
    bench.api.play(Method::PUT, "/posts/1", Trick::EditFirst);
    let run = bench.publish().expect(3);
    assert!(run.stderr.contains("somebody edited the post at the same moment"), "{}", run.transcript());
    assert_eq!(bench.post()["html"], json!("<p>A colleague was here.</p>"));
    let run = bench.publish().expect(3);
    assert!(run.stdout.contains("edited on the site: content"), "{}", run.transcript());
    bench.project.run(&["publish", "--on-drift", "overwrite"]).expect(0);
    assert!(bench.post()["html"].as_str().unwrap().contains("Second."));
}

#[test]
fn without_a_lock_the_post_is_looked_at_again_before_it_is_written() {
    let bench = Bench::with(|config| {
        config.replace("lock = \"/version\"\n", "").replace("{{ lock + 1 }}", "{{ post.version + 1 }}")
    });
    bench.note("", "First.");
    bench.publish().expect(0);
    bench.note("", "Second.");
    bench.api.requests();
    bench.publish().expect(0);
    let looks = bench.api.requests().into_iter().filter(|r| r == "GET /api/posts/1").count();
    assert_eq!(looks, 2);
    assert!(bench.post()["html"].as_str().unwrap().contains("Second."));
}

#[test]
fn a_lock_that_is_not_where_the_description_says_stops_an_update() {
    let bench = Bench::with(|config| {
        config.replace("lock = \"/version\"", "lock = \"/revision\"").replace("{{ lock + 1 }}", "{{ lock }}")
    });
    bench.note("", "First.");
    bench.publish().expect(0);
    bench.note("", "Second.");
    let run = bench.publish().expect(1);
    assert!(run.stderr.contains("there is nothing at `/revision`"), "{}", run.transcript());
    assert!(bench.api.requests().iter().all(|request| !request.starts_with("PUT")));
}

#[test]
fn a_description_that_does_not_find_what_it_created_is_told_at_once() {
    let bench = Bench::new();
    bench.note("", "First.");
    bench.api.blind();
    let run = bench.publish().expect(0);
    assert!(run.stdout.contains("not-found-again"), "{}", run.transcript());
}

#[test]
fn a_list_that_is_not_where_the_description_says_stops_the_run_before_anything_is_sent() {
    let bench = Bench::with(|config| config.replace("list = \"/posts\"", "list = \"/pages\""));
    bench.note("", "First.");
    let run = bench.publish().expect(1);
    assert!(run.stderr.contains("there is no list at `/pages`"), "{}", run.transcript());
    assert!(bench.api.posts().is_empty());
}

#[test]
fn a_list_that_is_not_there_is_no_empty_list() {
    let bench = Bench::with(|config| config.replace("path = \"/posts\"\nquery", "path = \"/pots\"\nquery"));
    bench.note("", "First.");
    let run = bench.publish().expect(1);
    assert!(run.stderr.contains("did not look for the post"), "{}", run.transcript());
    assert!(bench.api.posts().is_empty());
}

#[test]
fn a_list_that_breaks_off_says_nothing_about_what_is_not_in_it() {
    let bench = Bench::new();
    bench.note("", "First.");
    bench.api.play(Method::GET, "/posts", Trick::Next("/api/posts/7".to_owned()));
    bench.publish().expect(1);
    assert!(bench.api.posts().is_empty());
}

#[test]
fn a_server_that_fails_after_the_work_is_asked_what_it_has() {
    let bench = Bench::new();
    bench.note("", "First.");
    bench.api.play(Method::POST, "/posts", Trick::Fail);
    let run = bench.publish().expect(1);
    assert!(run.stderr.contains("may already have received"), "{}", run.transcript());
}
