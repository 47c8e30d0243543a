//! The git ledger: the suite over clones of a bare remote, and the clones that people and CI have.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
    time::Instant,
};

use crosspost::state::{Key, Ledger, open};
use tempfile::TempDir;

use super::{
    Shared, conformance,
    entries::{known, note, put, read, site, win},
};

const STATE: &str = "git:crosspost-ledger";

/// Runs git in a folder, as a person would, and returns what it prints.
fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=Cate", "-c", "user.email=cate@example.org", "-c", "init.defaultBranch=main"])
        .args(["-c", "protocol.file.allow=always"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// A bare remote with some history of notes; each writer has a clone of its own.
struct Remote {
    folder: TempDir,
    clones: AtomicUsize,
}

impl Remote {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let remote = Self { folder, clones: AtomicUsize::new(0) };
        let root = remote.folder.path();
        git(root, &["init", "-q", "--bare", "remote.git"]);
        git(&root.join("remote.git"), &["config", "uploadpack.allowFilter", "true"]);
        let notes = remote.clone_with(&[]);
        for text in ["first", "second", "third"] {
            fs::write(notes.join("note.md"), text).unwrap();
            git(&notes, &["add", "."]);
            git(&notes, &["commit", "-qm", text]);
        }
        git(&notes, &["push", "-q", "origin", "HEAD:main"]);
        remote
    }

    fn bare(&self) -> PathBuf {
        self.folder.path().join("remote.git")
    }

    /// A new clone, made with some more options.
    fn clone_with(&self, options: &[&str]) -> PathBuf {
        let path = self.folder.path().join(self.clones.fetch_add(1, Ordering::Relaxed).to_string());
        let (url, target) = (format!("file://{}", self.bare().display()), path.display().to_string());
        git(self.folder.path(), &[&["clone", "-q"], options, &[&url, &target]].concat());
        path
    }

    /// The texts on the ledger's branch, by name.
    fn commits(&self) -> usize {
        git(&self.bare(), &["rev-list", "--count", "crosspost-ledger"]).parse().unwrap()
    }
}

impl Shared for Remote {
    /// A clone as GitHub Actions makes it: one commit deep, one branch, detached.
    fn address(&self) -> (String, PathBuf) {
        let path = self.clone_with(&["--depth=1", "--single-branch", "--branch=main"]);
        git(&path, &["checkout", "-q", "--detach"]);
        (STATE.to_owned(), path)
    }

    fn plant(&self, target: &str, text: &str) {
        let path = self.clone_with(&["--branch=crosspost-ledger"]);
        fs::write(path.join(format!("sites/{target}.json")), text).unwrap();
        git(&path, &["commit", "-qam", "by hand"]);
        git(&path, &["push", "-q"]);
    }
}

conformance!(Remote::new(), increments: 4, kills: 60);

/// The suite again where there is no remote: the writers share one repository.
mod local {
    use super::*;

    struct Local(TempDir);

    impl Local {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            git(folder.path(), &["init", "-q"]);
            Self(folder)
        }
    }

    impl Shared for Local {
        fn address(&self) -> (String, PathBuf) {
            (STATE.to_owned(), self.0.path().to_owned())
        }

        fn plant(&self, target: &str, text: &str) {
            let path = self.0.path().join("work");
            git(self.0.path(), &["worktree", "add", "-q", "work", "crosspost-ledger"]);
            fs::write(path.join(format!("sites/{target}.json")), text).unwrap();
            git(&path, &["commit", "-qam", "by hand"]);
        }
    }

    conformance!(Local::new(), increments: 6, kills: 20);
}

fn blog() -> Key {
    Key::Site("blog".to_owned())
}

/// Writes and reads from a clone, with another writer in between.
async fn works_from(remote: &Remote, clone: &Path) {
    let (ours, theirs) = (open(STATE, clone).unwrap(), remote.writer());
    let first = win(&*theirs, put(site("blog", &[("by", "theirs")]), None)).await;
    let second = win(&*ours, put(site("blog", &[("by", "ours")]), first)).await;
    let third = win(&*theirs, put(site("blog", &[("by", "theirs")]), second)).await;
    win(&*ours, put(site("blog", &[("by", "ours again")]), third)).await;
    for ledger in [&*ours, &*remote.writer(), &*open(STATE, clone).unwrap()] {
        ledger.read_all().await.unwrap();
        assert_eq!(known(&read(ledger, &blog()).await.value)["by"], "ours again");
    }
}

#[tokio::test]
async fn a_whole_clone_stays_whole_and_its_own() {
    let remote = Remote::new();
    let clone = remote.clone_with(&[]);
    fs::write(clone.join("note.md"), "being edited").unwrap();
    fs::write(clone.join("new.md"), "staged").unwrap();
    git(&clone, &["add", "new.md"]);
    let seen = |clone: &Path| {
        let commands: [&[&str]; 4] = [
            &["status", "--porcelain=v2", "--branch"],
            &["for-each-ref", "refs/heads", "refs/tags", "refs/remotes/origin/main"],
            &["rev-parse", "--is-shallow-repository"],
            &["ls-files", "--stage"],
        ];
        (commands.map(|command| git(clone, command)), clone.join(".git/FETCH_HEAD").exists())
    };
    let before = seen(&clone);
    works_from(&remote, &clone).await;
    assert_eq!(seen(&clone), before);
    assert_eq!(git(&remote.bare(), &["rev-list", "--max-parents=0", "--count", "crosspost-ledger"]), "1");
}

#[tokio::test]
async fn a_clone_that_left_objects_out_works() {
    let remote = Remote::new();
    let clone = remote.clone_with(&["--filter=blob:none"]);
    works_from(&remote, &clone).await;
    // One that was made after the ledger knows its commits without their blobs.
    let late = remote.clone_with(&["--filter=blob:none"]);
    assert_eq!(open(STATE, &late).unwrap().read_all().await.unwrap().len(), 1);
    let deep = remote.clone_with(&["--filter=tree:0"]);
    assert_eq!(open(STATE, &deep).unwrap().read_all().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_folder_below_the_repositorys_root_and_a_second_work_tree_work() {
    let remote = Remote::new();
    let clone = remote.clone_with(&[]);
    fs::create_dir_all(clone.join("a/b")).unwrap();
    works_from(&remote, &clone.join("a/b")).await;
    let other = remote.folder.path().join("worktree");
    git(&clone, &["worktree", "add", "-q", "--detach", other.to_str().unwrap()]);
    assert_eq!(open(STATE, &other).unwrap().read_all().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_batch_is_one_commit() {
    let remote = Remote::new();
    let ledger = remote.writer();
    ledger.commit((0..5).map(|n| put(note(&n.to_string(), "x"), None)).collect()).await.unwrap();
    assert_eq!(remote.commits(), 1);
    ledger.commit((5..9).map(|n| put(note(&n.to_string(), "x"), None)).collect()).await.unwrap();
    assert_eq!(remote.commits(), 2);
    assert!(git(&remote.bare(), &["log", "-1", "--format=%B", "crosspost-ledger"]).contains("[skip ci]"));
}

#[tokio::test]
async fn a_push_that_arrived_though_it_failed_has_won() {
    let remote = Remote::new();
    let ledger = remote.writer();
    let first = win(&*ledger, put(site("blog", &[("n", "1")]), None)).await;
    // The server moves the branch, then the connection ends as if it had not.
    let hook = remote.bare().join("hooks/post-update");
    fs::write(&hook, "#!/bin/sh\nkill -9 $PPID\n").unwrap();
    executable(&hook);
    win(&*ledger, put(site("blog", &[("n", "2")]), first)).await;
    assert_eq!(remote.commits(), 2);
    assert_eq!(known(&read(&*remote.writer(), &blog()).await.value)["n"], "2");
}

#[tokio::test]
async fn a_server_that_refuses_is_no_conflict() {
    let remote = Remote::new();
    let ledger = remote.writer();
    let hook = remote.bare().join("hooks/pre-receive");
    fs::write(&hook, "#!/bin/sh\necho protected\nexit 1\n").unwrap();
    executable(&hook);
    let error = ledger.commit(vec![put(site("blog", &[]), None)]).await.unwrap_err();
    assert_eq!(error.message(), "the ledger's branch `crosspost-ledger` cannot be pushed to `origin`");
    assert!(error.details()[0].1.contains("protected"), "{error}");
}

#[tokio::test]
async fn a_persons_hooks_and_signatures_are_left_out() {
    let remote = Remote::new();
    let clone = remote.clone_with(&[]);
    for (name, value) in [("commit.gpgSign", "true"), ("user.signingKey", "none"), ("push.gpgSign", "true")] {
        git(&clone, &["config", name, value]);
    }
    for hook in ["pre-push", "reference-transaction", "pre-commit"] {
        let path = clone.join(".git/hooks").join(hook);
        fs::write(&path, "#!/bin/sh\nexit 1\n").unwrap();
        executable(&path);
    }
    works_from(&remote, &clone).await;
}

#[tokio::test]
async fn a_branch_of_something_else_is_refused() {
    let remote = Remote::new();
    let clone = remote.clone_with(&[]);
    let ledger = open("git:main", &clone).unwrap();
    let error = ledger.commit(vec![put(site("blog", &[]), None)]).await.unwrap_err();
    assert_eq!(error.message(), "the branch `main` is not a ledger: it holds `note.md`");
    assert_eq!(git(&remote.bare(), &["rev-list", "--count", "main"]), "3");
}

#[tokio::test]
async fn a_remote_that_is_gone_is_told_without_its_credentials() {
    let remote = Remote::new();
    let clone = remote.clone_with(&[]);
    git(&clone, &["remote", "set-url", "origin", "http://bot:s3cret@127.0.0.1:1/a.git"]);
    let error = open(STATE, &clone).unwrap().read_all().await.unwrap_err().to_string();
    assert!(error.contains("cannot be fetched from `origin`") && error.contains("127.0.0.1"), "{error}");
    assert!(!error.contains("s3cret") && !error.contains("bot"), "{error}");
}

#[test]
fn what_cannot_hold_a_branch_is_refused() {
    let remote = Remote::new();
    let clone = remote.clone_with(&[]);
    let refused = |state: &str, root: &Path| open(state, root).err().unwrap().to_string();
    let outside = tempfile::tempdir().unwrap();
    assert!(refused(STATE, outside.path()).contains("here is no git repository"));
    assert!(refused("git:a..b", &clone).contains("cannot be a branch's name"));
    assert!(refused("git:--all", &clone).contains("cannot be a branch's name"));
    assert!(refused("git:orign:x", &clone).contains("did you mean `git:origin:BRANCH`?"));
    git(&clone, &["remote", "rename", "origin", "upstream"]);
    assert!(refused(STATE, &clone).contains("upstream"));
    assert_eq!(open("git:upstream:a/b", &clone).unwrap().location(), "git:upstream:a/b");
}

/// A file ledger that is committed: two branches that wrote different entries merge by themselves.
#[tokio::test]
async fn a_file_ledger_merges_where_two_branches_wrote_different_entries() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    git(root, &["init", "-q"]);
    let ledger = open("file:.crosspost", root).unwrap();
    let version = win(&*ledger, put(site("blog", &[("n", "1")]), None)).await;
    let save = |message| {
        git(root, &["add", "."]);
        git(root, &["commit", "-qm", message]);
    };
    save("start");
    assert!(!git(root, &["ls-files"]).contains(".lock"));
    git(root, &["checkout", "-qb", "other"]);
    win(&*ledger, put(note("a", "x"), None)).await;
    win(&*ledger, put(site("blog", &[("n", "theirs")]), version.clone())).await;
    save("theirs");
    git(root, &["checkout", "-q", "main"]);
    win(&*ledger, put(note("b", "x"), None)).await;
    save("ours");
    git(root, &["merge", "-q", "-m", "merge", "other"]);
    assert_eq!(ledger.read_all().await.unwrap().len(), 3);
    // The same entry on both sides is a conflict, and told as one.
    git(root, &["checkout", "-q", "-b", "third", "HEAD~1"]);
    let version = read(&*ledger, &blog()).await.version;
    win(&*ledger, put(site("blog", &[("n", "third")]), Some(version))).await;
    save("third");
    let merge = Command::new("git").current_dir(root).args(["merge", "-q", "main"]).output().unwrap();
    assert!(!merge.status.success());
    let error = ledger.read_all().await.unwrap_err();
    assert_eq!(error.message(), "an entry of the ledger holds the conflict markers of a merge");
}

/// Not a test: prints how long ten thousand entries take.
#[tokio::test]
#[ignore = "a measurement, to be run with --release"]
async fn measure_ten_thousand_entries() {
    let remote = Remote::new();
    let folder = tempfile::tempdir().unwrap();
    let ledgers: [Box<dyn Ledger>; 2] = [open("file:.crosspost", folder.path()).unwrap(), remote.writer()];
    for ledger in ledgers {
        let begun = Instant::now();
        let changes = (0..10_000).map(|n| put(note(&format!("notes/{n}.md"), "x"), None)).collect();
        ledger.commit(changes).await.unwrap();
        println!("{} written: {:?}", ledger.location(), begun.elapsed());
    }
    for ledger in [open("file:.crosspost", folder.path()).unwrap(), remote.writer()] {
        for round in ["first", "again"] {
            let begun = Instant::now();
            assert_eq!(ledger.read_all().await.unwrap().len(), 10_000);
            println!("{} read, {round}: {:?}", ledger.location(), begun.elapsed());
        }
        let begun = Instant::now();
        win(&*ledger, put(note("one more", "x"), None)).await;
        println!("{} one more: {:?}", ledger.location(), begun.elapsed());
    }
}

fn executable(path: &Path) {
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
}
