//! Reads the ledger: which record is each note's, and what is known of the notes it links to.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::{
    error::{Error, Result},
    note::{Note, NoteId},
    plan::identity::{self, Seen},
    publish::{
        Prepared, Run,
        fingerprint::Fingerprints,
        links,
        observed::{Elsewhere, Observed},
        session::Session,
        sites::Sites,
        still::{FEW, Sorted},
        uploads::Uploads,
    },
    render::Digest,
    state::{Entry, Key, Record, Versioned, record::FORMAT},
};

/// The notes with their records, and nothing decided yet.
///
/// # Errors
/// When the ledger cannot be read.
pub(super) async fn begin<'a>(
    run: &Run<'a>,
    sorted: Sorted,
    notes: Vec<Note>,
    errors: Vec<Error>,
) -> Result<Observed<'a>> {
    let Sorted { still, others, sites, .. } = sorted;
    let (records, read_all) = match others {
        Some(others) => (others, true),
        None => match of_each(run, &notes).await? {
            Some(records) => (records, false),
            None => (all(run, &still).await?, true),
        },
    };
    let mut observed =
        Gathered::new(run, still, records, read_all, &notes).into_observed(run, sites, notes, errors);
    read_linked(run, &mut observed).await?;
    Ok(observed)
}

/// Reads the records of notes that are linked to and were not read yet.
async fn read_linked(run: &Run<'_>, observed: &mut Observed<'_>) -> Result<()> {
    let linked = observed.notes.iter().flat_map(|(prepared, _)| links::linked_paths(run, prepared));
    if observed.read_all || linked.into_iter().all(|path| observed.is_known(&path)) {
        return Ok(());
    }
    let keys: HashSet<NoteId> = observed.notes.iter().map(|(prepared, _)| prepared.key.clone()).collect();
    for (_, entry) in run.ledger.read_all().await? {
        if let Entry::Note(record) = entry.value
            && !keys.contains(&record.note)
        {
            observed.others.insert(record.path.clone(), *record);
        }
    }
    observed.read_all = true;
    Ok(())
}

/// The records of a few notes. `None` where there are many, or some note has none: then it may have
/// moved, and telling needs them all.
async fn of_each(run: &Run<'_>, notes: &[Note]) -> Result<Option<Vec<Versioned<Record>>>> {
    if notes.len() > FEW {
        return Ok(None);
    }
    let mut records = Vec::new();
    for note in notes {
        match run.ledger.read(&Key::Note(note.id.clone())).await? {
            Some(Versioned { value: Entry::Note(record), version }) if record.path == note.path() => {
                records.push(Versioned { value: *record, version });
            }
            _ => return Ok(None),
        }
    }
    Ok(Some(records))
}

/// All records but those that were read already.
async fn all(run: &Run<'_>, still: &[Versioned<Record>]) -> Result<Vec<Versioned<Record>>> {
    let known: HashSet<&NoteId> = still.iter().map(|record| &record.value.note).collect();
    let entries = run.ledger.read_all().await?.into_iter();
    let records = entries.filter_map(|(_, entry)| match entry.value {
        Entry::Note(record) => Some(Versioned { value: *record, version: entry.version }),
        Entry::Site(_) => None,
    });
    Ok(records.filter(|record| !known.contains(&record.value.note)).collect())
}

struct Gathered {
    read_all: bool,
    /// The records of the notes that are as the ledger says.
    still: Vec<Versioned<Record>>,
    records: HashMap<NoteId, Versioned<Record>>,
    keys: Vec<Result<NoteId, Error>>,
}

impl Gathered {
    /// Which record is each note's. Those that are as the ledger says have theirs, and take part,
    /// since another note may claim to be one of them.
    fn new(
        run: &Run<'_>,
        still: Vec<Versioned<Record>>,
        records: Vec<Versioned<Record>>,
        read_all: bool,
        notes: &[Note],
    ) -> Self {
        let mut keys = Vec::new();
        if !notes.is_empty() {
            let seen: Vec<Seen> =
                still.iter().map(|r| known(&r.value)).chain(notes.iter().map(seen)).collect();
            let values: Vec<&Record> = still.iter().chain(&records).map(|v| &v.value).collect();
            let here: HashSet<&str> = seen.iter().map(|seen| seen.path.as_str()).collect();
            let exists = |path: &str| here.contains(path) || run.files.exists(path);
            keys = identity::resolve(&seen, &values, &exists).split_off(still.len());
        }
        let records = records.into_iter().map(|v| (v.value.note.clone(), v)).collect();
        Self { read_all, still, records, keys }
    }
}

fn known(record: &Record) -> Seen {
    Seen {
        id: record.note.clone(),
        path: record.path.clone(),
        title: Some(record.title.clone()),
        text: record.text.clone(),
    }
}

fn seen(note: &Note) -> Seen {
    Seen {
        id: note.id.clone(),
        path: note.path().to_owned(),
        title: note.meta.own.title.clone(),
        text: Digest::of(note.body().as_bytes()),
    }
}

impl Gathered {
    fn into_observed<'a>(
        mut self,
        run: &Run<'a>,
        sites: Sites,
        notes: Vec<Note>,
        mut errors: Vec<Error>,
    ) -> Observed<'a> {
        let elsewhere = if notes.is_empty() {
            Elsewhere::new()
        } else {
            elsewhere(self.still.iter().chain(self.records.values()).map(|v| &v.value))
        };
        let mut prepared = Vec::new();
        for (note, key) in notes.into_iter().zip(self.keys) {
            match key {
                Err(error) => errors.push(error),
                Ok(key) => {
                    let read = self.records.remove(&key);
                    let note = Prepared::new(note, key);
                    let template = template(&note);
                    prepared.push((note, Session::new(run.ledger, template, read)));
                }
            }
        }
        let still = self.still.iter().map(|v| v.value.path.clone()).collect();
        let others = self.still.into_iter().chain(self.records.into_values());
        let others = others.map(|v| (v.value.path.clone(), v.value)).collect();
        let paths = prepared.iter().enumerate().map(|(index, (p, _))| (p.note.path().to_owned(), index));
        Observed {
            by_path: paths.collect(),
            others,
            read_all: self.read_all,
            still,
            works: vec![Vec::new(); prepared.len()],
            notes: prepared,
            sites,
            fingerprints: Fingerprints::new(run),
            writers: HashMap::new(),
            work: Vec::new(),
            errors,
            uploads: Uploads::default(),
            elsewhere,
        }
    }
}

fn elsewhere<'r>(records: impl Iterator<Item = &'r Record>) -> Elsewhere {
    let mut elsewhere = Elsewhere::new();
    for (target, record) in records.flat_map(|r| &r.targets) {
        let known = elsewhere.entry(target.clone()).or_default();
        known.extend(record.pictures.iter().map(|(digest, remote)| (digest.clone(), remote.clone())));
    }
    elsewhere
}

/// What the note's record will say of itself; its title only where a writer has said it.
fn template(note: &Prepared) -> Record {
    Record {
        format: FORMAT,
        note: note.key.clone(),
        path: note.note.path().to_owned(),
        title: String::new(),
        text: note.text.clone(),
        serial: 0,
        targets: BTreeMap::new(),
    }
}
