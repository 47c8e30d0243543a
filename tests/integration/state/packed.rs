//! Records of a file ledger that lie together: nobody who reads or writes can tell.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use crosspost::{
    note::NoteId,
    state::{Entry, Key, Ledger, Swap, Versioned, file::FileLedger},
};
use tempfile::TempDir;

use super::entries::{commit, note, plain, put, read, remove, site, win};

struct Packed(TempDir);

impl Packed {
    /// A ledger with these notes at rest, packed.
    async fn of(ids: &[String]) -> Self {
        let packed = Self(tempfile::tempdir().unwrap());
        let changes = ids.iter().map(|id| put(at_rest(id, "x"), None)).collect();
        packed.ledger().commit(changes).await.unwrap();
        packed.ledger().tidy().await.unwrap();
        assert_eq!(packed.files("records"), [""; 0]);
        packed
    }

    fn ledger(&self) -> FileLedger {
        FileLedger::open(self.0.path(), "ledger").unwrap().packing_from(1)
    }

    fn files(&self, sub: &str) -> Vec<String> {
        let Ok(listing) = fs::read_dir(self.0.path().join(sub)) else { return Vec::new() };
        let mut names: Vec<String> =
            listing.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn pack(&self) -> PathBuf {
        self.0.path().join("packs").join(&self.files("packs")[0])
    }

    async fn all(&self) -> BTreeMap<Key, Versioned<Entry>> {
        self.ledger().read_all().await.unwrap().into_iter().collect()
    }
}

fn at_rest(id: &str, title: &str) -> Entry {
    let mut entry = note(id, title);
    if let Entry::Note(record) = &mut entry {
        for target in record.targets.values_mut() {
            target.intent = None;
        }
    }
    entry
}

fn ids(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("notes/{n} \"天\".md")).collect()
}

fn key(id: &str) -> Key {
    Key::Note(NoteId::of_path(id))
}

#[tokio::test]
async fn what_is_packed_is_read_as_before() {
    let packed = Packed(tempfile::tempdir().unwrap());
    let mut changes: Vec<_> = ids(600).iter().map(|id| put(at_rest(id, "x"), None)).collect();
    changes.push(put(note("under way", "x"), None));
    changes.push(put(site("blog", &[]), None));
    packed.ledger().commit(changes).await.unwrap();
    let before = packed.all().await;
    packed.ledger().tidy().await.unwrap();
    assert_eq!(packed.all().await, before, "versions too");
    assert_eq!((packed.files("records").len(), packed.files("sites").len()), (1, 1));
    assert!((200..=256).contains(&packed.files("packs").len()));
    for (key, entry) in &before {
        assert_eq!(read(&packed.ledger(), key).await, *entry);
    }
    assert!(packed.ledger().read(&key("another")).await.unwrap().is_none());
    packed.ledger().tidy().await.unwrap();
    assert_eq!(packed.all().await, before);
}

#[tokio::test]
async fn few_records_keep_files_of_their_own() {
    let packed = Packed(tempfile::tempdir().unwrap());
    let ledger = FileLedger::open(packed.0.path(), "ledger").unwrap();
    ledger.commit(ids(20).iter().map(|id| put(at_rest(id, "x"), None)).collect()).await.unwrap();
    ledger.tidy().await.unwrap();
    assert_eq!((packed.files("records").len(), packed.files("packs").len()), (20, 0));
}

#[tokio::test]
async fn a_writer_who_read_before_it_was_packed_wins_and_another_loses() {
    let packed = Packed::of(&ids(3)).await;
    let id = &ids(3)[1];
    let first = read(&packed.ledger(), &key(id)).await.version;
    let second = win(&packed.ledger(), put(at_rest(id, "y"), Some(first.clone()))).await;
    assert_eq!(packed.files("records").len(), 1, "what is written later stands beside the packs");
    assert_eq!(commit(&packed.ledger(), put(at_rest(id, "z"), Some(first.clone()))).await, Swap::Lost);
    assert_eq!(commit(&packed.ledger(), put(at_rest(id, "z"), None)).await, Swap::Lost);
    for _ in 0..2 {
        let found = read(&packed.ledger(), &key(id)).await;
        assert_eq!((Some(found.version), plain(found.value)), (second.clone(), at_rest(id, "y")));
        assert_eq!(packed.all().await.len(), 3);
        packed.ledger().tidy().await.unwrap();
    }
    assert_eq!(packed.files("records"), [""; 0]);
}

#[tokio::test]
async fn what_is_removed_is_gone_from_its_pack() {
    let packed = Packed::of(&ids(300)).await;
    let id = &ids(300)[7];
    let version = read(&packed.ledger(), &key(id)).await.version;
    assert_eq!(commit(&packed.ledger(), remove(key(id), Some(version))).await, Swap::Done(None));
    assert!(packed.ledger().read(&key(id)).await.unwrap().is_none());
    assert_eq!(packed.all().await.len(), 299);
    win(&packed.ledger(), put(at_rest(id, "again"), None)).await;
    assert_eq!(packed.all().await.len(), 300);
}

/// A run died after the packs were durable and before the files were gone.
#[tokio::test]
async fn packing_that_was_cut_short_changes_nothing() {
    let packed = Packed(tempfile::tempdir().unwrap());
    packed.ledger().commit(ids(30).iter().map(|id| put(at_rest(id, "x"), None)).collect()).await.unwrap();
    let before = packed.all().await;
    let texts = packed.files("records").into_iter().map(|name| packed.0.path().join("records").join(name));
    let texts: Vec<(PathBuf, Vec<u8>)> = texts.map(|path| (path.clone(), fs::read(path).unwrap())).collect();
    packed.ledger().tidy().await.unwrap();
    for left in [texts.len(), texts.len() / 2] {
        for (path, text) in &texts[..left] {
            fs::write(path, text).unwrap();
        }
        fs::write(packed.0.path().join("packs/.new"), "{\n  \"format\": 1").unwrap();
        assert_eq!(packed.all().await, before);
        packed.ledger().tidy().await.unwrap();
        assert_eq!(packed.files("records"), [""; 0]);
        assert_eq!(packed.all().await, before);
    }
}

#[tokio::test]
async fn a_reader_finds_every_record_while_others_write_and_pack() {
    let packed = Packed::of(&ids(200)).await;
    let done = AtomicBool::new(false);
    let write = async {
        for round in 0..20 {
            let mut changes = Vec::new();
            for id in ids(200).iter().skip(round % 3).step_by(3) {
                let version = read(&packed.ledger(), &key(id)).await.version;
                changes.push(put(at_rest(id, &round.to_string()), Some(version)));
            }
            packed.ledger().commit(changes).await.unwrap();
            packed.ledger().tidy().await.unwrap();
        }
        done.store(true, Ordering::Relaxed);
    };
    let folder: &Path = packed.0.path();
    let reads = std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let ledger = FileLedger::open(folder, "ledger").unwrap();
            let mut reads = 0;
            while !done.load(Ordering::Relaxed) {
                let found = runtime.block_on(ledger.read_all()).unwrap();
                assert_eq!(found.len(), 200);
                assert!(runtime.block_on(ledger.read(&key(&ids(200)[reads % 200]))).unwrap().is_some());
                reads += 1;
            }
            reads
        });
        scope.spawn(|| {
            tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(write);
        });
        reader.join().unwrap()
    });
    assert!(reads > 0);
}

#[tokio::test]
async fn what_is_damaged_in_a_pack_is_told_with_its_line_and_kept() {
    let packed = Packed::of(&ids(2000)).await;
    let whole = fs::read_to_string(packed.pack()).unwrap();
    let (at, _) = whole.match_indices("\n}\n{\n").nth(1).unwrap();
    let damaged = whole[..=at].lines().count() - 2;
    let mut lines: Vec<&str> = whole.lines().collect();
    lines[damaged] = "<<<<<<< HEAD";
    fs::write(packed.pack(), lines.join("\n") + "\n").unwrap();
    let error = packed.ledger().read_all().await.unwrap_err().to_string();
    assert!(error.contains("conflict markers"), "{error}");
    let name = packed.files("packs")[0].clone();
    assert!(error.contains(&format!("ledger/packs/{name}:{}", damaged + 1)), "{error}");
    let scan = packed.ledger().scan().await.unwrap();
    assert_eq!((scan.iter().filter(|e| e.is_err()).count(), scan.len()), (1, 2000));
    // Nothing is lost by what others do to that pack.
    let next = scan.into_iter().find_map(|entry| {
        let (key, entry) = entry.ok()?;
        let Entry::Note(record) = &entry.value else { return None };
        whole.contains(&*record.path.replace('"', "\\\"")).then_some((
            key,
            record.path.clone(),
            entry.version,
        ))
    });
    let (_, path, version) = next.unwrap();
    win(&packed.ledger(), put(at_rest(&path, "new"), Some(version))).await;
    packed.ledger().tidy().await.unwrap();
    assert!(fs::read_to_string(packed.pack()).unwrap().contains("<<<<<<< HEAD"));
    assert_eq!(packed.ledger().scan().await.unwrap().len(), 2000);
}

#[tokio::test]
async fn a_record_in_another_ones_pack_is_refused() {
    let packed = Packed::of(&ids(2)).await;
    let [one, other] = [0, 1].map(|n| packed.0.path().join("packs").join(&packed.files("packs")[n]));
    let text = [fs::read(&one).unwrap(), fs::read(&other).unwrap()].concat();
    fs::write(&one, text).unwrap();
    let error = packed.ledger().read_all().await.unwrap_err();
    assert_eq!(error.message(), "a record of the ledger stands in another one's pack");
}
