//! Who may read: the audience of a target and of a note, and the cut that is made in the source
//! before anything is parsed for a public target.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Note;
use crate::error::Error;

/// Who may read. A note may only narrow what it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// Everybody.
    Public,
    /// Colleagues.
    Internal,
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Public => "public",
            Self::Internal => "internal",
        })
    }
}

/// A note's body as an audience may read it, and nothing else of it. Whatever is rendered is
/// rendered from this.
#[derive(Debug, Clone)]
pub struct Cleared {
    /// For whom.
    pub audience: Audience,
    /// The Markdown that may be shown.
    pub text: String,
    /// For each line of `text`, its line in the file, from 1.
    pub lines: Vec<u32>,
    /// The lines that were cut out, trimmed, without empty ones: a payload is scanned for them
    /// once more before it is sent.
    pub removed: Vec<String>,
}

impl Cleared {
    /// The line in the note's file of a line of the cleared text (both from 1).
    #[must_use]
    pub fn source_line(&self, line: usize) -> u32 {
        let index = line.saturating_sub(1).min(self.lines.len().saturating_sub(1));
        self.lines.get(index).copied().unwrap_or(1)
    }
}

/// Cuts a note's body for an audience.
///
/// # Errors
/// Every directive that is unclosed, nested, misspelt or stray.
pub fn clear(_note: &Note, _audience: Audience) -> Result<Cleared, Vec<Error>> {
    todo!("the note helper")
}
