//! `git:BRANCH`, `git:REMOTE:BRANCH`: an orphan branch in the notes' own repository. It survives a
//! CI runner's disk, and needs no commit on the branch that people work on.
//!
//! A commit is made on top of the branch and pushed with a lease on what it was made on top of.
//! The server takes one of several such pushes and refuses the others; who is refused fetches,
//! compares each change with what is there now, and tries again with those that still hold. Whether
//! a push was taken is told by what a fetch then finds, never by the words of the refusal. Without
//! any remote the branch is a local one, moved by compare-and-swap in the same way.
//!
//! The state that was read last is kept in memory: a commit needs no fetch before it, since the
//! lease says whether that state still holds. The branch has the same files as a `file:` ledger.

mod branch;
pub(crate) mod command;
pub mod repository;
mod state;

use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use async_trait::async_trait;
use uuid::Uuid;

use super::{
    Change, Entry, Key, Ledger, Packed, Record, Scan, Swap, Versioned,
    format::{decode, outline},
    layout::{RECORDS, path_of},
    of_note, on_its_own_thread,
    swap::Batch,
};
use crate::{
    error::{Error, Result},
    note::NoteId,
    parallel,
};
use branch::{Branch, Pushed};
use state::State;

/// Attempts to get a commit in between those of others.
const ATTEMPTS: u32 = 60;
/// Of which so many may fail though nobody else has written.
const UNMOVED: u32 = 3;
/// A state older than this is fetched again before it is read.
const FRESH: Duration = Duration::from_secs(10);

/// A ledger on a branch.
pub struct GitLedger(Arc<Inner>);

struct Inner {
    branch: Branch,
    state: Mutex<State>,
}

impl GitLedger {
    /// The ledger on a branch of the repository that `root` lies in. `place` is `BRANCH`, or
    /// `REMOTE:BRANCH` where it is not `origin`. Asks the repository, and no network yet.
    ///
    /// # Errors
    /// When there is no git, no repository or no such remote; for what cannot be a branch's name.
    pub fn open(place: &str, root: &Path) -> Result<Self> {
        let (remote, name) = match place.split_once(':') {
            Some((remote, name)) => (Some(remote), name),
            None => (None, place),
        };
        let branch = Branch::open(root, remote, name)?;
        Ok(Self(Arc::new(Inner { branch, state: Mutex::new(State::default()) })))
    }
}

#[async_trait]
impl Ledger for GitLedger {
    fn location(&self) -> String {
        self.0.branch.location()
    }

    async fn read(&self, key: &Key) -> Result<Option<Versioned<Entry>>> {
        let (inner, path) = (Arc::clone(&self.0), path_of(key));
        on_its_own_thread(move || inner.read(&path)).await
    }

    async fn scan(&self) -> Result<Scan> {
        let inner = Arc::clone(&self.0);
        on_its_own_thread(move || inner.scan()).await
    }

    async fn outlines(&self) -> Result<Vec<Packed>> {
        let inner = Arc::clone(&self.0);
        on_its_own_thread(move || inner.outlines()).await
    }

    async fn records(&self, notes: &[NoteId]) -> Result<Vec<Versioned<Record>>> {
        let inner = Arc::clone(&self.0);
        let paths = notes.iter().map(|note| path_of(&Key::Note(note.clone()))).collect();
        on_its_own_thread(move || inner.records(paths)).await
    }

    async fn expect_writable(&self) -> Result<()> {
        let inner = Arc::clone(&self.0);
        on_its_own_thread(move || inner.branch.expect_writable()).await
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<Vec<Swap>> {
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        let (inner, batch) = (Arc::clone(&self.0), Batch::new(changes)?);
        on_its_own_thread(move || inner.commit(batch)).await
    }
}

impl Inner {
    /// A state is whole after every step that can panic, so a poisoned one is still good.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self, path: &str) -> Result<Option<Versioned<Entry>>> {
        let mut state = self.fresh()?;
        let text = state.text(&self.branch, path)?;
        text.map(|text| decode(path, &self.branch.shown(path), &text)).transpose()
    }

    fn records(&self, paths: Vec<String>) -> Result<Vec<Versioned<Record>>> {
        let mut state = self.fresh()?;
        state.fetch_texts(&self.branch, paths.iter().map(String::as_str))?;
        let mut records = Vec::with_capacity(paths.len());
        for path in paths {
            let text = state.text(&self.branch, &path)?;
            let entry = text.map(|text| decode(&path, &self.branch.shown(&path), &text)).transpose()?;
            records.extend(entry.and_then(of_note));
        }
        Ok(records)
    }

    /// The state, looked at again if that was a while ago.
    fn fresh(&self) -> Result<MutexGuard<'_, State>> {
        let state = self.state();
        if state.is_younger_than(FRESH) {
            return Ok(state);
        }
        drop(state);
        self.refresh()
    }

    fn refresh(&self) -> Result<MutexGuard<'_, State>> {
        let mut state = self.state();
        let _lock = self.branch.lock()?;
        state.refresh(&self.branch)?;
        Ok(state)
    }

    fn outlines(&self) -> Result<Vec<Packed>> {
        let mut state = self.refresh()?;
        let texts: Vec<_> =
            state.texts(&self.branch)?.filter(|(path, _)| path.starts_with(RECORDS)).collect();
        let outlines = parallel::map(&texts, |(path, text)| outline(path, &self.branch.shown(path), text));
        outlines.into_iter().collect()
    }

    fn scan(&self) -> Result<Scan> {
        let mut state = self.refresh()?;
        let texts = state.texts(&self.branch)?;
        let decoded = texts.map(|(path, text)| decode(path, &self.branch.shown(path), text));
        Ok(decoded.map(|entry| entry.map(|entry| (entry.value.key(), entry))).collect())
    }

    fn commit(&self, mut batch: Batch) -> Result<Vec<Swap>> {
        let mut state = self.state();
        let _lock = self.branch.lock()?;
        // What does not fit a state that was read a while ago may fit the one that holds now.
        state.fetch_texts(&self.branch, batch.open_paths())?;
        if !state.is_known() || batch.would_lose(|path| state.text(&self.branch, path))? {
            state.refresh(&self.branch)?;
        }
        let mut unmoved = 0;
        for attempt in 1..=ATTEMPTS {
            state.fetch_texts(&self.branch, batch.open_paths())?;
            let edits =
                batch.compare(|path| state.text(&self.branch, path), |path| self.branch.shown(path))?;
            if edits.is_empty() {
                return Ok(batch.into_swaps());
            }
            let commit = self.branch.write(state.tip(), &edits)?;
            let Pushed::Refused(cause) = self.branch.push(&commit, state.tip())? else {
                state.advance(commit, &edits);
                batch.written();
                return Ok(batch.into_swaps());
            };
            let before = state.tip().map(str::to_owned);
            thread::sleep(pause(attempt));
            state.refresh(&self.branch)?;
            unmoved = if state.tip() == before.as_deref() { unmoved + 1 } else { 0 };
            if unmoved == UNMOVED {
                return Err(self.branch.cannot_push(&cause));
            }
        }
        Err(Error::failed(format!("others wrote to the ledger {ATTEMPTS} times before this run could"))
            .code("ledger-busy")
            .help("run it again; fewer runs at the same time get through sooner"))
    }
}

/// Before the next attempt: longer each time, and different for each writer, so that they part.
fn pause(attempt: u32) -> Duration {
    let random = u64::from(Uuid::new_v4().as_fields().1);
    Duration::from_millis(random % (40 * u64::from(attempt.min(10))))
}
