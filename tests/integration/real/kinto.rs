//! The recipe for Kinto, beyond the conformance suite: the server's own refusals, and a program that
//! is killed at each of its requests.

use std::{
    thread,
    time::{Duration, Instant},
};

use reqwest::Method;
use serde_json::json;

use crate::harness::{
    kinto::Kinto,
    program::Project,
    proxy::{Fault, Proxy, Reply, Rule},
    recipe, unique,
};

const FOR_EVER: Duration = Duration::from_secs(3600);

/// A project with the recipe.
struct Intranet {
    kinto: Kinto,
    proxy: Proxy,
    project: Project,
    word: String,
}

fn intranet() -> Intranet {
    let kinto = Kinto::shared();
    let proxy = Proxy::in_front_of(&kinto.url);
    let word = unique("kinto");
    let tables = recipe::table("kinto", &proxy.url);
    let mut project = Project::with_config(&format!("project = \"{word}\"\n[targets.place]\n{tables}"));
    project.env("CROSSPOST_PLACE_PASSWORD", &kinto.password());
    Intranet { kinto, proxy, project, word }
}

impl Intranet {
    fn note(&self, text: &str) {
        self.project.write("notes/week.md", format!("---\ntitle: {}\n---\n\n{text}\n", self.word));
    }

    /// The one record's text.
    #[track_caller]
    fn html(&self) -> String {
        let records = self.kinto.news_with(&self.word);
        assert_eq!(records.len(), 1, "{records:#?}");
        records[0]["html"].as_str().unwrap_or_default().to_owned()
    }

    /// Waits until a request has come to the proxy, and been answered where `answered` says so.
    fn wait_for(&self, nth: usize, answered: bool) {
        let begun = Instant::now();
        let is_there = || {
            let seen = self.proxy.requests();
            seen.get(nth - 1).is_some_and(|seen| !answered || seen.status.is_some())
        };
        while !is_there() {
            assert!(begun.elapsed() < Duration::from_secs(60), "request {nth} never comes");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

#[test]
fn an_edit_in_the_moment_before_the_write_is_refused_by_the_server_and_stays() {
    let all = intranet();
    all.note("First.");
    all.project.run(&["publish"]).expect(0);
    all.note("Second.");
    all.proxy.forget();
    all.proxy.fail(Rule::on("PATCH", "", Fault::SlowBefore(Duration::from_secs(3))).nth(1));
    let running = all.project.start(&["publish"]);
    // Who asks, a look, the write.
    all.wait_for(3, false);
    let id = all.kinto.news_with(&all.word)[0]["id"].as_str().expect("an id").to_owned();
    all.kinto.edit(&id, &json!({ "html": "<p>A colleague was here.</p>" }));
    let run = running.wait().expect(3);
    assert!(run.stderr.contains("somebody edited the post at the same moment"), "{}", run.transcript());
    assert_eq!(all.html(), "<p>A colleague was here.</p>");
    let run = all.project.run(&["publish"]).expect(3);
    assert!(run.stdout.contains("edited on the site: content"), "{}", run.transcript());
}

#[test]
fn a_record_that_a_look_did_not_show_is_not_created_again_nor_written_over() {
    let all = intranet();
    all.note("First.");
    all.project.run(&["publish"]).expect(0);
    std::fs::remove_dir_all(all.project.root().join(".crosspost")).expect("the ledger");
    let before = all.kinto.news_with(&all.word);
    all.proxy.fail(Rule::on("GET", "/news/records/", Fault::AnswerBefore(Reply::json_error(404))).nth(1));
    let run = all.project.run(&["publish"]).expect(0);
    assert_eq!(all.kinto.news_with(&all.word), before, "{}", run.transcript());
}

#[test]
fn a_record_that_was_deleted_is_told_and_not_made_again() {
    let all = intranet();
    all.note("First.");
    all.project.run(&["publish"]).expect(0);
    let id = all.kinto.news_with(&all.word)[0]["id"].as_str().expect("an id").to_owned();
    all.kinto.ask(Method::DELETE, &format!("buckets/intranet/collections/news/records/{id}"), None);
    all.note("Second.");
    let run = all.project.run(&["publish"]).expect(3);
    assert!(run.stderr.contains("the post was deleted on the site"), "{}", run.transcript());
    assert!(all.kinto.news_with(&all.word).is_empty());
}

/// Kills the program at each request of a publish, before it arrives and after it was answered.
fn die_at_each_request(update: bool) -> usize {
    let (requests, words) = if update { (3, "Second.") } else { (4, "First.") };
    let deaths: Vec<(usize, bool)> = (1..=requests).flat_map(|nth| [(nth, false), (nth, true)]).collect();
    thread::scope(|scope| {
        for (nth, answered) in &deaths {
            scope.spawn(move || {
                let all = intranet();
                all.note("First.");
                if update {
                    all.project.run(&["publish"]).expect(0);
                    all.note("Second.");
                    all.proxy.forget();
                }
                let fault = if *answered { Fault::SlowAfter(FOR_EVER) } else { Fault::SlowBefore(FOR_EVER) };
                all.proxy.fail(Rule::on("*", "", fault).nth(*nth));
                let running = all.project.start(&["publish"]);
                all.wait_for(*nth, *answered);
                assert_eq!(running.kill().code, None, "it is killed");
                all.proxy.heal();
                let run = all.project.run(&["publish"]);
                assert_eq!(run.code, Some(0), "{nth} {answered}: {}", run.transcript());
                assert!(all.html().contains(words), "{nth} {answered}");
                all.proxy.forget();
                all.project.run(&["publish"]).expect(0);
                assert!(all.proxy.requests().is_empty(), "{nth} {answered}: nothing is left to do");
            });
        }
    });
    deaths.len()
}

#[test]
fn killed_at_any_request_of_a_first_publish_to_a_described_api_it_heals() {
    println!(
        "crash points and faults: {} (killed at a request, described API, create)",
        die_at_each_request(false)
    );
}

#[test]
fn killed_at_any_request_of_an_update_of_a_described_api_it_heals() {
    println!(
        "crash points and faults: {} (killed at a request, described API, update)",
        die_at_each_request(true)
    );
}
