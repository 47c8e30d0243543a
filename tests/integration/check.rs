//! `crosspost check`: the real program over a folder of bad notes.

use crate::harness::program::{Project, Run};

const CONFIG: &str = r#"
project = "p"
[internal]
hosts = ["intranet.example.gov.uk"]
[targets.blog]
kind = "wordpress"
url = "https://blog.invalid"
user = "bot"
audience = "public"
[targets.medium]
kind = "medium"
audience = "public"
canonical = "blog"
"#;

const BAD: &str = "\
---
title: Week 46
tags: [bins, forms, research, maps]
---
### What we did

We met **every** team: see [here](plans.md), [the old plan](#old) and the :::internal one.

![](team.png)

• one
• two
";

const WORSE: &str = "---\ntitle: Week 47\ncatgories: [x]\n---\n\nRead [the plan](gone,100%.md).\n";

fn project() -> Project {
    let project = Project::with_config(CONFIG);
    project.write("notes/week-46.md", BAD.replace(" and the :::internal one", ""));
    project.write("notes/week-47.md", WORSE);
    project.write("notes/plan.md", "---\ntitle: The plan\n---\nText.\n");
    project
}

fn codes(run: &Run) -> Vec<String> {
    let json = run.json();
    let problems = json["problems"].as_array().expect("problems");
    problems.iter().map(|problem| problem["code"].as_str().expect("a code").to_owned()).collect()
}

#[test]
fn everything_is_told_at_once_for_people() {
    insta::assert_snapshot!(project().run(&["check"]).expect(2).transcript());
}

#[test]
fn everything_is_told_at_once_for_programs() {
    insta::assert_snapshot!(project().run(&["check", "--format", "json"]).expect(2).transcript());
}

#[test]
fn everything_is_told_at_once_on_the_lines_of_a_pull_request() {
    insta::assert_snapshot!(project().run(&["check", "--format", "github"]).expect(2).transcript());
}

#[test]
fn annotations_start_from_the_repository() {
    let mut project = project();
    let root = project.root();
    project.env("GITHUB_WORKSPACE", &root.parent().expect("a folder above").display().to_string());
    let run = project.run(&["check", "--format", "github", "notes/week-47.md"]).expect(2);
    assert!(run.stdout.starts_with("::error file=project/notes/week-47.md,line=3,"), "{}", run.transcript());
}

#[test]
fn annotations_repeat_nothing_that_only_colleagues_may_read() {
    let project = project();
    project.write(
        "notes/inside.md",
        "---\ntitle: t\n---\nText.\n\n:::internal\n[Merger](merger-plan.md) and [b](javascript:merger)\n:::\n\n\
         [c](javascript:intranet.example.gov.uk)\n",
    );
    let run = project.run(&["check", "notes/inside.md", "--format", "github"]).expect(2);
    assert!(run.stdout.contains("title=broken-link::there is no note `…`\n"), "{}", run.transcript());
    let said = run.transcript().to_lowercase();
    assert!(!said.contains("merger") && !said.contains("intranet"), "{said}");
}

#[test]
fn a_clean_note_is_clean_and_warnings_count_only_where_they_are_to() {
    let project = project();
    let clean = project.run(&["check", "notes/plan.md"]).expect(0);
    assert_eq!(clean.stdout, "nothing to complain about in 1 note\n");
    project.write("notes/warned.md", "---\ntitle: t\n---\n[here](https://example.org)\n");
    project.run(&["check", "notes/warned.md"]).expect(0);
    project.run(&["check", "--strict", "notes/warned.md"]).expect(2);
}

#[test]
fn no_secret_is_needed_and_no_ledger_made() {
    let mut project = project();
    // Neither the ledger nor the keyring is asked: this one could not be.
    project.env("CROSSPOST_BLOG_PASSWORD_FILE", "/nowhere");
    project.run(&["check"]).expect(2);
    assert_eq!(project.files(".crosspost"), [""; 0]);
    assert_eq!(project.run(&["check", "--remote"]).expect(1).stderr.matches("error: ").count(), 2);
}

#[test]
fn what_can_be_mended_is_mended_and_nothing_else() {
    let project = project();
    let before =
        "\u{feff}---\r\ntitle: t\r\n---\r\nThree things:\r\n• one\r\n•\ttwo\r\n  \u{25e6} three  \r\nend\r\n";
    project.write("notes/pasted.md", before);
    let path = project.root().join("notes/pasted.md");
    set_mode(&path, 0o640);
    let run = project.run(&["check", "--fix", "notes/pasted.md", "--format", "json"]).expect(0);
    assert_eq!(run.json()["summary"]["fixed"], 3);
    assert_eq!(codes(&run), ["list-flattened"]);
    let after = "\u{feff}---\r\ntitle: t\r\n---\r\nThree things:\r\n- one\r\n- two\r\n  - three  \r\nend\r\n";
    assert_eq!(project.read("notes/pasted.md"), after);
    assert_eq!(mode(&path), 0o640);
    assert_eq!(project.files("notes").len(), 4, "nothing is left behind");
    assert_eq!(
        project.run(&["check", "--fix", "notes/pasted.md", "--format", "json"]).json()["summary"]["fixed"],
        0
    );
}

#[cfg(unix)]
fn set_mode(path: &std::path::Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("a mode");
}

#[cfg(unix)]
fn mode(path: &std::path::Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).expect("the file").permissions().mode() & 0o777
}

#[test]
fn a_file_that_is_no_text_is_told_with_the_rest() {
    let project = project();
    project.write("notes/latin.md", b"---\ntitle: t\n---\ncaf\xe9\n");
    let run = project.run(&["check", "--format", "json"]).expect(2);
    let found = codes(&run);
    assert!(found.contains(&"not-utf8".to_owned()) && found.contains(&"broken-link".to_owned()), "{found:?}");
}

#[test]
fn one_target_alone_can_be_asked_after() {
    let project = project();
    let run = project.run(&["check", "notes/week-46.md", "--target", "blog", "--format", "json"]);
    assert!(!codes(&run).contains(&"tags-cut".to_owned()));
    project.run(&["check", "--target", "blgo"]).expect(2);
}

#[test]
fn annotations_are_refused_where_there_is_nothing_to_annotate() {
    let run = project().run(&["status", "--format", "github"]).expect(2);
    assert_eq!(
        run.stdout,
        "::error title=crosspost::`status` has no annotations%0Ahelp: `--format github` is for `check`, `plan` and `publish`\n"
    );
}

#[test]
fn a_plan_is_annotated_too() {
    let project =
        Project::with_config("project = \"p\"\n[targets.site]\nkind = \"folder\"\naudience = \"public\"\n");
    project.write("notes/a.md", "---\ntitle: A\n---\n<script>x</script>\n\nText.\n");
    project.write("notes/b.md", "---\ntitel: B\n---\nText.\n");
    insta::assert_snapshot!(project.run(&["plan", "--format", "github"]).transcript());
    insta::assert_snapshot!(project.run(&["publish", "--format", "github"]).transcript());
}

#[test]
fn a_header_that_is_wrong_is_told_with_its_place() {
    let project = Project::with_config(
        "project = \"p\"\n[targets.site]\nkind = \"folder\"\naudience = \"public\"\nfooter = \"\"\"\nBy {{ auther }}\n\"\"\"\n",
    );
    project.write("notes/a.md", "---\ntitle: A\n---\nText.\n");
    let run = project.run(&["check", "--format", "github"]).expect(2);
    assert_eq!(
        run.stdout,
        "::error file=crosspost.toml,line=6,title=crosspost::the template names `auther`, which there is not%0Ahelp: did you mean `author`?\n"
    );
}

#[test]
fn a_header_and_a_footer_stand_on_the_page() {
    let project = Project::with_config(
        "project = \"p\"\n[targets.site]\nkind = \"folder\"\naudience = \"public\"\n\
         header = \"By {{ author }}\"\nfooter = \"That was *{{ title }}*.\"\n",
    );
    project.write("notes/a.md", "---\ntitle: \"1. A & *B*\"\nauthor: Robin\n---\nText.\n");
    project.run(&["publish"]).expect(0);
    let page = project.read("crosspost-out/a.html");
    assert!(
        page.contains("<p>By Robin</p>\n<p>Text.</p>\n<p>That was <em>1. A &amp; *B*</em>.</p>"),
        "{page}"
    );
    assert!(page.contains("content=\"Text.\""), "the header is not the page's description");
    // A changed footer is a changed post.
    let config = project.read("crosspost.toml").replace("That was", "This was");
    project.write("crosspost.toml", config);
    assert_eq!(project.run(&["publish", "--format", "json"]).json()["summary"]["update"], 1);
}
