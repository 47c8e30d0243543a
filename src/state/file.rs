//! `file:FOLDER`: a folder with one JSON file for each entry, readable in a review and mergeable.
//!
//! A write is durable before it is answered: temporary file in the same folder, `fsync`, rename,
//! `fsync` of the folder. Readers take no lock, since a rename shows the old file or the new one.
//! Writers hold a lock on a side file: a lock on the entry itself would be lost with the file that
//! the rename replaces.
//!
//! Of many records only the outlines are read, and those whose files are as they were are remembered
//! from the run before (`memory.rs`).
//!
//! Reading blocks the thread that asks, though the methods are `async`: a file takes microseconds,
//! and a command has nothing else to do before it knows its ledger. A commit may have to wait for
//! another process, so it has a thread of its own.

mod folder;

use std::{
    panic::resume_unwind,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

use async_trait::async_trait;

use super::{
    Change, Entry, Key, Ledger, Packed, Record, Scan, Swap, Versioned,
    format::{self, decode},
    layout::{RECORDS, SITES, path_of},
    lock::PATIENCE,
    of_note, on_its_own_thread,
    swap::Batch,
};
use crate::{
    error::{Error, Place, Result},
    memory::{Kind, Memory, Stat},
    note::NoteId,
    parallel,
};
use folder::Folder;

/// A ledger in a folder.
pub struct FileLedger {
    folder: Arc<Folder>,
    patience: Duration,
    /// Where it remembers what its files said; `None` for the user's cache folder.
    cache: Option<PathBuf>,
    /// What a thread found that was begun by [`Ledger::foresee`].
    foreseen: Mutex<Option<JoinHandle<Result<Listed>>>>,
}

/// Which records there are, and what is remembered of them if that is worth it.
struct Listed {
    paths: Vec<String>,
    memory: Option<Memory>,
}

impl FileLedger {
    /// The ledger in a folder, which need not exist before the first write. `shown` is what people
    /// call it: the path as the configuration gives it.
    ///
    /// # Errors
    /// When there is something else of that name.
    pub fn open(folder: &Path, shown: &str) -> Result<Self> {
        if folder.exists() && !folder.is_dir() {
            return Err(Error::invalid("the ledger's folder is not a folder")
                .at(Place::file(shown))
                .help("name another one in the configuration: `state = \"file:.crosspost\"`"));
        }
        Ok(Self {
            folder: Arc::new(Folder::new(folder, shown)),
            patience: PATIENCE,
            cache: None,
            foreseen: Mutex::default(),
        })
    }

    /// The same with another time to wait for the lock.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The same with another place for what it remembers of its files.
    #[must_use]
    pub fn cache(mut self, file: &Path) -> Self {
        self.cache = Some(file.to_owned());
        self
    }

    fn foreseen(&self) -> Option<JoinHandle<Result<Listed>>> {
        self.foreseen.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn entry(&self, path: &str) -> Result<Option<Versioned<Entry>>> {
        let text = self.folder.read(path)?;
        text.map(|text| decode(path, &self.folder.shown(path), &text)).transpose()
    }

    /// A record in outline, from memory if its file is as it was.
    fn outline(&self, path: &str, memory: Option<&Memory>) -> Result<Option<Packed>> {
        // Before it is read: what is written meanwhile has other times.
        let stat = memory.and_then(|memory| Some((memory, Stat::of(&self.folder.path().join(path))?)));
        let recalled = stat.as_ref().and_then(|(memory, stat)| memory.recall(Kind::Record, path, stat));
        if let Some(outline) = recalled {
            return Ok(Some(Packed::kept(outline)));
        }
        let Some(text) = self.folder.read(path)? else { return Ok(None) };
        let outline = format::outline(path, &self.folder.shown(path), &text)?;
        if let Some((memory, stat)) = stat {
            memory.learn(Kind::Record, path, stat, outline.bytes());
        }
        Ok(Some(outline))
    }
}

/// Up to so many records are read faster than what is remembered of all.
const MANY: usize = 50;

fn list(folder: &Folder, cache: Option<PathBuf>) -> Result<Listed> {
    let paths = folder.list(RECORDS)?;
    let open = || cache.map_or_else(|| Memory::open(folder.path()), |file| Memory::at(Some(file)));
    let memory = (paths.len() > MANY).then(open);
    Ok(Listed { paths, memory })
}

#[async_trait]
impl Ledger for FileLedger {
    fn location(&self) -> String {
        format!("file:{}", self.folder.name())
    }

    async fn read(&self, key: &Key) -> Result<Option<Versioned<Entry>>> {
        self.entry(&path_of(key))
    }

    async fn scan(&self) -> Result<Scan> {
        let paths = [self.folder.list(RECORDS)?, self.folder.list(SITES)?].concat();
        let entries = parallel::map(&paths, |path| self.entry(path));
        let keyed = |entry: Versioned<Entry>| (entry.value.key(), entry);
        Ok(entries.into_iter().filter_map(|entry| entry.map(|entry| entry.map(keyed)).transpose()).collect())
    }

    fn foresee(&self) {
        let (folder, cache) = (Arc::clone(&self.folder), self.cache.clone());
        // Where the system has no thread left, it is done when it is asked for.
        let begun = thread::Builder::new().spawn(move || list(&folder, cache)).ok();
        *self.foreseen.lock().unwrap_or_else(PoisonError::into_inner) = begun;
    }

    async fn outlines(&self) -> Result<Vec<Packed>> {
        let Listed { paths, memory } = match self.foreseen() {
            Some(begun) => begun.join().unwrap_or_else(|panic| resume_unwind(panic))?,
            None => list(&self.folder, self.cache.clone())?,
        };
        let outlines = parallel::map(&paths, |path| self.outline(path, memory.as_ref()));
        if let Some(memory) = memory {
            memory.keep();
        }
        outlines.into_iter().filter_map(Result::transpose).collect()
    }

    async fn records(&self, notes: &[NoteId]) -> Result<Vec<Versioned<Record>>> {
        let records = parallel::map(notes, |note| self.entry(&path_of(&Key::Note(note.clone()))));
        records
            .into_iter()
            .filter_map(|entry| entry.map(|entry| entry.and_then(of_note)).transpose())
            .collect()
    }

    async fn expect_writable(&self) -> Result<()> {
        self.folder.expect_writable()
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<Vec<Swap>> {
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        // What is written is not in a list from before.
        drop(self.foreseen());
        let (folder, patience) = (Arc::clone(&self.folder), self.patience);
        let batch = Batch::new(changes)?;
        on_its_own_thread(move || commit(&folder, patience, batch)).await
    }
}

fn commit(folder: &Folder, patience: Duration, mut batch: Batch) -> Result<Vec<Swap>> {
    folder.create()?;
    let _lock = folder.lock(patience)?;
    folder.furnish()?;
    let edits = batch.compare(|path| folder.read(path), |path| folder.shown(path))?;
    let written = folder.edit(&edits);
    // After an error too: what was written before it stands, and then has to stand for good.
    folder.sync()?;
    written?;
    batch.written();
    Ok(batch.into_swaps())
}

#[cfg(test)]
mod tests;
