//! Entries to write.

use std::collections::BTreeMap;

use crosspost::{
    note::{Marker, NoteId},
    render::{Digest, RemotePicture},
    state::{
        Change, Entry, Intent, Key, Ledger, Phase, Receipt, Record, SiteRecord, Swap, TargetRecord, Version,
        Versioned,
    },
    targets::RemoteId,
};
use jiff::Timestamp;

/// A note's record with everything that one can hold.
pub fn note(id: &str, title: &str) -> Entry {
    let note = NoteId::of_path(id);
    let marker = Marker::derive("tests", &note, "blog");
    let digest = Digest::of(title.as_bytes());
    let at = Timestamp::from_second(1_700_000_000).unwrap();
    let target = TargetRecord {
        intent: Some(Intent { phase: Phase::Update, digest, run: "run".into(), at, until: at }),
        receipt: Some(Receipt {
            remote_id: RemoteId(id.to_owned()),
            url: Some("https://blog.example/?p=12".to_owned()),
            permanent: true,
            digest,
            echo: BTreeMap::from([("title".to_owned(), digest)]),
            at,
            first: at,
            unpublished: false,
            basis: None,
        }),
        pictures: BTreeMap::from([(
            digest,
            RemotePicture { id: Some("7".to_owned()), url: "https://blog.example/a.png".to_owned() },
        )]),
        ..TargetRecord::new(marker)
    };
    Entry::Note(Box::new(Record {
        format: 1,
        note,
        path: id.to_owned(),
        title: title.to_owned(),
        text: digest,
        serial: 0,
        targets: BTreeMap::from([("blog".to_owned(), target)]),
    }))
}

/// A site's entry that knows a few things.
pub fn site(target: &str, known: &[(&str, &str)]) -> Entry {
    Entry::Site(Box::new(SiteRecord {
        format: 1,
        target: target.to_owned(),
        location: "https://blog.example".to_owned(),
        serial: 0,
        known: known.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
    }))
}

/// What a site's entry knows.
pub fn known(entry: &Entry) -> &BTreeMap<String, String> {
    match entry {
        Entry::Site(site) => &site.known,
        Entry::Note(_) => panic!("a note's record where a site's was expected"),
    }
}

/// An entry without its serial, which is the ledger's own.
pub fn plain(mut entry: Entry) -> Entry {
    match &mut entry {
        Entry::Note(record) => record.serial = 0,
        Entry::Site(site) => site.serial = 0,
    }
    entry
}

/// A write.
pub fn put(entry: Entry, expected: Option<Version>) -> Change {
    Change { key: entry.key(), expected, entry: Some(entry) }
}

/// A removal.
pub fn remove(key: Key, expected: Option<Version>) -> Change {
    Change { key, expected, entry: None }
}

/// Commits one change.
pub async fn commit(ledger: &dyn Ledger, change: Change) -> Swap {
    let swaps = ledger.commit(vec![change]).await.unwrap();
    assert_eq!(swaps.len(), 1);
    swaps.into_iter().next().unwrap()
}

/// Commits one change that must win, and returns the new version.
pub async fn win(ledger: &dyn Ledger, change: Change) -> Option<Version> {
    match commit(ledger, change).await {
        Swap::Done(version) => version,
        Swap::Lost => panic!("the only writer lost"),
    }
}

/// Reads what must be there.
pub async fn read(ledger: &dyn Ledger, key: &Key) -> Versioned<Entry> {
    ledger.read(key).await.unwrap().expect("the entry is there")
}
