//! Where the notes that a note links to stand at a target: `[last week](../2026/week-46.md)` and
//! `[[week-46]]` become the address of that note at the same target.

use std::collections::{BTreeMap, HashMap};

use super::{Observed, Run, Work};
use crate::{
    note::path::resolve_relative,
    render::links::{NoteLink, NoteLinks},
    state::Record,
    targets::Target,
};

/// What is known of the notes that one note links to.
#[derive(Debug, Clone, Default)]
pub struct KnownLinks {
    /// By the path that the link gives.
    pub known: NoteLinks,
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

/// The records of notes that are not in the run, by path.
pub type Others = HashMap<String, Record>;

/// Looks up every note that a note links to.
pub fn known(run: &Run<'_>, observed: &Observed<'_>, work: &Work, unpublished: Unpublished) -> KnownLinks {
    let prepared = &observed.notes[work.note].0;
    let mut links = KnownLinks::default();
    let Ok(part) = prepared.part(run, work.target.common().audience) else { return links };
    for address in part.document.links() {
        let Some((alias, path)) = target_of(run, observed, prepared.note.path(), &address.href, address.wiki)
        else {
            continue;
        };
        if !links.known.contains_key(&alias) {
            let link = link_to(run, observed, &*work.target, &path, unpublished);
            links.known.insert(alias.clone(), link);
            if alias != path {
                links.real.insert(alias, path);
            }
        }
    }
    links
}

/// The paths of the notes that a note links to in any of its parts, by the way they are written.
pub fn linked_paths(run: &Run<'_>, prepared: &super::Prepared) -> Vec<String> {
    let mut paths = Vec::new();
    for target in &run.targets {
        let Ok(part) = prepared.part(run, target.common().audience) else { continue };
        for address in part.document.links() {
            if let Ok(path) = resolve_relative(prepared.note.path(), &address.href)
                && (address.wiki || is_note(&path))
                && !is_absolute(&address.href)
            {
                paths.push(path);
            }
        }
    }
    paths
}

/// The path as the link gives it, and that of the note it means.
fn target_of(
    run: &Run<'_>,
    observed: &Observed<'_>,
    from: &str,
    href: &str,
    wiki: bool,
) -> Option<(String, String)> {
    if is_absolute(href) {
        return None;
    }
    let alias = resolve_relative(from, href).ok()?;
    let exists = |path: &str| observed.is_known(path) || run.files.exists(path);
    let with_ending = format!("{alias}.md");
    if is_note(&alias) && exists(&alias) {
        return Some((alias.clone(), alias));
    }
    if exists(&with_ending) {
        return Some((with_ending.clone(), with_ending));
    }
    let name = alias.rsplit('/').next()?.to_lowercase();
    let found = wiki.then(|| observed.named(&name)).flatten()?;
    Some((with_ending, found))
}

fn link_to(
    run: &Run<'_>,
    observed: &Observed<'_>,
    target: &dyn Target,
    path: &str,
    unpublished: Unpublished,
) -> NoteLink {
    let name = &target.common().name;
    let (record, in_run) = observed.record_at(path);
    if let Some(url) = record.as_ref().and_then(|r| address(r, name)) {
        return NoteLink::At(url);
    }
    if let Some(url) = observed.seen_at(path, name) {
        return NoteLink::At(url);
    }
    if unpublished == Unpublished::Awaited && in_run && observed.will_publish(path, name, run) {
        return NoteLink::Pending;
    }
    // Never to be found there: the original's address serves as well.
    let original = target.common().canonical.as_ref();
    match original.and_then(|name| address(record.as_ref()?, name)) {
        Some(url) => NoteLink::At(url),
        None => NoteLink::Never,
    }
}

/// A note's lasting address at a target.
fn address(record: &Record, target: &str) -> Option<String> {
    let receipt = record.targets.get(target)?.receipt.as_ref()?;
    receipt.url.clone().filter(|_| receipt.permanent && !receipt.unpublished)
}

fn is_absolute(href: &str) -> bool {
    href.starts_with('#') || href.starts_with("//") || url::Url::parse(href).is_ok()
}

fn is_note(path: &str) -> bool {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    matches!(ending.as_deref(), Some("md" | "markdown"))
}
