//! `file:FOLDER`: a folder with one JSON file for each entry, readable in a review and mergeable.
//!
//! A write is durable before it is answered: temporary file in the same folder, `fsync`, rename,
//! `fsync` of the folder. Readers take no lock, since a rename shows the old file or the new one.
//! Writers hold a lock on a side file ([`lock`]): a lock on the entry itself would be lost with the
//! file that the rename replaces.
//!
//! Files are read and written directly, not on a thread pool, though the methods are `async`: each
//! operation takes microseconds, a command does nothing else meanwhile that could be kept waiting,
//! and no lock is then ever held across an `await`.

mod folder;
mod lock;

use std::{path::Path, time::Duration};

use async_trait::async_trait;

use super::{
    Change, Entry, Key, Ledger, Swap, Versioned,
    format::decode,
    layout::path_of,
    swap::{Applied, apply},
};
use crate::error::{Error, Place, Result};
use folder::Folder;

/// How long a writer waits for another one, which holds the lock for as long as its batch takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// A ledger in a folder.
pub struct FileLedger {
    folder: Folder,
    patience: Duration,
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
        Ok(Self { folder: Folder::new(folder, shown), patience: PATIENCE })
    }

    /// The same with another time to wait for the lock.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    fn carry_out(&self, change: &Change) -> Result<Swap> {
        let path = path_of(&change.key);
        let current = self.folder.read(&path)?;
        let applied = apply(change, current.as_deref(), &self.folder.shown(&path))?;
        match &applied {
            Applied::Put(text, _) => self.folder.write(&path, text)?,
            Applied::Remove => self.folder.remove(&path)?,
            Applied::Lost | Applied::Nothing => {}
        }
        Ok(applied.into_swap())
    }
}

#[async_trait]
impl Ledger for FileLedger {
    fn location(&self) -> String {
        format!("file:{}", self.folder.name())
    }

    async fn read(&self, key: &Key) -> Result<Option<Versioned<Entry>>> {
        let path = path_of(key);
        let text = self.folder.read(&path)?;
        text.map(|text| decode(&path, &self.folder.shown(&path), &text)).transpose()
    }

    async fn scan(&self) -> Result<Vec<Result<(Key, Versioned<Entry>)>>> {
        let paths = self.folder.list()?;
        Ok(in_parallel(&paths, |path| {
            let text = self.folder.read(path).transpose()?;
            let entry = text.and_then(|text| decode(path, &self.folder.shown(path), &text));
            Some(entry.map(|entry| (entry.value.key(), entry)))
        }))
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<Vec<Swap>> {
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        self.folder.create()?;
        let _lock = lock::acquire(&self.folder, self.patience).await?;
        self.folder.furnish()?;
        let swaps = changes.iter().map(|change| self.carry_out(change)).collect();
        // After an error too: what was written before it may stand, and then stands for good.
        self.folder.sync()?;
        swaps
    }
}

/// Fewer files than this are read faster than a thread is started.
const WORTH_A_THREAD: usize = 200;

/// What `work` makes of each item, on a few threads where there are many; in no order.
fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> Option<R> + Sync) -> Vec<R> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = processors.min(8).min(items.len() / WORTH_A_THREAD).max(1);
    if threads == 1 {
        return items.iter().filter_map(work).collect();
    }
    let work = &work;
    std::thread::scope(|scope| {
        let parts = items.chunks(items.len().div_ceil(threads));
        let started: Vec<_> =
            parts.map(|part| scope.spawn(move || part.iter().filter_map(work).collect::<Vec<R>>())).collect();
        let joined = started
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        joined.flatten().collect()
    })
}

#[cfg(test)]
mod tests;
