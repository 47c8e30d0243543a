//! `--format markdown` and the job's summary.

use crate::harness::program::Project;

const CONFIG: &str = "project = \"p\"\nnotes = [\"notes/*.md\"]\n[internal]\nhosts = [\"intranet.example.gov.uk\"]\n\
    [targets.site]\nkind = \"folder\"\naudience = \"public\"\n\
    [targets.inside]\nkind = \"folder\"\npath = \"colleagues\"\naudience = \"internal\"\n";

fn project() -> Project {
    let project = Project::with_config(CONFIG);
    project.write("notes/a.md", note("Monday", "zqold"));
    project
}

fn note(day: &str, secret: &str) -> String {
    format!(
        "---\ntitle: A | <!-- title --> @jo\ndate: 2026-01-01\n---\nWe ship on {day}.\n\n:::internal\n{secret} plans\n:::\n"
    )
}

#[test]
fn a_comment_tells_what_changes_and_of_internal_targets_only_where() {
    let project = project();
    project.run(&["publish"]).expect(0);
    project.write("notes/a.md", note("Friday", "zqnew"));
    let url = "https://preview.example/pr-1/";
    let run = project.run(&["plan", "--format", "markdown", "--preview-url", url]).expect(0);
    let comment = &run.stdout;
    assert!(comment.starts_with("<!-- crosspost -->\n### crosspost: 2 to update"), "{comment}");
    assert!(comment.contains(&format!("[See how it will look](<{url}>)")), "{comment}");
    let told = |sign: &str, day: &str| {
        comment.lines().any(|line| line.starts_with(sign) && line.contains(&format!("We ship on {day}.")))
    };
    assert!(told("- ", "Monday") && told("+ ", "Friday"), "{comment}");
    assert!(comment.contains("**inside**\n\nChanges: text\n"), "{comment}");
    assert!(!comment.contains("zqold") && !comment.contains("zqnew"), "{comment}");
    // The differences are code, in which nothing has a meaning.
    let outside = comment.split("```").step_by(2).collect::<String>();
    assert_eq!(outside.matches("<!--").count(), 1, "{comment}");
    assert!(!outside.contains("@jo"), "nobody is called: {comment}");
}

#[test]
fn what_check_and_status_find_are_comments_too_and_other_commands_have_none() {
    let project = project();
    project.write("notes/bad.md", "---\ntitle: Bad\n---\n![](gone.png)\n");
    let check = project.run(&["check", "--format", "markdown"]).expect(2).stdout;
    assert!(check.starts_with("<!-- crosspost check -->\n") && check.contains("notes/bad.md:4"), "{check}");
    project.run(&["publish", "notes/a.md"]).expect(0);
    let status = project.run(&["status", "--format", "markdown"]).stdout;
    assert!(status.contains("| notes/a.md | site | **published** |"), "{status}");
    let run = project.run(&["ledger", "check", "--format", "markdown"]).expect(2);
    assert!(run.stdout.is_empty() || run.stdout.starts_with("<!-- crosspost -->"), "{}", run.transcript());
    assert!(run.stderr.contains("`ledger` has no Markdown"), "{}", run.transcript());
}

#[test]
fn a_broken_configuration_is_a_comment_as_well() {
    let project = Project::with_config("project = 3\n");
    let run = project.run(&["plan", "--format", "markdown"]).expect(2);
    assert!(
        run.stdout.starts_with("<!-- crosspost -->\n### crosspost could not do its work\n"),
        "{}",
        run.transcript()
    );
}

#[test]
fn annotations_come_with_the_summary_of_the_job() {
    let mut project = project();
    let file = project.root().join("summary.md");
    project.env("GITHUB_STEP_SUMMARY", &file.display().to_string());
    std::fs::write(&file, "before\n").expect("a file");
    project.run(&["plan", "--format", "github"]).expect(0);
    project.run(&["check", "--format", "github"]);
    let summary = project.read("summary.md");
    assert!(summary.starts_with("before\n<!-- crosspost -->\n### crosspost: 2 to create"), "{summary}");
    assert!(summary.contains("\n<!-- crosspost check -->\n"), "added, not in place of: {summary}");
    project.run(&["plan"]).expect(0);
    assert_eq!(project.read("summary.md"), summary, "other forms leave it alone");
}
