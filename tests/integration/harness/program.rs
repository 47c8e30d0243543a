//! The real `crosspost` binary, in a project folder of its own and an environment of nothing but
//! what a test gives it: no keyring, no proxy, no configuration of the person who runs the tests.

use std::{
    fs,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::Value;

#[cfg(test)]
mod tests;

/// Longer than any run takes: the program hangs.
const TIMEOUT: Duration = Duration::from_secs(120);

/// A project folder and the environment to run the program with.
pub struct Project {
    home: tempfile::TempDir,
    variables: Vec<(String, String)>,
    replacements: Vec<(String, String)>,
}

/// What a run left behind.
#[derive(Debug, Clone)]
pub struct Run {
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Standard output, with placeholders.
    pub stdout: String,
    /// Standard error, with placeholders.
    pub stderr: String,
}

impl Project {
    /// An empty project.
    ///
    /// # Panics
    /// When no temporary folder can be made.
    pub fn new() -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(home.path().join("project")).expect("a folder");
        Self { home, variables: Vec::new(), replacements: Vec::new() }
    }

    /// A project with this `crosspost.toml`.
    pub fn with_config(config: &str) -> Self {
        let project = Self::new();
        project.write("crosspost.toml", config);
        project
    }

    /// The project's folder, free of links.
    ///
    /// # Panics
    /// When somebody deleted it.
    pub fn root(&self) -> PathBuf {
        self.home.path().canonicalize().expect("the temporary folder is there").join("project")
    }

    /// Sets a variable for every run from here on.
    pub fn env(&mut self, name: &str, value: &str) -> &mut Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Writes `placeholder` for `text` (a port, an id) in all output from here on.
    pub fn replace(&mut self, text: &str, placeholder: &str) -> &mut Self {
        self.replacements.push((text.to_owned(), placeholder.to_owned()));
        self
    }

    /// Writes a file, and the folders above it.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder can be made");
        fs::write(path, content).expect("the file can be written");
    }

    /// Reads a file as text.
    ///
    /// # Panics
    /// When it is not there.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    /// All files under a folder of the project, sorted, with `/`.
    pub fn files(&self, folder: &str) -> Vec<String> {
        let root = self.root();
        walkdir::WalkDir::new(root.join(folder))
            .sort_by_file_name()
            .into_iter()
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_file())
            .filter_map(|entry| Some(entry.path().strip_prefix(&root).ok()?.display().to_string()))
            .collect()
    }

    /// The program, ready to run here; for what [`Project::run`] does not do.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_crosspost"));
        command
            .args(arguments)
            .current_dir(self.root())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.home.path())
            .env("TZ", "UTC")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    /// Runs the program to its end.
    ///
    /// # Panics
    /// When it hangs, or is not there.
    pub fn run(&self, arguments: &[&str]) -> Run {
        self.finish(assert_cmd::Command::from_std(self.command(arguments)))
    }

    /// Runs it with something on standard input.
    ///
    /// # Panics
    /// When it hangs, or is not there.
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Run {
        let mut command = assert_cmd::Command::from_std(self.command(arguments));
        command.write_stdin(input);
        self.finish(command)
    }

    /// Starts it and goes on: for tests that kill it, or run two at once.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start(&self, arguments: &[&str]) -> Running<'_> {
        let child = self.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        Running { project: self, child: Some(child.expect("the program starts")) }
    }

    fn finish(&self, mut command: assert_cmd::Command) -> Run {
        let output = command.timeout(TIMEOUT).output().expect("the program runs to its end");
        self.read_run(&output)
    }

    fn read_run(&self, output: &std::process::Output) -> Run {
        Run {
            code: output.status.code(),
            stdout: self.placeholders(&output.stdout),
            stderr: self.placeholders(&output.stderr),
        }
    }

    fn placeholders(&self, text: &[u8]) -> String {
        let mut text = String::from_utf8_lossy(text).into_owned();
        for (found, placeholder) in &self.replacements {
            text = text.replace(found, placeholder);
        }
        text.replace(&self.root().display().to_string(), "[ROOT]")
            .replace(&self.home.path().display().to_string(), "[HOME]")
            .replace(concat!("crosspost ", env!("CARGO_PKG_VERSION")), "crosspost [VERSION]")
    }
}

/// A program that still runs. It is killed when dropped.
pub struct Running<'a> {
    project: &'a Project,
    child: Option<Child>,
}

impl Running<'_> {
    /// Whether it has come to its end by itself.
    pub fn is_over(&mut self) -> bool {
        self.child.as_mut().is_some_and(|child| matches!(child.try_wait(), Ok(Some(_))))
    }

    /// Kills it as a crash would: no clean-up, no last words.
    ///
    /// # Panics
    /// When it cannot be killed.
    pub fn kill(mut self) -> Run {
        if let Some(child) = &mut self.child {
            child.kill().expect("it can be killed");
        }
        self.wait()
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// When its output cannot be read.
    pub fn wait(mut self) -> Run {
        let child = self.child.take().expect("it is taken only here");
        self.project.read_run(&child.wait_with_output().expect("its output can be read"))
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Run {
    /// Standard output as the one JSON document of `--format json`.
    ///
    /// # Panics
    /// When it is something else.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|e| panic!("not one JSON document: {e}\n{}", self.transcript()))
    }

    /// The run, if it ended with this code.
    ///
    /// # Panics
    /// When it ended otherwise, showing all it said.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.transcript());
        self
    }

    /// All of it in one text, for snapshots.
    pub fn transcript(&self) -> String {
        let code = self.code.map_or_else(|| "killed".to_owned(), |code| code.to_string());
        format!("exit code: {code}\n--- stdout\n{}--- stderr\n{}", self.stdout, self.stderr)
    }
}
