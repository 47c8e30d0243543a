//! One writer at a time, among all processes of a machine: a lock on a side file.

use std::{
    fs::{File, OpenOptions, TryLockError},
    path::Path,
    thread,
    time::{Duration, Instant},
};

use super::trouble::trouble;
use crate::error::{Error, Place, Result};

/// How long a writer waits for another one, which holds the lock for as long as its batch takes.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// Between two attempts.
const PAUSE: Duration = Duration::from_millis(10);

/// Waits for the lock at `path` and holds it until the file is dropped. The system lets go of a
/// dead process's lock, so there is none to be cleared away by hand. Blocks its thread.
///
/// # Errors
/// When somebody else still holds it after `patience`; when the file system has no locks.
pub(super) fn acquire(path: &Path, shown: &str, patience: Duration) -> Result<File> {
    let open = OpenOptions::new().create(true).truncate(false).write(true).open(path);
    let file = open.map_err(|e| trouble("cannot be written", shown, &e))?;
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(e)) => return Err(trouble("cannot be locked", shown, &e)),
            Err(TryLockError::WouldBlock) if begun.elapsed() >= patience => {
                return Err(busy(shown, patience));
            }
            Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
        }
    }
}

fn busy(shown: &str, patience: Duration) -> Error {
    let seconds = patience.as_secs();
    Error::failed(format!("another process has been writing to the ledger for {seconds} s"))
        .code("ledger-busy")
        .at(Place::file(shown))
        .help("wait for the other crosspost to end, then run this again")
}
