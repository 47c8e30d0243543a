//! The file ledger: the suite, and what can be wrong with a folder.

use std::{fs, path::PathBuf};

use crosspost::state::{Key, Ledger};
use tempfile::TempDir;

use super::{
    Shared, conformance,
    entries::{put, read, site, win},
};

/// A folder that all writers share.
struct Files(TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, below: &str) -> PathBuf {
        self.0.path().join(".crosspost").join(below)
    }
}

impl Shared for Files {
    fn address(&self) -> (String, PathBuf) {
        ("file:.crosspost".to_owned(), self.0.path().to_owned())
    }

    fn plant(&self, target: &str, text: &str) {
        fs::write(self.path(&format!("sites/{target}.json")), text).unwrap();
    }
}

conformance!(Files::new(), increments: 25, kills: 60);

async fn blog(files: &Files) -> Box<dyn Ledger> {
    let ledger = files.writer();
    win(&*ledger, put(site("blog", &[("footnotes", "true")]), None)).await;
    ledger
}

#[tokio::test]
async fn an_entry_reads_well_in_a_review() {
    let files = Files::new();
    blog(&files).await;
    let text = fs::read_to_string(files.path("sites/blog.json")).unwrap();
    let serial = text.lines().find(|line| line.contains("serial")).unwrap();
    insta::assert_snapshot!(text.replace(serial, "  \"serial\": …,"), @r#"
    {
      "format": 1,
      "target": "blog",
      "location": "https://blog.example",
      "serial": …,
      "known": {
        "footnotes": "true"
      }
    }
    "#);
    assert!(text.ends_with("}\n"));
}

#[tokio::test]
async fn the_conflict_markers_of_a_merge_are_told_with_their_line() {
    let files = Files::new();
    let ledger = blog(&files).await;
    files.plant(
        "blog",
        "{\n  \"format\": 1,\n<<<<<<< HEAD\n  \"serial\": 2,\n=======\n  \"serial\": 3,\n>>>>>>> x\n}\n",
    );
    let error = ledger.read(&Key::Site("blog".to_owned())).await.unwrap_err();
    insta::assert_snapshot!(error, @r"
    error: an entry of the ledger holds the conflict markers of a merge
      --> .crosspost/sites/blog.json:3
      help: keep both sides' targets and receipts, remove the lines with the markers, commit
      help: `crosspost status --remote` tells whether the result agrees with the sites
    ");
}

#[tokio::test]
async fn an_entry_under_another_ones_name_is_refused() {
    let files = Files::new();
    let ledger = blog(&files).await;
    fs::rename(files.path("sites/blog.json"), files.path("sites/medium.json")).unwrap();
    let error = ledger.read_all().await.unwrap_err();
    insta::assert_snapshot!(error, @r"
    error: an entry of the ledger stands under another one's name
      --> .crosspost/sites/medium.json
      help: rename it to `sites/blog.json`, or remove it if that is there already
    ");
}

#[tokio::test]
async fn the_ledger_can_be_kept_in_git_on_two_branches() {
    let files = Files::new();
    blog(&files).await;
    assert!(fs::read_to_string(files.path(".gitattributes")).unwrap().contains("eol=lf"));
    assert!(files.path("README").exists());
}

#[cfg(target_os = "linux")]
mod broken_disks {
    use super::*;

    /// A device that takes nothing stands where the temporary file would be written: what a full
    /// disk answers to every write.
    #[tokio::test]
    async fn a_full_disk_is_told_and_leaves_the_entry_as_it_was() {
        let files = Files::new();
        let ledger = blog(&files).await;
        let Some(_disk) = Small::mount(&files.path("records")) else { return };
        let big = "x".repeat(200_000);
        let error = ledger.commit(vec![put(super::super::entries::note("a", &big), None)]).await.unwrap_err();
        assert!(error.hints()[0].starts_with("free some space"), "{error}");
        assert!(fs::read_dir(files.path("records")).unwrap().next().is_none(), "nothing is left behind");
        assert!(ledger.commit(vec![put(super::super::entries::note("a", "small"), None)]).await.is_ok());
        read(&*ledger, &Key::Site("blog".to_owned())).await;
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_can_be_read() {
        let files = Files::new();
        let ledger = blog(&files).await;
        let version = read(&*ledger, &Key::Site("blog".to_owned())).await.version;
        let Some(_disk) = Small::read_only(&files.path("")) else { return };
        let ledger = files.writer();
        assert_eq!(read(&*ledger, &Key::Site("blog".to_owned())).await.version, version);
        let error = ledger.commit(vec![put(site("blog", &[]), Some(version))]).await.unwrap_err();
        insta::assert_snapshot!(error, @r"
        error: the ledger cannot be written
          --> .crosspost/.lock
          cause: Read-only file system (os error 30)
          help: make the folder readable and writable for this user, or name another one in `state`
        ");
    }

    /// A small or read-only file system over a folder, for as long as it is held.
    struct Small(PathBuf);

    impl Small {
        fn mount(over: &std::path::Path) -> Option<Self> {
            Self::run(&["-t", "tmpfs", "-o", "size=128k", "tmpfs"], over)
        }

        fn read_only(over: &std::path::Path) -> Option<Self> {
            let path = over.to_str()?;
            let held = Self::run(&["--bind", path], over)?;
            let status = std::process::Command::new("mount").args(["-o", "remount,ro,bind", path]).status();
            status.is_ok_and(|status| status.success()).then_some(held)
        }

        /// Only root can mount; elsewhere there is nothing to be tested this way.
        fn run(arguments: &[&str], over: &std::path::Path) -> Option<Self> {
            let output = std::process::Command::new("mount").args(arguments).arg(over).output().ok()?;
            output.status.success().then(|| Self(over.to_owned()))
        }
    }

    impl Drop for Small {
        fn drop(&mut self) {
            let _ = std::process::Command::new("umount").arg("-l").arg(&self.0).status();
        }
    }
}
