//! What is done with a ledger as a whole: moving it elsewhere, and looking it over.

use std::collections::BTreeMap;

use super::{Change, Entry, Key, Ledger, Phase, Record, Swap, Versioned};
use crate::{
    error::{Error, Result},
    note::{Marker, NoteId},
    targets::RemoteId,
};

/// What [`copy`] did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Copied {
    /// Entries that were written.
    pub written: usize,
    /// Entries that were there already, and the same.
    pub same: usize,
    /// Entries that are there and say something else: left as they are.
    pub different: Vec<Key>,
}

/// Copies what is in one ledger and not in the other. Nothing that is there is overwritten, so it
/// may be repeated after it was cut short.
///
/// # Errors
/// When either cannot be read, or the second cannot be written.
pub async fn copy(from: &dyn Ledger, to: &dyn Ledger) -> Result<Copied> {
    let there: BTreeMap<Key, Versioned<Entry>> = to.read_all().await?.into_iter().collect();
    let mut copied = Copied::default();
    let mut changes = Vec::new();
    for (key, entry) in from.read_all().await? {
        match there.get(&key) {
            None => changes.push(Change { key, expected: None, entry: Some(entry.value) }),
            Some(other) if say_the_same(&entry.value, &other.value) => copied.same += 1,
            Some(_) => copied.different.push(key),
        }
    }
    let keys: Vec<Key> = changes.iter().map(|change| change.key.clone()).collect();
    for (key, swap) in keys.into_iter().zip(to.commit(changes).await?) {
        match swap {
            Swap::Done(_) => copied.written += 1,
            Swap::Lost => copied.different.push(key),
        }
    }
    Ok(copied)
}

/// Whether two entries differ in nothing but the serials, which each ledger counts for itself.
fn say_the_same(one: &Entry, other: &Entry) -> bool {
    match (one, other) {
        (Entry::Note(one), Entry::Note(other)) => {
            let one = Record { serial: other.serial, ..(**one).clone() };
            one == **other
        }
        (Entry::Site(one), Entry::Site(other)) => {
            (&one.target, &one.location, &one.known) == (&other.target, &other.location, &other.known)
        }
        _ => false,
    }
}

/// What [`check`] found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Records of notes that can be read.
    pub notes: usize,
    /// Entries of sites that can be read.
    pub sites: usize,
    /// Writes that were begun and have no receipt: under way, or to be looked after by the next
    /// publish, or (uncertain) by a person.
    pub open: Vec<(NoteId, String, Phase)>,
    /// What is wrong, ordered by place and wording.
    pub problems: Vec<Error>,
}

/// Looks a ledger over: whether every entry can be read, and whether two notes claim one post.
///
/// # Errors
/// When the ledger as a whole cannot be read.
pub async fn check(ledger: &dyn Ledger) -> Result<Report> {
    let mut report = Report::default();
    let mut records = Vec::new();
    for entry in ledger.scan().await? {
        match entry.map(|(_, entry)| entry.value) {
            Ok(Entry::Note(record)) => records.push(*record),
            Ok(Entry::Site(_)) => report.sites += 1,
            Err(error) => report.problems.push(error),
        }
    }
    records.sort_by(|a, b| a.note.cmp(&b.note));
    report.notes = records.len();
    report.open = records.iter().flat_map(open_writes).collect();
    report.problems.extend(claimed_twice(&records));
    report.problems.sort_by_key(|error| (error.place().cloned(), error.message().to_owned()));
    Ok(report)
}

fn open_writes(record: &Record) -> impl Iterator<Item = (NoteId, String, Phase)> {
    record.targets.iter().filter_map(|(target, state)| {
        let intent = state.intent.as_ref()?;
        Some((record.note.clone(), target.clone(), intent.phase))
    })
}

/// Posts that two records hold for their own: a record that was copied by hand, or two notes that
/// were given one id in turn. The next publish of either would overwrite the other's.
fn claimed_twice(records: &[Record]) -> Vec<Error> {
    let mut markers: BTreeMap<(&str, Marker), &NoteId> = BTreeMap::new();
    let mut posts: BTreeMap<(&str, &RemoteId), &NoteId> = BTreeMap::new();
    let mut problems = Vec::new();
    for record in records {
        for (target, state) in &record.targets {
            let marker = markers.insert((target, state.marker), &record.note);
            let post = state.receipt.as_ref().filter(|receipt| !receipt.unpublished);
            let post = post.and_then(|receipt| posts.insert((target, &receipt.remote_id), &record.note));
            if let Some(other) = marker.or(post) {
                problems.push(twice(target, other, &record.note));
            }
        }
    }
    problems
}

fn twice(target: &str, one: &NoteId, other: &NoteId) -> Error {
    Error::decision(format!("two notes have the same post at `{target}`"))
        .code("post-claimed-twice")
        .detail("notes", format!("{one}, {other}"))
        .help("remove the record of the note that it is not, then `crosspost adopt` that note's own post")
}
