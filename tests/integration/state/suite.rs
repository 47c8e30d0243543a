//! What every ledger does, whatever it is kept in.

use crosspost::{
    note::NoteId,
    state::{Entry, Key, Outline, Packed, Record, Swap, Versioned},
};

use super::{
    Shared,
    entries::{commit, known, note, plain, put, read, remove, site, win},
};

fn note_key(id: &str) -> Key {
    Key::Note(NoteId::of_path(id))
}

fn site_key(target: &str) -> Key {
    Key::Site(target.to_owned())
}

/// A ledger that nothing was written to is empty, and asking it writes nothing.
pub async fn an_unused_ledger_is_empty(shared: &impl Shared) {
    let ledger = shared.writer();
    assert!(ledger.read(&note_key("notes/a.md")).await.unwrap().is_none());
    assert!(ledger.read_all().await.unwrap().is_empty());
    assert!(ledger.commit(Vec::new()).await.unwrap().is_empty());
}

/// What was written is read, by the writer and by everybody else.
pub async fn what_is_written_is_read(shared: &impl Shared) {
    let ledger = shared.writer();
    let entry = note("notes/天気 \"a\".md", "Title\nwith <everything>");
    let version = win(&*ledger, put(entry.clone(), None)).await;
    for reader in [ledger, shared.writer()] {
        let found = read(&*reader, &entry.key()).await;
        assert_eq!(Some(found.version), version);
        assert_eq!(plain(found.value), entry);
    }
}

/// All entries, ordered by key: notes before sites, each by name.
pub async fn all_entries_come_in_order(shared: &impl Shared) {
    let ledger = shared.writer();
    let ids = ["notes/b.md", "z", "notes/a.md", "notes/B.md", "chosen id"];
    let mut changes: Vec<_> = ids.iter().map(|id| put(note(id, "x"), None)).collect();
    changes.extend(["medium", "blog"].map(|target| put(site(target, &[]), None)));
    ledger.commit(changes).await.unwrap();
    let keys: Vec<Key> = shared.writer().read_all().await.unwrap().into_iter().map(|(k, _)| k).collect();
    let mut expected: Vec<Key> = ids.iter().map(|id| note_key(id)).collect();
    expected.sort();
    expected.extend([site_key("blog"), site_key("medium")]);
    assert_eq!(keys, expected);
}

/// What is read of many notes in outline, and of some as a whole, is what stands in their entries:
/// those that another handle has written meanwhile too.
pub async fn outlines_and_records_say_what_entries_say(shared: &impl Shared) {
    let (ledger, other) = (shared.writer(), shared.writer());
    assert!(ledger.outlines().await.unwrap().is_empty());
    let ids: Vec<String> = (0..70).map(|at| format!("notes/{at}.md")).collect();
    let changes: Vec<_> = ids.iter().map(|id| put(note(id, id), None)).collect();
    ledger.commit([changes, vec![put(site("blog", &[]), None)]].concat()).await.unwrap();
    for round in ["first", "second"] {
        for reader in [&ledger, &other, &shared.writer()] {
            let all: Vec<Record> = reader.read_all().await.unwrap().into_iter().filter_map(record).collect();
            assert_eq!(all.len(), ids.len(), "{round}");
            let outlines = reader.outlines().await.unwrap();
            let mut outlines: Vec<Outline<'_>> = outlines.iter().map(Packed::outline).collect();
            outlines.sort_by(|a, b| a.note.cmp(&b.note));
            assert_eq!(outlines, all.iter().map(Outline::from).collect::<Vec<_>>());
            for some in [&all[..0], &all[3..5], &all[..60]] {
                let notes: Vec<NoteId> = some.iter().map(|record| record.note.clone()).collect();
                let asked = [&[NoteId::of_path("notes/none.md")], &*notes].concat();
                let mut records = reader.records(&asked).await.unwrap();
                records.sort_by(|a, b| a.value.note.cmp(&b.value.note));
                assert_eq!(
                    records.iter().map(|v| &v.value).collect::<Vec<_>>(),
                    some.iter().collect::<Vec<_>>()
                );
                // They are read at the version at which they can be written.
                for record in records {
                    assert_eq!(record.version, read(&**reader, &Key::Note(record.value.note)).await.version);
                }
            }
        }
        let changed = read(&*other, &note_key("notes/7.md")).await;
        win(&*other, put(note("notes/7.md", round), Some(changed.version))).await;
    }
}

fn record((_, entry): (Key, Versioned<Entry>)) -> Option<Record> {
    match entry.value {
        Entry::Note(record) => Some(*record),
        Entry::Site(_) => None,
    }
}

/// Only who read the newest version may write; the entry of who did not is untouched.
pub async fn a_stale_writer_loses(shared: &impl Shared) {
    let (one, other) = (shared.writer(), shared.writer());
    let first = win(&*one, put(site("blog", &[("n", "1")]), None)).await;
    assert_eq!(commit(&*other, put(site("blog", &[("n", "x")]), None)).await, Swap::Lost);
    let second = win(&*other, put(site("blog", &[("n", "2")]), first.clone())).await;
    assert_eq!(commit(&*one, put(site("blog", &[("n", "y")]), first.clone())).await, Swap::Lost);
    assert_eq!(commit(&*one, remove(site_key("blog"), first)).await, Swap::Lost);
    // Who lost reads what won, without opening the ledger again.
    for ledger in [one, other] {
        let found = read(&*ledger, &site_key("blog")).await;
        assert_eq!(Some(found.version), second);
        assert_eq!(known(&found.value)["n"], "2");
    }
}

/// The same content written again is another version.
pub async fn the_same_content_twice_is_two_versions(shared: &impl Shared) {
    let ledger = shared.writer();
    let entry = site("blog", &[]);
    let first = win(&*ledger, put(entry.clone(), None)).await;
    let second = win(&*ledger, put(entry.clone(), first.clone())).await;
    assert_ne!(first, second);
    assert_eq!(commit(&*ledger, put(entry, first)).await, Swap::Lost);
}

/// An entry that was removed and created again is not the one that it was.
pub async fn a_removed_entry_does_not_come_back_as_itself(shared: &impl Shared) {
    let ledger = shared.writer();
    let entry = note("notes/a.md", "A");
    let key = entry.key();
    let first = win(&*ledger, put(entry.clone(), None)).await;
    assert_eq!(win(&*ledger, remove(key.clone(), first.clone())).await, None);
    assert!(ledger.read(&key).await.unwrap().is_none());
    assert!(shared.writer().read(&key).await.unwrap().is_none());
    assert_eq!(commit(&*ledger, put(entry.clone(), first.clone())).await, Swap::Lost);
    win(&*ledger, put(entry.clone(), None)).await;
    assert_eq!(commit(&*ledger, put(entry, first)).await, Swap::Lost);
    assert_eq!(commit(&*ledger, remove(site_key("never"), None)).await, Swap::Done(None));
}

/// Each change of a batch wins or loses on its own.
pub async fn a_batch_wins_and_loses_one_by_one(shared: &impl Shared) {
    let (one, other) = (shared.writer(), shared.writer());
    let a = win(&*one, put(note("a", "1"), None)).await;
    let b = win(&*one, put(note("b", "1"), None)).await;
    other.read_all().await.unwrap();
    win(&*one, put(note("a", "2"), a.clone())).await;
    let swaps = other
        .commit(vec![
            put(note("a", "lost"), a),
            put(note("b", "2"), b),
            put(note("c", "1"), None),
            put(note("a2", "1"), None),
        ])
        .await
        .unwrap();
    assert_eq!(swaps[0], Swap::Lost);
    assert!(swaps[1..].iter().all(|swap| matches!(swap, Swap::Done(Some(_)))), "{swaps:?}");
    let titles: Vec<String> = shared.writer().read_all().await.unwrap().into_iter().map(title).collect();
    assert_eq!(titles, ["2", "1", "2", "1"]);
}

fn title((_, entry): (Key, Versioned<Entry>)) -> String {
    match entry.value {
        Entry::Note(record) => record.title,
        Entry::Site(site) => site.target,
    }
}

/// A large batch, all of it in one call.
pub async fn a_large_batch_is_written_whole(shared: &impl Shared) {
    let ledger = shared.writer();
    let changes = (0..300).map(|n| put(note(&format!("notes/{n}.md"), "x"), None)).collect();
    let swaps = ledger.commit(changes).await.unwrap();
    assert!(swaps.iter().all(|swap| matches!(swap, Swap::Done(Some(_)))));
    assert_eq!(shared.writer().read_all().await.unwrap().len(), 300);
}

/// A newer crosspost's entry is neither misread nor overwritten; the others can be read.
pub async fn an_entry_of_a_newer_format_is_left_alone(shared: &impl Shared) {
    let ledger = shared.writer();
    win(&*ledger, put(site("blog", &[]), None)).await;
    win(&*ledger, put(site("medium", &[]), None)).await;
    shared.plant("blog", "{\n  \"format\": 2,\n  \"target\": \"blog\",\n  \"wonder\": []\n}\n");
    let ledger = shared.writer();
    let error = ledger.read(&site_key("blog")).await.unwrap_err();
    assert_eq!(error.name(), Some("newer-ledger"));
    assert!(error.place().is_some_and(|place| place.path.contains("blog")), "{error}");
    assert_eq!(ledger.read_all().await.unwrap_err().name(), Some("newer-ledger"));
    let scanned = ledger.scan().await.unwrap();
    assert_eq!((scanned.len(), scanned.iter().filter(|entry| entry.is_ok()).count()), (2, 1));
    assert_eq!(commit(&*ledger, put(site("blog", &[]), None)).await, Swap::Lost);
}

/// Text that is no entry is told apart from an entry, with its place.
pub async fn a_damaged_entry_is_named(shared: &impl Shared) {
    let ledger = shared.writer();
    win(&*ledger, put(site("blog", &[]), None)).await;
    shared.plant("blog", "{\n  \"format\": 1,\n  \"target\": true\n}\n");
    let error = shared.writer().read(&site_key("blog")).await.unwrap_err();
    assert_eq!(error.message(), "an entry of the ledger is damaged");
    assert!(error.place().is_some_and(|place| place.line == 3), "{error}");
}
