//! What an update changes, as a reader would see it.

use serde::Serialize;

/// A part of a post that is to change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// `title`, `text`, `slug` …
    pub part: &'static str,
    /// Each place in it, with some words around; none where only the part is told.
    pub passages: Vec<Vec<Piece>>,
}

/// Some words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// What becomes of them.
    pub mark: Mark,
    /// The words and the blanks between them.
    pub text: String,
}

/// What becomes of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// They stay.
    Kept,
    /// They stand on the site and not in the note.
    Removed,
    /// They stand in the note and not on the site.
    Added,
}
