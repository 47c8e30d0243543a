//! The words for what can go wrong with the files of a ledger.

use std::io::{self, ErrorKind};

use crate::error::{Error, Place};

/// The error for something that could not be done to a file of the ledger: `what` follows "the
/// ledger".
pub(super) fn trouble(what: &str, shown: &str, cause: &io::Error) -> Error {
    let error = Error::failed(format!("the ledger {what}")).at(Place::file(shown)).cause(cause);
    match cause.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            error.help("make the folder readable and writable for this user, or name another one in `state`")
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            error.help("free some space and run this again: no entry was left half written")
        }
        ErrorKind::NotADirectory | ErrorKind::IsADirectory => {
            error.help("a file stands where a folder should, or the reverse: move it away")
        }
        ErrorKind::Unsupported => {
            error.help("this file system has no locks: name a folder on another one in `state`")
        }
        _ => error,
    }
}
