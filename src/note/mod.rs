//! The note: the Markdown source that everything else is made from. No network, no file system,
//! no clock: what a note is can be told from its text and its path alone.

pub mod audience;
pub mod dangling;
pub mod date;
pub mod directive;
pub mod front_matter;
pub mod identity;
pub mod leak;
pub mod path;
pub mod read;
pub mod source;

pub use audience::{Audience, Cleared};
pub use date::NoteDate;
pub use front_matter::{FrontMatter, Overrides, Status, TargetChoice, Targets};
pub use identity::{Marker, NoteId};
pub use leak::LeakGuard;
pub use source::Source;

use crate::error::Error;

/// A note as it was read: its text, its front matter and where its body begins.
#[derive(Debug, Clone)]
pub struct Note {
    /// What identifies it in the ledger: the front matter's `id`, or else its path.
    pub id: NoteId,
    /// The file's text.
    pub source: Source,
    /// The front matter, checked.
    pub meta: FrontMatter,
    /// Byte offset of the first character after the front matter.
    pub body_start: usize,
    /// Line of the file, from 1, on which the body begins.
    pub body_line: u32,
}

impl Note {
    /// Reads a note from its text. `ignore` names the front matter keys that the configuration
    /// passes over.
    ///
    /// # Errors
    /// Every problem of the front matter at once: unknown keys, wrong types, bad dates, a block
    /// that is never closed.
    pub fn parse(source: Source, ignore: &[String]) -> Result<Self, Vec<Error>> {
        let parsed = front_matter::parse(&source, ignore)?;
        let id = match &parsed.meta.id {
            Some(id) => NoteId::chosen(id),
            None => NoteId::of_path(&source.path),
        };
        Ok(Self { id, meta: parsed.meta, body_start: parsed.body_start, body_line: parsed.body_line, source })
    }

    /// The body of a note whose front matter cannot be read, for finding what else is wrong with it.
    /// What the note says of itself is lost, its audience too: never publish from this.
    #[must_use]
    pub fn body_only(source: Source) -> Option<Self> {
        let (body_start, body_line) = front_matter::body(&source)?;
        let meta = FrontMatter::default();
        Some(Self { id: NoteId::of_path(&source.path), meta, body_start, body_line, source })
    }

    /// The path that messages show and records keep.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.source.path
    }

    /// The text after the front matter.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.source.text[self.body_start..]
    }
}
