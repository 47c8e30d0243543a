//! The whole program, where a person would notice.

use serde_json::Value;

use super::*;
use crate::harness::program::Project;

struct Bench {
    confluence: Confluence,
    project: Project,
}

fn bench(more: &str) -> Bench {
    let confluence = Confluence::start(Edition::Cloud);
    let config = format!(
        "project = \"{}\"\n[targets.wiki]\nkind = \"confluence\"\naudience = \"internal\"\nurl = \"{}\"\nedition = \"cloud\"\nspace = \"{SPACE}\"\nuser = \"{USER}\"\n{more}",
        unique("p"),
        confluence.url()
    );
    let mut project = Project::with_config(&config);
    project.env("CROSSPOST_WIKI_TOKEN", TOKEN);
    Bench { confluence, project }
}

impl Bench {
    fn note(&self, text: &str) {
        self.project
            .write("notes/a.md", format!("---\ntitle: Week 46\ntags: [Digital Team]\n---\n\n{text}\n"));
    }

    /// The exit code, and the first step as `action outcome`.
    fn publish(&self, arguments: &[&str]) -> (Option<i32>, String, Value) {
        let run = self.project.run(&[&["publish", "--format", "json"], arguments].concat());
        let report = run.json();
        let word = |key: &str| report["steps"][0][key].as_str().unwrap_or_default().to_owned();
        (run.code, format!("{} {}", word("action"), word("outcome")), report)
    }
}

#[test]
fn a_title_that_others_have_waits_for_a_person_who_may_adopt_the_page() {
    let bench = bench("");
    let id = bench.confluence.add("Week 46", "<p>Written by hand.</p>");
    bench.note("From the note.");
    let (code, step, report) = bench.publish(&[]);
    assert_eq!((code, step.as_str()), (Some(3), "blocked planned"), "{report:#}");
    let run = bench.project.run(&["publish"]);
    assert!(run.transcript().contains("crosspost adopt notes/a.md"), "{}", run.transcript());
    let url = format!("{}/spaces/{SPACE}/pages/{id}/Week+46", bench.confluence.url());
    bench.project.run(&["adopt", "notes/a.md", "--target", "wiki", "--url", &url, "--yes"]).expect(0);
    let (_, _, report) = bench.publish(&["--on-drift", "overwrite"]);
    let pages = bench.confluence.current();
    assert_eq!(pages.len(), 1, "{report:#}");
    assert_eq!(pages[0].id, id);
}

#[test]
fn a_run_that_died_before_the_labels_is_finished_by_the_next() {
    let bench = bench("labels = [\"weeknotes\"]\n");
    bench.note("Text.");
    assert_eq!(bench.publish(&[]).1, "create done");
    let page = bench.confluence.current().remove(0);
    assert_eq!(page.labels.iter().collect::<Vec<_>>(), ["digital-team", "weeknotes"]);
    bench.confluence.change(&page.id, |page| {
        page.labels.clear();
        page.properties.clear();
    });
    std::fs::remove_dir_all(bench.project.root().join(".crosspost")).unwrap();
    let (code, step, report) = bench.publish(&[]);
    assert_eq!((code, step.as_str()), (Some(0), "update done"), "{report:#}");
    let pages = bench.confluence.current();
    assert_eq!((pages.len(), pages[0].labels.len(), pages[0].properties.len()), (1, 2, 1));
    assert_eq!(bench.publish(&[]).1, "unchanged done");
}

#[test]
fn a_page_that_a_reader_commented_on_is_brought_up_to_date() {
    let bench = bench("");
    bench.note("The first words, and others.");
    bench.publish(&[]);
    let id = bench.confluence.current()[0].id.clone();
    let comment = "<ac:inline-comment-marker ac:ref=\"r\">others</ac:inline-comment-marker>";
    bench.confluence.edit(&id, |page| page.body = page.body.replace("others", comment));
    bench.note("The last words, and others.");
    let (code, step, report) = bench.publish(&[]);
    assert_eq!((code, step.as_str()), (Some(0), "update done"), "{report:#}");
    assert!(bench.confluence.current()[0].body.contains(&format!("The last words, and {comment}.")));
    bench.note("Nothing is left.");
    let (_, _, report) = bench.publish(&[]);
    assert_eq!(report["steps"][0]["warnings"][0]["code"], "comment-detached", "{report:#}");
}

#[test]
fn a_server_that_is_not_there_or_is_another_is_told() {
    let bench = bench("");
    bench.note("Text.");
    let config = bench.project.read("crosspost.toml");
    let port = crate::harness::closed_port();
    for (url, words) in [
        (format!("http://127.0.0.1:{port}/wiki"), "gave no answer"),
        (format!("{}/elsewhere", bench.confluence.url()), "no answer of Confluence's API"),
    ] {
        let api = format!("api = \"{url}/wiki\"\n");
        bench.project.write("crosspost.toml", format!("{config}timeout = 1\n{api}"));
        let run = bench.project.run(&["publish"]);
        assert_eq!(run.code, Some(1), "{}", run.transcript());
        assert!(run.transcript().contains(words), "{}", run.transcript());
        assert!(!run.transcript().contains(TOKEN));
    }
}
