//! What went wrong, as a person reads it: a kind (which decides the exit code), one sentence,
//! the place, what caused it, and what to do. Wording stands where the error is made; layout and
//! colour stand in [`crate::report`].

use std::fmt;

/// What sort of trouble it is. The kind alone decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// It was tried and did not work (exit code 1).
    Failed,
    /// The command line, the configuration or a note is wrong; nothing was attempted for it (2).
    Invalid,
    /// A person has to decide: drift, an uncertain outcome, a suspected duplicate (3).
    Decision,
}

impl Kind {
    /// The process exit code of this kind.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Failed => 1,
            Self::Invalid => 2,
            Self::Decision => 3,
        }
    }
}

/// A place in a file: a path as the user would write it, and a position counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, relative to the configuration's folder where it lies below it.
    pub path: String,
    /// Line, from 1; 0 means the file as a whole.
    pub line: u32,
    /// Column in characters, from 1; 0 means the line as a whole.
    pub column: u32,
}

impl Place {
    /// The file as a whole.
    #[must_use]
    pub fn file(path: impl Into<String>) -> Self {
        Self { path: path.into(), line: 0, column: 0 }
    }

    /// A line, and a column where it is known.
    #[must_use]
    pub fn new(path: impl Into<String>, line: u32, column: u32) -> Self {
        Self { path: path.into(), line, column }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
            if self.column > 0 {
                write!(f, ":{}", self.column)?;
            }
        }
        Ok(())
    }
}

/// The result type of the crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One thing that went wrong. Boxed inside, so that a `Result` stays small.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Inner {
    kind: Kind,
    code: Option<&'static str>,
    message: String,
    place: Option<Place>,
    details: Vec<(&'static str, String)>,
    help: Vec<String>,
}

impl Error {
    /// An error of the given kind. `message` is one sentence without a full stop, lower case.
    #[must_use]
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            code: None,
            message: message.into(),
            place: None,
            details: Vec::new(),
            help: Vec::new(),
        }))
    }

    /// Something that was tried and failed.
    #[must_use]
    pub fn failed(message: impl Into<String>) -> Self {
        Self::new(Kind::Failed, message)
    }

    /// A wrong command line, configuration or note.
    #[must_use]
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(Kind::Invalid, message)
    }

    /// Something only a person can decide.
    #[must_use]
    pub fn decision(message: impl Into<String>) -> Self {
        Self::new(Kind::Decision, message)
    }

    /// A stable, machine-readable name for this problem (`unknown-key`).
    #[must_use]
    pub fn code(mut self, code: &'static str) -> Self {
        self.0.code = Some(code);
        self
    }

    /// Where it is.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.0.place = Some(place);
        self
    }

    /// Where it is, if it does not say so yet: the file as a whole.
    #[must_use]
    pub fn or_at(mut self, path: &str) -> Self {
        self.0.place.get_or_insert_with(|| Place::file(path));
        self
    }

    /// A labelled line below the message, as `cause: connection refused`.
    #[must_use]
    pub fn detail(mut self, label: &'static str, text: impl Into<String>) -> Self {
        self.0.details.push((label, text.into()));
        self
    }

    /// What lies behind it: the words of the system or the server.
    #[must_use]
    pub fn cause(self, cause: impl fmt::Display) -> Self {
        self.detail("cause", cause.to_string())
    }

    /// What to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help.push(help.into());
        self
    }

    /// The same error with its hints rewritten (to name a note, say).
    #[must_use]
    pub fn map_hints(mut self, rewrite: impl Fn(&str) -> String) -> Self {
        self.0.help = self.0.help.iter().map(|hint| rewrite(hint)).collect();
        self
    }

    /// The same error with its sentence and details rewritten (to leave something out).
    #[must_use]
    pub fn map_texts(mut self, rewrite: impl Fn(&str) -> String) -> Self {
        self.0.message = rewrite(&self.0.message);
        for (_, text) in &mut self.0.details {
            *text = rewrite(text);
        }
        self
    }

    /// The kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The stable name, where it has one.
    #[must_use]
    pub fn name(&self) -> Option<&'static str> {
        self.0.code
    }

    /// The sentence.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The place.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        self.0.place.as_ref()
    }

    /// The labelled lines, in order.
    #[must_use]
    pub fn details(&self) -> &[(&'static str, String)] {
        &self.0.details
    }

    /// The hints, in order.
    #[must_use]
    pub fn hints(&self) -> &[String] {
        &self.0.help
    }
}

impl fmt::Display for Error {
    /// The whole error without colour, several lines, no final newline.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.0.message)?;
        if let Some(place) = &self.0.place {
            write!(f, "\n  --> {place}")?;
        }
        for (label, text) in &self.0.details {
            write!(f, "\n  {label}: {text}")?;
        }
        for help in &self.0.help {
            write!(f, "\n  help: {help}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// Something that a person should know but that stops nothing: a table that became a list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Warning {
    /// Line in the note, from 1; 0 means the note as a whole. First, so that warnings sort by it.
    pub line: u32,
    /// Stable, machine-readable name: `table-flattened`.
    pub code: &'static str,
    /// One sentence without a full stop.
    pub message: String,
}

impl Warning {
    /// A warning about a line of the note.
    #[must_use]
    pub fn new(code: &'static str, line: u32, message: impl Into<String>) -> Self {
        Self { line, code, message: message.into() }
    }
}

/// The nearest of the known words, close enough to be what was meant.
#[must_use]
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    known
        .into_iter()
        .map(|k| (strsim::damerau_levenshtein(&lower, k), k))
        .filter(|(distance, k)| *distance <= (k.chars().count() / 3).max(1))
        .min()
        .map(|(_, k)| k)
}
