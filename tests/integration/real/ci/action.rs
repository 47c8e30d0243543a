//! The action's scripts, with a folder of pages as the only target.

use std::{fs, path::Path, process::Command};

use super::runner::{Event, NUMBER, Repository};

const CONFIG: &str = "project = \"action\"\nstate = \"git:crosspost-ledger\"\n[targets.pages]\nkind = \"folder\"\naudience = \"public\"\n";
const NOTE: &str = "---\ntitle: Week 12\ndate: 2026-03-20\n---\n\nWords.\n";

fn repository() -> Repository {
    Repository::new(&[("crosspost.toml", CONFIG), ("notes/week-12.md", NOTE)])
}

fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_scripts_have_nothing_that_shellcheck_would_tell() {
    let scripts = ["action/install.sh", "action/run.sh"].map(|script| folder().join(script));
    let output = Command::new("shellcheck").args(scripts).output().expect("shellcheck is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn a_pull_request_gets_one_comment_that_is_kept_up_to_date() {
    let repository = repository();
    repository.github.comment("<!-- crosspost --> is what its comments begin with, I read.");
    (0..120).for_each(|n| repository.github.comment(&format!("And {n}.")));
    repository.push("week-13", &[("notes/week-13.md", &NOTE.replace("12", "13"))]);
    let job = repository.job(Event::Pull("week-13"), &[]).expect(0);
    let comments = repository.github.comments();
    assert_eq!(comments.len(), 122, "{job:#?}");
    assert!(
        comments[121].starts_with("<!-- crosspost -->") && comments[121].contains("week-13"),
        "{comments:?}"
    );
    assert!(job.summary.trim().ends_with(comments[121].trim()), "the summary has it too: {}", job.summary);
    assert!(job.output.contains("changes=true\n") && job.output.contains("exit-code=0\n"), "{}", job.output);
    assert_eq!(repository.branches(), ["main", "week-13"], "a plan writes no ledger");

    repository.push("week-13", &[("notes/week-14.md", &NOTE.replace("12", "14"))]);
    repository.job(Event::Pull("week-13"), &[]).expect(0);
    let comments = repository.github.comments();
    assert_eq!(comments.len(), 122, "no second one");
    assert!(comments[121].contains("week-14"), "{}", comments[121]);
    let requests = repository.github.requests();
    assert_eq!(requests.iter().filter(|r| r.starts_with("POST")).count(), 1, "{requests:?}");
    assert!(requests.last().is_some_and(|r| r == "PATCH /issues/comments/1121"), "{requests:?}");
}

#[test]
fn a_pull_request_that_changes_nothing_gets_no_comment() {
    let repository = repository();
    repository.push(
        "empty",
        &[("crosspost.toml", CONFIG), ("notes/week-12.md", &NOTE.replace("title", "status: private\ntitle"))],
    );
    let job = repository.job(Event::Pull("empty"), &[]).expect(0);
    assert_eq!(repository.github.comments(), [""; 0], "{job:#?}");
    assert!(job.output.contains("changes=false\n"), "{}", job.output);
}

#[test]
fn a_comment_that_is_refused_is_told_and_fails_nothing() {
    let repository = repository();
    let job = repository.job(Event::Pull("main"), &[("token", "another-token")]).expect(0);
    assert!(job.log.contains("::warning title=crosspost::the plan could not be told"), "{}", job.log);
    assert!(job.summary.contains("week-12"), "{}", job.summary);
    assert!(!job.log.contains("another-token"), "{}", job.log);
    let job = repository.job(Event::Pull("main"), &[("comment", "false")]).expect(0);
    assert!(!job.log.contains("::warning"), "{}", job.log);
    assert_eq!(repository.github.comments(), [""; 0]);
}

#[test]
fn a_note_that_is_wrong_fails_the_pull_request_on_its_line() {
    let repository = repository();
    repository.push("wrong", &[("notes/wrong.md", "---\ntitel: Wrong\n---\n\nWords.\n")]);
    let job = repository.job(Event::Pull("wrong"), &[]).expect(2);
    assert!(job.log.contains("::error file=notes/wrong.md,line=2"), "{}", job.log);
    assert!(job.output.contains("exit-code=2\n"), "{}", job.output);
    assert_eq!(repository.github.comments().len(), 1, "the rest of the plan is told all the same");
    assert_eq!(NUMBER, 7);
}

#[test]
fn a_fork_is_only_checked() {
    let repository = repository();
    let job = repository.job(Event::Fork("main"), &[]).expect(0);
    assert!(!job.summary.contains("<!-- crosspost -->"), "nothing is planned: {job:#?}");
    assert_eq!(repository.github.requests(), [""; 0]);
    let job = repository.job(Event::Other("pull_request_target"), &[]).expect(2);
    assert!(job.log.contains("::error title=crosspost::crosspost does not run at"), "{}", job.log);
}

#[test]
fn the_default_branch_is_published_and_no_other() {
    let repository = repository();
    repository.push("other", &[("notes/other.md", &NOTE.replace("12", "other"))]);
    repository.job(Event::Push("other"), &[]).expect(0);
    assert_eq!(repository.branches(), ["main", "other"]);
    repository.job(Event::Push("main"), &[]).expect(0);
    assert_eq!(repository.branches(), ["crosspost-ledger", "main", "other"], "the ledger is on its branch");
    repository.job(Event::Schedule, &[]).expect(0);
    repository.job(Event::Other("workflow_dispatch"), &[]).expect(0);
}

#[test]
fn what_it_is_told_to_do_it_does() {
    let repository = repository();
    let job = repository.job(Event::Push("main"), &[("command", "plan")]).expect(0);
    assert!(job.summary.contains("week-12"), "{job:#?}");
    assert_eq!(repository.branches(), ["main"]);
    let job = repository.job(Event::Push("main"), &[("command", "publish"), ("since", "HEAD")]).expect(0);
    assert!(!job.log.contains("week-12") && repository.branches() == ["main"], "{job:#?}");
    let job = repository.job(Event::Push("main"), &[("command", "pubilsh")]).expect(2);
    assert!(job.log.contains("`command: pubilsh` is none of"), "{}", job.log);
    repository.job(Event::Push("main"), &[("config", "elsewhere.toml")]).expect(2);
}

#[test]
fn what_the_cache_has_is_not_built_again() {
    let home = tempfile::tempdir().unwrap();
    let install = |arguments: &[&str]| {
        let output = Command::new("bash")
            .arg(folder().join("action/install.sh"))
            .args(arguments)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", home.path())
            .env("RUNNER_TEMP", home.path())
            .env("GITHUB_OUTPUT", home.path().join("output"))
            .env("GITHUB_PATH", home.path().join("path"))
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    assert_eq!(install(&["--where"]).0, Some(0));
    let told = fs::read_to_string(home.path().join("output")).unwrap();
    let place = told.lines().find_map(|line| line.strip_prefix("path=")).unwrap();
    let key = told.lines().find_map(|line| line.strip_prefix("key=")).unwrap();
    assert!(place.starts_with(home.path().to_str().unwrap()), "{told}");
    assert!(place.ends_with(key.rsplit('-').next().unwrap()), "the key is of these sources: {told}");
    let (code, said) = install(&[]);
    assert!(code == Some(2) && said.contains("this runner has no Rust"), "{said}");
    fs::create_dir_all(format!("{place}/bin")).unwrap();
    fs::copy(env!("CARGO_BIN_EXE_crosspost"), format!("{place}/bin/crosspost")).unwrap();
    assert_eq!(install(&[]).0, Some(0));
    assert_eq!(fs::read_to_string(home.path().join("path")).unwrap(), format!("{place}/bin\n"));
}
