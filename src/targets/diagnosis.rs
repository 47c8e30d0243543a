//! What a look at a site tells `crosspost doctor`.

use crate::error::Error;

/// How good a [`Diagnosis`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// As it should be.
    Good,
    /// It works, but something will be missing, or may go wrong later.
    Doubtful,
    /// Publishing there cannot work.
    Bad,
}

/// One thing that was found out about a target, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// How good it is.
    pub grade: Grade,
    /// A stable, machine-readable name of what is not as it should be (`plain-permalinks`), under
    /// which `docs/doctor.md` tells more.
    pub code: Option<&'static str>,
    /// A short sentence without a full stop: `logged in as crosspost-bot, an editor`.
    pub text: String,
    /// What to do, one sentence each.
    pub help: Vec<String>,
}

impl Diagnosis {
    /// Something is as it should be.
    #[must_use]
    pub fn good(text: impl Into<String>) -> Self {
        Self::new(Grade::Good, text.into())
    }

    /// Something will be missing.
    #[must_use]
    pub fn doubtful(text: impl Into<String>) -> Self {
        Self::new(Grade::Doubtful, text.into())
    }

    /// Something stands in the way.
    #[must_use]
    pub fn bad(text: impl Into<String>) -> Self {
        Self::new(Grade::Bad, text.into())
    }

    fn new(grade: Grade, text: String) -> Self {
        Self { grade, code: None, text, help: Vec::new() }
    }

    /// Gives it a name.
    #[must_use]
    pub fn code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }
}

impl From<&Error> for Diagnosis {
    /// The sentence with its cause; what to do stays.
    fn from(error: &Error) -> Self {
        let details = error.details().iter().map(|(_, text)| text.as_str());
        let text = std::iter::once(error.message()).chain(details).collect::<Vec<_>>().join(": ");
        Self { grade: Grade::Bad, code: error.name(), text, help: error.hints().to_vec() }
    }
}
