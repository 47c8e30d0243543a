//! Reads the ledger: which record is each note's, and what is known of the notes it links to.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::OnceLock,
};

use crate::{
    error::{Error, Result},
    note::{Note, NoteId},
    plan::identity::{self, Seen},
    publish::{
        Prepared, Run, fingerprint::Fingerprints, links, observed::Observed, outlines::Outlines,
        session::Session, sites::Sites, still::Sorted, uploads::Uploads,
    },
    state::{FEW, Head, Key, Packed, Record, Versioned, of_note, record::FORMAT},
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
    let (others, mut records, read_all) = match others {
        Some(others) => (others, HashMap::new(), true),
        None => match of_each(run, &notes).await? {
            Some(records) => {
                (records.values().map(|v| Packed::new(&(&v.value).into())).collect(), records, false)
            }
            None => (all(run, &still).await?, HashMap::new(), true),
        },
    };
    let keys = keys(run, &still, &others, &notes);
    let known: HashSet<&str> = others.iter().map(Packed::note).collect();
    let unread =
        keys.iter().flatten().filter(|key| known.contains(key.as_str()) && !records.contains_key(*key));
    for record in run.ledger.records(&unread.cloned().collect::<Vec<_>>()).await? {
        records.insert(record.value.note.clone(), record);
    }
    let gathered = Gathered { read_all, still, others, records, keys };
    let mut observed = gathered.into_observed(run, sites, notes, errors);
    read_linked(run, &mut observed).await?;
    Ok(observed)
}

/// Reads the records of notes that are linked to and were not read yet.
async fn read_linked(run: &Run<'_>, observed: &mut Observed<'_>) -> Result<()> {
    let linked = observed.notes.iter().flat_map(|(prepared, _)| links::linked_paths(run, prepared));
    if observed.read_all || linked.into_iter().all(|path| observed.is_known(&path)) {
        return Ok(());
    }
    let keys: HashSet<&str> = observed.notes.iter().map(|(prepared, _)| prepared.key.as_str()).collect();
    let others = run.ledger.outlines().await?.into_iter();
    let others = others.filter(|record| !keys.contains(record.note()));
    observed.records.add(others);
    observed.read_all = true;
    Ok(())
}

/// The records of a few notes. `None` where there are many, or some note has none: then it may have
/// moved, and telling needs them all.
async fn of_each(run: &Run<'_>, notes: &[Note]) -> Result<Option<HashMap<NoteId, Versioned<Record>>>> {
    if notes.len() > FEW {
        return Ok(None);
    }
    let mut records = HashMap::new();
    for note in notes {
        let record = run.ledger.read(&Key::Note(note.id.clone())).await?.and_then(of_note);
        let Some(record) = record.filter(|v| v.value.path == note.path()) else { return Ok(None) };
        records.insert(note.id.clone(), record);
    }
    Ok(Some(records))
}

/// All records but those that were read already.
async fn all(run: &Run<'_>, still: &[Packed]) -> Result<Vec<Packed>> {
    let known: HashSet<&str> = still.iter().map(Packed::note).collect();
    let records = run.ledger.outlines().await?.into_iter();
    Ok(records.filter(|record| !known.contains(record.note())).collect())
}

/// Which record is each note's. The notes that are as the ledger says (`still`) have theirs, and take
/// part, since another note may claim to be one of them.
fn keys(run: &Run<'_>, still: &[Packed], others: &[Packed], notes: &[Note]) -> Vec<Result<NoteId, Error>> {
    let notes: Vec<Seen<'_>> = notes.iter().map(Seen::of).collect();
    let others: Vec<Head<'_>> = others.iter().map(Packed::head).collect();
    if let Some(own) = identity::own(&notes, &others) {
        return own.into_iter().map(Ok).collect();
    }
    let records: Vec<Head<'_>> = still.iter().map(Packed::head).chain(others).collect();
    let known = records[..still.len()].iter().copied().map(Seen::from);
    let seen: Vec<Seen<'_>> = known.chain(notes).collect();
    let here: HashSet<&str> = seen.iter().map(|seen| seen.path).collect();
    let exists = |path: &str| here.contains(path) || run.files.exists(path);
    identity::resolve(&seen, &records, &exists).split_off(still.len())
}

struct Gathered {
    read_all: bool,
    /// The records of the notes that are as the ledger says.
    still: Vec<Packed>,
    /// The other records that were read.
    others: Vec<Packed>,
    /// The records of the run's notes, as they are now.
    records: HashMap<NoteId, Versioned<Record>>,
    keys: Vec<Result<NoteId, Error>>,
}

impl Gathered {
    fn into_observed<'a>(
        mut self,
        run: &Run<'a>,
        sites: Sites,
        notes: Vec<Note>,
        mut errors: Vec<Error>,
    ) -> Observed<'a> {
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
        let mine: HashSet<&str> = prepared.iter().map(|(prepared, _)| prepared.key.as_str()).collect();
        let others = self.others.into_iter().filter(|record| !mine.contains(record.note()));
        let records = Outlines::new(self.still, others);
        let paths = prepared.iter().enumerate().map(|(index, (p, _))| (p.note.path().to_owned(), index));
        Observed {
            by_path: paths.collect(),
            records,
            read_all: self.read_all,
            works: vec![Vec::new(); prepared.len()],
            notes: prepared,
            sites,
            fingerprints: Fingerprints::new(run),
            writers: HashMap::new(),
            work: Vec::new(),
            errors,
            uploads: Uploads::default(),
            elsewhere: OnceLock::new(),
        }
    }
}

/// What the note's record will say of itself; its title only where a writer has said it.
fn template(note: &Prepared) -> Record {
    Record {
        format: FORMAT,
        note: note.key.clone(),
        path: note.note.path().to_owned(),
        title: String::new(),
        text: note.text,
        serial: 0,
        targets: BTreeMap::new(),
    }
}
