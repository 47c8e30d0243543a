//! `s3://BUCKET/PREFIX`, `gs://…`, `az://…`: object storage, written by conditional puts.
//!
//! Entries lie together in up to 256 objects (shards), told apart by a digest of the entry's name.
//! One object for each entry would take ten thousand requests to read ten thousand entries, this
//! takes at most 257, many at once; one object for all would let every two writers collide. A
//! shard is only put in the place of the very one that was read (`If-Match`), or of none
//! (`If-None-Match: *`); who comes second reads again, compares each change with what is there
//! now, and tries again with those that still hold. An answer that was lost looks the same as a
//! put that came second, so both end in that comparison.
//!
//! A store that does not honour the conditions would lose writes without a word: it is probed
//! before the first write, and refused.

mod cloud;
mod shard;
mod store;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use object_store::ObjectStore;
use tokio::{
    sync::{OnceCell, Semaphore},
    task::JoinSet,
};
use uuid::Uuid;

use super::{
    Change, Entry, Key, Ledger, Packed, Record, Scan, Swap, Versioned, ended,
    format::{decode, outline},
    layout::{RECORDS, path_of},
    of_note,
    swap::Batch,
};
use crate::{
    error::{Error, Result},
    note::NoteId,
    parallel,
};
use shard::Shard;
use store::{Put, Store};

/// Requests at once.
const AT_ONCE: usize = 16;
/// Attempts to get a put in between those of others.
const ATTEMPTS: u64 = 60;
/// Of which so many may fail for another reason than that.
const FAILURES: u32 = 3;

/// A ledger in object storage.
pub struct ObjectLedger(Arc<Inner>);

struct Inner {
    store: Store,
    requests: Semaphore,
    /// That the bucket is there was seen.
    reached: OnceCell<()>,
    /// That the store honours conditions was seen.
    probed: OnceCell<()>,
    /// The shards as they were last read or written.
    shards: Mutex<HashMap<String, Arc<Shard>>>,
}

impl ObjectLedger {
    /// The ledger at an address as `s3://bucket/prefix`; credentials, region and endpoint come
    /// from the cloud's usual environment variables. Nothing is asked yet.
    ///
    /// # Errors
    /// An address that cannot be; credentials that are not there. The cloud's metadata service is
    /// not asked for any: where it is missing, that takes minutes to find out.
    pub fn open(scheme: &str, address: &str) -> Result<Self> {
        let (bucket, prefix) = cloud::split(scheme, address)?;
        let environment = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let store = cloud::connect(scheme, bucket, &environment)?;
        Ok(Self::new(store, &format!("{scheme}:{address}"), prefix))
    }

    /// The ledger below a prefix of any store.
    #[must_use]
    pub fn new(store: Arc<dyn ObjectStore>, location: &str, prefix: &str) -> Self {
        Self(Arc::new(Inner {
            store: Store::new(store, location, prefix),
            requests: Semaphore::new(AT_ONCE),
            reached: OnceCell::new(),
            probed: OnceCell::new(),
            shards: Mutex::default(),
        }))
    }
}

#[async_trait]
impl Ledger for ObjectLedger {
    fn location(&self) -> String {
        self.0.store.location().to_owned()
    }

    async fn read(&self, key: &Key) -> Result<Option<Versioned<Entry>>> {
        // A missing bucket must not pass for an empty ledger.
        self.0.reached.get_or_try_init(async || self.0.store.list().await.map(drop)).await?;
        let path = path_of(key);
        let name = shard::name_of(&path);
        let shard = self.0.load(&name).await?;
        let text = shard.text(&path);
        text.map(|text| decode(&path, &self.0.store.shown(&name, &path), &text)).transpose()
    }

    async fn scan(&self) -> Result<Scan> {
        let shards = self.load_all().await?;
        let entries = shards.iter().flat_map(|(name, shard)| self.0.texts(name, shard));
        let entries = entries.map(|stored| decode(&stored.path, &stored.shown, &stored.text));
        Ok(entries.map(|entry| entry.map(|entry| (entry.value.key(), entry))).collect())
    }

    async fn outlines(&self) -> Result<Vec<Packed>> {
        let shards = self.load_all().await?;
        let texts: Vec<Stored> = shards.iter().flat_map(|(name, shard)| self.0.texts(name, shard)).collect();
        let records = texts.into_iter().filter(|stored| stored.path.starts_with(RECORDS)).collect::<Vec<_>>();
        let outlines = parallel::map(&records, |stored| outline(&stored.path, &stored.shown, &stored.text));
        outlines.into_iter().collect()
    }

    /// As they were when their shards were last read or written: who writes one that has changed
    /// since is told so.
    async fn records(&self, notes: &[NoteId]) -> Result<Vec<Versioned<Record>>> {
        let mut records = Vec::with_capacity(notes.len());
        for note in notes {
            let path = path_of(&Key::Note(note.clone()));
            let name = shard::name_of(&path);
            let shard = match self.0.remembered(&name) {
                Some(shard) => shard,
                None => self.0.load(&name).await?,
            };
            let text = shard.text(&path);
            let entry =
                text.map(|text| decode(&path, &self.0.store.shown(&name, &path), &text)).transpose()?;
            records.extend(entry.and_then(of_note));
        }
        Ok(records)
    }

    async fn expect_writable(&self) -> Result<()> {
        self.0.probed.get_or_try_init(|| self.0.store.probe()).await.map(drop)
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<Vec<Swap>> {
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        self.0.probed.get_or_try_init(|| self.0.store.probe()).await?;
        let mut swaps = vec![Swap::Lost; changes.len()];
        let mut tasks = JoinSet::new();
        for (name, group) in by_shard(changes) {
            let inner = Arc::clone(&self.0);
            let (places, changes): (Vec<usize>, Vec<Change>) = group.into_iter().unzip();
            let batch = Batch::new(changes)?;
            tasks.spawn(async move { inner.commit(&name, batch).await.map(|swaps| (places, swaps)) });
        }
        let mut failure = None;
        while let Some(task) = tasks.join_next().await {
            // The others are let finish: what they write stands whole, whatever failed beside it.
            match ended(task) {
                Err(error) => failure = Some(error),
                Ok((places, done)) => {
                    for (place, swap) in places.into_iter().zip(done) {
                        if let Some(slot) = swaps.get_mut(place) {
                            *slot = swap;
                        }
                    }
                }
            }
        }
        failure.map_or(Ok(swaps), Err)
    }
}

/// The changes of each shard, with their places in the batch.
fn by_shard(changes: Vec<Change>) -> HashMap<String, Vec<(usize, Change)>> {
    let mut groups: HashMap<String, Vec<(usize, Change)>> = HashMap::new();
    for (place, change) in changes.into_iter().enumerate() {
        let name = shard::name_of(&path_of(&change.key));
        groups.entry(name).or_default().push((place, change));
    }
    groups
}

/// An entry as it is stored.
struct Stored {
    path: String,
    /// Its path as people know it.
    shown: String,
    text: Vec<u8>,
}

impl ObjectLedger {
    /// Reads all shards, many at once.
    async fn load_all(&self) -> Result<Vec<(String, Arc<Shard>)>> {
        let mut tasks = JoinSet::new();
        for name in self.0.store.list().await? {
            let inner = Arc::clone(&self.0);
            tasks.spawn(async move { inner.load(&name).await.map(|shard| (name, shard)) });
        }
        let mut shards = Vec::new();
        while let Some(task) = tasks.join_next().await {
            shards.push(ended(task)?);
        }
        Ok(shards)
    }
}

impl Inner {
    /// Reads a shard; one that is not there is empty.
    async fn load(&self, name: &str) -> Result<Arc<Shard>> {
        let _permit = self.requests.acquire().await;
        let shard = Arc::new(self.store.get(name).await?);
        self.remember(name, Arc::clone(&shard));
        Ok(shard)
    }

    fn remember(&self, name: &str, shard: Arc<Shard>) {
        self.shards.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), shard);
    }

    fn remembered(&self, name: &str) -> Option<Arc<Shard>> {
        self.shards.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// The texts of a shard's entries.
    fn texts(&self, name: &str, shard: &Shard) -> Vec<Stored> {
        let stored = |(path, text): (&str, Vec<u8>)| Stored {
            path: path.to_owned(),
            shown: self.store.shown(name, path),
            text,
        };
        shard.texts().map(stored).collect()
    }

    async fn commit(&self, name: &str, mut batch: Batch) -> Result<Vec<Swap>> {
        // What does not fit a shard that was read a while ago may fit the one that holds now.
        let mut shard = match self.remembered(name) {
            Some(shard) if !batch.would_lose(|path| Ok(shard.text(path)))? => shard,
            _ => self.load(name).await?,
        };
        let mut failures = 0;
        for attempt in 1..=ATTEMPTS {
            let edits = batch.compare(|path| Ok(shard.text(path)), |path| self.store.shown(name, path))?;
            if edits.is_empty() {
                return Ok(batch.into_swaps());
            }
            let put = {
                let _permit = self.requests.acquire().await;
                self.store.put(name, shard.edited(&edits)?).await
            };
            match put {
                Put::Taken(shard) => {
                    self.remember(name, Arc::new(shard));
                    batch.written();
                    return Ok(batch.into_swaps());
                }
                Put::Refused => {}
                Put::Failed(error) if failures + 1 == FAILURES => return Err(error),
                Put::Failed(_) => failures += 1,
            }
            tokio::time::sleep(pause(attempt)).await;
            shard = self.load(name).await?;
        }
        Err(Error::failed(format!("others wrote to the ledger {ATTEMPTS} times before this run could"))
            .code("ledger-busy")
            .help("run it again; fewer runs at the same time get through sooner"))
    }
}

/// Before the next attempt: longer each time, and different for each writer, so that they part.
fn pause(attempt: u64) -> Duration {
    let random = u64::from(Uuid::new_v4().as_fields().1);
    Duration::from_millis(random % (20 * attempt.min(10)))
}
