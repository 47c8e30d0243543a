//! Where the notes that a note links to stand at a target: `[last week](../2026/week-46.md)` and
//! `[[week-46]]` become the address of that note at the same target.

use std::collections::{BTreeMap, BTreeSet};

use super::{Observed, Run, Work};
use crate::{
    note::path::resolve_relative,
    plan::{Outcome, Plan, Step},
    render::{
        Document,
        links::{NoteLink, NoteLinks},
    },
    state::{Outline, Packed},
    targets::Target,
};

/// What is known of the notes that one note links to.
#[derive(Debug, Clone, Default)]
pub struct KnownLinks {
    /// By the path that the link gives.
    pub known: NoteLinks,
    /// All links that could lead to a note.
    pub links: Vec<Link>,
    /// The note's own path, where a link names it otherwise (`[[week-46]]`).
    real: BTreeMap<String, String>,
}

impl KnownLinks {
    /// The path of the note that a link's path means.
    #[must_use]
    pub fn real(&self, path: &str) -> String {
        self.real.get(path).cloned().unwrap_or_else(|| path.to_owned())
    }
}

/// How a note that is linked to but not published yet is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unpublished {
    /// Its address will be known before this rendering is sent.
    Awaited,
    /// It will not: two notes link to each other, and one must go first.
    Dropped,
}

/// An address in a note that starts from the note's folder, or names a note.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    /// The path from the configuration's folder.
    path: String,
    /// `[[week-46]]`: the path may be a name.
    wiki: bool,
}

impl Address {
    /// An address as a note at `from` writes it; `None` for what leads out of the notes.
    fn of(from: &str, href: &str, wiki: bool) -> Option<Self> {
        let path = if is_absolute(href) { None } else { resolve_relative(from, href).ok() };
        path.map(|path| Self { path, wiki })
    }

    /// Reads what [`Address::text`] wrote.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let name = text.strip_prefix("[[").and_then(|rest| rest.strip_suffix("]]"));
        Self { path: name.unwrap_or(text).to_owned(), wiki: name.is_some() }
    }

    /// As the ledger keeps it.
    #[must_use]
    pub fn text(&self) -> String {
        if self.wiki { format!("[[{}]]", self.path) } else { self.path.clone() }
    }
}

/// The addresses in a document, each once, in one order.
#[must_use]
pub fn addresses(from: &str, document: &Document) -> Vec<Address> {
    let links = document.links().into_iter();
    let all: BTreeSet<Address> = links.filter_map(|link| Address::of(from, &link.href, link.wiki)).collect();
    all.into_iter().collect()
}

/// Where an address leads at one target.
#[derive(Debug, Clone)]
pub struct Link {
    address: Address,
    /// The path that the link gives, that of the note it means, and where that is; `None` where it
    /// means no note.
    note: Option<(String, String, NoteLink)>,
}

impl Link {
    /// Says all of it to whoever makes a digest of it.
    pub fn tell(&self, mut say: impl FnMut(&str)) {
        say(&self.address.path);
        say(if self.address.wiki { "wiki" } else { "" });
        let Some((alias, path, link)) = &self.note else { return say("") };
        say(alias);
        say(path);
        match link {
            NoteLink::At(url) => say(url),
            NoteLink::Pending => say("pending"),
            NoteLink::Never => say("never"),
        }
    }

    /// The address as the ledger keeps it.
    #[must_use]
    pub fn text(&self) -> String {
        self.address.text()
    }
}

/// The notes that links can lead to.
pub trait Neighbours {
    /// Whether the run or the ledger knows a note at this path, or there is a file.
    fn exists(&self, path: &str) -> bool;

    /// The path of the one note whose file is called so, without its ending, in lower case.
    fn named(&self, name: &str) -> Option<String>;

    /// Where a note is at a target; `None` where that cannot be told.
    fn at(&self, path: &str, target: &dyn Target) -> Option<NoteLink>;
}

/// Where the addresses lead at a target; `None` where that cannot be told.
pub fn resolve(
    neighbours: &dyn Neighbours,
    target: &dyn Target,
    addresses: impl IntoIterator<Item = Address>,
) -> Option<Vec<Link>> {
    let resolved = addresses.into_iter().map(|address| {
        let note = match meant(neighbours, &address) {
            Some((alias, path)) => {
                let link = neighbours.at(&path, target)?;
                Some((alias, path, link))
            }
            None => None,
        };
        Some(Link { address, note })
    });
    resolved.collect()
}

/// The path as the link gives it, and that of the note it means.
fn meant(neighbours: &dyn Neighbours, address: &Address) -> Option<(String, String)> {
    let alias = &address.path;
    if is_note(alias) && neighbours.exists(alias) {
        return Some((alias.clone(), alias.clone()));
    }
    let with_ending = format!("{alias}.md");
    if neighbours.exists(&with_ending) {
        return Some((with_ending.clone(), with_ending));
    }
    let name = alias.rsplit('/').next()?.to_lowercase();
    let found = address.wiki.then(|| neighbours.named(&name)).flatten()?;
    Some((with_ending, found))
}

impl KnownLinks {
    fn new(links: Vec<Link>) -> Self {
        let mut known = Self { links, ..Self::default() };
        for (alias, path, link) in known.links.iter().filter_map(|link| link.note.as_ref()) {
            known.known.entry(alias.clone()).or_insert_with(|| link.clone());
            if alias != path {
                known.real.insert(alias.clone(), path.clone());
            }
        }
        known
    }
}

/// Looks up every note that a note links to.
pub fn known(run: &Run<'_>, observed: &Observed<'_>, work: &Work, unpublished: Unpublished) -> KnownLinks {
    let prepared = &observed.notes[work.note].0;
    let links = prepared.links(run, work.target.common().audience).unwrap_or_default();
    let seen = Seen { run, observed, unpublished };
    KnownLinks::new(resolve(&seen, &*work.target, links.iter().cloned()).unwrap_or_default())
}

/// What an observation knows of notes.
pub(super) struct Seen<'s, 'a> {
    pub(super) run: &'s Run<'a>,
    pub(super) observed: &'s Observed<'a>,
    pub(super) unpublished: Unpublished,
}

impl Neighbours for Seen<'_, '_> {
    fn exists(&self, path: &str) -> bool {
        self.observed.is_known(path) || self.run.files.exists(path)
    }

    fn named(&self, name: &str) -> Option<String> {
        self.observed.named(name)
    }

    fn at(&self, path: &str, target: &dyn Target) -> Option<NoteLink> {
        let name = &target.common().name;
        let address = |target: &str| self.observed.address_at(path, target);
        if let Some(url) = address(name) {
            return Some(NoteLink::At(url));
        }
        if let Some(url) = self.observed.seen_at(path, name) {
            return Some(NoteLink::At(url));
        }
        let awaited = self.unpublished == Unpublished::Awaited;
        if awaited && self.observed.will_publish(path, name, self.run) {
            return Some(NoteLink::Pending);
        }
        Some(original(target, address))
    }
}

/// A note that is never to be found at a target: the original's address serves as well. `address`
/// tells the note's lasting address at a target.
pub(super) fn original(target: &dyn Target, address: impl Fn(&str) -> Option<String>) -> NoteLink {
    let original = target.common().canonical.as_ref();
    original.and_then(|name| address(name)).map_or(NoteLink::Never, NoteLink::At)
}

/// The paths of the notes that a note links to in any of its parts, by the way they are written.
pub fn linked_paths(run: &Run<'_>, prepared: &super::Prepared) -> Vec<String> {
    let mut paths = Vec::new();
    for target in &run.targets {
        let links = prepared.links(run, target.common().audience).unwrap_or_default();
        let may_be_notes = links.iter().filter(|link| link.wiki || is_note(&link.path));
        paths.extend(may_be_notes.map(|link| link.path.clone()));
    }
    paths
}

/// The notes that link to one whose address has changed in this run (its slug did): by path.
#[must_use]
pub fn followers(run: &Run<'_>, observed: &Observed<'_>, plan: &Plan) -> Vec<String> {
    let moved: Vec<&Step> = plan.steps.iter().filter(|step| has_moved(observed, step)).collect();
    if moved.is_empty() {
        return Vec::new();
    }
    let seen = Seen { run, observed, unpublished: Unpublished::Dropped };
    let read = observed.work.iter().filter(|work| moved.iter().any(|step| links_to(&seen, work, step)));
    let read = read.map(|work| observed.notes[work.note].0.note.path());
    let still = observed.records.still().iter();
    let leads = |record: &Outline<'_>| moved.iter().any(|step| led_to(&seen, record, step));
    let still = still.filter(|record| leads(&record.outline())).map(Packed::path);
    let paths: BTreeSet<String> = read.chain(still).map(str::to_owned).collect();
    paths.into_iter().collect()
}

fn has_moved(observed: &Observed<'_>, step: &Step) -> bool {
    let work = observed.index_of(&step.note).and_then(|note| observed.at(note, &step.target));
    let receipt = work.and_then(|work| work.recorded.as_ref()?.receipt.as_ref());
    let before = receipt.filter(|receipt| receipt.permanent).and_then(|receipt| receipt.url.as_ref());
    step.outcome == Outcome::Done && before.is_some() && step.url.is_some() && before != step.url.as_ref()
}

fn links_to(seen: &Seen<'_, '_>, work: &Work, step: &Step) -> bool {
    let prepared = &seen.observed.notes[work.note].0;
    let common = work.target.common();
    let links = || prepared.links(seen.run, common.audience).unwrap_or_default();
    *common.name == *step.target && any_means(seen, links().iter().cloned(), &step.note)
}

/// Whether a note that is as the ledger says, and so was not read, links to that of a step.
fn led_to(seen: &Seen<'_, '_>, record: &Outline<'_>, step: &Step) -> bool {
    let at = record.targets.get(&*step.target);
    let basis = at.and_then(|at| at.receipt.as_ref()?.basis.as_ref());
    basis.is_some_and(|b| any_means(seen, b.links.iter().map(|text| Address::read(text)), &step.note))
}

fn any_means(seen: &Seen<'_, '_>, addresses: impl IntoIterator<Item = Address>, note: &str) -> bool {
    addresses.into_iter().any(|address| meant(seen, &address).is_some_and(|(_, path)| path == note))
}

fn is_absolute(href: &str) -> bool {
    href.starts_with('#') || href.starts_with("//") || url::Url::parse(href).is_ok()
}

fn is_note(path: &str) -> bool {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    matches!(ending.as_deref(), Some("md" | "markdown"))
}
