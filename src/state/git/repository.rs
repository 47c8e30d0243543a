//! The repository that the notes lie in, as `doctor` looks at it.

use std::path::Path;

use super::command::Git;
use crate::error::Result;

/// A git repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// The names of its remotes.
    pub remotes: Vec<String>,
    /// Its history was cut (`git clone --depth 1`).
    pub shallow: bool,
}

impl Repository {
    /// The repository that a folder lies in; `None` where it lies in none.
    ///
    /// # Errors
    /// When there is no git to be run.
    pub fn around(folder: &Path) -> Result<Option<Self>> {
        let git = Git::at(folder);
        let shallow = git.run(&["rev-parse", "--is-shallow-repository"])?;
        if !shallow.ok() {
            return Ok(None);
        }
        let remotes = git.run(&["remote"])?.line().lines().map(str::to_owned).collect();
        Ok(Some(Self { remotes, shallow: shallow.line() == "true" }))
    }
}

/// A value of a person's git configuration (`user.name`).
#[must_use]
pub fn configured(folder: &Path, name: &str) -> Option<String> {
    let value =
        Git::at(folder).run(&["config", "--get", name]).ok().filter(super::command::Output::ok)?.line();
    (!value.is_empty()).then_some(value)
}
