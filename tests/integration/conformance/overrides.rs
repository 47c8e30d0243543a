//! What a note and the configuration say of one target alone.

use serde_json::Value;

use super::{Bench, Place, step};

/// Another target of the same project, that must hear nothing of what is said of `place`.
const BESIDE: &str =
    "[targets.beside]\nkind = \"folder\"\npath = \"beside\"\naudience = \"public\"\nfooter = \"Beside.\"\n";

/// What differs at one target arrives there and nowhere else, and changing it brings back that
/// target's post alone: a title, tags, a header, a footer. A target that is left out gets nothing.
pub fn overrides(place: impl Place) {
    let bench = Bench::new(place);
    let word = bench.word.clone();
    configure(&bench, "The *first* footer");
    notes(&bench, "aside");
    let (code, report) = bench.publish(&[]);
    assert_eq!(code, 0, "{report:#}");
    let made = bench.made().split(' ').next().unwrap_or_default();
    assert_eq!(steps(&report, "one"), ["beside create", &format!("place {made}")], "{report:#}");
    assert_eq!(steps(&report, "two"), ["beside create"], "{report:#}");
    bench.bring("one");
    let text = bench.one_post("one");
    for there in [&format!("{word} aside"), &format!("own{word}"), "first", "footer", "more"] {
        assert!(text.to_lowercase().contains(&there.to_lowercase()), "{there} in {text}");
    }
    for absent in [&format!("all{word}"), "Beside", "<i>", "&amp;amp;"] {
        assert!(!text.contains(absent), "{absent} in {text}");
    }
    assert!(bench.posts("two").is_empty(), "a target that is left out gets nothing");
    let page = bench.project.read("beside/one.html");
    assert!(page.contains(&format!("{word} one")) && page.contains(&format!("all{word}")), "{page}");
    assert!(page.contains("<p>Beside.</p>"), "{page}");
    assert!(!page.contains("aside") && !page.contains("footer</p>"), "{page}");

    notes(&bench, "apart");
    comes_back_alone(&bench, "another title");
    configure(&bench, "Another footer");
    comes_back_alone(&bench, "another footer");
    if bench.can.update {
        let text = bench.one_post("one").to_lowercase();
        assert!(text.contains("apart") && text.contains("another footer"), "{text}");
        let (_, report) = bench.publish(&[]);
        assert_eq!(steps(&report, "one"), ["beside unchanged", "place unchanged"], "{report:#}");
    }
}

/// The plan says so, and a publish does what the plan says.
fn comes_back_alone<P: Place>(bench: &Bench<P>, what: &str) {
    let changed = if bench.can.update { "place update" } else { "place manual" };
    let plan = bench.run(&["plan", "--format", "json"]).json();
    assert_eq!(steps(&plan, "one"), ["beside unchanged", changed], "{what}: {plan:#}");
    let (code, report) = bench.publish(&[]);
    assert_eq!(code, 0, "{what}: {report:#}");
    assert_eq!(steps(&report, "one"), ["beside unchanged", changed], "{what}: {report:#}");
}

fn notes<P: Place>(bench: &Bench<P>, title: &str) {
    let word = &bench.word;
    let own = format!("place: {{title: \"{word} {title} & co\", tags: [own{word}]}}");
    bench.note("one", &format!("tags: [all{word}]\ntargets: {{{own}}}\n"), "The text");
    bench.note("two", "targets: {place: false}\n", "Elsewhere");
}

fn configure<P: Place>(bench: &Bench<P>, footer: &str) {
    let table = bench.place.table();
    // What follows in a table of its own must stay behind the target's keys.
    let (keys, tables) = table.split_at(table.find("\n[").unwrap_or(table.len()));
    let frame = format!("header = \"> **{{{{ title }}}}** and more\"\nfooter = \"{footer}\"");
    let place = format!("[targets.place]\n{keys}\n{frame}\n{tables}");
    bench.project.write("crosspost.toml", format!("project = \"{}\"\n{place}\n{BESIDE}", bench.word));
}

/// `target action` of each of a note's steps.
fn steps(report: &Value, name: &str) -> Vec<String> {
    step(report, name);
    let note = format!("notes/{name}.md");
    let all = report["steps"].as_array().into_iter().flatten().filter(|step| step["note"] == note.as_str());
    let word = |step: &Value, key: &str| step[key].as_str().unwrap_or_default().to_owned();
    let mut all: Vec<String> = all.map(|s| format!("{} {}", word(s, "target"), word(s, "action"))).collect();
    all.sort_unstable();
    all
}
