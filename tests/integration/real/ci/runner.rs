//! A repository with a remote, and a runner that is thrown away after each job.

use std::{
    fs,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fakes::github::{GitHub, REPOSITORY, TOKEN};

/// The pull request of the tests.
pub const NUMBER: u64 = 7;

/// The repository: a bare one, and somebody's clone of it.
pub struct Repository {
    folder: TempDir,
    /// GitHub.
    pub github: GitHub,
    /// What is set for every job: passwords.
    pub secrets: Vec<(String, String)>,
}

/// What makes a job run.
#[derive(Debug, Clone, Copy)]
pub enum Event<'e> {
    /// A push to this branch.
    Push(&'e str),
    /// A pull request from this branch.
    Pull(&'e str),
    /// The same from a fork.
    Fork(&'e str),
    /// The clock.
    Schedule,
    /// Any other, by its name.
    Other(&'e str),
}

/// A job that is over.
#[derive(Debug)]
pub struct Job {
    /// The exit code of the action's script.
    pub code: Option<i32>,
    /// The log.
    pub log: String,
    /// What later steps are told.
    pub output: String,
    /// The job's summary.
    pub summary: String,
}

/// A job that still runs, in a group of processes of its own.
pub struct Running {
    child: Child,
    _clone: TempDir,
}

impl Repository {
    /// A repository with these files on `main`.
    pub fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let repository = Self { folder, github: GitHub::start(), secrets: Vec::new() };
        git(repository.folder.path(), &["init", "-q", "--bare", "-b", "main", "remote.git"]);
        git(repository.folder.path(), &["clone", "-q", "remote.git", "work"]);
        git(&repository.work(), &["switch", "-q", "-c", "main"]);
        repository.push("main", files);
        repository
    }

    /// Somebody's clone.
    pub fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// Commits these files on a branch (made where it is not there) and pushes it.
    pub fn push(&self, branch: &str, files: &[(&str, &str)]) {
        let work = self.work();
        let known = git(&work, &["branch", "--list", branch]);
        if !known.is_empty() {
            git(&work, &["switch", "-q", branch]);
        } else if branch != "main" {
            git(&work, &["switch", "-q", "-c", branch]);
        }
        for (path, text) in files {
            let path = work.join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
            fs::write(path, text).expect("the file can be written");
        }
        git(&work, &["add", "-A"]);
        git(&work, &["commit", "-q", "-m", "notes"]);
        git(&work, &["push", "-q", "origin", branch]);
    }

    /// Merges a branch into `main`.
    pub fn merge(&self, branch: &str) {
        git(&self.work(), &["switch", "-q", "main"]);
        git(&self.work(), &["merge", "-q", "--no-ff", "-m", "merge", branch]);
        git(&self.work(), &["push", "-q", "origin", "main"]);
    }

    /// The remote's branches.
    pub fn branches(&self) -> Vec<String> {
        let remote = self.folder.path().join("remote.git");
        git(&remote, &["branch", "--format=%(refname:short)"]).lines().map(str::to_owned).collect()
    }

    /// Runs a job to its end.
    pub fn job(&self, event: Event<'_>, inputs: &[(&str, &str)]) -> Job {
        let runner = tempfile::tempdir().expect("a runner");
        let output = self.command(&runner, event, inputs).output().expect("bash runs");
        finish(&runner, &output)
    }

    /// Starts a job that will not come to its end.
    pub fn start(&self, event: Event<'_>) -> Running {
        let runner = tempfile::tempdir().expect("a runner");
        let mut command = self.command(&runner, event, &[]);
        command.stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        Running { child: command.spawn().expect("bash runs"), _clone: runner }
    }

    /// The action's script in a fresh clone. Nothing of this machine's environment is in it.
    fn command(&self, runner: &TempDir, event: Event<'_>, inputs: &[(&str, &str)]) -> Command {
        let temporary = runner.path();
        let branch = match event {
            Event::Push(branch) | Event::Pull(branch) | Event::Fork(branch) => branch,
            Event::Schedule | Event::Other(_) => "main",
        };
        let remote = format!("file://{}/remote.git", self.folder.path().display());
        let depth = if inputs.iter().any(|(name, _)| *name == "since") { "1000" } else { "1" };
        git(temporary, &["clone", "-q", "--depth", depth, "--branch", branch, &remote, "clone"]);
        fs::write(temporary.join("event.json"), payload(event).to_string()).expect("a file");
        let name = match event {
            Event::Push(_) => "push",
            Event::Pull(_) | Event::Fork(_) => "pull_request",
            Event::Schedule => "schedule",
            Event::Other(name) => name,
        };
        let program = Path::new(env!("CARGO_BIN_EXE_crosspost")).parent().expect("a folder");
        let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
        let mut command = Command::new("bash");
        command
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("action/run.sh"))
            .current_dir(temporary.join("clone"))
            .env_clear()
            .env("PATH", path)
            .env("HOME", temporary)
            .env("CI", "true")
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_EVENT_NAME", name)
            .env("GITHUB_EVENT_PATH", temporary.join("event.json"))
            .env("GITHUB_REF", format!("refs/heads/{branch}"))
            .env("GITHUB_REPOSITORY", REPOSITORY)
            .env("GITHUB_WORKSPACE", temporary.join("clone"))
            .env("GITHUB_API_URL", &self.github.url)
            .env("GITHUB_OUTPUT", temporary.join("output"))
            .env("GITHUB_STEP_SUMMARY", temporary.join("summary"))
            .env("RUNNER_TEMP", temporary)
            .env("INPUT_TOKEN", TOKEN)
            .envs(self.secrets.iter().map(|(name, value)| (name, value)))
            .envs(inputs.iter().map(|(name, value)| (format!("INPUT_{}", name.to_uppercase()), value)))
            .stdin(Stdio::null());
        command
    }
}

fn payload(event: Event<'_>) -> Value {
    let repository = json!({"default_branch": "main"});
    let pull = |from: &str| json!({"number": NUMBER, "head": {"repo": {"full_name": from}}});
    match event {
        Event::Pull(_) => json!({"repository": repository, "pull_request": pull(REPOSITORY)}),
        Event::Fork(_) => json!({"repository": repository, "pull_request": pull("somebody/notes")}),
        // GitHub says no more of it.
        Event::Schedule => json!({"schedule": "17 * * * *"}),
        Event::Push(_) | Event::Other(_) => json!({"repository": repository}),
    }
}

fn finish(runner: &TempDir, output: &Output) -> Job {
    let file = |name: &str| fs::read_to_string(runner.path().join(name)).unwrap_or_default();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Job {
        code: output.status.code(),
        log: format!("{}{}", text(&output.stdout), text(&output.stderr)),
        output: file("output"),
        summary: file("summary"),
    }
}

impl Job {
    /// The job, if it ended with this code.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }
}

impl Running {
    /// Whether it has come to its end by itself.
    pub fn is_over(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(Some(_)))
    }

    /// The runner dies, with all that runs on it.
    pub fn kill(mut self) {
        let group = format!("-{}", self.child.id());
        let status = Command::new("kill").args(["-9", "--", &group]).status().expect("kill runs");
        assert!(status.success(), "the job was over");
        let _ = self.child.wait();
    }
}

/// Runs git as a person would.
pub fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(folder)
        .args([
            "-c",
            "user.name=Cate",
            "-c",
            "user.email=cate@example.org",
            "-c",
            "protocol.file.allow=always",
        ])
        .args(arguments)
        .output()
        .expect("git runs");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
