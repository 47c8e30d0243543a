//! The effects of a run, one after the other: each use of the ledger and each request. A run can be
//! stopped for good before or after any of them, or held while something else happens; and any of
//! them can fail, done or not.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use crosspost::{
    error::{Error, Result},
    render::{Picture, RemotePicture, Rendering},
    state::{Change, Entry, Key, Ledger, Scan, Swap, Versioned},
    targets::{Fetched, Found, Reader, RemoteId, Sending, Upload, Wanted, WriteError, Writer, Written},
};
use tokio::sync::Notify;

/// What happens at one effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The run stops before it.
    StopBefore,
    /// The run stops after it.
    StopAfter,
    /// It is not done, and nobody hears so: the request was lost.
    LostBefore,
    /// It is done, and nobody hears so: the answer was lost.
    LostAfter,
    /// It is refused.
    Refused,
}

impl Trouble {
    /// Each of them.
    pub const ALL: [Self; 5] =
        [Self::StopBefore, Self::StopAfter, Self::LostBefore, Self::LostAfter, Self::Refused];
}

/// The effects of one run.
#[derive(Default)]
pub struct Effects {
    trouble: Option<(usize, Trouble)>,
    seen: Mutex<Vec<&'static str>>,
    stopped: Notify,
    resumed: Notify,
}

impl Effects {
    /// A run that nothing happens to.
    pub fn untroubled() -> Arc<Self> {
        Arc::default()
    }

    /// A run with trouble at its effect number `at`, counted from 0.
    pub fn with(at: usize, trouble: Trouble) -> Arc<Self> {
        Arc::new(Self { trouble: Some((at, trouble)), ..Self::default() })
    }

    /// The names of the effects so far.
    pub fn seen(&self) -> Vec<&'static str> {
        self.seen.lock().unwrap().clone()
    }

    /// Returns when the run has stopped.
    pub async fn stopped(&self) {
        self.stopped.notified().await;
    }

    /// Lets a stopped run go on.
    pub fn resume(&self) {
        self.resumed.notify_one();
    }

    async fn stop(&self) {
        self.stopped.notify_one();
        self.resumed.notified().await;
    }

    async fn effect<T>(
        &self,
        name: &'static str,
        work: impl Future<Output = T>,
        fail: impl FnOnce(Trouble) -> T,
    ) -> T {
        let index = {
            let mut seen = self.seen.lock().unwrap();
            seen.push(name);
            seen.len() - 1
        };
        let trouble = self.trouble.filter(|(at, _)| *at == index).map(|(_, trouble)| trouble);
        match trouble {
            Some(Trouble::StopBefore) => self.stop().await,
            Some(trouble @ (Trouble::LostBefore | Trouble::Refused)) => return fail(trouble),
            _ => {}
        }
        let value = work.await;
        match trouble {
            Some(Trouble::StopAfter) => self.stop().await,
            Some(Trouble::LostAfter) => return fail(Trouble::LostAfter),
            _ => {}
        }
        value
    }
}

fn broken(_: Trouble) -> Error {
    Error::failed("a fault of the test")
}

fn not_written(trouble: Trouble) -> WriteError {
    match trouble {
        Trouble::Refused => WriteError::NotDone(broken(trouble)),
        _ => WriteError::Unknown(broken(trouble)),
    }
}

/// A ledger or a site whose uses are effects.
pub struct Watched<T> {
    pub inner: T,
    pub effects: Arc<Effects>,
}

#[async_trait]
impl Ledger for Watched<&dyn Ledger> {
    fn location(&self) -> String {
        self.inner.location()
    }

    async fn read(&self, key: &Key) -> Result<Option<Versioned<Entry>>> {
        self.effects.effect("read", self.inner.read(key), |t| Err(broken(t))).await
    }

    async fn scan(&self) -> Result<Scan> {
        self.effects.effect("scan", self.inner.scan(), |t| Err(broken(t))).await
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<Vec<Swap>> {
        self.effects.effect("commit", self.inner.commit(changes), |t| Err(broken(t))).await
    }
}

#[async_trait]
impl Reader for Watched<Box<dyn Writer>> {
    async fn find(&self, wanted: &[Wanted], lookalikes: bool) -> Result<Vec<Found>> {
        self.effects.effect("find", self.inner.find(wanted, lookalikes), |t| Err(broken(t))).await
    }

    async fn fetch(&self, id: &RemoteId) -> Result<Fetched> {
        self.effects.effect("fetch", self.inner.fetch(id), |t| Err(broken(t))).await
    }

    async fn survey(
        &self,
        rendering: &Rendering,
        known: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>> {
        self.effects.effect("survey", self.inner.survey(rendering, known), |t| Err(broken(t))).await
    }

    async fn find_pictures(&self, pictures: &[Picture]) -> Result<Vec<Option<RemotePicture>>> {
        self.effects.effect("find pictures", self.inner.find_pictures(pictures), |t| Err(broken(t))).await
    }
}

#[async_trait]
impl Writer for Watched<Box<dyn Writer>> {
    async fn upload(&self, upload: Upload) -> Result<RemotePicture> {
        self.effects.effect("upload", self.inner.upload(upload), |t| Err(broken(t))).await
    }

    async fn create(&self, rendering: &Rendering, sending: Sending<'_>) -> Result<Written, WriteError> {
        self.effects.effect("create", self.inner.create(rendering, sending), |t| Err(not_written(t))).await
    }

    async fn update(
        &self,
        id: &RemoteId,
        rendering: &Rendering,
        sending: Sending<'_>,
    ) -> Result<Written, WriteError> {
        self.effects
            .effect("update", self.inner.update(id, rendering, sending), |t| Err(not_written(t)))
            .await
    }

    async fn unpublish(&self, id: &RemoteId) -> Result<(), WriteError> {
        self.effects.effect("unpublish", self.inner.unpublish(id), |t| Err(not_written(t))).await
    }

    async fn finish(&self) -> Result<()> {
        self.effects.effect("finish", self.inner.finish(), |t| Err(broken(t))).await
    }
}
