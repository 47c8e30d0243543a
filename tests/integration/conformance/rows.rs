//! The rows of the suite.

use std::time::{Duration, Instant};

use crosspost::targets::Finding;

use super::{Bench, Place, step};

/// A note goes there, once, with its title and text, and the ledger knows where.
pub fn create(place: impl Place) {
    let bench = Bench::new(place);
    bench.note("one", "", "Curly “quotes”, an ampersand & an emoji 🚀 in");
    let (code, report) = bench.publish(&[]);
    assert_eq!((code, step(&report, "one").as_str()), (0, bench.made()), "{report:#}");
    bench.bring("one");
    let text = bench.one_post("one");
    // A wiki writes all titles with a capital.
    assert!(text.to_lowercase().contains(&format!("{} one", bench.word)), "the title is there: {text}");
    assert!(text.contains("🚀"), "{text}");
    let report = if bench.can.by_hand { bench.publish(&[]).1 } else { report };
    let said = &report["steps"][0];
    assert!(said["remote_id"].is_string() && said["url"].is_string(), "{report:#}");
}

/// A changed note changes its post; where a post cannot be changed, a person is told, and nothing is
/// posted again.
pub fn update(place: impl Place) {
    let bench = Bench::new(place);
    bench.note("one", "", "Before");
    bench.publish(&[]);
    bench.bring("one");
    bench.note("one", "", "Afterwards");
    let (code, report) = bench.publish(&[]);
    let expected = if bench.can.update { "update done" } else { "manual planned" };
    assert_eq!((code, step(&report, "one").as_str()), (0, expected), "{report:#}");
    let text = bench.one_post("one");
    assert_eq!(text.contains("Afterwards"), bench.can.update, "{text}");
    assert_ne!(text.contains("Before"), bench.can.update, "{text}");
}

/// What has not changed costs no request, and a dry run makes no write.
pub fn unchanged(place: impl Place) {
    let bench = Bench::new(place);
    bench.note("one", "", "The same");
    let dry = bench.run(&["publish", "--dry-run", "--format", "json"]).json();
    assert_eq!(step(&dry, "one"), bench.made().replace("done", "planned"), "{dry:#}");
    assert!(bench.posts("one").is_empty(), "a dry run makes nothing");
    assert_eq!(bench.project.files("."), ["crosspost.toml", "notes/one.md"], "nor writes a file");
    bench.publish(&[]);
    bench.bring("one");
    bench.requests();
    let (code, report) = bench.publish(&[]);
    assert_eq!((code, step(&report, "one").as_str()), (0, "unchanged done"), "{report:#}");
    assert_eq!(bench.requests(), 0, "an unchanged note costs no request");
    bench.one_post("one");
}

/// Every action takes as many requests as `docs/costs.md` says of this kind.
pub fn costs(place: impl Place) {
    let bench = Bench::new(place);
    let picture = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/pictures/week-24.png");
    let mut bytes = std::fs::read(picture).expect("the example's picture");
    bytes.extend(bench.word.bytes());
    bench.project.write("notes/p.png", bytes);
    // A note from before the first publication is looked for as somebody else's.
    let today = jiff::Timestamp::now().strftime("%Y-%m-%d");
    let cost = |name: &str, text: &str| {
        let word = &bench.word;
        let text = format!("---\ntitle: {word} {name}\ndate: {today}\n---\n\n{text} {word}{name}.\n");
        bench.project.write(&format!("notes/{name}.md"), text);
        bench.requests();
        let (code, report) = bench.publish(&[&format!("notes/{name}.md")]);
        assert!(code == 0, "{report:#}");
        bench.requests()
    };
    let (first, create) = (cost("one", "Text"), cost("two", "Text"));
    let picture = cost("three", "![A chart](p.png)\n\nText").saturating_sub(create);
    let (update, unchanged) = (cost("two", "Other text"), cost("two", "Other text"));
    let way = match (bench.can.by_hand, bench.place.example()) {
        (true, _) => ", by hand".to_owned(),
        (false, Some(example)) => format!(" as in `{example}`"),
        (false, None) => String::new(),
    };
    let label = format!("| `{}`{way} | ", bench.kind());
    let costs = crate::docs::read("docs/costs.md");
    let line = costs.lines().find_map(|line| line.strip_prefix(&label));
    let told = line.unwrap_or_default().trim_end_matches(" |").split(" | ");
    let told: Vec<usize> = told.filter_map(|number| number.parse().ok()).collect();
    let counted = [first, create, picture, update, unchanged];
    assert_eq!(told.len(), counted.len(), "docs/costs.md has no line of {label}");
    // A wiki's very first picture takes one less than all that follow.
    let newest = [first, create, picture + 1, update, unchanged];
    let fits = told == counted || (bench.kind() == "mediawiki" && told == newest);
    assert!(fits, "docs/costs.md says {told:?} of {label}and {counted:?} were counted");
}

/// What somebody edited on the site is left alone until they say otherwise.
pub fn drift(place: impl Place) {
    let bench = Bench::new(place);
    bench.note("one", "", "The first text");
    bench.publish(&[]);
    if !bench.place.edit(&bench.project, &format!("{}one", bench.word), "first", "second") {
        assert!(!bench.can.update, "a post that can be updated can be edited");
        return;
    }
    let (code, report) = bench.publish(&[]);
    assert_eq!(code, 0, "nothing is to be sent, so nothing is in question: {report:#}");
    bench.note("one", "", "The third text");
    let (code, report) = bench.publish(&[]);
    assert_eq!((code, step(&report, "one").as_str()), (3, "blocked planned"), "{report:#}");
    assert!(bench.one_post("one").contains("second"), "the edit is still there");
    let (code, report) = bench.publish(&["--on-drift", "overwrite"]);
    assert_eq!((code, step(&report, "one").as_str()), (0, "update done"), "{report:#}");
    assert!(bench.one_post("one").contains("third"));
}

/// An edit between the look and the update is not lost where the site has a lock for it.
pub fn conflict(place: impl Place) {
    let bench = Bench::new(place);
    bench.note("one", "", "The first text");
    bench.publish(&[]);
    let Some(held) = bench.place.hold_next_update() else { return };
    bench.note("one", "", "The third text");
    let run = bench.project.start(&["publish", "--format", "json"]);
    let began = Instant::now();
    while !(held.has_come)() {
        assert!(began.elapsed() < Duration::from_secs(60), "the update never came");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(bench.place.edit(&bench.project, &format!("{}one", bench.word), "first", "second"));
    held.gate.notify_one();
    let run = run.wait();
    assert_ne!(run.code, Some(0), "{}", run.transcript());
    assert!(bench.one_post("one").contains("second"), "the edit is still there: {}", run.transcript());
    let (code, report) = bench.publish(&[]);
    assert_eq!((code, step(&report, "one").as_str()), (3, "blocked planned"), "{report:#}");
    let (code, report) = bench.publish(&["--on-drift", "overwrite"]);
    assert_eq!((code, step(&report, "one").as_str()), (0, "update done"), "{report:#}");
    assert!(bench.one_post("one").contains("third"));
}

/// Without a ledger the post is found again, and not made a second time.
pub fn find_again(place: impl Place) {
    let bench = Bench::new(place);
    bench.note("one", "", "To be found");
    bench.publish(&[]);
    bench.bring("one");
    std::fs::remove_dir_all(bench.project.root().join(".crosspost")).expect("the ledger");
    if bench.can.find != Finding::Certain {
        // Elsewhere than in CI the lost ledger cannot be noticed: docs/guarantees.md says so.
        let mut ci = bench;
        ci.project.env("CI", "true");
        let (code, report) = ci.publish(&[]);
        assert_eq!((code, step(&report, "one").as_str()), (3, "blocked planned"), "{report:#}");
        ci.one_post("one");
        return;
    }
    let (code, report) = bench.publish(&[]);
    assert_eq!((code, step(&report, "one").as_str()), (0, "adopt done"), "{report:#}");
    bench.one_post("one");
    let (_, report) = bench.publish(&[]);
    assert_eq!(step(&report, "one"), "unchanged done", "{report:#}");
}

/// A picture goes along once, for one note and for the next.
pub fn pictures(place: impl Place) {
    let bench = Bench::new(place);
    let example = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/pictures/week-24.png");
    let mut bytes = std::fs::read(example).expect("the example's picture");
    // What follows a PNG's end is not shown, and makes it a picture that no other test has.
    bytes.extend(bench.word.bytes());
    bench.project.write("notes/p.png", bytes);
    let before = bench.place.uploads(&bench.project);
    bench.note("one", "", "![A chart](p.png)\n\nWith a picture");
    bench.note("two", "", "![The same](p.png)\n\nWith it again");
    let (code, report) = bench.publish(&["notes/one.md"]);
    assert_eq!(code, 0, "{report:#}");
    let (code, report) = bench.publish(&[]);
    assert_eq!(code, 0, "{report:#}");
    if let (Some(before), Some(after)) = (before, bench.place.uploads(&bench.project)) {
        assert_eq!(after - before, 1, "one picture, however many notes show it");
    }
    bench.bring("two");
    let text = bench.one_post("two");
    assert!(text.contains("<img") || text.contains("[[File:") || text.contains("ac:image"), "{text}");
    assert!(!text.contains("crosspost-picture:"), "{text}");
}

/// A link to another note leads to that note's post, also where both are new and link to each other.
pub fn links(place: impl Place) {
    let bench = Bench::new(place);
    bench.note("one", "", "See [the other](two.md), or [[two]], in");
    bench.note("two", "", "Nothing but");
    let (mut code, mut report) = bench.publish(&[]);
    if bench.can.by_hand {
        bench.bring("two");
        (code, report) = bench.publish(&[]);
        bench.bring("one");
    }
    assert_eq!(code, 0, "{report:#}");
    let steps = report["steps"].as_array().expect("steps");
    let url = steps.iter().find(|s| s["note"] == "notes/two.md").and_then(|s| s["url"].as_str());
    let url = url.expect("the other's address").to_owned();
    let last = url.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
    let text = bench.one_post("one");
    // By its end: a proxy stands in front of some sites, and a folder's links are relative.
    let page = format!("{}|", last.replace('_', " "));
    let ends = [format!("{last}\""), format!("{last}/\""), format!("{last}]"), format!("{last} "), page];
    let times: usize = ends.iter().map(|end| text.matches(end.as_str()).count()).sum();
    assert!(times >= 2, "{url} twice in {text}");
    assert!(!text.contains("two.md") && !text.contains("crosspost-pending"), "{text}");
    follows(&bench, &url);
    circle(&bench);
}

/// Three new notes that lead to one another in a circle: each is there once and has its address.
fn circle<P: Place>(bench: &Bench<P>) {
    if !bench.can.update {
        return;
    }
    bench.note("first", "", "See [[second|what it is called]] in");
    bench.note("second", "", "See [the third](third.md) in");
    bench.note("third", "", "See [[first]] in");
    let circle = ["notes/first.md", "notes/second.md", "notes/third.md"];
    let (code, report) = bench.publish(&circle);
    assert_eq!(code, 0, "{report:#}");
    for (name, next) in [("first", "second"), ("second", "third"), ("third", "first")] {
        let text = bench.one_post(name);
        assert!(!text.contains("crosspost-pending") && !text.contains(&format!("{next}.md")), "{text}");
        assert!(text.contains("href=") || text.contains("[[") || text.contains("ri:content-title"), "{text}");
    }
    assert!(bench.one_post("first").contains("what it is called"));
    let (_, report) = bench.publish(&circle);
    assert_eq!(report["summary"]["unchanged"], 3, "{report:#}");
}

/// An address that changes with the slug is followed in the same run.
fn follows<P: Place>(bench: &Bench<P>, before: &str) {
    let slug = format!("{}-moved", bench.word);
    bench.note("two", &format!("slug: {slug}\n"), "Nothing but");
    let (code, report) = bench.publish(&[]);
    assert_eq!(code, 0, "{report:#}");
    let steps = report["steps"].as_array().expect("steps");
    let now = steps.iter().find(|s| s["note"] == "notes/two.md").and_then(|s| s["url"].as_str());
    if now.is_some_and(|now| now != before) {
        assert_eq!(step(&report, "one"), "update done", "{report:#}");
        assert!(bench.one_post("one").contains(&slug), "{}", bench.one_post("one"));
    }
    if bench.can.update {
        let (_, report) = bench.publish(&[]);
        let steps = ["one", "two"].map(|name| step(&report, name));
        assert_eq!(steps, ["unchanged done", "unchanged done"], "{report:#}");
    }
}

/// A draft does not read as published; a private note only goes where it can be kept so.
pub fn statuses(place: impl Place) {
    let bench = Bench::new(place);
    bench.note("draft", "status: draft\n", "A draft");
    bench.note("secret", "status: private\n", "Private");
    let (code, report) = bench.publish(&[]);
    assert_eq!(code, 0, "{report:#}");
    let draft = step(&report, "draft");
    assert_eq!(draft, if bench.can.drafts { bench.made() } else { "skipped planned" }, "{report:#}");
    let private = step(&report, "secret");
    assert_eq!(private, if bench.can.private { bench.made() } else { "skipped planned" }, "{report:#}");
    let later = "date: 2999-01-01T00:00:00Z\n";
    bench.project.write(
        "notes/later.md",
        format!("---\ntitle: {0} later\n{later}---\n\nLater {0}later.\n", bench.word),
    );
    let (_, report) = bench.publish(&["notes/later.md"]);
    let expected = if bench.can.schedules { bench.made() } else { "skipped planned" };
    assert_eq!(step(&report, "later"), expected, "{report:#}");
}

/// Tags arrive by name.
pub fn tags(place: impl Place) {
    let bench = Bench::new(place);
    let tag = format!("t{}", bench.word);
    bench.note("one", &format!("tags: [{tag}]\n"), "With a tag");
    let (code, report) = bench.publish(&[]);
    assert_eq!(code, 0, "{report:#}");
    bench.bring("one");
    assert!(bench.one_post("one").contains(&tag), "{tag} in {}", bench.one_post("one"));
}

/// A post is taken down when it is asked for, and stays down.
pub fn unpublish(place: impl Place) {
    let bench = Bench::new(place);
    bench.note("one", "", "To be taken down");
    bench.publish(&[]);
    bench.bring("one");
    let report = bench.run(&["unpublish", "notes/one.md", "--format", "json"]).expect(0).json();
    if !bench.can.unpublish {
        assert_eq!(step(&report, "one"), "manual planned", "{report:#}");
        return;
    }
    assert_eq!(step(&report, "one"), "unpublish done", "{report:#}");
    assert!(bench.posts("one").is_empty(), "{:#?}", bench.posts("one"));
    let (code, report) = bench.publish(&[]);
    assert_eq!((code, step(&report, "one").as_str()), (0, "skipped planned"), "{report:#}");
}

/// An answer that is lost makes no second post, whatever follows.
pub fn exactly_once(place: impl Place) {
    let bench = Bench::new(place);
    bench.note("one", "", "Once");
    if bench.place.lose_next_answer() {
        bench.publish(&[]);
    }
    bench.publish(&[]);
    bench.bring("one");
    bench.publish(&[]);
    bench.one_post("one");
}

/// A wrong secret is told as one, and never read as "there is no such post".
pub fn wrong_secret(place: impl Place) {
    let mut bench = Bench::new(place);
    let secrets = bench.place.environment();
    if secrets.is_empty() {
        return;
    }
    bench.note("one", "", "First");
    bench.publish(&[]);
    for (name, _) in &secrets {
        bench.project.env(name, "wrong-wrong-wrong-wrong");
    }
    bench.note("one", "", "Second");
    bench.note("two", "", "Another");
    let run = bench.run(&["publish", "--format", "json"]);
    assert_ne!(run.code, Some(0), "{}", run.transcript());
    assert!(!run.transcript().contains("deleted"), "{}", run.transcript());
    assert!(!run.transcript().contains("wrong-wrong"), "a secret is never shown: {}", run.transcript());
    assert!(bench.posts("two").is_empty());
    bench.one_post("one");
}
