//! `--since REV`: which notes have changed, as git tells.
//!
//! What counts is the difference between the files as they are now and the commit at which the work
//! left REV behind (their merge base): what others have done at REV meanwhile is not this work's. A
//! note counts as changed, too, when its text names a file that has changed: a picture, or a note
//! that it links to. That is told by the file's name alone: a note too many costs nothing.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;

use super::project::Project;
use crate::{
    error::{Error, Result},
    note::read::MAX_BYTES,
    state::git::command::Git,
};

/// What has changed since a revision.
pub struct Changes {
    /// Everything counts as changed.
    everything: bool,
    /// The files that are there, by their names in the project.
    changed: BTreeSet<String>,
    /// Those that are gone.
    pub gone: BTreeSet<String>,
}

impl Changes {
    /// Asks git.
    ///
    /// # Errors
    /// When there is no git or no repository, or when the clone does not hold the revision.
    pub fn since(project: &Project, revision: &str) -> Result<Self> {
        let mut changes = Self { everything: false, changed: BTreeSet::new(), gone: BTreeSet::new() };
        // What CI systems give for the commit before a branch's first push.
        if revision.len() >= 40 && revision.bytes().all(|digit| digit == b'0') {
            return Ok(Self { everything: true, ..changes });
        }
        let git = Git::at(project.files.root());
        let base = base(&git, revision)?;
        let diff =
            git.run(&["diff", "--name-status", "-z", "--no-renames", "--relative", &base, "--", "."])?;
        let diff = diff.or("git cannot tell what has changed")?.answer;
        let mut words = words(&diff);
        while let (Some(status), Some(path)) = (words.next(), words.next()) {
            let paths = if status == "D" { &mut changes.gone } else { &mut changes.changed };
            paths.insert(path);
        }
        let new = git.run(&["ls-files", "-z", "--others", "--exclude-standard"])?;
        changes.changed.extend(self::words(&new.or("git cannot tell which files are new")?.answer));
        let config = project.config.file.as_deref().and_then(|file| file.file_name());
        let config = config.map(|name| name.to_string_lossy().into_owned());
        changes.everything = config.is_some_and(|name| changes.changed.contains(&name));
        Ok(changes)
    }

    /// Those of these notes that count as changed.
    pub fn of(&self, project: &Project, notes: Vec<String>) -> Vec<String> {
        if self.everything {
            return notes;
        }
        let named: Vec<&str> =
            self.changed.iter().chain(&self.gone).map(|path| name_in_texts(path)).collect();
        let is_changed = |note: &String| {
            self.changed.contains(note) || (!named.is_empty() && names_any(project, note, &named))
        };
        notes.into_iter().filter(is_changed).collect()
    }
}

/// The commit that this work and the revision have in common.
fn base(git: &Git, revision: &str) -> Result<String> {
    let inside = git.run(&["rev-parse", "--is-inside-work-tree"])?;
    if !inside.ok() {
        return Err(Error::invalid("`--since` asks git what has changed, and git has no answer here")
            .cause(inside.complaint)
            .help(
                "run it in a clone of the notes' repository, or leave it out: unchanged notes cost nothing",
            ));
    }
    let commit = format!("{revision}^{{commit}}");
    let commit = git.run(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])?;
    if commit.ok() {
        let base = git.run(&["merge-base", &commit.line(), "HEAD"])?;
        if base.ok() {
            return Ok(base.line());
        }
    }
    let message = if commit.ok() {
        format!("`{revision}` and the notes have no commit in common here")
    } else {
        format!("this clone has no commit `{revision}`")
    };
    let error = Error::invalid(message).code("no-such-revision");
    let shallow = git.run(&["rev-parse", "--is-shallow-repository"])?;
    Err(if shallow.line() == "true" {
        error
            .help("the clone only has its latest commits: `fetch-depth: 0` at actions/checkout, or `GIT_DEPTH: 0` at GitLab")
            .help("or leave `--since` out: unchanged notes cost nothing")
    } else {
        error.help("give a branch, a tag or a commit, as `--since origin/main`")
    })
}

fn words(answer: &[u8]) -> impl Iterator<Item = String> {
    let words = answer.split(|byte| *byte == 0).filter(|word| !word.is_empty());
    words.map(|word| String::from_utf8_lossy(word).into_owned())
}

/// What a note's text has of a file's path in any case: a note is also linked to without its ending.
fn name_in_texts(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".md").unwrap_or(name)
}

fn names_any(project: &Project, note: &str, names: &[&str]) -> bool {
    // A note that cannot be read is told when it is read.
    let Ok(bytes) = project.files.read(note, MAX_BYTES as u64) else { return true };
    let text = String::from_utf8_lossy(&bytes);
    let plain = percent_decode_str(&text).decode_utf8_lossy();
    names.iter().any(|name| text.contains(name) || plain.contains(name))
}
