//! The folder of a file ledger: durable reads and writes of small files, and the words for what
//! can go wrong with them.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Write},
    panic::resume_unwind,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use crate::{
    error::Result,
    state::{
        layout::{RECORDS, SITES, is_entry},
        lock,
        swap::Edit,
        trouble::trouble,
    },
};

/// The folder of temporary files beside the entries. Only who holds the lock writes there, always under
/// the same names, so that what a dead writer left is replaced by the next.
const TEMPORARY: &str = ".new";
/// How many files are made durable at once: the disk's journal takes them together, so that eight take
/// little more time than one.
const AT_ONCE: usize = 8;
/// The side file that writers lock.
const LOCK: &str = ".lock";

/// Files that a new ledger gets besides its entries.
const FURNITURE: [(&str, &str); 3] =
    [("README", README), (".gitattributes", "* text=auto eol=lf\n"), (".gitignore", ".lock\n.new\n")];

const README: &str = "\
crosspost's ledger: what was published where. Commit this folder if publishing is done by hand
from a clone, so that everybody sees the same ledger. Where a CI job publishes, `state =
\"git:BRANCH\"` keeps the ledger on a branch of its own and needs no commits back to this one.
Nothing here is secret.
";

/// A folder, and what people call it.
pub(super) struct Folder {
    path: PathBuf,
    name: String,
}

impl Folder {
    pub(super) fn new(path: &Path, name: &str) -> Self {
        Self { path: path.to_owned(), name: name.to_owned() }
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Makes sure that it can be written to, or made, and leaves nothing behind.
    pub(super) fn expect_writable(&self) -> Result<()> {
        let there = self.path.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("."));
        tempfile::tempfile_in(there).map(drop).map_err(|e| trouble("cannot be written", &self.name, &e))
    }

    /// A file below it, as people call it.
    pub(super) fn shown(&self, path: &str) -> String {
        Path::new(&self.name).join(path).display().to_string()
    }

    /// Waits for its lock.
    pub(super) fn lock(&self, patience: Duration) -> Result<File> {
        lock::acquire(&self.path.join(LOCK), &self.shown(LOCK), patience)
    }

    /// A file's content; `None` where there is no such file.
    pub(super) fn read(&self, path: &str) -> Result<Option<Vec<u8>>> {
        match fs::read(self.path.join(path)) {
            Ok(text) => Ok(Some(text)),
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
            Err(e) => Err(trouble("cannot be read", &self.shown(path), &e)),
        }
    }

    /// The paths of all entries of a kind: [`RECORDS`] or [`SITES`].
    pub(super) fn list(&self, sub: &str) -> Result<Vec<String>> {
        let cannot = |e: io::Error| trouble("cannot be read", &self.shown(sub), &e);
        let listing = match fs::read_dir(self.path.join(sub)) {
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            listing => listing.map_err(cannot)?,
        };
        let path =
            |file: io::Result<fs::DirEntry>| Ok(format!("{sub}/{}", file?.file_name().to_string_lossy()));
        let paths = listing.map(path).collect::<io::Result<Vec<_>>>().map_err(cannot)?;
        Ok(paths.into_iter().filter(|path| is_entry(path)).collect())
    }

    /// Makes the folder.
    pub(super) fn create(&self) -> Result<()> {
        let cannot = |e: io::Error| trouble("cannot be created", &self.name, &e);
        if self.path.is_dir() {
            return Ok(());
        }
        fs::create_dir_all(&self.path).map_err(cannot)?;
        self.path.parent().map_or(Ok(()), sync_folder).map_err(cannot)
    }

    /// Makes what is in a ledger before its first entry. Under the lock.
    pub(super) fn furnish(&self) -> Result<()> {
        if self.path.join(RECORDS).is_dir() && self.path.join(SITES).is_dir() {
            return Ok(());
        }
        for (name, text) in FURNITURE {
            match OpenOptions::new().write(true).create_new(true).open(self.path.join(name)) {
                Err(e) if e.kind() == ErrorKind::AlreadyExists => Ok(()),
                file => file.and_then(|mut file| file.write_all(text.as_bytes())),
            }
            .map_err(|e| trouble("cannot be written", &self.shown(name), &e))?;
        }
        for sub in [RECORDS, SITES] {
            fs::create_dir_all(self.path.join(sub))
                .map_err(|e| trouble("cannot be created", &self.shown(sub), &e))?;
        }
        sync_folder(&self.path).map_err(|e| trouble("cannot be written", &self.name, &e))
    }

    /// Makes edits, several at once. Under the lock. Each replaces a file as a whole, or leaves it as it
    /// is. Contents are durable when this returns, names after [`Folder::sync`].
    pub(super) fn edit(&self, edits: &[Edit]) -> Result<()> {
        let cannot = |sub: &str, e: &io::Error| trouble("cannot be written", &self.shown(sub), e);
        for sub in [RECORDS, SITES] {
            make_folder(&self.path.join(sub).join(TEMPORARY)).map_err(|e| cannot(sub, &e))?;
        }
        let share = edits.len().div_ceil(AT_ONCE).max(1);
        let done = thread::scope(|scope| {
            let one =
                |(place, share): (usize, &[Edit])| share.iter().try_for_each(|e| self.edit_one(e, place));
            let mut shares = edits.chunks(share).enumerate();
            let first = shares.next();
            let begin = |share| {
                let begun = thread::Builder::new().spawn_scoped(scope, move || one(share));
                // Where the system has no thread left, it is done here.
                begun.map_err(|_| one(share))
            };
            let others: Vec<_> = shares.map(begin).collect();
            let first = first.map_or(Ok(()), one);
            others.into_iter().fold(first, |done, other| {
                let join = |begun: thread::ScopedJoinHandle<'_, _>| {
                    begun.join().unwrap_or_else(|panic| resume_unwind(panic))
                };
                done.and(other.map_or_else(|done| done, join))
            })
        });
        for sub in [RECORDS, SITES] {
            let _ = fs::remove_dir_all(self.path.join(sub).join(TEMPORARY));
        }
        done
    }

    /// One edit, by way of the temporary file of this number.
    fn edit_one(&self, edit: &Edit, number: usize) -> Result<()> {
        let target = self.path.join(&edit.path);
        let Some(text) = &edit.text else {
            let removed = fs::remove_file(&target);
            return removed.map_err(|e| trouble("cannot be removed", &self.shown(&edit.path), &e));
        };
        let temporary = target.with_file_name(TEMPORARY).join(number.to_string());
        replace(&temporary, &target, text).map_err(|e| {
            let _ = fs::remove_file(&temporary);
            trouble("cannot be written", &self.shown(&edit.path), &e)
        })
    }

    /// Makes all names durable that were written or removed: once for a batch.
    pub(super) fn sync(&self) -> Result<()> {
        for sub in [RECORDS, SITES] {
            sync_folder(&self.path.join(sub))
                .map_err(|e| trouble("cannot be written", &self.shown(sub), &e))?;
        }
        Ok(())
    }
}

/// Makes a folder if it is not there. A file in its place is what a dead writer of an earlier release
/// left.
fn make_folder(path: &Path) -> io::Result<()> {
    match fs::create_dir(path) {
        Err(e) if e.kind() == ErrorKind::AlreadyExists && !path.is_dir() => {
            fs::remove_file(path)?;
            fs::create_dir(path)
        }
        Err(e) if e.kind() == ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

fn replace(temporary: &Path, target: &Path, text: &[u8]) -> io::Result<()> {
    match fs::remove_file(temporary) {
        Err(e) if e.kind() != ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(temporary)?;
    file.write_all(text)?;
    file.sync_all()?;
    fs::rename(temporary, target)
}

/// `fsync` of a folder, which makes the names in it durable.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    File::open(path)?.sync_all()
}

/// Other systems have no `fsync` for folders; a rename there is in the file system's journal.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the same signature on every system")]
fn sync_folder(_path: &Path) -> io::Result<()> {
    Ok(())
}
