//! Makes a plan by looking, and carries it out. Sees targets, ledger and files only through their
//! traits; what a plan decides stands in [`crate::plan`].
//!
//! The protocol (DESIGN, "Exactly once"), for each note and target under the ledger's
//! compare-and-swap: intent, pictures, look, write, receipt. [`observe`] does the looking for all
//! notes at once and in few requests, after it has read the ledger: whoever writes in between makes
//! the swap of the intent fail, and then nothing is sent.

pub mod difference;
pub mod fingerprint;
pub mod links;
pub mod observe;
pub mod observed;
pub mod outlines;
pub mod perform;
pub mod prepare;
pub mod session;
pub mod sites;
pub mod still;
pub mod takedown;
pub mod uploads;
pub mod veil;
pub mod wait;

use std::{path::Path, sync::Arc};

use bytes::Bytes;
use jiff::{Timestamp, tz::TimeZone};

use crate::{
    error::Result,
    pictures::{Fonts, Limits, Original},
    plan::decide::OnDrift,
    render::{Digest, links::InternalPolicy},
    state::Ledger,
    targets::{Target, Writer},
};

pub use observed::{Observed, Work};
pub use prepare::Prepared;

/// [`Run::holds`] of a run that only looks.
pub const HELD_TO_LOOK: usize = 64;
/// [`Run::holds`] of a run that sends. Many of its steps render once more (for the addresses of
/// pictures, of the original, of other notes), so that only the memory of very many notes costs more
/// than to parse them again.
pub const HELD_TO_SEND: usize = 2_000;

/// Reads the pictures of notes. The shell's, since the core has no file system.
pub trait Files: Sync {
    /// The local picture that a note's `src` means.
    ///
    /// # Errors
    /// A file that is missing, lies outside the project, or is no picture.
    fn picture(&self, note: &str, src: &str) -> Result<Original>;

    /// The bytes of a picture that was looked at before.
    ///
    /// # Errors
    /// When they cannot be read, or are others than they were.
    fn bytes(&self, note: &str, src: &str, original: &Original) -> Result<Vec<u8>>;

    /// The fonts that texts in drawings may be drawn with.
    fn fonts(&self) -> Fonts {
        Fonts::default()
    }

    /// Whether a note's file exists.
    fn exists(&self, note: &str) -> bool;

    /// A note's file; `None` where it cannot be read.
    fn note(&self, path: &str) -> Option<NoteFile>;

    /// Has [`NoteFile::verdict`] remembered for as long as the file is as it was: one whose text has this
    /// digest.
    fn conclude(&self, path: &str, digest: &Digest, verdict: &[u8]);

    /// The digest of a picture's bytes, by its path from the configuration's folder; `None` where
    /// it cannot be told.
    fn digest(&self, path: &str) -> Option<Digest>;
}

/// A note's file, as it was when it was looked at.
pub struct NoteFile {
    /// The digest of its text, as [`crate::note::Source`] has it.
    pub digest: Digest,
    /// What an earlier run had remembered of it; empty if nothing was.
    pub verdict: Bytes,
}

/// Tells what is going on, to whoever looks on.
pub trait Progress: Sync {
    /// So many steps are to be carried out.
    fn begin(&self, steps: usize);
    /// One of them is over.
    fn step(&self, note: &str, target: &str);
    /// Something that takes time: waiting for another run.
    fn note(&self, message: &str);
}

/// Makes the talking half of a target.
pub type Connect<'a> = dyn Fn(&dyn Target) -> Result<Box<dyn Writer>> + Sync + 'a;

/// What holds for a whole run.
pub struct Run<'a> {
    /// `project`, part of every marker.
    pub project: &'a str,
    /// The time zone of dates without one.
    pub zone: &'a TimeZone,
    /// The links policy of public targets.
    pub internal: &'a InternalPolicy,
    /// `[front_matter] ignore`.
    pub ignored_keys: &'a [String],
    /// What pictures are brought to.
    pub pictures: Limits,
    /// The targets of this run, canonical ones first.
    pub targets: Vec<Arc<dyn Target>>,
    /// The ledger.
    pub ledger: &'a dyn Ledger,
    /// The files.
    pub files: &'a dyn Files,
    /// Makes the talking half of a target.
    pub connect: &'a Connect<'a>,
    /// What to do about edits made on a site.
    pub on_drift: OnDrift,
    /// See [`crate::plan::decide::Known::trust_ledger`].
    pub trust_ledger: bool,
    /// Also look at posts that the ledger says are as they should be (`status --remote`).
    pub thorough: bool,
    /// Also render what nothing has changed of: for those who want to see it.
    pub renders_all: bool,
    /// Of more notes than this what was parsed is let go of once it was used.
    pub holds: usize,
    /// Which notes the plan tells of.
    pub told: Told,
    /// This process, in intents.
    pub id: String,
    /// When the run began.
    pub now: Timestamp,
    /// The configuration's folder, for paths in messages.
    pub root: &'a Path,
    /// Who is told.
    pub progress: &'a dyn Progress,
}

impl Run<'_> {
    /// Whether so many notes are let go of. Who wants to see all of them reads each several times.
    fn forgets(&self, notes: usize) -> bool {
        notes > self.holds && !self.renders_all
    }
}

/// Of which notes a plan tells one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Of all.
    All,
    /// Of those that something is to be said of; how many others there are.
    Changes,
}

/// A run's name: nobody else has it.
#[must_use]
pub fn run_id() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}
