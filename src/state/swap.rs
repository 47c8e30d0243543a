//! What a batch of changes makes of the entries' texts: the compare and the swap, without the
//! storage. All back ends share it.
//!
//! Versions are digests of texts. The same text twice would be the same version, and a writer who
//! read the first could overwrite what came between (the ABA problem); two writers of the same
//! text would both believe that they had won. Each write therefore raises the entry's serial by a
//! random step, and an entry that is created begins at a random serial: no text is ever written
//! twice, not even after a removal. So a writer whose answer was lost need only read again: where
//! its own text stands, it has won.

use std::collections::HashSet;

use uuid::Uuid;

use super::{
    Change, Entry, Swap,
    format::{decode, encode, version},
    layout::path_of,
    record::FORMAT,
};
use crate::error::{Error, Result};

/// A batch on its way: what is decided, and what is still to be written.
pub(super) struct Batch(Vec<Pending>);

struct Pending {
    change: Change,
    path: String,
    /// What it becomes, made once: an attempt that failed may still arrive, and the next one must
    /// then be the same.
    edit: Option<Edit>,
    swap: Option<Swap>,
}

/// What is to be done to one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    /// Which, as [`path_of`] names it.
    pub(super) path: String,
    /// Its new text; `None` removes it.
    pub(super) text: Option<Vec<u8>>,
}

impl Edit {
    fn swap(&self) -> Swap {
        Swap::Done(self.text.as_deref().map(version))
    }
}

impl Batch {
    /// # Errors
    /// An entry that is named twice, or one in the place of another: mistakes of the caller.
    pub(super) fn new(changes: Vec<Change>) -> Result<Self> {
        let mut seen = HashSet::new();
        let mut batch = Vec::with_capacity(changes.len());
        for change in changes {
            let path = path_of(&change.key);
            let misplaced = change.entry.as_ref().is_some_and(|entry| entry.key() != change.key);
            if misplaced || !seen.insert(path.clone()) {
                return Err(Error::failed(format!("a batch cannot write `{path}` that way"))
                    .detail("reason", if misplaced { "another entry's content" } else { "twice at once" })
                    .help("this is a mistake in crosspost itself: please report it"));
            }
            batch.push(Pending { change, path, edit: None, swap: None });
        }
        Ok(Self(batch))
    }

    /// The entries that are not decided yet.
    pub(super) fn open_paths(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter(|pending| pending.swap.is_none()).map(|pending| pending.path.as_str())
    }

    /// Whether a change would be lost against these texts, which may be out of date.
    ///
    /// # Errors
    /// What `read` says.
    pub(super) fn would_lose(&self, mut read: impl FnMut(&str) -> Result<Option<Vec<u8>>>) -> Result<bool> {
        for pending in &self.0 {
            if read(&pending.path)?.as_deref().map(version) != pending.change.expected {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Compares each change that is still open with its entry's text as it is now (`read`, by
    /// path), and returns what is to be written. Call it again with fresh texts after an attempt
    /// that failed or whose end is not known. `shown` makes a path one that a person knows.
    ///
    /// # Errors
    /// What `read` says. A text that cannot be understood is not overwritten.
    pub(super) fn compare(
        &mut self,
        mut read: impl FnMut(&str) -> Result<Option<Vec<u8>>>,
        shown: impl Fn(&str) -> String,
    ) -> Result<Vec<Edit>> {
        let mut edits = Vec::new();
        for pending in self.0.iter_mut().filter(|pending| pending.swap.is_none()) {
            let current = read(&pending.path)?;
            pending.compare(current.as_deref(), &shown(&pending.path))?;
            if pending.swap.is_none() {
                edits.extend(pending.edit.clone());
            }
        }
        Ok(edits)
    }

    /// Everything that the last comparison asked for has been written.
    pub(super) fn written(&mut self) {
        for pending in &mut self.0 {
            if let (None, Some(edit)) = (&pending.swap, &pending.edit) {
                pending.swap = Some(edit.swap());
            }
        }
    }

    /// The answers, in order. What was never written is lost.
    pub(super) fn into_swaps(self) -> Vec<Swap> {
        self.0.into_iter().map(|pending| pending.swap.unwrap_or(Swap::Lost)).collect()
    }
}

impl Pending {
    fn compare(&mut self, current: Option<&[u8]>, shown: &str) -> Result<()> {
        if let Some(edit) = self.edit.as_ref().filter(|edit| edit.text.as_deref() == current) {
            self.swap = Some(edit.swap());
        } else if current.map(version) != self.change.expected {
            self.swap = Some(Swap::Lost);
        } else if current.is_none() && self.change.entry.is_none() {
            self.swap = Some(Swap::Done(None));
        } else if self.edit.is_none() {
            self.edit = Some(Edit { path: self.path.clone(), text: self.text(current, shown)? });
        }
        Ok(())
    }

    fn text(&self, current: Option<&[u8]>, shown: &str) -> Result<Option<Vec<u8>>> {
        let Some(entry) = &self.change.entry else { return Ok(None) };
        let serial = match current {
            None => first_serial(),
            Some(text) => serial(&decode(&self.path, shown, text)?.value).wrapping_add(step()),
        };
        encode(&stamped(entry, serial)).map(Some)
    }
}

/// Where the serial of a new entry begins: 32 random bits. With [`step`] it stays below 2⁵³, which
/// every JSON reader holds exactly, for a hundred thousand million writes.
fn first_serial() -> u64 {
    u64::from(Uuid::new_v4().as_fields().0)
}

/// By how much a write raises it: 1 to 65,536.
fn step() -> u64 {
    u64::from(Uuid::new_v4().as_fields().1) + 1
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::{Key, SiteRecord, Version};

    fn change(location: Option<&str>, expected: Option<Version>) -> Change {
        let entry = location.map(|location| {
            Entry::Site(Box::new(SiteRecord {
                format: 0,
                target: "blog".to_owned(),
                location: location.to_owned(),
                serial: 0,
                known: std::collections::BTreeMap::new(),
            }))
        });
        Change { key: Key::Site("blog".to_owned()), expected, entry }
    }

    /// One round against a text: what is to be written, if anything.
    fn round(batch: &mut Batch, current: Option<&[u8]>) -> Option<Edit> {
        let edits = batch.compare(|_| Ok(current.map(<[u8]>::to_vec)), str::to_owned).unwrap();
        edits.into_iter().next()
    }

    fn create() -> (Batch, Vec<u8>) {
        let mut batch = Batch::new(vec![change(Some("a"), None)]).unwrap();
        let text = round(&mut batch, None).unwrap().text.unwrap();
        (batch, text)
    }

    #[test]
    fn the_same_change_never_gives_the_same_text() {
        let (one, other) = (create().1, create().1);
        assert_ne!(one, other);
        let next = || {
            let mut batch = Batch::new(vec![change(Some("a"), Some(version(&one)))]).unwrap();
            round(&mut batch, Some(&one)).unwrap().text.unwrap()
        };
        assert_ne!(next(), next());
    }

    #[test]
    fn a_write_whose_answer_was_lost_has_won() {
        let (mut batch, text) = create();
        assert_eq!(round(&mut batch, Some(&text)), None);
        assert_eq!(batch.into_swaps(), [Swap::Done(Some(version(&text)))]);
    }

    #[test]
    fn a_write_that_another_beat_is_lost() {
        let (mut batch, _) = create();
        let (_, other) = create();
        assert_eq!(round(&mut batch, Some(&other)), None);
        assert_eq!(batch.into_swaps(), [Swap::Lost]);
    }

    #[test]
    fn a_second_attempt_writes_the_same_text() {
        let (mut batch, text) = create();
        assert_eq!(round(&mut batch, None).unwrap().text.unwrap(), text);
        batch.written();
        assert_eq!(batch.into_swaps(), [Swap::Done(Some(version(&text)))]);
    }

    #[test]
    fn what_is_gone_already_need_not_be_removed() {
        let mut batch = Batch::new(vec![change(None, None)]).unwrap();
        assert_eq!(round(&mut batch, None), None);
        assert_eq!(batch.into_swaps(), [Swap::Done(None)]);
    }

    #[test]
    fn an_entry_cannot_be_named_twice_or_stand_for_another() {
        assert!(Batch::new(vec![change(Some("a"), None), change(None, None)]).is_err());
        let mut misplaced = change(Some("a"), None);
        misplaced.key = Key::Site("intranet".to_owned());
        assert!(Batch::new(vec![misplaced]).is_err());
    }

    #[test]
    fn a_damaged_entry_is_not_overwritten() {
        let damaged = b"{\"format\": 1".as_slice();
        let mut batch = Batch::new(vec![change(Some("a"), Some(version(damaged)))]).unwrap();
        assert!(batch.compare(|_| Ok(Some(damaged.to_vec())), str::to_owned).is_err());
    }
}
