use std::fs;

use super::*;
use crate::state::{Change, SiteRecord, Version};

fn site(target: &str, location: &str) -> Entry {
    Entry::Site(Box::new(SiteRecord {
        format: 0,
        target: target.to_owned(),
        location: location.to_owned(),
        serial: 0,
        known: std::collections::BTreeMap::new(),
    }))
}

fn put(target: &str, location: &str, expected: Option<Version>) -> Change {
    Change { key: Key::Site(target.to_owned()), expected, entry: Some(site(target, location)) }
}

fn ledger() -> (tempfile::TempDir, FileLedger) {
    let folder = tempfile::tempdir().unwrap();
    let ledger = FileLedger::open(&folder.path().join("ledger"), "ledger").unwrap();
    (folder, ledger)
}

#[tokio::test]
async fn a_ledger_says_what_it_is_and_keeps_its_own_files_out_of_git() {
    let (folder, ledger) = ledger();
    ledger.commit(vec![put("blog", "https://a.example", None)]).await.unwrap();
    let root = folder.path().join("ledger");
    assert!(fs::read_to_string(root.join("README")).unwrap().contains("crosspost's ledger"));
    assert_eq!(fs::read_to_string(root.join(".gitignore")).unwrap(), ".lock\n.new\n");
}

#[tokio::test]
async fn what_a_dead_writer_left_is_replaced_and_never_read() {
    let (folder, ledger) = ledger();
    ledger.commit(vec![put("blog", "https://a.example", None)]).await.unwrap();
    let left = folder.path().join("ledger/sites/.new");
    fs::write(&left, "{\"form").unwrap();
    fs::write(folder.path().join("ledger/sites/blog.json~"), "an editor's backup").unwrap();
    assert_eq!(ledger.read_all().await.unwrap().len(), 1);
    ledger.commit(vec![put("intranet", "https://b.example", None)]).await.unwrap();
    assert_eq!(ledger.read_all().await.unwrap().len(), 2);
    assert!(!left.exists());
}

#[tokio::test]
async fn a_writer_waits_for_another_and_then_says_so() {
    let (_folder, ledger) = ledger();
    ledger.commit(vec![put("blog", "https://a.example", None)]).await.unwrap();
    let held = ledger.folder.lock(PATIENCE).unwrap();
    let ledger = ledger.patience(Duration::from_millis(50));
    let error = ledger.commit(vec![put("x", "https://b.example", None)]).await.unwrap_err();
    assert_eq!(error.name(), Some("ledger-busy"));
    drop(held);
    assert!(ledger.commit(vec![put("x", "https://b.example", None)]).await.is_ok());
}

#[test]
fn a_file_is_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ledger");
    fs::write(&file, "").unwrap();
    let error = FileLedger::open(&file, "ledger").err().unwrap();
    assert_eq!(error.message(), "the ledger's folder is not a folder");
}
