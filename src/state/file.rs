//! `file:FOLDER`: a folder with one JSON file for each entry, readable in a review and mergeable.
//! Of very many, those at rest lie together (`pack`).
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
mod pack;

use std::{
    collections::{BTreeMap, HashSet},
    path::Path,
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;

use super::{
    Change, Entry, Key, Ledger, Scan, Swap, Versioned,
    format::decode,
    layout::{RECORDS, path_of},
    lock::PATIENCE,
    on_its_own_thread,
    swap::Batch,
};
use crate::{
    error::{Error, Place, Result},
    parallel,
};
use folder::Folder;

/// So many records have a file of their own before they are packed. Fewer are read fast enough, and
/// are easier to merge.
const MANY: usize = 500;

/// A ledger in a folder.
pub struct FileLedger {
    folder: Arc<Folder>,
    patience: Duration,
    many: usize,
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
        Ok(Self { folder: Arc::new(Folder::new(folder, shown)), patience: PATIENCE, many: MANY })
    }

    /// The same with another time to wait for the lock.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The same with another number of records before they are packed.
    #[must_use]
    pub fn packing_from(mut self, many: usize) -> Self {
        self.many = many;
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
            let text = self.folder.read_file(path).transpose()?;
            Some(text.and_then(|text| decode(path, &self.folder.shown(path), &text)))
        });
        let there = paths.iter().zip(&entries).filter(|(_, entry)| entry.is_some());
        let there: HashSet<&str> = there.map(|(path, _)| path.as_str()).collect();
        // Only now: a file that is gone by now was packed meanwhile.
        let packs = parallel::map_few(&self.folder.packs()?, |pack| self.folder.unpack(pack));
        let packed = packs.into_iter().flatten().filter_map(|record| match record {
            Ok((path, _)) if there.contains(path.as_str()) => None,
            record => Some(record.map(|(_, entry)| entry)),
        });
        let packed: Vec<_> = packed.collect();
        let all = entries.into_iter().flatten().chain(packed);
        Ok(all.map(|entry| entry.map(|entry| (entry.value.key(), entry))).collect())
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

    async fn tidy(&self) -> Result<()> {
        if self.folder.list()?.len() < self.many {
            return Ok(());
        }
        let (folder, patience) = (Arc::clone(&self.folder), self.patience);
        on_its_own_thread(move || tidy(&folder, patience)).await
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

/// Packs the records that nobody is at. What cannot be read is left for a person to see.
fn tidy(folder: &Folder, patience: Duration) -> Result<()> {
    let _lock = folder.lock(patience)?;
    let paths: Vec<String> = folder.list()?.into_iter().filter(|path| path.starts_with(RECORDS)).collect();
    let at_rest = parallel::map(&paths, |path| {
        let text = folder.read_file(path).ok()??;
        match decode(path, path, &text).ok()?.value {
            Entry::Note(record) if record.targets.values().all(|target| target.intent.is_none()) => {
                Some(text)
            }
            _ => None,
        }
    });
    let at_rest = paths.into_iter().zip(at_rest).filter_map(|(path, text)| Some((path, text?)));
    let at_rest: BTreeMap<String, Vec<u8>> = at_rest.collect();
    if at_rest.is_empty() { Ok(()) } else { folder.pack(&at_rest) }
}

#[cfg(test)]
mod tests;
