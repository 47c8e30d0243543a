//! One thing that is wrong with a note, and where.

use serde::Serialize;

use super::{locate::Spot, registry};
use crate::error::{Error, Warning};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The note is not published as it is, or what is published is broken.
    Error,
    /// It is published, and something is lost or could be better.
    Warning,
    /// Good to know. Never changes the exit code.
    Note,
}

impl Severity {
    /// The word that people see.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// A kind of problem: a line of the [registry].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// Its stable name: `broken-link`.
    pub name: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What it means, in half a sentence.
    pub meaning: &'static str,
}

impl Code {
    /// A kind of problem that stops a note, or breaks what is published.
    #[must_use]
    pub const fn error(name: &'static str, meaning: &'static str) -> Self {
        Self { name, severity: Severity::Error, meaning }
    }

    /// A kind of problem that stops nothing.
    #[must_use]
    pub const fn warning(name: &'static str, meaning: &'static str) -> Self {
        Self { name, severity: Severity::Warning, meaning }
    }
}

/// A change to one line of a file that mends a problem and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The line, from 1.
    pub line: u32,
    /// What the line begins with now.
    pub before: String,
    /// What it is to begin with.
    pub after: String,
}

/// Something that is wrong with a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The name of its [`Code`].
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence without a full stop.
    pub message: String,
    /// The file.
    pub path: String,
    /// Where in it.
    pub spot: Spot,
    /// The line that it is about, whole.
    pub excerpt: Option<String>,
    /// Labelled lines below the message (`cause`).
    pub details: Vec<(&'static str, String)>,
    /// What to do.
    pub help: Vec<String>,
    /// The targets where it matters; empty where it matters wherever the note goes.
    pub targets: Vec<String>,
    /// How `--fix` mends it.
    pub fix: Option<Edit>,
    /// Whether what it quotes is for colleagues only: no log that others may read repeats it.
    pub internal: bool,
}

impl Problem {
    /// A problem of a file.
    #[must_use]
    pub fn new(code: &Code, path: &str, spot: Spot, message: impl Into<String>) -> Self {
        Self {
            code: code.name,
            severity: code.severity,
            message: message.into(),
            path: path.to_owned(),
            spot,
            excerpt: None,
            details: Vec::new(),
            help: Vec::new(),
            targets: Vec::new(),
            fix: None,
            internal: false,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// The one target where it matters.
    #[must_use]
    pub fn only_at(mut self, target: &str) -> Self {
        self.targets = vec![target.to_owned()];
        self
    }

    /// An error as a problem of the file that it is about. `spot` is where it is if the error does
    /// not say so itself.
    #[must_use]
    pub fn of_error(error: &Error, path: &str, spot: Spot) -> Self {
        let place = error.place().filter(|place| place.path == path && place.line > 0);
        let spot = place.map_or(spot, |place| Spot { line: place.line, column: place.column, width: 1 });
        let code = Code::error(error.name().unwrap_or(registry::OTHER.name), "");
        Self {
            details: error.details().to_vec(),
            help: error.hints().to_vec(),
            ..Self::new(&code, path, spot, error.message())
        }
    }

    /// What a rendering lost or changed, as a problem.
    #[must_use]
    pub fn of_warning(warning: &Warning, path: &str, spot: Spot) -> Self {
        Self::new(&Code::warning(warning.code, ""), path, spot, &*warning.message)
    }

    /// Whether two are one: the same thing at the same place, perhaps for different targets.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        (self.code, &self.path, self.spot, &self.message)
            == (other.code, &other.path, other.spot, &other.message)
    }
}
