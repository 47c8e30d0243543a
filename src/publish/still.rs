//! Recognises the notes that are as the ledger says, from their files' digests and the records
//! alone: they are neither read as notes nor rendered, and cost no request.

mod verdict;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, OnceLock},
};

use super::{
    Run,
    fingerprint::{Fingerprints, Inputs},
    links::{self, Address, Neighbours, original},
    sites::Sites,
};
use verdict::Verdicts;

use crate::{
    error::Result,
    note::{Marker, NoteId},
    parallel,
    render::{Digest, RemotePicture, links::NoteLink},
    state::{Basis, FEW, Key, Outline, Packed, Standing, Versioned, of_note},
    targets::Target,
};

/// A run's notes, those that are as the ledger says apart from those that have to be read.
#[derive(Default)]
pub struct Sorted {
    /// The records of the notes that are, at every target of the run, as the ledger says.
    pub still: Vec<Packed>,
    /// The paths of the others, in their order.
    pub rest: Vec<String>,
    /// All other records, where all were read.
    pub(super) others: Option<Vec<Packed>>,
    /// What is known of the sites.
    pub(super) sites: Sites,
}

/// Sorts the notes at these paths.
///
/// # Errors
/// When the ledger cannot be read.
pub async fn sort(run: &Run<'_>, paths: &[String]) -> Result<Sorted> {
    let all = paths.len() > FEW;
    let records = if all { run.ledger.outlines().await? } else { read_few(run, paths).await? };
    let sites = Sites::read(run.ledger, &run.targets).await?;
    // For each path the place of its record, where the note is as that says.
    let still = {
        let ledger = Ledgered::new(run, paths, &records, all);
        let known: Vec<_> = run.targets.iter().map(|target| sites.for_rendering(&**target)).collect();
        let fingerprints = Fingerprints::new(run);
        let verdicts = Verdicts::new(&fingerprints, &run.targets, &known);
        let still = |path: &String| {
            let place = *ledger.by_path.get(path.as_str())?;
            let (packed, note) = (&records[place], run.files.note(path)?);
            if verdicts.holds(run.files, packed, &note) {
                return Some(place);
            }
            let record = packed.outline();
            let still = ledger.is_still(&fingerprints, &known, &record, &note.digest).then_some(place)?;
            if let Some(verdict) = verdicts.on(run.files, packed, &record, &note) {
                run.files.conclude(path, &note.digest, &verdict);
            }
            Some(still)
        };
        let shortcut =
            !run.thorough && !run.renders_all && !run.targets.iter().any(|t| t.capabilities().local);
        if shortcut { parallel::map(paths, still) } else { vec![None; paths.len()] }
    };
    let mut is_still = vec![false; records.len()];
    for place in still.iter().flatten() {
        is_still[*place] = true;
    }
    let rest = paths.iter().zip(&still).filter(|(_, still)| still.is_none());
    let rest = rest.map(|(path, _)| path.clone()).collect();
    let (mut still, mut others) = (Vec::with_capacity(records.len()), Vec::new());
    for (record, is_still) in records.into_iter().zip(is_still) {
        if is_still { still.push(record) } else { others.push(record) }
    }
    Ok(Sorted { still, rest, others: all.then_some(others), sites })
}

/// The records of a few notes and of those that they link to, by their paths.
async fn read_few(run: &Run<'_>, paths: &[String]) -> Result<Vec<Packed>> {
    let mut records: HashMap<NoteId, Packed> = HashMap::new();
    let mut open: Vec<String> = paths.to_vec();
    for follow in [true, false] {
        for path in std::mem::take(&mut open) {
            let key = NoteId::of_path(&path);
            if records.contains_key(&key) {
                continue;
            }
            let entry = run.ledger.read(&Key::Note(key.clone())).await?;
            let Some(Versioned { value: record, .. }) = entry.and_then(of_note) else { continue };
            let receipts = record.targets.values().filter_map(|at| at.receipt.as_ref()).filter(|_| follow);
            open.extend(
                receipts.filter_map(|r| r.basis.as_ref()).flat_map(|basis| basis.links.iter().cloned()),
            );
            records.insert(key, Packed::new(&Outline::from(&record)));
        }
    }
    Ok(records.into_values().collect())
}

/// What the ledger alone knows of notes.
struct Ledgered<'l, 'a> {
    run: &'l Run<'a>,
    paths: &'l [String],
    /// The same. Made when a link is followed.
    in_run: OnceLock<HashSet<&'l str>>,
    records: &'l [Packed],
    /// Indexes into `records`.
    by_path: HashMap<&'l str, usize>,
    /// Paths by the lower-case names of their files, without endings.
    by_name: OnceLock<HashMap<String, Vec<&'l str>>>,
    /// Whether these are all records.
    all: bool,
}

impl<'l, 'a> Ledgered<'l, 'a> {
    fn new(run: &'l Run<'a>, paths: &'l [String], records: &'l [Packed], all: bool) -> Self {
        let by_path: HashMap<&str, usize> =
            records.iter().enumerate().map(|(place, r)| (r.path(), place)).collect();
        Self { run, paths, in_run: OnceLock::new(), records, by_path, by_name: OnceLock::new(), all }
    }

    fn is_still(
        &self,
        fingerprints: &Fingerprints,
        sites: &[BTreeMap<String, String>],
        record: &Outline<'_>,
        source: &Digest,
    ) -> bool {
        let at = |target: &Arc<dyn Target>| record.targets.get(&*target.common().name);
        let recorded =
            |target| at(target).and_then(|at| basis(at)).is_some_and(|basis| self.knows_links(basis));
        if self.run.targets.is_empty() || !self.run.targets.iter().all(recorded) {
            return false;
        }
        let one = Identified { path: &record.path, is_own_key: true, source };
        let mut targets = self.run.targets.iter().zip(sites);
        targets.all(|(target, site)| {
            let recorded = Recorded::new(record, &**target);
            recorded.is_some_and(|recorded| {
                stands(self.run, fingerprints, &**target, &one, &recorded, site, self)
            })
        })
    }
}

impl<'l> Ledgered<'l, '_> {
    fn in_run(&self) -> &HashSet<&'l str> {
        self.in_run.get_or_init(|| self.paths.iter().map(String::as_str).collect())
    }

    /// Made when a name is looked for: few ledgers have any.
    fn by_name(&self) -> &HashMap<String, Vec<&'l str>> {
        self.by_name.get_or_init(|| {
            let known: HashSet<&str> = self.in_run().iter().chain(self.by_path.keys()).copied().collect();
            let mut by_name: HashMap<String, Vec<&str>> = HashMap::new();
            for path in known {
                by_name.entry(super::observed::stem(path).to_lowercase()).or_default().push(path);
            }
            by_name
        })
    }

    /// Whether enough of the ledger was read to tell where its links lead.
    fn knows_links(&self, basis: &Basis) -> bool {
        self.all || basis.links.iter().all(|path| self.by_path.contains_key(path.as_str()))
    }
}

impl Neighbours for Ledgered<'_, '_> {
    fn exists(&self, path: &str) -> bool {
        self.in_run().contains(path) || self.by_path.contains_key(path) || self.run.files.exists(path)
    }

    fn named(&self, name: &str) -> Option<String> {
        match self.by_name().get(name)?.as_slice() {
            [one] => Some((*one).to_owned()),
            _ => None,
        }
    }

    /// What is not published there may be in this run: that takes more than the ledger to tell.
    fn at(&self, path: &str, target: &dyn Target) -> Option<NoteLink> {
        let address = |target: &str| {
            self.records[*self.by_path.get(path)?].outline().address(target).map(str::to_owned)
        };
        if let Some(url) = address(&target.common().name) {
            return Some(NoteLink::At(url));
        }
        let is_told = self.all && !self.in_run().contains(path);
        is_told.then(|| original(target, address))
    }
}

/// A note, as far as it must be known to say that nothing has changed.
pub(super) struct Identified<'n> {
    pub(super) path: &'n str,
    pub(super) is_own_key: bool,
    pub(super) source: &'n Digest,
}

/// What the ledger says of a post that its rendering depends on.
pub(super) struct Recorded<'r> {
    marker: Marker,
    basis: &'r Basis,
    pictures: &'r BTreeMap<Digest, RemotePicture>,
    /// The address of the original.
    permalink: Option<&'r str>,
}

impl<'r> Recorded<'r> {
    /// `None` where the post is not there, somebody is at it, or what it was made of is not known.
    pub(super) fn new(record: &'r Outline<'_>, target: &dyn Target) -> Option<Self> {
        let at = record.targets.get(&*target.common().name)?;
        let permalink = target.common().canonical.as_ref().and_then(|name| record.address(name));
        Some(Self { marker: at.marker, basis: basis(at)?, pictures: &at.pictures, permalink })
    }
}

/// Whether a note would be at a target just what its receipt says.
pub(super) fn stands(
    run: &Run<'_>,
    fingerprints: &Fingerprints,
    target: &dyn Target,
    note: &Identified<'_>,
    recorded: &Recorded<'_>,
    site: &BTreeMap<String, String>,
    neighbours: &dyn Neighbours,
) -> bool {
    let basis = recorded.basis;
    let addresses = basis.links.iter().map(|text| Address::read(text));
    let Some(links) = links::resolve(neighbours, target, addresses) else { return false };
    let digest = |path: &String| Some((path.clone(), run.files.digest(path)?));
    let Some(pictures) = basis.pictures.iter().map(digest).collect::<Option<Vec<_>>>() else { return false };
    let inputs = Inputs {
        path: note.path,
        is_own_key: note.is_own_key,
        source: note.source,
        marker: recorded.marker,
        permalink: recorded.permalink,
        site,
        links: &links,
        pictures: &pictures,
        shown: recorded.pictures,
    };
    fingerprints.of(target, &inputs) == basis.digest
}

/// What the post at a target was made of, where it is there and nobody is at it.
fn basis<'s>(at: &'s Standing<'_>) -> Option<&'s Basis> {
    let post = at.receipt.as_ref().filter(|post| !post.unpublished && at.intent.is_none())?;
    post.basis.as_ref()
}
