//! `docs/check.md` tells of every problem that `crosspost check` can report, and its examples have
//! the problems that they stand for.

use std::collections::BTreeMap;

use crosspost::check::registry::codes;

use super::{document, read};
use crate::harness::{photo, program::Project};

const PAGE: &str = "docs/check.md";

/// Problems that no text shows: bytes, links of the file system, a site's answer, and a link that
/// is refused before a wiki sees it.
const WITHOUT_EXAMPLE: &[&str] =
    &["unreadable-note", "not-utf8", "outside", "other", "no-category", "no-term", "link-removed"];

const CONFIG: &str = r#"
project = "p"
notes = ["notes/*/example.md", "notes/*/inside.md", "notes/*/other.md"]
[internal]
hosts = ["intranet.example.gov.uk"]
[targets.blog]
kind = "wordpress"
url = "https://blog.example.org"
user = "bot"
audience = "public"
[targets.medium]
kind = "medium"
audience = "public"
canonical = "blog"
[targets.intranet]
kind = "wordpress"
url = "https://intranet.example.gov.uk"
user = "bot"
audience = "internal"
[targets.site]
kind = "folder"
audience = "public"
[targets.wiki]
kind = "mediawiki"
url = "https://wiki.example.org"
user = "Bot@crosspost"
audience = "internal"
[targets.space]
kind = "confluence"
url = "https://example.atlassian.net"
space = "DIGITAL"
audience = "internal"
[targets.api]
kind = "http"
url = "https://api.example.org"
auth = { kind = "bearer" }
audience = "internal"
authors = ["api"]
check = { path = "/me" }
post = { id = "/id" }
create = { path = "/posts", body = { title = "{{ title }}", html = "{{ body }}" } }
[targets.sharepoint]
kind = "sharepoint"
url = "https://contoso.sharepoint.com/sites/intranet"
tenant = "contoso.onmicrosoft.com"
client = "1"
audience = "internal"
[targets.dated]
kind = "folder"
path = "dated"
audience = "public"
authors = ["jo"]
header = "{{ date }}"
"#;

/// A GIF of 2,600 pixels by one whose only frame covers one of them.
const WIDE_GIF: &[u8] =
    b"GIF89a\x28\x0a\x01\0\x80\0\0\xff\0\0\0\0\xff\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0\x3b";

/// An AVIF of two by two pixels, as libavif wrote it.
const AVIF: &[u8] = include_bytes!("../../fixtures/two-by-two.avif");

/// Markdown beside the notes that is none of them.
const NO_NOTE: &str = "notes/drafts/plan.md";

/// The part of the page about each problem, by its code.
fn parts() -> BTreeMap<String, String> {
    let page = read(PAGE);
    let parts = page.split("\n#### `").skip(1).filter_map(|part| part.split_once("`\n"));
    parts.map(|(code, part)| (code.to_owned(), part.to_owned())).collect()
}

#[test]
fn the_page_tells_of_every_problem_and_how_bad_it_is() {
    let parts = parts();
    let mut wrong = Vec::new();
    for code in codes() {
        let severity = code.severity.as_str();
        match parts.get(code.name) {
            None => wrong.push(format!("{} is not told", code.name)),
            Some(part) if !part.trim_start().to_lowercase().starts_with(&format!("{severity}. ")) => {
                wrong.push(format!("{} is a {severity}", code.name));
            }
            Some(_) => {}
        }
    }
    let known: Vec<&str> = codes().map(|code| code.name).collect();
    wrong.extend(
        parts.keys().filter(|code| !known.contains(&code.as_str())).map(|code| format!("{code} is none")),
    );
    assert_eq!(wrong, [""; 0], "{PAGE}");
}

/// Every example in a folder of its own, one run over all.
#[test]
fn every_example_has_the_problem_that_it_stands_for() {
    let project = Project::with_config(CONFIG);
    let png = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/pictures/week-24.png"));
    let mut wanted = Vec::new();
    for (code, part) in parts() {
        let examples = crate::docs::markdown::Document::parse(PAGE, &part).fences;
        let without = WITHOUT_EXAMPLE.contains(&code.as_str());
        assert!(examples.is_empty() == without, "{PAGE}: `{code}` has an example too few or too many");
        for example in &examples {
            let name = example.info.strip_prefix("note").expect("an example is a note").trim();
            let name = if name.is_empty() { "example.md" } else { name };
            project.write(&format!("notes/{code}/{name}"), &example.text);
        }
        if !examples.is_empty() {
            wanted.push(code);
        }
    }
    project.write("notes/img/team.png", png);
    project.write("notes/img/map.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    project.write("notes/img/depot.jpg", photo::photo("depot", 2600, 20));
    project.write("notes/img/rounds.gif", WIDE_GIF);
    project.write("notes/img/team.avif", AVIF);
    project.write("notes/files/plan.pdf", "%PDF-1.4");
    project.write(NO_NOTE, "Text.");
    let mut lacking = Vec::new();
    for code in wanted {
        // One at a time, since some problems are told once in a run.
        let run = project.run(&["check", "--format", "json", &format!("notes/{code}")]);
        let problems = run.json()["problems"].as_array().expect("problems").clone();
        if !problems.iter().any(|problem| problem["code"] == code.as_str()) {
            let found: Vec<String> = problems.iter().map(|p| p["code"].to_string()).collect();
            lacking.push(format!("{code}: {}", found.join(" ")));
        }
    }
    assert_eq!(lacking, [""; 0], "examples in {PAGE} without their problem");
}

#[test]
fn the_page_has_no_problem_twice() {
    let headings = document(PAGE).anchors;
    assert!(codes().all(|code| headings.contains(code.name)), "each code is a heading");
}
