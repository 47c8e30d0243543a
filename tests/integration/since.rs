//! `--since REV`: what git says has changed, and nothing else.

use std::{path::Path, process::Command};

use crate::harness::program::{Project, Run};

/// A repository with three notes and a picture, all committed and published to a folder.
fn repository() -> Project {
    let project = Project::with_config(
        "project = \"since\"\n[targets.pages]\nkind = \"folder\"\naudience = \"public\"\n",
    );
    project.write(".gitignore", ".crosspost\ncrosspost-out\n");
    project.write("notes/a.md", "---\ntitle: A\n---\n\nSee [the other](one%20more.md).\n");
    project.write("notes/one more.md", "---\ntitle: One more\n---\n\nWords.\n");
    project.write("notes/pictured.md", "---\ntitle: Pictured\n---\n\n![A chart](chart.png)\n");
    let picture = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/pictures/week-24.png");
    project.write("notes/chart.png", std::fs::read(picture).unwrap());
    git(&project.root(), &["init", "-q", "-b", "main"]);
    commit(&project);
    project.run(&["publish"]).expect(0);
    project
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let identity =
        ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "protocol.file.allow=always"];
    let output = Command::new("git").args(identity).args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn commit(project: &Project) {
    git(&project.root(), &["add", "-A"]);
    git(&project.root(), &["commit", "-q", "-m", "notes"]);
}

/// The notes of a plan.
fn planned(project: &Project, revision: &str) -> Vec<String> {
    let run = project.run(&["plan", "--since", revision, "--format", "json"]).expect(0);
    let report = run.json();
    let steps = report["steps"].as_array().unwrap().iter();
    steps.map(|step| step["note"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn only_notes_that_have_changed_are_looked_at() {
    let project = repository();
    assert_eq!(planned(&project, "HEAD"), [""; 0]);
    let run = project.run(&["publish", "--since", "HEAD"]).expect(0);
    assert!(run.stdout.starts_with("Nothing to publish"), "{}", run.stdout);
    project.write("notes/pictured.md", "---\ntitle: Pictured\n---\n\nNo picture any more.\n");
    project.write("notes/new.md", "---\ntitle: New\n---\n\nNew.\n");
    let both = ["notes/new.md", "notes/pictured.md"];
    assert_eq!(planned(&project, "HEAD"), both, "also before they are committed");
    commit(&project);
    assert_eq!(planned(&project, "HEAD~1"), both);
    let run = project.run(&["publish", "--since", "HEAD~1", "notes/new.md"]).expect(0);
    assert!(run.stdout.contains("1 created."), "{}", run.stdout);
    project.run(&["publish", "--since", "HEAD~1", "--prune"]).expect(2);
}

#[test]
fn a_note_that_names_a_changed_file_has_changed() {
    let project = repository();
    let mut picture = std::fs::read(project.root().join("notes/chart.png")).unwrap();
    picture.extend(b"x");
    project.write("notes/chart.png", picture);
    assert_eq!(planned(&project, "HEAD"), ["notes/pictured.md"]);
    commit(&project);
    project.write("notes/one more.md", "---\ntitle: One more\n---\n\nOther words.\n");
    assert_eq!(planned(&project, "HEAD"), ["notes/a.md", "notes/one more.md"], "a links to it");
}

#[test]
fn a_changed_configuration_changes_every_note() {
    let project = repository();
    let config = project.read("crosspost.toml");
    project.write("crosspost.toml", format!("{config}footer = \"The end.\"\n"));
    assert_eq!(planned(&project, "HEAD").len(), 3);
    commit(&project);
    let first_push = "0".repeat(40);
    assert_eq!(planned(&project, &first_push).len(), 3, "there is no commit before a first push");
}

#[test]
fn a_renamed_note_keeps_its_page_and_a_deleted_one_is_told() {
    let project = repository();
    git(&project.root(), &["mv", "notes/pictured.md", "notes/renamed.md"]);
    git(&project.root(), &["rm", "-q", "notes/a.md"]);
    commit(&project);
    let run = project.run(&["plan", "--since", "HEAD~1", "--verbose"]).expect(0);
    assert!(run.stdout.contains("notes/renamed.md") && run.stdout.contains("1 to update"), "{}", run.stdout);
    assert!(run.stderr.contains("the note notes/a.md is gone"), "{}", run.stderr);
    assert!(!run.stderr.contains("pictured"), "{}", run.stderr);
    project.write("notes/one more.md", "---\ntitle: One more\n---\n\nOther words.\n");
    commit(&project);
    let run = project.run(&["plan", "--since", "HEAD~1"]).expect(0);
    assert!(!run.stderr.contains("is gone"), "what went before is not told again: {}", run.stderr);
}

#[test]
fn what_others_did_meanwhile_is_not_this_branchs() {
    let project = repository();
    git(&project.root(), &["switch", "-q", "-c", "mine"]);
    project.write("notes/mine.md", "---\ntitle: Mine\n---\n\nMine.\n");
    commit(&project);
    git(&project.root(), &["switch", "-q", "main"]);
    project.write("notes/a.md", "---\ntitle: A\n---\n\nTheirs.\n");
    commit(&project);
    git(&project.root(), &["switch", "-q", "mine"]);
    assert_eq!(planned(&project, "main"), ["notes/mine.md"]);
}

#[test]
fn check_takes_it_too() {
    let project = repository();
    project.write("notes/wrong.md", "---\ntitle: Wrong\n---\n\n[Nowhere](nowhere.md)\n");
    commit(&project);
    let run = project.run(&["check", "--since", "HEAD~1"]);
    assert!(run.stdout.contains("notes/wrong.md") && run.stdout.contains("1 note"), "{}", run.transcript());
    let run = project.run(&["check", "--since", "HEAD"]).expect(0);
    assert!(!run.stdout.contains("wrong.md"), "{}", run.transcript());
}

#[test]
fn a_revision_that_is_not_there_is_told_with_what_to_do() {
    let refused = |project: &Project, revision: &str| -> Run {
        let run = project.run(&["publish", "--since", revision]).expect(2);
        assert!(run.stdout.is_empty(), "{}", run.transcript());
        run
    };
    let project = repository();
    for wrong in ["origin/nowhere", "--upload-pack=x", "HEAD..", ""] {
        let run = project.run(&["publish", &format!("--since={wrong}")]).expect(2);
        assert!(run.stderr.contains("has no commit"), "{wrong}: {}", run.transcript());
    }
    git(&project.root(), &["switch", "-q", "--orphan", "other"]);
    git(&project.root(), &["commit", "-q", "--allow-empty", "-m", "nothing"]);
    git(&project.root(), &["switch", "-q", "main"]);
    assert!(refused(&project, "other").stderr.contains("no commit in common"));

    project.write("notes/new.md", "---\ntitle: New\n---\n\nNew.\n");
    commit(&project);
    let before = git(&project.root(), &["rev-parse", "HEAD~1"]);
    let shallow = Project::new();
    let from = format!("file://{}", project.root().display());
    git(&shallow.root(), &["clone", "-q", "--depth", "1", &from, "clone"]);
    let clone = shallow.root().join("clone");
    let run = shallow.run(&["publish", "--config", "clone/crosspost.toml", "--since", &before]).expect(2);
    assert!(run.stderr.contains("fetch-depth: 0"), "{}", run.transcript());
    git(&clone, &["fetch", "-q", "--unshallow"]);
    shallow.run(&["plan", "--config", "clone/crosspost.toml", "--since", &before]).expect(0);

    std::fs::remove_dir_all(clone.join(".git")).unwrap();
    let run = shallow.run(&["publish", "--config", "clone/crosspost.toml", "--since", &before]).expect(2);
    assert!(run.stderr.contains("not a git repository"), "{}", run.transcript());
}
