//! One note's record during a run: every change of it is a compare-and-swap on what was read, and a
//! change that another run made to another target is merged, never lost.

use std::sync::{OnceLock, PoisonError, RwLock};

use tokio::sync::Mutex;

use crate::{
    error::Result,
    state::{Change, Entry, Key, Ledger, Record, Swap, TargetRecord, Versioned},
};

/// The record of one note, as this run last saw it.
pub struct Session<'a> {
    ledger: &'a dyn Ledger,
    key: Key,
    /// What the record says of the note itself when this run writes it.
    template: Record,
    /// Its title, where making the template did not tell it.
    title: OnceLock<String>,
    /// Held by who writes. Nobody who only reads waits for it: what reads may be standing still
    /// while a writer goes on (the work of a step while its intent is renewed).
    turn: Mutex<()>,
    state: RwLock<Option<Versioned<Record>>>,
}

impl<'a> Session<'a> {
    /// A session that begins with what was read. `template` is the record without targets: path,
    /// title and text as they are now.
    #[must_use]
    pub fn new(ledger: &'a dyn Ledger, template: Record, read: Option<Versioned<Record>>) -> Self {
        let key = Key::Note(template.note.clone());
        Self {
            ledger,
            key,
            template,
            title: OnceLock::new(),
            turn: Mutex::default(),
            state: RwLock::new(read),
        }
    }

    /// Says what the note is called before its record is written: telling may take the whole text.
    pub fn entitle(&self, title: impl FnOnce() -> String) {
        self.title.get_or_init(title);
    }

    /// The record as this run last saw it.
    #[must_use]
    pub fn record(&self) -> Option<Record> {
        self.state().map(|v| v.value)
    }

    /// The same with its version.
    pub(super) fn state(&self) -> Option<Versioned<Record>> {
        self.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The note's lasting address at a target, as the record has it.
    pub(super) fn address(&self, target: &str) -> Option<String> {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        state.as_ref()?.value.address(target).map(str::to_owned)
    }

    fn set(&self, state: Option<Versioned<Record>>) {
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = state;
    }

    /// Replaces what the record says of a target, if it still says `expected`. `false` means that
    /// another run changed it: nothing was written, and [`Session::record`] shows what it says now.
    ///
    /// # Errors
    /// When the ledger cannot be read or written.
    pub async fn swap(
        &self,
        target: &str,
        expected: Option<&TargetRecord>,
        new: Option<TargetRecord>,
    ) -> Result<bool> {
        let _turn = self.turn.lock().await;
        loop {
            let state = self.state();
            let current = state.as_ref().map(|v| &v.value);
            if current.and_then(|r| r.targets.get(target)) != expected {
                return Ok(false);
            }
            let entry = self.next(current, target, new.as_ref());
            let change = Change {
                key: self.key.clone(),
                expected: state.as_ref().map(|v| v.version.clone()),
                entry: Some(Entry::Note(Box::new(entry.clone()))),
            };
            match self.ledger.commit(vec![change]).await?.into_iter().next() {
                Some(Swap::Done(Some(version))) => {
                    self.set(Some(Versioned { value: entry, version }));
                    return Ok(true);
                }
                _ => self.set(self.read().await?),
            }
        }
    }

    /// Whether the record says that the note is elsewhere.
    #[must_use]
    pub fn has_moved(&self) -> bool {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        state.as_ref().is_some_and(|v| v.value.path != self.template.path)
    }

    /// Writes where the note is now: a note that moves twice, or
    /// leaves its place to another one, is known by its last path.
    ///
    /// # Errors
    /// When the ledger cannot be read or written.
    pub async fn follow(&self) -> Result<()> {
        let Some((name, at)) = self.record().and_then(|mut record| record.targets.pop_first()) else {
            return Ok(());
        };
        self.swap(&name, Some(&at), Some(at.clone())).await?;
        Ok(())
    }

    /// Reads the record again.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn refresh(&self) -> Result<()> {
        let _turn = self.turn.lock().await;
        self.set(self.read().await?);
        Ok(())
    }

    fn next(&self, current: Option<&Record>, target: &str, new: Option<&TargetRecord>) -> Record {
        let mut record = Record {
            targets: current.map(|r| r.targets.clone()).unwrap_or_default(),
            serial: current.map_or(0, |r| r.serial) + 1,
            ..self.template.clone()
        };
        if let Some(title) = self.title.get() {
            record.title.clone_from(title);
        }
        match new {
            Some(new) => record.targets.insert(target.to_owned(), new.clone()),
            None => record.targets.remove(target),
        };
        record
    }

    async fn read(&self) -> Result<Option<Versioned<Record>>> {
        Ok(match self.ledger.read(&self.key).await? {
            Some(Versioned { value: Entry::Note(record), version }) => {
                Some(Versioned { value: *record, version })
            }
            _ => None,
        })
    }
}
