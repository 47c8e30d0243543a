//! Files on disk: written whole or not at all, under a lock, never over a file that is somebody
//! else's.

use std::{
    fs::{self, File, Permissions},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

use uuid::Uuid;

use crate::error::{Error, Result};

/// The side file that is locked while the folder is changed. It holds a number drawn at the last
/// change, by which a process knows whether another one was here in between.
const LOCK: &str = ".crosspost-folder.lock";

/// How the names of temporary files begin and end.
const TEMPORARY: (&str, &str) = (".crosspost-", ".tmp");

/// A folder, as `path` names it.
#[derive(Debug, Clone)]
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
    /// How messages call it.
    pub shown: String,
}

/// The folder, locked: nobody else of crosspost's changes it while this lives.
pub struct Locked<'a> {
    folder: &'a Folder,
    file: File,
}

/// The state of the folder that a process has seen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen(String);

impl Folder {
    /// Makes the folder where it is missing, and locks it. The lock is held for one operation, some
    /// milliseconds, so waiting for it needs no time-out.
    ///
    /// # Errors
    /// A folder that cannot be made or written to.
    pub fn lock(&self) -> Result<Locked<'_>> {
        let open = || {
            fs::create_dir_all(&self.path)?;
            let path = self.path.join(LOCK);
            let file = File::options().read(true).write(true).create(true).truncate(false).open(path)?;
            file.lock()?;
            Ok(file)
        };
        let file = open().map_err(|e| self.error("cannot write to", "", &e))?;
        Ok(Locked { folder: self, file })
    }

    /// Makes sure that the folder can be written to, or made, and leaves nothing behind.
    ///
    /// # Errors
    /// When it cannot.
    pub fn expect_writable(&self) -> Result<()> {
        let there = self.path.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("."));
        tempfile::tempfile_in(there).map(drop).map_err(|e| self.error("cannot write to", "", &e))
    }

    /// What the folder looks like now: something else after every change.
    #[must_use]
    pub fn seen(&self) -> Seen {
        Seen(fs::read_to_string(self.path.join(LOCK)).unwrap_or_default())
    }

    /// Whether there is such a file.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.path.join(name).is_file()
    }

    /// A file's text; `None` where there is none. What is not UTF-8 is read as far as it goes.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn read(&self, name: &str) -> Result<Option<String>> {
        match fs::read(self.path.join(name)) {
            Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
            Err(e) if absent(&e) => Ok(None),
            Err(e) => Err(self.error("cannot read", name, &e)),
        }
    }

    /// The names in the folder, or in a folder in it; none where it does not exist.
    ///
    /// # Errors
    /// A folder that cannot be read.
    pub fn names(&self, within: &str) -> Result<Vec<String>> {
        let list = || -> io::Result<Vec<String>> {
            let mut names = Vec::new();
            for entry in fs::read_dir(self.path.join(within))? {
                names.extend(entry?.file_name().into_string());
            }
            names.sort_unstable();
            Ok(names)
        };
        match list() {
            Ok(names) => Ok(names),
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(Vec::new()),
            Err(e) => Err(self.error("cannot read", within, &e)),
        }
    }

    /// An error about a file in the folder, or about the folder itself (an empty name).
    #[must_use]
    pub fn error(&self, what: &str, name: &str, e: &io::Error) -> Error {
        let separator = if name.is_empty() { "" } else { "/" };
        let error = Error::failed(format!("{what} `{}{separator}{name}`", self.shown)).cause(e);
        match e.kind() {
            ErrorKind::PermissionDenied => error.help("check who may write there"),
            ErrorKind::ReadOnlyFilesystem => error.help("the disk is read-only: choose another `path`"),
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                error.help("make room on the disk, and run the same command again")
            }
            ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
                error.help("a file stands where the folder should be: move it away, or choose another `path`")
            }
            _ => error,
        }
    }
}

impl Locked<'_> {
    /// Writes a file: beside it, to the disk, then into its place, so that a crash leaves the old
    /// bytes or the new. Does nothing where the bytes are the same.
    ///
    /// # Errors
    /// What cannot be written. Then the file is as it was.
    pub fn write(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.folder.path.join(name);
        if fs::read(&path).is_ok_and(|old| old == bytes) {
            return Ok(());
        }
        let mut put = || {
            let parent = path.parent().unwrap_or(&self.folder.path);
            fs::create_dir_all(parent)?;
            let mut file = new_file(parent)?;
            file.write_all(bytes)?;
            file.as_file().sync_all()?;
            self.changing()?;
            file.persist(&path)?;
            sync_folder(parent);
            Ok(())
        };
        put().map_err(|e| self.folder.error("cannot write", name, &e))
    }

    /// Gives a file another name.
    ///
    /// # Errors
    /// What cannot be renamed.
    pub fn rename(&mut self, from: &str, to: &str) -> Result<()> {
        let folder = &self.folder.path;
        self.changing()
            .and_then(|()| fs::rename(folder.join(from), folder.join(to)))
            .map_err(|e| self.folder.error("cannot rename", from, &e))?;
        sync_folder(folder);
        Ok(())
    }

    /// Removes a file. One that is gone already is no error.
    ///
    /// # Errors
    /// What cannot be removed.
    pub fn remove(&mut self, name: &str) -> Result<()> {
        let path = self.folder.path.join(name);
        match self.changing().and_then(|()| fs::remove_file(path)) {
            Err(e) if !absent(&e) => return Err(self.folder.error("cannot remove", name, &e)),
            _ => sync_folder(&self.folder.path),
        }
        Ok(())
    }

    /// Removes the temporary files that a killed process left in a folder: since all are made under
    /// the lock, none belongs to anybody who is alive.
    ///
    /// # Errors
    /// What cannot be removed.
    pub fn sweep(&mut self, within: &str) -> Result<()> {
        for name in self.folder.names(within)? {
            if name.starts_with(TEMPORARY.0) && name.ends_with(TEMPORARY.1) {
                let separator = if within.is_empty() { "" } else { "/" };
                self.remove(&format!("{within}{separator}{name}"))?;
            }
        }
        Ok(())
    }

    /// Draws another number. It comes before the change: where it cannot be written, nothing has
    /// happened yet.
    fn changing(&mut self) -> io::Result<()> {
        use std::io::Seek;
        self.file.rewind()?;
        // The same length every time, so that nothing of the number before is left over.
        self.file.write_all(Uuid::new_v4().to_string().as_bytes())
    }
}

fn absent(e: &io::Error) -> bool {
    matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// A temporary file with the rights of an ordinary one: a web server reads it under another name.
fn new_file(parent: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
    #[cfg(unix)]
    builder.permissions(<Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o666));
    builder.tempfile_in(parent)
}

/// A new name is only safe when its folder is on the disk too. Where a system cannot do that
/// (Windows), it needs no doing.
fn sync_folder(path: &Path) {
    if let Ok(folder) = File::open(path) {
        let _ = folder.sync_all();
    }
}
