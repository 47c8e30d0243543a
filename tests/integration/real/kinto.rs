//! The recipe for Kinto, beyond the conformance suite: the server's own refusals.

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

    /// Waits until a request has come to the proxy.
    fn wait_for(&self, nth: usize) {
        let begun = Instant::now();
        while self.proxy.requests().len() < nth {
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
    all.wait_for(3);
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

#[test]
fn a_dry_run_shows_what_is_then_sent() {
    let all = intranet();
    all.note("Some *words*.");
    all.project.run(&["publish", "--dry-run", "--preview", "out"]).expect(0);
    assert!(all.proxy.writes().is_empty() && all.kinto.news_with(&all.word).is_empty());
    let shown = all.project.read("out/payload/place/notes/week.http");
    let create = shown.split("### ").find_map(|part| part.strip_prefix("create\n")).expect("a create");
    let (head, body) = create.split_once("\n\n").expect("a body behind the headers");
    let (line, headers) = head.split_once('\n').expect("headers");
    assert!(
        !shown.contains(&all.kinto.password()) && headers.contains("authorization: (secret)"),
        "{headers}"
    );

    all.project.run(&["publish"]).expect(0);
    let sent = all.proxy.writes().remove(0);
    let address = format!("{}{}", all.proxy.url.trim_end_matches("/v1"), sent.path);
    assert_eq!(line, format!("{} {address}", sent.method));
    assert_eq!(serde_json::from_str::<serde_json::Value>(body).expect("JSON"), sent.json());
    let names = headers.lines().filter_map(|line| line.split_once(": ")).map(|(name, _)| name);
    for name in names {
        assert!(sent.headers.iter().any(|sent| sent == name), "{name} in {:?}", sent.headers);
    }
}
