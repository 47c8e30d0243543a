//! A ledger whose writes go out together: what is to be written while another write is under way
//! waits for it, and then makes one batch. Sixteen steps at once cost a push to a git branch, a
//! request to a bucket or a round of `fsync` together, and not each its own.

use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use tokio::sync::oneshot;

use super::{Change, Entry, Key, Ledger, Packed, Record, Scan, Swap, Versioned};
use crate::{
    error::{Error, Result},
    note::NoteId,
};

/// A ledger in front of another one.
pub(super) struct Gathering<L> {
    ledger: L,
    /// What waits to be written.
    waiting: Mutex<Vec<Waiting>>,
    /// Held by who writes.
    turn: tokio::sync::Mutex<()>,
}

struct Waiting {
    changes: Vec<Change>,
    tell: oneshot::Sender<Result<Vec<Swap>>>,
}

impl<L: Ledger> Gathering<L> {
    pub(super) fn new(ledger: L) -> Self {
        Self { ledger, waiting: Mutex::default(), turn: tokio::sync::Mutex::default() }
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What can be written together: each entry once, in the order of asking.
    fn take(&self) -> Vec<Waiting> {
        let mut keys = HashSet::new();
        let mut waiting = self.waiting();
        // Who gave up (its step was dropped) is not written for.
        waiting.retain(|one| !one.tell.is_closed());
        let fits = |one: &Waiting| one.changes.iter().all(|change| keys.insert(change.key.clone()));
        let count = waiting.iter().map(fits).take_while(|fits| *fits).count().max(1);
        let count = count.min(waiting.len());
        waiting.drain(..count).collect()
    }

    async fn write(&self) {
        // Of steps that begin at the same moment the first is not written alone.
        tokio::task::yield_now().await;
        let together = self.take();
        let changes = together.iter().flat_map(|one| one.changes.iter().cloned()).collect();
        let outcome = self.ledger.commit(changes).await;
        let mut swaps = outcome.as_ref().map(|swaps| swaps.iter());
        for one in together {
            let answer = match &mut swaps {
                Ok(swaps) => Ok(swaps.by_ref().take(one.changes.len()).cloned().collect()),
                Err(error) => Err((*error).clone()),
            };
            // Nobody listens any more where the step was given up.
            let _ = one.tell.send(answer);
        }
    }
}

#[async_trait]
impl<L: Ledger> Ledger for Gathering<L> {
    fn location(&self) -> String {
        self.ledger.location()
    }

    async fn read(&self, key: &Key) -> Result<Option<Versioned<Entry>>> {
        self.ledger.read(key).await
    }

    async fn scan(&self) -> Result<Scan> {
        self.ledger.scan().await
    }

    fn foresee(&self) {
        self.ledger.foresee();
    }

    async fn outlines(&self) -> Result<Vec<Packed>> {
        self.ledger.outlines().await
    }

    async fn records(&self, notes: &[NoteId]) -> Result<Vec<Versioned<Record>>> {
        self.ledger.records(notes).await
    }

    async fn expect_writable(&self) -> Result<()> {
        self.ledger.expect_writable().await
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<Vec<Swap>> {
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        let (tell, mut told) = oneshot::channel();
        self.waiting().push(Waiting { changes, tell });
        loop {
            tokio::select! {
                biased;
                answer = &mut told => {
                    return answer.unwrap_or_else(|_| Err(Error::failed("the ledger's writer was cut short")));
                }
                _turn = self.turn.lock() => self.write().await,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeMap,
        future::poll_fn,
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
        task::Poll,
        time::Duration,
    };

    use super::*;
    use crate::state::{SiteRecord, Version};

    /// Takes its time, and counts.
    #[derive(Clone, Default)]
    struct Slow {
        foreseen: Arc<AtomicUsize>,
        batches: Arc<AtomicUsize>,
        written: Arc<AtomicUsize>,
    }

    #[async_trait]
    impl Ledger for Slow {
        fn location(&self) -> String {
            "slow".to_owned()
        }

        async fn read(&self, _key: &Key) -> Result<Option<Versioned<Entry>>> {
            Ok(None)
        }

        async fn scan(&self) -> Result<Scan> {
            Ok(Vec::new())
        }

        fn foresee(&self) {
            self.foreseen.fetch_add(1, Ordering::Relaxed);
        }

        async fn commit(&self, changes: Vec<Change>) -> Result<Vec<Swap>> {
            let keys: HashSet<&Key> = changes.iter().map(|change| &change.key).collect();
            assert_eq!(keys.len(), changes.len(), "each entry once in a batch");
            self.batches.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(20)).await;
            self.written.fetch_add(changes.len(), Ordering::Relaxed);
            let swap = |change: &Change| match &change.key {
                Key::Site(name) if name == "lost" => Swap::Lost,
                key => Swap::Done(Some(Version(format!("{key:?}")))),
            };
            Ok(changes.iter().map(swap).collect())
        }
    }

    fn change(name: &str) -> Change {
        let known = BTreeMap::new();
        let (target, location) = (name.to_owned(), String::new());
        let site = SiteRecord { format: 1, target, location, serial: 0, known };
        Change { key: Key::Site(name.to_owned()), expected: None, entry: Some(Entry::Site(Box::new(site))) }
    }

    #[tokio::test]
    async fn what_comes_at_once_is_written_at_once_and_each_hears_its_own_answer() {
        let slow = Slow::default();
        let ledger = Gathering::new(slow.clone());
        let names: Vec<String> = (0..30).map(|n| format!("t{n}")).chain(["lost".to_owned()]).collect();
        let commits = names.iter().map(|name| ledger.commit(vec![change(name)]));
        let answers = futures_util::future::join_all(commits).await;
        for (name, answer) in names.iter().zip(answers) {
            let swap = answer.unwrap().remove(0);
            let expected = Swap::Done(Some(Version(format!("{:?}", Key::Site(name.clone())))));
            assert_eq!(swap, if name == "lost" { Swap::Lost } else { expected });
        }
        assert_eq!(slow.written.load(Ordering::Relaxed), 31);
        assert_eq!(slow.batches.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn what_is_foreseen_is_passed_on() {
        let slow = Slow::default();
        Gathering::new(slow.clone()).foresee();
        assert_eq!(slow.foreseen.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn an_entry_that_is_written_twice_is_in_two_batches() {
        let slow = Slow::default();
        let ledger = Gathering::new(slow.clone());
        let commits = ["a", "b", "a", "c"].map(|name| ledger.commit(vec![change(name)]));
        futures_util::future::join_all(commits).await;
        assert_eq!(slow.written.load(Ordering::Relaxed), 4);
        assert_eq!(slow.batches.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn who_gives_up_does_not_hold_up_the_others() {
        let slow = Slow::default();
        let ledger = Gathering::new(slow.clone());
        let mut given_up = ledger.commit(vec![change("a")]);
        let begun = poll_fn(|context| Poll::Ready(given_up.as_mut().poll(context).is_pending())).await;
        assert!(begun, "it is under way");
        drop(given_up);
        let answer = ledger.commit(vec![change("b")]).await.unwrap();
        assert!(matches!(answer[..], [Swap::Done(_)]));
    }
}
