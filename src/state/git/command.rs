//! Runs `git`, so that nothing of a person's configuration gets in the way (hooks, signatures,
//! prompts, languages) and no credential gets out.

use std::{
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
};

use crate::error::{Error, Result};

/// Settings that hold for every command.
const SETTINGS: [&str; 8] = [
    "core.hooksPath=/dev/null",
    "core.fsync=all",
    "gc.auto=0",
    "maintenance.auto=false",
    "push.gpgSign=false",
    "push.followTags=false",
    // A server that says nothing for a minute is taken for dead.
    "http.lowSpeedLimit=1",
    "http.lowSpeedTime=60",
];

/// Variables that would point git at another repository, as they are set inside a hook.
const ELSEWHERE: [&str; 6] =
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_NAMESPACE"];

/// The repository that a folder lies in.
pub(crate) struct Git(PathBuf);

/// What a command left.
pub(crate) struct Output {
    /// The exit code; `None` where a signal ended it.
    pub(crate) code: Option<i32>,
    /// What it answered.
    pub(crate) answer: Vec<u8>,
    /// What it complained about, without credentials.
    pub(crate) complaint: String,
}

impl Output {
    pub(crate) fn ok(&self) -> bool {
        self.code == Some(0)
    }

    /// The answer as one line of text.
    pub(crate) fn line(&self) -> String {
        String::from_utf8_lossy(&self.answer).trim().to_owned()
    }

    /// The answer, where the command ended well.
    pub(crate) fn or(self, what: &str) -> Result<Self> {
        if self.ok() { Ok(self) } else { Err(Error::failed(what).cause(self.complaint)) }
    }
}

impl Git {
    pub(crate) fn at(root: &Path) -> Self {
        Self(root.to_owned())
    }

    /// Runs a command to its end, whatever that is.
    ///
    /// # Errors
    /// When there is no git to be run.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<Output> {
        self.feed(arguments, &[])
    }

    /// The same with an input.
    pub(crate) fn feed(&self, arguments: &[&str], input: &[u8]) -> Result<Output> {
        finish(&mut self.command(arguments), input)
    }

    /// The same in a partial clone without fetching what it left out.
    pub(crate) fn feed_offline(&self, arguments: &[&str], input: &[u8]) -> Result<Output> {
        finish(self.command(arguments).env("GIT_NO_LAZY_FETCH", "1"), input)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.arg("-C").arg(if self.0.as_os_str().is_empty() { Path::new(".") } else { &self.0 });
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        for variable in ELSEWHERE {
            command.env_remove(variable);
        }
        command
            .args(arguments)
            .env("LC_ALL", "C")
            .env("GIT_TERMINAL_PROMPT", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }
}

fn finish(command: &mut Command, input: &[u8]) -> Result<Output> {
    let mut child = command.spawn().map_err(|e| cannot_run(&e))?;
    let pipe = child.stdin.take();
    // Written beside reading: git answers before it has read all, and pipes hold little.
    let output = thread::scope(|scope| {
        scope.spawn(move || pipe.map(|mut pipe| pipe.write_all(input)));
        child.wait_with_output()
    });
    let output = output.map_err(|e| cannot_run(&e))?;
    Ok(Output {
        code: output.status.code(),
        answer: output.stdout,
        complaint: complaint(&String::from_utf8_lossy(&output.stderr)),
    })
}

fn cannot_run(cause: &std::io::Error) -> Error {
    let error = Error::failed("`git` cannot be run").cause(cause);
    if cause.kind() == ErrorKind::NotFound {
        return error
            .help("install git; a ledger that needs none is `state = \"file:.crosspost\"` or `s3://…`");
    }
    error
}

/// What git complained about, on one line and without hints.
fn complaint(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("hint:"));
    let line = redact(&lines.collect::<Vec<_>>().join("; "));
    if line.is_empty() { "git gave no reason".to_owned() } else { line.chars().take(500).collect() }
}

/// A text whose URLs show neither user nor password.
fn redact(text: &str) -> String {
    let mut parts = text.split("://");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| c == '/' || c.is_whitespace() || c == '\'').unwrap_or(part.len());
        let (authority, rest) = part.split_at(end);
        out.push_str("://");
        out.push_str(authority.rsplit_once('@').map_or(authority, |(_, host)| host));
        out.push_str(rest);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_shows_no_credentials() {
        let text = "fatal: unable to access 'https://bot:gh@s3cret@git.example/a.git/': 403\nhint: try\n";
        assert_eq!(complaint(text), "fatal: unable to access 'https://git.example/a.git/': 403");
        assert_eq!(redact("ssh://git@host:22/x and https://t0ken@h"), "ssh://host:22/x and https://h");
        assert_eq!(complaint(" \n"), "git gave no reason");
    }

    #[test]
    fn a_long_input_and_a_long_answer_do_not_wait_for_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let git = Git::at(folder.path());
        assert!(git.run(&["init", "-q"]).unwrap().ok());
        let input = format!("{}\n", "0".repeat(40)).repeat(20_000);
        let output = git.feed(&["cat-file", "--batch-check"], input.as_bytes()).unwrap();
        assert_eq!(output.answer.split(|b| *b == b'\n').count(), 20_001);
    }
}
