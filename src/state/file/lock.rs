//! One writer at a time, among all processes of a machine.

use std::{
    fs::{File, OpenOptions, TryLockError},
    time::{Duration, Instant},
};

use super::folder::{Folder, trouble};
use crate::error::{Error, Result};

/// Between two attempts.
const PAUSE: Duration = Duration::from_millis(20);

/// Waits for the lock and holds it until the file is dropped. The system lets go of a dead
/// process's lock, so there is none to be cleared away by hand.
///
/// # Errors
/// When somebody else still holds it after `patience`; when the file system has no locks.
pub(super) async fn acquire(folder: &Folder, patience: Duration) -> Result<File> {
    let path = folder.lock_path();
    let shown = folder.shown(".lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|e| trouble("cannot be locked", &shown, &e))?;
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(e)) => return Err(trouble("cannot be locked", &shown, &e)),
            Err(TryLockError::WouldBlock) if begun.elapsed() >= patience => {
                return Err(busy(&shown, patience));
            }
            Err(TryLockError::WouldBlock) => tokio::time::sleep(PAUSE).await,
        }
    }
}

fn busy(shown: &str, patience: Duration) -> Error {
    Error::failed(format!(
        "another process has been writing to the ledger for {} s",
        patience.as_secs_f64().round()
    ))
    .code("ledger-busy")
    .at(crate::error::Place::file(shown))
    .help("wait for the other crosspost to end, then run this again")
}
