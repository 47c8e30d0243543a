//! A ledger as a whole: moved elsewhere, and looked over.

use std::fs;

use crosspost::{
    note::NoteId,
    state::{Copied, Entry, Key, Ledger, Phase, check, copy, open},
};
use tempfile::TempDir;

use super::entries::{note, plain, put, read, site, win};

fn ledger(folder: &TempDir) -> Box<dyn Ledger> {
    open("file:ledger", folder.path()).unwrap()
}

async fn filled() -> (TempDir, Box<dyn Ledger>) {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(&folder);
    let entries = [note("a", "A"), note("b", "B"), site("blog", &[("n", "1")])];
    ledger.commit(entries.map(|entry| put(entry, None)).to_vec()).await.unwrap();
    (folder, ledger)
}

#[tokio::test]
async fn a_ledger_is_copied_to_another_kind() {
    let (_folder, from) = filled().await;
    let repository = tempfile::tempdir().unwrap();
    let made = std::process::Command::new("git").args(["init", "-q"]).arg(repository.path()).status();
    assert!(made.unwrap().success());
    let to = open("git:ledger", repository.path()).unwrap();
    assert_eq!(copy(&*from, &*to).await.unwrap(), Copied { written: 3, ..Copied::default() });
    let contents = |entries: Vec<(Key, crosspost::state::Versioned<Entry>)>| -> Vec<Entry> {
        entries.into_iter().map(|(_, entry)| plain(entry.value)).collect()
    };
    assert_eq!(contents(to.read_all().await.unwrap()), contents(from.read_all().await.unwrap()));
    assert_eq!(copy(&*from, &*to).await.unwrap(), Copied { same: 3, ..Copied::default() });
}

#[tokio::test]
async fn a_copy_overwrites_nothing() {
    let (_one, from) = filled().await;
    let (_other, to) = filled().await;
    let key = Key::Note(NoteId::of_path("b"));
    let version = read(&*to, &key).await.version;
    let newer = win(&*to, put(note("b", "newer"), Some(version))).await;
    let copied = copy(&*from, &*to).await.unwrap();
    assert_eq!(copied, Copied { written: 0, same: 2, different: vec![key.clone()] });
    assert_eq!(Some(read(&*to, &key).await.version), newer);
}

#[tokio::test]
async fn a_check_counts_and_names_what_is_open() {
    let (_folder, ledger) = filled().await;
    let report = check(&*ledger).await.unwrap();
    assert_eq!((report.notes, report.sites), (2, 1));
    assert_eq!(report.problems, []);
    assert_eq!(report.open[0], (NoteId::of_path("a"), "blog".to_owned(), Phase::Update));
}

#[tokio::test]
async fn a_check_reads_on_past_what_is_damaged() {
    let (folder, ledger) = filled().await;
    fs::write(folder.path().join("ledger/sites/medium.json"), "{").unwrap();
    fs::write(folder.path().join("ledger/records/copy of a.json"), "not JSON").unwrap();
    let report = check(&*ledger).await.unwrap();
    assert_eq!((report.notes, report.sites, report.problems.len()), (2, 1, 2));
    assert!(report.problems[0].to_string().contains("records/copy of a.json"));
}

#[tokio::test]
async fn a_check_finds_two_notes_that_claim_one_post() {
    let (_folder, ledger) = filled().await;
    let Entry::Note(mut copied) = note("a", "A") else { panic!("a note") };
    copied.note = NoteId::of_path("c");
    win(&*ledger, put(Entry::Note(copied), None)).await;
    let report = check(&*ledger).await.unwrap();
    assert_eq!(report.problems.len(), 1);
    assert_eq!(report.problems[0].name(), Some("post-claimed-twice"));
    assert_eq!(report.problems[0].details()[0].1, "a, c");
}
