//! Links to notes that never come to the target where the link is read.

use crate::harness::program::Project;

const CONFIG: &str = r#"
project = "neighbours"
[targets.site]
kind = "folder"
path = "site"
url = "https://site.example/"
audience = "public"
[targets.mirror]
kind = "folder"
path = "mirror"
audience = "public"
canonical = "site"
"#;

fn project(of_the_other: &str) -> Project {
    let project = Project::with_config(CONFIG);
    project.write(
        "notes/a.md",
        "---\ntitle: A\ndate: 2026-01-01\n---\nSee [the other](b.md#part), [[b|its label]] and [[b#part]].\n",
    );
    project.write(
        "notes/b.md",
        format!("---\ntitle: B\ndate: 2026-01-01\ntargets: {of_the_other}\n---\n## Part\n\nText.\n"),
    );
    project
}

#[test]
fn a_note_that_is_at_the_original_alone_is_linked_to_there() {
    let project = project("[site]");
    project.run(&["publish"]).expect(0);
    let page = project.read("mirror/a.html");
    for link in [
        "<a href=\"https://site.example/b.html#part\">the other</a>",
        "<a href=\"https://site.example/b.html\">its label</a>",
        "<a href=\"https://site.example/b.html#part\">",
    ] {
        assert!(page.contains(link), "{link} in {page}");
    }
    // At the original itself the pages stand beside each other.
    assert!(project.read("site/a.html").contains("<a href=\"b.html#part\">the other</a>"));
    assert_eq!(project.run(&["publish", "--format", "json"]).json()["summary"]["unchanged"], 3);
}

#[test]
fn a_note_that_goes_nowhere_is_text_and_told_with_its_line() {
    let project = project("[]");
    let run = project.run(&["publish", "--format", "json"]).expect(0);
    for page in ["site/a.html", "mirror/a.html"] {
        let page = project.read(page);
        assert!(page.contains("See the other, its label and b"), "{page}");
        assert!(!page.contains("b.html") && !page.contains("b.md"), "{page}");
    }
    let steps = run.json()["steps"].clone();
    for step in steps.as_array().expect("steps").iter().filter(|step| step["note"] == "notes/a.md") {
        let warnings = step["warnings"].as_array().expect("warnings");
        let told: Vec<_> = warnings.iter().filter(|w| w["code"] == "link-to-unpublished-note").collect();
        assert!(!told.is_empty() && told.iter().all(|w| w["line"] == 5), "{step:#}");
    }
}

/// A look at so many notes holds no trees: what is told of them afterwards, such as a title that is a
/// heading of the text, is still known.
#[test]
fn seventy_notes_in_a_ring_all_lead_to_the_next() {
    let project = Project::with_config(CONFIG);
    for n in 0..70 {
        let next = (n + 1) % 70;
        // The title is a heading of the text.
        let text = format!("---\ndate: 2026-01-01\n---\n# Note {n}\n\nThen [the next]({next:02}.md).\n");
        project.write(&format!("notes/{n:02}.md"), text);
    }
    let plan = project.run(&["plan"]).expect(0).stdout;
    for n in 0..70 {
        assert!(plan.contains(&format!("notes/{n:02}.md  Note {n}\n")), "{n}: {plan}");
    }
    let run = project.run(&["publish", "--format", "json"]).expect(0).json();
    assert_eq!((&run["summary"]["create"], &run["summary"]["failed"]), (&140.into(), &0.into()), "{run:#}");
    for n in 0..70 {
        let next = (n + 1) % 70;
        for place in ["site", "mirror"] {
            let page = project.read(&format!("{place}/{n:02}.html"));
            assert!(
                page.contains(&format!("href=\"{next:02}.html\">the next</a>")),
                "{place}/{n:02}: {page}"
            );
            assert!(page.contains(&format!("<title>Note {n} ")), "{place}/{n:02}: {page}");
        }
        let page = project.read(&format!("mirror/{n:02}.html"));
        assert!(page.contains(&format!("href=\"https://site.example/{n:02}.html\"")), "{page}");
    }
    assert_eq!(project.run(&["publish", "--format", "json"]).json()["summary"]["unchanged"], 140);
}
