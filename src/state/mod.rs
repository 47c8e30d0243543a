//! The ledger: what was done, so that nothing is done twice.
//!
//! A back end only keeps texts. What the text of an entry is (`format`), what the entry is called
//! (`layout`) and what a change makes of it (`swap`) is the same in all of them, so a ledger can be
//! copied from one to another.

mod blank;
pub mod file;
mod format;
mod gather;
pub mod git;
mod layout;
mod location;
mod lock;
pub mod object;
pub mod outline;
pub mod record;
mod swap;
mod trouble;
mod upkeep;

use std::collections::HashSet;

use async_trait::async_trait;

pub use blank::Blank;
pub use location::open;
pub use outline::{Head, Outline, Packed, Post, Standing};
pub use record::{Basis, Intent, Phase, Receipt, Record, SiteRecord, TargetRecord};
pub use upkeep::{Copied, Report, check, copy};

use crate::{
    error::{Error, Result},
    note::NoteId,
};

/// Which entry of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// A note's record.
    Note(NoteId),
    /// What is known of a target's site.
    Site(String),
}

/// One state of one entry: the digest of its bytes, which differ after every write, since the
/// ledger raises a serial in each entry that it writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version(pub String);

/// An entry and the version that it was read at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<T> {
    /// What it says.
    pub value: T,
    /// When it said so.
    pub version: Version,
}

/// An entry's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// Of a note.
    Note(Box<Record>),
    /// Of a target's site.
    Site(Box<SiteRecord>),
}

impl Entry {
    /// Which entry this is.
    #[must_use]
    pub fn key(&self) -> Key {
        match self {
            Self::Note(record) => Key::Note(record.note.clone()),
            Self::Site(site) => Key::Site(site.target.clone()),
        }
    }

    /// The record, if it is a note's.
    #[must_use]
    pub fn note(&self) -> Option<&Record> {
        match self {
            Self::Note(record) => Some(record),
            Self::Site(_) => None,
        }
    }
}

/// One write, which only happens if the entry is still as it was read.
#[derive(Debug, Clone)]
pub struct Change {
    /// Which entry.
    pub key: Key,
    /// The version that was read; `None` if there was no entry.
    pub expected: Option<Version>,
    /// What it becomes; `None` removes it. Its `format` and `serial` are the ledger's to set:
    /// what stands in them here is not looked at.
    pub entry: Option<Entry>,
}

/// How one write of a batch ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Swap {
    /// Written; the version to expect next time (`None` after a removal).
    Done(Option<Version>),
    /// Somebody else wrote in between: nothing was changed. Read again.
    Lost,
}

/// All entries as they were found, each with what is wrong with it.
pub type Scan = Vec<Result<(Key, Versioned<Entry>)>>;

/// A ledger. Durable before it answers: once a write is [`Swap::Done`], it survives a power cut.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// Where it is, for people: `file:.crosspost`.
    fn location(&self) -> String;

    /// Reads one entry.
    ///
    /// # Errors
    /// What cannot be read or understood; an entry of a newer format.
    async fn read(&self, key: &Key) -> Result<Option<Versioned<Entry>>>;

    /// Reads all entries, in few operations and no order.
    ///
    /// # Errors
    /// When the ledger as a whole cannot be read.
    async fn scan(&self) -> Result<Scan>;

    /// Reads all entries, in few operations, ordered by key.
    ///
    /// # Errors
    /// As for [`Ledger::read`].
    async fn read_all(&self) -> Result<Vec<(Key, Versioned<Entry>)>> {
        let mut entries = self.scan().await?.into_iter().collect::<Result<Vec<_>>>()?;
        entries.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(entries)
    }

    /// Says that [`Ledger::outlines`] will be asked for, before anything is written: a ledger may begin
    /// with it while the notes are looked for.
    fn foresee(&self) {}

    /// Reads all notes' records in outline, in no order: what a run needs of those that it does
    /// nothing about. What is only in the record itself is not looked at.
    ///
    /// # Errors
    /// As for [`Ledger::read`].
    async fn outlines(&self) -> Result<Vec<Packed>> {
        let entries = self.read_all().await?.into_iter();
        Ok(entries.filter_map(|(_, entry)| Some(Packed::new(&entry.value.note()?.into()))).collect())
    }

    /// Reads the records of some notes, in no order: those that there are.
    ///
    /// # Errors
    /// As for [`Ledger::read`].
    async fn records(&self, notes: &[NoteId]) -> Result<Vec<Versioned<Record>>> {
        let mut records = Vec::new();
        if notes.len() > FEW {
            let wanted: HashSet<&NoteId> = notes.iter().collect();
            let entries = self.read_all().await?.into_iter().filter_map(|(_, entry)| of_note(entry));
            records.extend(entries.filter(|record| wanted.contains(&record.value.note)));
        } else {
            for note in notes {
                records.extend(self.read(&Key::Note(note.clone())).await?.and_then(of_note));
            }
        }
        Ok(records)
    }

    /// Makes sure that the ledger can be written, and changes no entry of it.
    ///
    /// # Errors
    /// When it cannot be reached, or does not let us write.
    async fn expect_writable(&self) -> Result<()> {
        Ok(())
    }

    /// Writes a batch: each entry by compare-and-swap on its own, each at most once. The answers
    /// are in order.
    ///
    /// # Errors
    /// When the ledger cannot be written. Then each entry either is as it was or as it was to be.
    async fn commit(&self, changes: Vec<Change>) -> Result<Vec<Swap>>;
}

/// Up to so many notes, records are read one by one; beyond, all at once.
pub const FEW: usize = 8;

/// A note's record, if the entry is one.
#[must_use]
pub fn of_note(entry: Versioned<Entry>) -> Option<Versioned<Record>> {
    match entry.value {
        Entry::Note(record) => Some(Versioned { value: *record, version: entry.version }),
        Entry::Site(_) => None,
    }
}

/// Does work that may block for seconds, without keeping what else the process does waiting.
async fn on_its_own_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    ended(tokio::task::spawn_blocking(work).await)
}

/// What a task left, whose panic goes on here.
fn ended<T>(task: Result<Result<T>, tokio::task::JoinError>) -> Result<T> {
    match task.map_err(tokio::task::JoinError::try_into_panic) {
        Ok(result) => result,
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        Err(Err(_)) => Err(Error::failed("the ledger's work was cut short: the program is ending")),
    }
}
