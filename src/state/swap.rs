//! What a change makes of an entry's text: the compare and the swap, without the storage.
//!
//! Versions are digests of texts, so the same text twice would be the same version, and a writer
//! who read the first could overwrite what came between (the ABA problem). Each write therefore
//! raises the entry's serial. An entry that is created begins at a serial drawn at random: one
//! that is removed and created again does not come back as an old version of itself.

use uuid::Uuid;

use super::{
    Change, Entry, Swap, Version,
    format::{decode, encode, version},
    layout::path_of,
    record::FORMAT,
};
use crate::error::{Error, Result};

/// What there is to do.
#[derive(Debug)]
pub(super) enum Applied {
    /// The entry is not as it was expected.
    Lost,
    /// It was to be removed and is not there.
    Nothing,
    /// It becomes this text.
    Put(Vec<u8>, Version),
    /// It goes.
    Remove,
}

impl Applied {
    /// The answer, once that has been done.
    pub(super) fn into_swap(self) -> Swap {
        match self {
            Self::Lost => Swap::Lost,
            Self::Nothing | Self::Remove => Swap::Done(None),
            Self::Put(_, version) => Swap::Done(Some(version)),
        }
    }
}

/// What `change` does to an entry whose text is `current`.
///
/// # Errors
/// A current text that cannot be understood is not overwritten.
pub(super) fn apply(change: &Change, current: Option<&[u8]>, shown: &str) -> Result<Applied> {
    if current.map(version) != change.expected {
        return Ok(Applied::Lost);
    }
    let Some(entry) = &change.entry else {
        return Ok(if current.is_some() { Applied::Remove } else { Applied::Nothing });
    };
    if entry.key() != change.key {
        return Err(Error::failed(format!("an entry was to be written in the place of another: `{shown}`")));
    }
    let serial = match current {
        None => first_serial(),
        Some(text) => serial(&decode(&path_of(&change.key), shown, text)?.value).wrapping_add(1),
    };
    let text = encode(&stamped(entry, serial))?;
    let version = version(&text);
    Ok(Applied::Put(text, version))
}

/// Where the serial of a new entry begins: 32 random bits, which every JSON reader holds exactly.
fn first_serial() -> u64 {
    u64::from(Uuid::new_v4().as_fields().0)
}

fn serial(entry: &Entry) -> u64 {
    match entry {
        Entry::Note(record) => record.serial,
        Entry::Site(site) => site.serial,
    }
}

/// The entry as it is written: in this program's format, with the ledger's own serial.
fn stamped(entry: &Entry, serial: u64) -> Entry {
    let mut entry = entry.clone();
    let (format, held) = match &mut entry {
        Entry::Note(record) => (&mut record.format, &mut record.serial),
        Entry::Site(site) => (&mut site.format, &mut site.serial),
    };
    (*format, *held) = (FORMAT, serial);
    entry
}
