use std::{collections::BTreeMap, path::Path};

use super::*;
use crate::{
    config::Config,
    error::Result,
    note::{Note, Source},
    pictures::{Format, Original},
    render::Digest,
};

const CONFIG: &str = r#"
project = "p"
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
"#;

/// What is wrong with these notes, in a project that has the picture `img/team.png` and the file
/// `files/plan.pdf` beside them.
pub(super) fn problems(notes: &[(&str, &str)]) -> Vec<Problem> {
    let config = Config::parse(CONFIG, Path::new("crosspost.toml")).unwrap();
    let notes: Vec<Note> = notes
        .iter()
        .map(|(path, text)| {
            Note::parse(Source::decode(path, text.as_bytes()).unwrap(), &config.ignored_keys).unwrap()
        })
        .collect();
    let known: BTreeMap<String, Known> = notes
        .iter()
        .map(|note| (note.path().to_owned(), Known::of(note.path(), Some(note), &config.targets)))
        .collect();
    let facts = Facts {
        project: &config.project,
        zone: &config.timezone,
        policy: &config.internal,
        targets: &config.targets,
        notes: &known,
        exists: &|path| ["img/team.png", "files/plan.pdf", "files", "README.md"].contains(&path),
        picture: &|_, src| picture(src),
        limits: crate::pictures::Limits::default(),
    };
    let subjects: Vec<Subject<'_>> = notes.iter().map(|note| Subject::new(note, true, &facts)).collect();
    tidy(check(&subjects, &facts), &subjects, &facts)
}

fn picture(src: &str) -> Result<Original> {
    if !src.ends_with("team.png") {
        return Err(Error::invalid(format!("the picture `{src}` cannot be used")).code("picture"));
    }
    Ok(Original {
        digest: Digest::of(b"team"),
        file_name: "team.png".to_owned(),
        format: Format::Png,
        width: 8,
        height: 8,
        animated: false,
        photo: false,
        private: false,
        location: false,
        size: 4,
    })
}

/// The problems with one of these codes, each as `line:column width message`.
pub(super) fn shown(notes: &[(&str, &str)], codes: &[&str]) -> String {
    let found = problems(notes);
    let wanted = found.iter().filter(|problem| codes.contains(&problem.code));
    let shown = wanted.map(|problem| {
        let Spot { line, column, width } = problem.spot;
        let targets = match problem.targets.join(", ") {
            none if none.is_empty() => none,
            some => format!(" (at {some})"),
        };
        let help: Vec<String> = problem.help.iter().map(|help| format!("\n  {help}")).collect();
        format!("{}:{line}:{column} {width} {}{targets}{}", problem.path, problem.message, help.concat())
    });
    shown.collect::<Vec<_>>().join("\n")
}

/// A note with a title and this body, from line 4 on.
pub(super) fn note(body: &str) -> String {
    format!("---\ntitle: A title\n---\n{body}\n")
}

#[test]
fn a_note_without_mistakes_has_no_problems() {
    let text = note("Good *text* with [a link](https://example.org/plan).\n\n## Heading\n\n- one\n- two");
    assert_eq!(problems(&[("n.md", &text)]), []);
}

#[test]
fn what_every_target_says_is_told_once_and_what_some_say_with_their_names() {
    let text = note("<script>x</script>\n\n| a |\n|---|\n| b |");
    insta::assert_snapshot!(shown(&[("n.md", &text)], &["html-removed", "table-flattened"]), @r"
    n.md:4:1 18 the HTML element <script> was removed: it is not safe in a post
    n.md:6:1 5 Medium has no tables: it is a list of its rows (at medium)
    ");
}

#[test]
fn a_warning_without_a_line_stands_at_its_key() {
    let text = format!("---\ntags: [a, b, c, d]\ntitle: {}\n---\nText.\n", "Long ".repeat(30));
    let found = problems(&[("n.md", &text)]);
    let places: Vec<(&str, u32, u32)> = found.iter().map(|p| (p.code, p.spot.line, p.spot.column)).collect();
    assert_eq!(places, [("tags-cut", 2, 1), ("title-too-long", 3, 1)]);
    assert!(found.iter().all(|problem| problem.targets == ["medium"]));
}

#[test]
fn what_only_the_public_text_has_says_so() {
    let text = note(":::internal\n## Plan\n:::\n\nSee [the plan](#plan).");
    insta::assert_snapshot!(shown(&[("n.md", &text)], &["broken-anchor"]), @r"
    n.md:8:16 5 there is no heading `#plan` in this note
      it has no headings besides its title
      so it is in public, where the internal passages are cut out
    ");
}

#[test]
fn a_note_that_goes_nowhere_is_still_read() {
    let text = "---\ntitle: t\ntargets: []\n---\n<script>x</script>\n\n[x](gone.md)\n";
    let codes: Vec<&str> = problems(&[("n.md", text)]).iter().map(|p| p.code).collect();
    assert_eq!(codes, ["html-removed", "broken-link"]);
}

#[test]
fn an_internal_note_is_not_tried_at_public_targets() {
    let text = "---\ntitle: t\naudience: internal\ntags: [a, b, c, d]\n---\n[a plan](https://intranet.example.gov.uk/x)\n";
    assert_eq!(problems(&[("n.md", text)]), []);
}

#[test]
fn what_only_colleagues_may_read_is_marked() {
    let text =
        note("[here](https://x.org)\n\n:::internal\n[here](https://x.org)\n:::\n\n[here](https://x.org)");
    let found = problems(&[("n.md", &text)]);
    let marked = found.iter().filter(|p| p.code == "vague-link-text").map(|p| (p.spot.line, p.internal));
    assert_eq!(marked.collect::<Vec<_>>(), [(4, false), (7, true), (10, false)]);
    let whole = "---\ntitle: t\naudience: internal\n---\n[here](https://x.org)\n";
    assert!(problems(&[("n.md", whole)]).iter().all(|problem| problem.internal));
}

#[test]
fn every_problem_has_its_line_as_excerpt() {
    let text = note("a\n\n#### Deep");
    let found = problems(&[("n.md", &text)]);
    assert_eq!(found[0].excerpt.as_deref(), Some("#### Deep"));
}

/// Every code in the sources of what reads and renders notes stands in the registry, and the other
/// way round.
#[test]
fn the_registry_knows_what_the_program_reports() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let reporting = regex::Regex::new(
        r#"\.code\(\s*"([a-z0-9-]+)"|(?:Warning::new|[^_]warn|unlink|[^:]error|push\()\(\s*"([a-z0-9]+(?:-[a-z0-9]+)+)""#,
    )
    .unwrap();
    let mut found = std::collections::BTreeSet::new();
    let drivers = crate::targets::DRIVERS.iter().map(|driver| format!("targets/{}/render.rs", driver.kind()));
    let parts = ["note", "pictures", "render", "commands/notes.rs", "commands/files.rs"].map(str::to_owned);
    for part in parts.into_iter().chain(drivers) {
        for entry in walkdir::WalkDir::new(root.join(part)).into_iter().filter_map(std::result::Result::ok) {
            let name = entry.path().to_string_lossy().into_owned();
            if entry.file_type().is_file() && !name.contains("tests") {
                let text = std::fs::read_to_string(entry.path()).unwrap();
                let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
                let codes = reporting.captures_iter(code).filter_map(|c| c.get(1).or(c.get(2)));
                found.extend(codes.map(|code| code.as_str().to_owned()));
            }
        }
    }
    // Notes that are kept from the public are not tried there.
    found.remove("internal-note");
    let known: std::collections::BTreeSet<String> =
        registry::codes().map(|code| code.name.to_owned()).collect();
    let missing: Vec<&String> = found.difference(&known).collect();
    assert!(missing.is_empty(), "not in the registry: {missing:?}");
    let lints: std::collections::BTreeSet<&str> =
        LINTS.iter().flat_map(|lint| lint.codes).map(|code| code.name).collect();
    let elsewhere = ["no-category", "other"];
    let stale: Vec<&String> = known
        .difference(&found)
        .filter(|code| !lints.contains(code.as_str()) && !elsewhere.contains(&code.as_str()))
        .collect();
    assert!(stale.is_empty(), "reported nowhere: {stale:?}");
}

#[test]
fn no_code_stands_twice() {
    let mut names: Vec<&str> = registry::codes().map(|code| code.name).collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn no_body_makes_it_panic(body in "(\\[|\\]|\\(|\\)|!|#|•|–|> |- |<img |\n|:::internal\n|:::\n|[a-c]|\\PC){0,60}") {
        let text = note(&body);
        let source = Source::decode("n.md", text.as_bytes());
        if source.is_ok_and(|source| Note::parse(source, &[]).is_ok()) {
            let _ = problems(&[("n.md", &text)]);
        }
    }
}
