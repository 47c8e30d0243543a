//! The ledger in object storage: the suite over a store in memory (over a server: `real::s3`), and
//! its addresses.

use std::{path::PathBuf, sync::Arc};

use crosspost::state::{Key, Ledger, Swap, object::ObjectLedger, open};
use object_store::{ObjectStore, ObjectStoreExt, PutPayload, memory::InMemory, path::Path};

use super::{
    Shared, conformance,
    entries::{commit, known, note, put, read, site},
};

/// Puts bytes in the place of a site's entry. The names of the shards are part of the format.
pub async fn plant_in(store: &dyn ObjectStore, prefix: &str, target: &str, text: &str) {
    let path = format!("sites/{target}.json");
    let name = &blake3::hash(path.as_bytes()).to_hex()[..2];
    let object = Path::from(format!("{prefix}/shards/{name}.json"));
    assert!(store.head(&object).await.is_ok(), "the shard is where the format says");
    let text = format!("{{\"format\":1,\"entries\":{{\"{path}\":{text}}}}}");
    store.put(&object, PutPayload::from(text)).await.unwrap();
}

/// Runs a future to its end from within a test's own runtime.
pub fn apart<T: Send>(work: impl Future<Output = T> + Send) -> T {
    std::thread::scope(|scope| {
        scope
            .spawn(|| {
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
            })
            .join()
            .unwrap()
    })
}

/// A store in memory, which writers of one process share.
struct Memory(Arc<InMemory>);

impl Memory {
    fn new() -> Self {
        Self(Arc::new(InMemory::new()))
    }
}

impl Shared for Memory {
    fn writer(&self) -> Box<dyn Ledger> {
        Box::new(ObjectLedger::new(self.0.clone(), "memory:", "ledger"))
    }

    fn address(&self) -> (String, PathBuf) {
        unreachable!("a store in memory has no address")
    }

    fn plant(&self, target: &str, text: &str) {
        apart(plant_in(&*self.0, "ledger", target, text));
    }
}

mod in_memory {
    use super::*;

    conformance!(Memory::new());

    #[tokio::test]
    async fn eight_tasks_lose_no_update() {
        let memory = Arc::new(Memory::new());
        let tasks = (0..8).map(|_| {
            let ledger = memory.writer();
            tokio::spawn(async move {
                for _ in 0..20 {
                    increment(&*ledger).await;
                }
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap();
        }
        assert_eq!(known(&read(&*memory.writer(), &counter()).await.value)["n"], "160");
    }
}

pub fn counter() -> Key {
    Key::Site("counter".to_owned())
}

async fn increment(ledger: &dyn Ledger) {
    loop {
        let current = ledger.read(&counter()).await.unwrap();
        let count: u32 = current.as_ref().map_or(0, |entry| known(&entry.value)["n"].parse().unwrap());
        let next = (count + 1).to_string();
        let change = put(site("counter", &[("n", &next)]), current.map(|entry| entry.version));
        if matches!(commit(ledger, change).await, Swap::Done(_)) {
            return;
        }
    }
}

#[tokio::test]
async fn ten_thousand_entries_take_few_requests() {
    let memory = Memory::new();
    let changes = (0..10_000).map(|n| put(note(&format!("notes/{n}.md"), "x"), None)).collect();
    memory.writer().commit(changes).await.unwrap();
    assert_eq!(memory.writer().read_all().await.unwrap().len(), 10_000);
    let objects = memory.0.list_with_delimiter(Some(&Path::from("ledger/shards"))).await.unwrap();
    assert_eq!(objects.objects.len(), 256);
}

#[test]
fn addresses_that_name_no_bucket_are_refused() {
    for state in ["s3:bucket", "s3://", "gs:///x", "az://key:secret@container"] {
        let error = open(state, std::path::Path::new(".")).err().unwrap();
        assert!(error.message().contains("names no bucket"), "{error}");
    }
}
