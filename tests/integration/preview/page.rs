//! The page as a file.

use super::{CONFIG, NOTE, project};
use crate::harness::program::Project;

/// What stands for one target in the page.
fn part<'p>(page: &'p str, note: &str, target: &str) -> &'p str {
    let article =
        page.split("<article ").skip(1).find(|part| part.contains(&format!(">{note}<"))).expect("the note");
    let heading = format!("-name\">{target} <");
    article.split("<section class=\"target\"").find(|part| part.contains(&heading)).expect("the target")
}

#[test]
fn the_page_and_the_exact_bodies_are_written_without_secrets_and_without_a_network() {
    let project = project();
    let run = project.run(&["preview", "--out", "shown"]).expect(0);
    assert_eq!(run.stdout, "shown/index.html\n");
    let files = project.files("shown");
    assert_eq!(files.len(), 1 + 2 * 5, "{files:?}");
    assert!(files.contains(&"shown/payload/wiki/notes/all.html".to_owned()), "{files:?}");
    let page = project.read("shown/index.html");
    assert_eq!(page.matches("<iframe ").count(), 10);
    assert!(!project.root().join(".crosspost").exists(), "no ledger is made");
    assert!(!project.root().join("crosspost-out").exists(), "nothing is published");
    for foreign in ["src=\"http", "<link", "@import", "url("] {
        assert!(!page.contains(foreign), "{foreign}");
    }
}

#[test]
fn the_exact_bodies_are_those_of_a_dry_run_which_writes_the_page_too() {
    let project = Project::with_config(
        "project = \"p\"\nnotes = [\"notes/*.md\"]\n[targets.site]\nkind = \"folder\"\naudience = \"public\"\n",
    );
    project.write("notes/a.md", "---\ntitle: A\ndate: 2026-01-01\n---\nText.\n");
    project.run(&["preview", "--out", "one"]).expect(0);
    project.run(&["publish", "--dry-run", "--preview", "two"]).expect(0);
    project.run(&["plan", "--preview", "three"]).expect(0);
    let body = project.read("one/payload/site/notes/a.html");
    for folder in ["two", "three"] {
        assert_eq!(project.read(&format!("{folder}/payload/site/notes/a.html")), body);
        assert!(project.read(&format!("{folder}/index.html")).contains("<iframe "));
    }
    project.run(&["publish"]).expect(0);
    assert_eq!(project.read("crosspost-out/a.html"), body, "and so it is published");
}

#[test]
fn a_page_of_public_targets_holds_nothing_internal_and_one_of_all_marks_it() {
    let project = project();
    project.write("notes/inside.md", "---\ntitle: Zqsecret plans\naudience: internal\n---\nzqmole too.\n");
    let public = ["preview", "--out", "public", "-t", "blog", "-t", "medium", "-t", "site"];
    project.run(&public).expect(0);
    let page = project.read("public/index.html").to_lowercase();
    assert!(
        page.contains("mind the gap") && !page.contains("zqmole") && !page.contains("zqsecret"),
        "{page}"
    );
    assert_eq!(project.files("public/payload").len(), 6);

    project.run(&["preview", "--out", "all"]).expect(0);
    let page = project.read("all/index.html");
    for target in ["blog", "medium", "site"] {
        assert!(!part(&page, "notes/all.md", target).contains("zqmole"), "{target}");
        assert!(!part(&page, "notes/inside.md", target).contains("Zqsecret"), "{target}");
    }
    for target in ["intranet", "wiki"] {
        let shown = part(&page, "notes/all.md", target);
        let (before, inside) = shown.split_once("crosspost-internal&quot;").expect("it is marked");
        assert!(!before.split("<iframe").nth(1).expect("a frame").contains("zqmole"), "{target}");
        let inside = inside.split("Mind the gap").next().expect("what follows");
        assert!(inside.contains("For colleagues only") && inside.contains("zqmole"), "{target}: {inside}");
        let whole = part(&page, "notes/inside.md", target);
        assert!(
            whole.contains("For colleagues only: the whole note") && whole.contains("Zqsecret"),
            "{target}"
        );
    }
}

#[test]
fn what_is_lost_is_pinned_to_its_place_and_leads_to_its_line() {
    let mut project = project();
    let root = project.root().display().to_string();
    for (name, value) in [
        ("GITHUB_SERVER_URL", "https://github.example"),
        ("GITHUB_REPOSITORY", "o/r"),
        ("GITHUB_SHA", "abc"),
        ("GITHUB_WORKSPACE", &root),
    ] {
        project.env(name, value);
    }
    project.run(&["preview", "--out", "shown"]).expect(0);
    let page = project.read("shown/index.html");
    let medium = part(&page, "notes/all.md", "medium");
    let line = NOTE.lines().position(|line| line.starts_with("| Name")).expect("the table") + 1;
    let link = format!("href=\"https://github.example/o/r/blob/abc/notes/all.md#L{line}\"");
    assert!(medium.contains(&link), "{medium}");
    assert!(medium.contains(&format!("notes/all.md:{line}</a>")), "{medium}");
    assert!(part(&page, "notes/all.md", "wiki").contains("class=\"excerpt\""), "colleagues see the line");
    assert!(!medium.contains("class=\"excerpt\""), "how a line is spelled is nothing for the public");
    let (_, pinned) =
        medium.split_once(&format!("&lt;b&gt;Line {line}&lt;/b&gt; Medium has no tables")).expect("a pin");
    let pinned = pinned.split("</iframe>").next().expect("the frame");
    assert!(pinned.contains("1815") && !pinned.contains("Text with a footnote"), "before the rows: {pinned}");
}

#[test]
fn what_publishing_would_change_is_told_word_by_word_where_the_site_is_asked() {
    let project = Project::with_config(
        "project = \"p\"\nnotes = [\"notes/*.md\"]\n[targets.site]\nkind = \"folder\"\naudience = \"public\"\n",
    );
    let note = |day: &str| format!("---\ntitle: A\ndate: 2026-01-01\n---\nWe ship on {day} at noon.\n");
    project.write("notes/a.md", note("Monday"));
    project.run(&["publish"]).expect(0);
    project.write("notes/a.md", note("Friday"));
    project.run(&["preview", "--out", "asked", "--remote"]).expect(0);
    let page = project.read("asked/index.html");
    assert!(
        page.contains("removed: </span>Monday</del>") && page.contains("added: </span>Friday</ins>"),
        "{page}"
    );
    project.run(&["preview", "--out", "unasked"]).expect(0);
    assert!(!project.read("unasked/index.html").contains("</del>"));
}

#[test]
fn a_site_that_cannot_be_asked_is_told_and_its_look_is_shown_all_the_same() {
    let mut project = project();
    project.env("CROSSPOST_BLOG_PASSWORD", "aaaa bbbb cccc dddd eeee ffff");
    let run = project.run(&["preview", "--out", "shown", "--remote", "-t", "blog"]).expect(1);
    assert!(run.stderr.contains("blog"), "{}", run.transcript());
    let page = project.read("shown/index.html");
    assert!(page.contains("<iframe ") && page.contains("class=\"problems\""));
    assert!(!page.contains("aaaa bbbb") && !page.contains("aaaabbbb"));
}

#[test]
fn a_note_with_mistakes_is_told_and_the_others_are_shown() {
    let project = project();
    project.write("notes/bad.md", "---\ntitle: Bad\n---\n::: internal\n");
    project.write("notes/worse.md", "---\ntitel: Worse\n---\n");
    let run = project.run(&["preview", "--out", "shown", "--format", "json"]).expect(2);
    assert_eq!(run.json()["notes"], 3, "{}", run.transcript());
    let page = project.read("shown/index.html");
    assert!(page.contains("notes/bad.md:4:1") && page.contains("notes/worse.md:2:1"));
    assert_eq!(page.matches("<iframe ").count(), 10);
}

#[test]
fn a_note_that_waits_for_its_date_is_shown_as_well() {
    let project = Project::with_config(CONFIG);
    project.write("notes/later.md", "---\ntitle: Later\ndate: 2999-01-01\n---\nText.\n");
    project.run(&["preview", "--out", "shown"]).expect(0);
    let page = project.read("shown/index.html");
    let site = part(&page, "notes/later.md", "site");
    assert!(site.contains("waits until 2999-01-01") && site.contains("<iframe "), "{site}");
}

#[test]
fn a_ledger_far_away_is_not_asked() {
    let project =
        Project::with_config(&CONFIG.replacen("notes =", "state = \"git:nowhere:ledger\"\nnotes =", 1));
    project.write("notes/a.md", "---\ntitle: A\n---\nText.\n");
    project.run(&["preview", "--out", "shown"]).expect(0);
}
