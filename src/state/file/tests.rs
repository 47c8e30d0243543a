use std::fs;

use super::*;
use crate::{
    render::Digest,
    state::{Change, SiteRecord, TargetRecord, Version},
};

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
    // As releases before this one left it, and as this one does.
    let left = folder.path().join("ledger/sites/.new");
    fs::write(&left, "{\"form").unwrap();
    let others = folder.path().join("ledger/records/.new");
    fs::create_dir(&others).unwrap();
    fs::write(others.join("0"), "{\"form").unwrap();
    fs::write(folder.path().join("ledger/sites/blog.json~"), "an editor's backup").unwrap();
    assert_eq!(ledger.read_all().await.unwrap().len(), 1);
    ledger.commit(vec![put("intranet", "https://b.example", None)]).await.unwrap();
    assert_eq!(ledger.read_all().await.unwrap().len(), 2);
    assert!(!left.exists() && !others.exists());
}

#[tokio::test]
async fn what_cannot_be_written_of_a_batch_is_told_and_the_rest_stands() {
    let (folder, ledger) = ledger();
    ledger.commit(vec![put("blog", "https://a.example", None)]).await.unwrap();
    // The second entry goes by way of the second temporary file, which cannot be made.
    let in_the_way = folder.path().join("ledger/sites/.new/1/x");
    fs::create_dir_all(&in_the_way).unwrap();
    let batch = || vec![put("one", "https://b.example", None), put("two", "https://b.example", None)];
    let error = ledger.commit(batch()).await.unwrap_err();
    assert!(error.to_string().contains("cannot be written"), "{error}");
    let site = async |name: &str| ledger.read(&Key::Site(name.to_owned())).await.unwrap().is_some();
    assert!(site("one").await && !site("two").await);
    assert!(!in_the_way.exists());
    let swaps = ledger.commit(batch()).await.unwrap();
    assert!(matches!(swaps.as_slice(), [Swap::Lost, Swap::Done(Some(_))]), "{swaps:?}");
}

#[tokio::test]
async fn a_batch_is_written_whole_however_large() {
    let (_folder, ledger) = ledger();
    for count in [1, 7, 8, 9, 100] {
        let put = |number| put(&format!("b{count}-{number}"), "https://a.example", None);
        let swaps = ledger.commit((0..count).map(put).collect()).await.unwrap();
        assert!(swaps.iter().all(|swap| matches!(swap, Swap::Done(Some(_)))), "{swaps:?}");
    }
    assert_eq!(ledger.read_all().await.unwrap().len(), 125);
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

fn record(at: usize, title: &str) -> Change {
    let note = NoteId::of_path(&format!("notes/{at}.md"));
    let marker = crate::note::Marker::derive("tests", &note, "blog");
    let record = Record {
        format: 0,
        note: note.clone(),
        path: note.as_str().to_owned(),
        title: title.to_owned(),
        text: Digest::of(title.as_bytes()),
        serial: 0,
        targets: [("blog".to_owned(), TargetRecord::new(marker))].into(),
    };
    Change { key: Key::Note(note), expected: None, entry: Some(Entry::Note(Box::new(record))) }
}

async fn titles(ledger: &FileLedger) -> Vec<String> {
    ledger.outlines().await.unwrap().iter().map(|packed| packed.outline().title.to_string()).collect()
}

#[tokio::test]
async fn a_record_that_has_not_changed_is_remembered_and_one_that_has_is_read() {
    let (folder, ledger) = ledger();
    let cache = folder.path().join("cache");
    let ledger = ledger.cache(&cache);
    ledger.commit((0..=MANY).map(|at| record(at, "as written")).collect()).await.unwrap();
    assert!(titles(&ledger).await.iter().all(|title| title == "as written"));
    assert!(!cache.exists(), "what was only just written is not remembered");
    tokio::time::sleep(Duration::from_millis(2100)).await;
    assert!(titles(&ledger).await.iter().all(|title| title == "as written"));
    // What is remembered is what is used: here it is told another title.
    let path = path_of(&Key::Note(NoteId::of_path("notes/0.md")));
    let (memory, file) = (Memory::at(Some(cache.clone())), folder.path().join("ledger").join(&path));
    let stat = Stat::of(&file).unwrap();
    let recalled = memory.recall(Kind::Record, &path, &stat).map(Packed::kept).unwrap();
    let mut told = recalled.outline();
    told.title = "as remembered".into();
    memory.learn(Kind::Record, &path, stat, Packed::new(&told).bytes());
    memory.keep();
    assert_eq!(titles(&ledger).await.iter().filter(|title| *title == "as remembered").count(), 1);
    // A file of the same size, put in its place with its times.
    let times = fs::FileTimes::new().set_modified(fs::metadata(&file).unwrap().modified().unwrap());
    let other = fs::read_to_string(&file).unwrap().replace("as written", "As Written");
    fs::write(&file, other).unwrap();
    fs::File::options().write(true).open(&file).unwrap().set_times(times).unwrap();
    assert_eq!(titles(&ledger).await.iter().filter(|title| *title == "As Written").count(), 1);
    fs::write(&cache, "damaged").unwrap();
    assert_eq!(titles(&ledger).await.len(), MANY + 1);
}

#[tokio::test]
async fn what_is_foreseen_is_read_and_a_write_that_came_between_is_seen() {
    let (_folder, ledger) = ledger();
    ledger.commit(vec![record(1, "one")]).await.unwrap();
    ledger.foresee();
    assert_eq!(titles(&ledger).await, ["one"]);
    ledger.foresee();
    ledger.commit(vec![record(2, "two")]).await.unwrap();
    assert_eq!(titles(&ledger).await.len(), 2);
}
