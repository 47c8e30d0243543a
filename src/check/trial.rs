//! What each target would be sent, as far as that can be told without asking anybody, and what gets
//! lost on the way.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    locate::{Finder, Spot},
    problem::Problem,
    subject::{Cut, Facts, Known, Subject, aim, goes_to},
};
use crate::{
    error::{Error, Warning},
    note::{Audience, Marker, path::resolve_relative},
    pictures::{Found, Orders},
    render::{
        Context, Document, Meta, PENDING_LINK, Pictures, Rendering, last_look,
        links::{LinkRules, NoteLink, NoteLinks},
        sanitise::MISSING_ALT,
    },
    targets::Target,
};

/// What a target would be sent, or why it cannot be.
pub struct Trial {
    /// The target.
    pub target: Arc<dyn Target>,
    /// The rendering.
    pub result: Result<Rendering, Vec<Error>>,
}

/// What is told with its column by a lint of its own.
const TOLD_BY_LINTS: &[&str] = &["broken-link", "link-to-file", "reference-to-internal", MISSING_ALT];

/// Renders a note for each target that it goes to.
pub(super) fn trials(subject: &Subject<'_>, facts: &Facts<'_>) -> Vec<Trial> {
    let targets = facts.targets.iter().filter(|target| goes_to(subject.note, &***target));
    let cut = |audience: Audience| subject.cut(audience);
    targets
        .filter_map(|target| {
            let cut = cut(target.common().audience)?;
            Some(Trial { target: target.clone(), result: render(subject, cut, &**target, facts) })
        })
        .collect()
}

fn render(
    subject: &Subject<'_>,
    cut: &Cut,
    target: &dyn Target,
    facts: &Facts<'_>,
) -> Result<Rendering, Vec<Error>> {
    let (note, common) = (subject.note, target.common());
    let heading = cut.document.heading.as_ref().map(|heading| heading.text.as_str());
    let canonical = common.canonical.as_ref().filter(|name| note.meta.goes_to(name));
    let canonical = canonical.map(|name| format!("{PENDING_LINK}{name}"));
    let meta = Meta::of(note, &common.name, heading, canonical, facts.zone).map_err(|e| vec![e])?;
    let notes = note_links(&cut.document, note.path(), target, facts);
    let links = LinkRules::new(common.audience, facts.policy, note.path(), &notes);
    let document = common.frame.around(&cut.document, &meta, facts.zone).map_err(|e| vec![e])?;
    let orders = orders(subject, cut, target, facts);
    let mut rendering = target.render(
        &document,
        &Context {
            audience: common.audience,
            meta: &meta,
            marker: Marker::derive(facts.project, &note.id, &common.name),
            pictures: &pictures(subject, &orders),
            links: &links,
            site: &BTreeMap::new(),
        },
    )?;
    let refused: Vec<Error> = links.refused().into_iter().chain(orders.refused(&rendering)).collect();
    if !refused.is_empty() {
        return Err(refused);
    }
    if common.audience == Audience::Public {
        let guard = last_look::guard(note, &cut.cleared);
        last_look::look(note, &guard, &facts.policy.hosts, &rendering).map_err(|e| vec![e])?;
    }
    rendering.warnings.extend(orders.warnings(&rendering));
    Ok(rendering)
}

/// What becomes of the links to other notes: nobody knows the addresses yet.
fn note_links(document: &Document, note: &str, target: &dyn Target, facts: &Facts<'_>) -> NoteLinks {
    let mut links = NoteLinks::new();
    for link in document.links() {
        let Some(path) = aim(note, &link.href, link.wiki, facts) else { continue };
        let Ok(written) = resolve_relative(note, &link.href) else { continue };
        let alias = if facts.notes.contains_key(&written) { written } else { format!("{written}.md") };
        links.insert(alias, fate(path, target, facts));
    }
    links
}

/// A note that does not go to a target has an address all the same if it goes to the original's. Of
/// one that cannot be read, nothing is known.
fn fate(path: &str, target: &dyn Target, facts: &Facts<'_>) -> NoteLink {
    let goes = |known: &Known, name: &String| known.anchors.is_none() || known.slugs.contains_key(name);
    let common = target.common();
    let there =
        |known: &Known| std::iter::once(&common.name).chain(&common.canonical).any(|name| goes(known, name));
    if facts.notes.get(path).is_some_and(there) { NoteLink::Pending } else { NoteLink::Never }
}

/// What the target would be sent for the pictures that can be read.
fn orders(subject: &Subject<'_>, cut: &Cut, target: &dyn Target, facts: &Facts<'_>) -> Orders {
    let note = subject.note;
    let images = cut.document.images();
    let featured = || note.meta.places.get("image").cloned();
    let place = |src: &String| {
        let inline = images.iter().find(|shown| shown.src == *src).map(|shown| note.source.line(shown.line));
        inline.or_else(featured).unwrap_or_else(|| note.source.line(1))
    };
    let found = subject.pictures.iter().filter_map(|(src, picture)| {
        let original = picture.as_ref().ok()?.clone();
        Some((src.clone(), Found { original, place: place(src) }))
    });
    Orders::new(&found.collect(), target.picture_formats(), facts.limits)
}

fn pictures(subject: &Subject<'_>, orders: &Orders) -> Pictures {
    let mut known = Pictures::default();
    for src in subject.pictures.keys() {
        if let Some(picture) = orders.picture(src) {
            known.insert(src, picture, None);
        }
    }
    known
}

/// What the trials came across, each with its targets.
pub(super) fn problems(subject: &Subject<'_>) -> Vec<Problem> {
    let path = subject.note.path();
    let finder = subject.finder();
    let mut problems = Vec::new();
    for Trial { target, result } in &subject.trials {
        let found: Vec<Problem> = match result {
            Err(errors) => errors.iter().map(|e| Problem::of_error(e, path, Spot::default())).collect(),
            Ok(rendering) => {
                let told = |warning: &&Warning| !is_told_elsewhere(subject, warning);
                let spotted =
                    |warning: &Warning| Problem::of_warning(warning, path, spot(subject, &finder, warning));
                rendering.warnings.iter().filter(told).map(spotted).collect()
            }
        };
        problems.extend(found.into_iter().map(|problem| problem.only_at(&target.common().name)));
    }
    problems
}

fn is_told_elsewhere(subject: &Subject<'_>, warning: &Warning) -> bool {
    // A featured picture that cannot be read is not taken for a file.
    let unreadable = || subject.pictures.values().any(Result::is_err);
    TOLD_BY_LINTS.contains(&warning.code) || (warning.code == "featured-not-local" && unreadable())
}

/// Where a warning belongs: its line, or the key of the front matter that it is about.
fn spot(subject: &Subject<'_>, finder: &Finder<'_>, warning: &Warning) -> Spot {
    if warning.line > 0 {
        return finder.whole(warning.line);
    }
    let heading = || subject.cuts.first().and_then(|cut| cut.document.heading.as_ref());
    match warning.code {
        "title-too-long" if subject.note.meta.own.title.is_none() => {
            heading().map_or_else(Spot::default, |heading| finder.whole(heading.line))
        }
        "title-too-long" => subject.key("title"),
        "tags-cut" => subject.key("tags"),
        "excerpt-too-long" => subject.key("excerpt"),
        "featured-not-local" => subject.key("image"),
        "no-canonical" => subject.key("canonical"),
        _ => Spot::default(),
    }
}

/// Whether a note goes to a target that everybody reads.
pub(super) fn goes_public(subject: &Subject<'_>) -> bool {
    subject.trials.iter().any(|trial| trial.target.common().audience == Audience::Public)
}
