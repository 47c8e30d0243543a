//! The ledger in object storage: the suite over a store in memory and over a real S3 server, and
//! what a store can get wrong.

use std::{path::PathBuf, sync::Arc};

use crosspost::state::{Key, Ledger, Swap, object::ObjectLedger, open};
use object_store::{ObjectStore, ObjectStoreExt, PutPayload, memory::InMemory, path::Path};

use super::{
    Shared, conformance,
    entries::{commit, known, note, put, read, site, win},
    s3::{Fault, Proxy, S3},
};

/// Puts bytes in the place of a site's entry. The names of the shards are part of the format.
async fn plant_in(store: &dyn ObjectStore, prefix: &str, target: &str, text: &str) {
    let path = format!("sites/{target}.json");
    let name = &blake3::hash(path.as_bytes()).to_hex()[..2];
    let object = Path::from(format!("{prefix}/shards/{name}.json"));
    assert!(store.head(&object).await.is_ok(), "the shard is where the format says");
    let text = format!("{{\"format\":1,\"entries\":{{\"{path}\":{text}}}}}");
    store.put(&object, PutPayload::from(text)).await.unwrap();
}

/// Runs a future to its end from within a test's own runtime.
fn apart<T: Send>(work: impl Future<Output = T> + Send) -> T {
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

    conformance!(Memory::new(), tests: [
        an_unused_ledger_is_empty,
        what_is_written_is_read,
        all_entries_come_in_order,
        outlines_and_records_say_what_entries_say,
        a_stale_writer_loses,
        the_same_content_twice_is_two_versions,
        a_removed_entry_does_not_come_back_as_itself,
        a_batch_wins_and_loses_one_by_one,
        a_large_batch_is_written_whole,
        an_entry_of_a_newer_format_is_left_alone,
        a_damaged_entry_is_named,
    ]);

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

fn counter() -> Key {
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

/// A prefix of a real server's bucket.
struct Server(S3);

impl Shared for Server {
    fn writer(&self) -> Box<dyn Ledger> {
        Box::new(ObjectLedger::new(self.0.store(), &self.0.state(), &self.0.prefix))
    }

    fn address(&self) -> (String, PathBuf) {
        (self.0.state(), PathBuf::new())
    }

    fn environment(&self) -> Vec<(String, String)> {
        self.0.environment()
    }

    fn plant(&self, target: &str, text: &str) {
        apart(plant_in(&*self.0.store(), &self.0.prefix, target, text));
    }
}

mod on_a_server {
    use super::*;

    conformance!(Server(S3::start()), increments: 5, kills: 20, tests: [
        an_unused_ledger_is_empty,
        what_is_written_is_read,
        all_entries_come_in_order,
        outlines_and_records_say_what_entries_say,
        a_stale_writer_loses,
        the_same_content_twice_is_two_versions,
        a_removed_entry_does_not_come_back_as_itself,
        a_batch_wins_and_loses_one_by_one,
        a_large_batch_is_written_whole,
        an_entry_of_a_newer_format_is_left_alone,
        a_damaged_entry_is_named,
    ]);
}

fn through(proxy: &Proxy, server: &S3) -> ObjectLedger {
    ObjectLedger::new(proxy.store(), &server.state(), &server.prefix)
}

#[tokio::test]
async fn a_store_that_ignores_conditions_is_refused() {
    let server = S3::start();
    let careless = Proxy::start(&server, Fault::IgnoresConditions);
    let error = through(&careless, &server).commit(vec![put(site("blog", &[]), None)]).await.unwrap_err();
    assert_eq!(error.name(), Some("unconditional-store"));
    assert!(through(&careless, &server).read_all().await.unwrap().is_empty(), "nothing was written");
    // The control: the same way to the same server, conditions and all.
    let honest = Proxy::start(&server, Fault::None);
    win(&through(&honest, &server), put(site("blog", &[]), None)).await;
}

#[tokio::test]
async fn a_put_whose_answer_was_lost_has_won() {
    let server = S3::start();
    let ledger = through(&Proxy::start(&server, Fault::None), &server);
    let first = win(&ledger, put(site("blog", &[("n", "1")]), None)).await;
    let faulty = Proxy::start(&server, Fault::LosesAnswers);
    let ledger = through(&faulty, &server);
    win(&ledger, put(site("blog", &[("n", "2")]), first)).await;
    assert!(faulty.lost() > 0, "an answer was lost");
    assert_eq!(known(&read(&ledger, &Key::Site("blog".to_owned())).await.value)["n"], "2");
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

#[tokio::test]
async fn a_bucket_that_is_missing_is_no_empty_ledger() {
    let server = S3::start();
    let ledger = ObjectLedger::new(server.store_in("no-such-bucket"), "s3://no-such-bucket", "");
    for error in [
        ledger.read(&counter()).await.unwrap_err(),
        ledger.read_all().await.unwrap_err(),
        ledger.commit(vec![put(site("blog", &[]), None)]).await.unwrap_err(),
    ] {
        assert!(error.to_string().contains("s3://no-such-bucket"), "{error}");
        assert!(error.hints().iter().any(|help| help.contains("bucket has to exist")), "{error}");
    }
}

#[test]
fn addresses_that_name_no_bucket_are_refused() {
    for state in ["s3:bucket", "s3://", "gs:///x", "az://key:secret@container"] {
        let error = open(state, std::path::Path::new(".")).err().unwrap();
        assert!(error.message().contains("names no bucket"), "{error}");
    }
}
