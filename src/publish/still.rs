//! Recognises the notes that are as the ledger says, from their files' digests and the records
//! alone: they are neither read as notes nor rendered, and cost no request.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use super::{
    Run,
    fingerprint::{Fingerprints, Inputs},
    links::{self, Address, Neighbours, original},
    prepare::permalink,
    sites::Sites,
};
use crate::{
    error::Result,
    note::NoteId,
    parallel,
    render::{Digest, links::NoteLink},
    state::{Basis, Entry, Key, Record, TargetRecord, Versioned},
    targets::Target,
};

/// Up to so many notes, records are read one by one; beyond, all at once.
pub(super) const FEW: usize = 8;

/// A run's notes, those that are as the ledger says apart from those that have to be read.
#[derive(Default)]
pub struct Sorted {
    /// The records of the notes that are, at every target of the run, as the ledger says.
    pub still: Vec<Versioned<Record>>,
    /// The paths of the others, in their order.
    pub rest: Vec<String>,
    /// All other records, where all were read.
    pub(super) others: Option<Vec<Versioned<Record>>>,
    /// What is known of the sites.
    pub(super) sites: Sites,
}

/// Sorts the notes at these paths.
///
/// # Errors
/// When the ledger cannot be read.
pub async fn sort(run: &Run<'_>, paths: &[String]) -> Result<Sorted> {
    let all = paths.len() > FEW;
    let records = if all { read_all(run).await? } else { read_few(run, paths).await? };
    let sites = Sites::read(run.ledger, &run.targets).await?;
    let is_still = {
        let ledger = Ledgered::new(run, paths, &records, all);
        let known: Vec<_> = run.targets.iter().map(|target| sites.for_rendering(&**target)).collect();
        let fingerprints = Fingerprints::new(run);
        let still = |path: &String| {
            let record = ledger.by_path.get(path.as_str())?;
            ledger.is_still(&fingerprints, &known, record).then(|| record.note.clone())
        };
        let shortcut =
            !run.thorough && !run.renders_all && !run.targets.iter().any(|t| t.capabilities().local);
        if shortcut { parallel::map(paths, still) } else { vec![None; paths.len()] }
    };
    let keys: HashSet<&NoteId> = is_still.iter().flatten().collect();
    let (still, others) = records.into_iter().partition(|record| keys.contains(&record.value.note));
    let rest = paths.iter().zip(&is_still).filter(|(_, still)| still.is_none());
    let rest = rest.map(|(path, _)| path.clone()).collect();
    Ok(Sorted { still, rest, others: all.then_some(others), sites })
}

async fn read_all(run: &Run<'_>) -> Result<Vec<Versioned<Record>>> {
    let entries = run.ledger.read_all().await?.into_iter();
    Ok(entries.filter_map(|(_, entry)| of_note(entry)).collect())
}

/// The records of a few notes and of those that they link to, by their paths.
async fn read_few(run: &Run<'_>, paths: &[String]) -> Result<Vec<Versioned<Record>>> {
    let mut records: HashMap<NoteId, Versioned<Record>> = HashMap::new();
    let mut open: Vec<String> = paths.to_vec();
    for follow in [true, false] {
        for path in std::mem::take(&mut open) {
            let key = NoteId::of_path(&path);
            if records.contains_key(&key) {
                continue;
            }
            let Some(record) = run.ledger.read(&Key::Note(key.clone())).await?.and_then(of_note) else {
                continue;
            };
            let receipts =
                record.value.targets.values().filter_map(|at| at.receipt.as_ref()).filter(|_| follow);
            open.extend(
                receipts.filter_map(|r| r.basis.as_ref()).flat_map(|basis| basis.links.iter().cloned()),
            );
            records.insert(key, record);
        }
    }
    Ok(records.into_values().collect())
}

fn of_note(entry: Versioned<Entry>) -> Option<Versioned<Record>> {
    match entry.value {
        Entry::Note(record) => Some(Versioned { value: *record, version: entry.version }),
        Entry::Site(_) => None,
    }
}

/// What the ledger alone knows of notes.
struct Ledgered<'l, 'a> {
    run: &'l Run<'a>,
    in_run: HashSet<&'l str>,
    by_path: HashMap<&'l str, &'l Record>,
    /// Paths by the lower-case names of their files, without endings.
    by_name: HashMap<String, Vec<&'l str>>,
    /// Whether these are all records.
    all: bool,
}

impl<'l, 'a> Ledgered<'l, 'a> {
    fn new(run: &'l Run<'a>, paths: &'l [String], records: &'l [Versioned<Record>], all: bool) -> Self {
        let in_run: HashSet<&str> = paths.iter().map(String::as_str).collect();
        let by_path: HashMap<&str, &Record> =
            records.iter().map(|r| (r.value.path.as_str(), &r.value)).collect();
        let has_names =
            |r: &Record| bases(r).flat_map(|basis| &basis.links).any(|link| link.starts_with("[["));
        let mut by_name: HashMap<String, Vec<&str>> = HashMap::new();
        if records.iter().any(|record| has_names(&record.value)) {
            let known: HashSet<&str> = in_run.iter().chain(by_path.keys()).copied().collect();
            for path in known {
                by_name.entry(super::observed::stem(path).to_lowercase()).or_default().push(path);
            }
        }
        Self { run, in_run, by_path, by_name, all }
    }

    fn is_still(
        &self,
        fingerprints: &Fingerprints,
        sites: &[BTreeMap<String, String>],
        record: &Record,
    ) -> bool {
        let at = |target: &Arc<dyn Target>| record.targets.get(&target.common().name);
        let recorded = |target| at(target).and_then(basis).is_some_and(|basis| self.knows_links(basis));
        if self.run.targets.is_empty() || !self.run.targets.iter().all(recorded) {
            return false;
        }
        let Some(source) = self.run.files.note(&record.path) else { return false };
        let one = Identified { path: &record.path, is_own_key: true, source: &source };
        let mut targets = self.run.targets.iter().zip(sites);
        targets.all(|(target, site)| stands(self.run, fingerprints, &**target, &one, record, site, self))
    }
}

impl Ledgered<'_, '_> {
    /// Whether enough of the ledger was read to tell where its links lead.
    fn knows_links(&self, basis: &Basis) -> bool {
        self.all || basis.links.iter().all(|path| self.by_path.contains_key(path.as_str()))
    }
}

impl Neighbours for Ledgered<'_, '_> {
    fn exists(&self, path: &str) -> bool {
        self.in_run.contains(path) || self.by_path.contains_key(path) || self.run.files.exists(path)
    }

    fn named(&self, name: &str) -> Option<String> {
        match self.by_name.get(name)?.as_slice() {
            [one] => Some((*one).to_owned()),
            _ => None,
        }
    }

    /// What is not published there may be in this run: that takes more than the ledger to tell.
    fn at(&self, path: &str, target: &dyn Target) -> Option<NoteLink> {
        let record = self.by_path.get(path);
        if let Some(url) = record.and_then(|record| links::address(record, &target.common().name)) {
            return Some(NoteLink::At(url));
        }
        let is_told = self.all && !self.in_run.contains(path);
        is_told.then(|| record.map_or(NoteLink::Never, |record| original(record, target)))
    }
}

/// A note, as far as it must be known to say that nothing has changed.
pub(super) struct Identified<'n> {
    pub(super) path: &'n str,
    pub(super) is_own_key: bool,
    pub(super) source: &'n Digest,
}

/// Whether a note would be at a target just what its receipt says.
pub(super) fn stands(
    run: &Run<'_>,
    fingerprints: &Fingerprints,
    target: &dyn Target,
    note: &Identified<'_>,
    record: &Record,
    site: &BTreeMap<String, String>,
    neighbours: &dyn Neighbours,
) -> bool {
    let Some(at) = record.targets.get(&target.common().name) else { return false };
    let Some(basis) = basis(at) else { return false };
    let addresses = basis.links.iter().map(|text| Address::read(text));
    let Some(links) = links::resolve(neighbours, target, addresses) else { return false };
    let digest = |path: &String| Some((path.clone(), run.files.digest(path)?));
    let Some(pictures) = basis.pictures.iter().map(digest).collect::<Option<Vec<_>>>() else { return false };
    let inputs = Inputs {
        path: note.path,
        is_own_key: note.is_own_key,
        source: note.source,
        marker: at.marker,
        permalink: permalink(record, target),
        site,
        links: &links,
        pictures: &pictures,
        shown: &at.pictures,
    };
    fingerprints.of(target, &inputs) == basis.digest
}

/// What the post at a target was made of, where it is there and nobody is at it.
fn basis(at: &TargetRecord) -> Option<&Basis> {
    let receipt = at.receipt.as_ref().filter(|receipt| !receipt.unpublished && at.intent.is_none())?;
    receipt.basis.as_ref()
}

fn bases(record: &Record) -> impl Iterator<Item = &Basis> {
    record.targets.values().filter_map(basis)
}
