//! `file:FOLDER`: a folder with one JSON file for each entry, readable in a review and mergeable.
//!
//! A write is durable before it is answered: temporary file in the same folder, `fsync`, rename,
//! `fsync` of the folder. Readers take no lock, since a rename shows the old file or the new one.
//! Writers hold a lock on a side file: a lock on the entry itself would be lost with the file that
//! the rename replaces.
//!
//! Reading blocks the thread that asks, though the methods are `async`: a file takes microseconds,
//! and a command has nothing else to do before it knows its ledger. A commit may have to wait for
//! another process, so it has a thread of its own.

mod folder;

use std::{path::Path, sync::Arc, time::Duration};

use async_trait::async_trait;

use super::{
    Change, Entry, Key, Ledger, Scan, Swap, Versioned, format::decode, layout::path_of, lock::PATIENCE,
    on_its_own_thread, swap::Batch,
};
use crate::{
    error::{Error, Place, Result},
    parallel,
};
use folder::Folder;

/// A ledger in a folder.
pub struct FileLedger {
    folder: Arc<Folder>,
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
        Ok(Self { folder: Arc::new(Folder::new(folder, shown)), patience: PATIENCE })
    }

    /// The same with another time to wait for the lock.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
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

    async fn scan(&self) -> Result<Scan> {
        let paths = self.folder.list()?;
        let entries = parallel::map(&paths, |path| {
            let text = self.folder.read(path).transpose()?;
            let entry = text.and_then(|text| decode(path, &self.folder.shown(path), &text));
            Some(entry.map(|entry| (entry.value.key(), entry)))
        });
        Ok(entries.into_iter().flatten().collect())
    }

    async fn expect_writable(&self) -> Result<()> {
        self.folder.expect_writable()
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<Vec<Swap>> {
        if changes.is_empty() {
            return Ok(Vec::new());
        }
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
    let written = edits.iter().try_for_each(|edit| match &edit.text {
        Some(text) => folder.write(&edit.path, text),
        None => folder.remove(&edit.path),
    });
    // After an error too: what was written before it stands, and then has to stand for good.
    folder.sync()?;
    written?;
    batch.written();
    Ok(batch.into_swaps())
}

#[cfg(test)]
mod tests;
