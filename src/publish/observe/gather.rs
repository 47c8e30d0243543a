//! Reads the ledger: which record is each note's, and what is known of the notes it links to.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::{
    error::{Error, Result},
    note::{Note, NoteId},
    plan::identity::{self, Seen},
    publish::{
        Prepared, Run, links,
        observed::{Elsewhere, Observed},
        session::Session,
        sites::Sites,
        uploads::Uploads,
    },
    render::Digest,
    state::{Entry, Key, Record, Versioned, record::FORMAT},
};

/// Up to so many notes, records are read one by one; beyond, all at once.
const FEW: usize = 8;

/// The notes with their records, and nothing decided yet.
///
/// # Errors
/// When the ledger cannot be read.
pub(super) async fn begin<'a>(run: &Run<'a>, notes: Vec<Note>, errors: Vec<Error>) -> Result<Observed<'a>> {
    let gathered = match gather(run, &notes, notes.len() > FEW).await? {
        Some(gathered) => Some(gathered),
        None => gather(run, &notes, true).await?,
    };
    let gathered = gathered.ok_or_else(|| Error::failed("the ledger cannot be read"))?;
    let mut observed = gathered.into_observed(run, notes, errors).await?;
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

struct Gathered {
    read_all: bool,
    records: HashMap<NoteId, Versioned<Record>>,
    keys: Vec<Result<NoteId, Error>>,
}

/// Reads the records of the notes. `None` when not all were read and some note has none: then it
/// may have moved, and telling needs them all.
async fn gather(run: &Run<'_>, notes: &[Note], all: bool) -> Result<Option<Gathered>> {
    let mut records = HashMap::new();
    if all {
        for (_, entry) in run.ledger.read_all().await? {
            if let Entry::Note(record) = entry.value {
                let versioned = Versioned { value: *record, version: entry.version };
                records.insert(versioned.value.note.clone(), versioned);
            }
        }
    } else {
        for note in notes {
            match run.ledger.read(&Key::Note(note.id.clone())).await? {
                Some(Versioned { value: Entry::Note(record), version }) if record.path == note.path() => {
                    records.insert(record.note.clone(), Versioned { value: *record, version });
                }
                _ => return Ok(None),
            }
        }
    }
    let seen: Vec<Seen> = notes.iter().map(seen).collect();
    let values: Vec<&Record> = records.values().map(|v| &v.value).collect();
    let keys = identity::resolve(&seen, &values, &|path| run.files.exists(path));
    Ok(Some(Gathered { read_all: all, records, keys }))
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
    async fn into_observed<'a>(
        mut self,
        run: &Run<'a>,
        notes: Vec<Note>,
        mut errors: Vec<Error>,
    ) -> Result<Observed<'a>> {
        let elsewhere = elsewhere(self.records.values().map(|v| &v.value));
        let mut prepared = Vec::new();
        for (note, key) in notes.into_iter().zip(self.keys) {
            match key {
                Err(error) => errors.push(error),
                Ok(key) => {
                    let read = self.records.remove(&key);
                    let note = Prepared::new(note, key);
                    let template = template(run, &note);
                    prepared.push((note, Session::new(run.ledger, template, read)));
                }
            }
        }
        let others = self.records.into_values().map(|v| (v.value.path.clone(), v.value)).collect();
        let paths = prepared.iter().enumerate().map(|(index, (p, _))| (p.note.path().to_owned(), index));
        Ok(Observed {
            by_path: paths.collect(),
            others,
            read_all: self.read_all,
            notes: prepared,
            sites: Sites::read(run.ledger, &run.targets).await?,
            writers: HashMap::new(),
            work: Vec::new(),
            errors,
            uploads: Uploads::default(),
            elsewhere,
        })
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

fn template(run: &Run<'_>, note: &Prepared) -> Record {
    Record {
        format: FORMAT,
        note: note.key.clone(),
        path: note.note.path().to_owned(),
        title: note.title(run),
        text: note.text.clone(),
        serial: 0,
        targets: BTreeMap::new(),
    }
}
