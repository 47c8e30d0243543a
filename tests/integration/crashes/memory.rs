//! A ledger in memory, for thousands of runs. It can be lost.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use crosspost::{
    error::Result,
    state::{Change, Entry, Key, Ledger, Scan, Swap, Version, Versioned},
};

#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    entries: BTreeMap<Key, Versioned<Entry>>,
    writes: u64,
}

impl Memory {
    /// Forgets everything.
    pub fn lose(&self) {
        self.0.lock().unwrap().entries.clear();
    }
}

#[async_trait]
impl Ledger for Memory {
    fn location(&self) -> String {
        "memory".to_owned()
    }

    async fn read(&self, key: &Key) -> Result<Option<Versioned<Entry>>> {
        Ok(self.0.lock().unwrap().entries.get(key).cloned())
    }

    async fn scan(&self) -> Result<Scan> {
        Ok(self.0.lock().unwrap().entries.iter().map(|(k, v)| Ok((k.clone(), v.clone()))).collect())
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<Vec<Swap>> {
        let mut state = self.0.lock().unwrap();
        Ok(changes.into_iter().map(|change| state.swap(change)).collect())
    }
}

impl State {
    fn swap(&mut self, change: Change) -> Swap {
        if self.entries.get(&change.key).map(|v| &v.version) != change.expected.as_ref() {
            return Swap::Lost;
        }
        self.writes += 1;
        let version = Version(self.writes.to_string());
        let Some(value) = change.entry else {
            self.entries.remove(&change.key);
            return Swap::Done(None);
        };
        self.entries.insert(change.key, Versioned { value, version: version.clone() });
        Swap::Done(Some(version))
    }
}
