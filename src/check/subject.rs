//! What is checked: a note, as each of its audiences reads it, and what is known around it.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
    sync::Arc,
};

use jiff::tz::TimeZone;

use super::{
    locate::{Finder, Spot},
    problem::Problem,
    trial::{Trial, trials},
};
use crate::{
    error::{Error, Result},
    note::{self, Audience, Cleared, Note, NoteId, Overrides, directive, path::resolve_relative},
    pictures::{Limits, Original},
    plan::away::never_goes,
    render::{
        Document,
        document::{Block, BlockKind, Inline, Node, html_ids},
        links::{self, InternalPolicy},
        parse,
    },
    targets::Target,
};

/// What is known around the notes.
pub struct Facts<'a> {
    /// `project`, part of every marker.
    pub project: &'a str,
    /// The time zone of dates without one.
    pub zone: &'a TimeZone,
    /// What is internal.
    pub policy: &'a InternalPolicy,
    /// The targets.
    pub targets: &'a [Arc<dyn Target>],
    /// All notes of the project by their paths, also those that are not checked.
    pub notes: &'a BTreeMap<String, Known>,
    /// Whether there is a file or folder at a path from the project's folder.
    pub exists: &'a dyn Fn(&str) -> bool,
    /// The local picture that a note's (first) `src` (second) means.
    pub picture: &'a dyn Fn(&str, &str) -> Result<Original>,
    /// What pictures are brought to.
    pub limits: Limits,
}

impl Facts<'_> {
    /// An address as a message may say it: logs may be public, so an internal one is not named.
    #[must_use]
    pub fn named(&self, address: &str) -> String {
        if self.policy.hosts.mentions(address).is_some() {
            "(internal)".to_owned()
        } else {
            format!("`{address}`")
        }
    }
}

/// What others must know of a note.
#[derive(Debug, Clone)]
pub struct Known {
    /// Who it is.
    pub id: NoteId,
    /// The anchors in it; `None` where it cannot be read.
    pub anchors: Option<BTreeSet<String>>,
    /// Its slug, by the targets that it goes to; `None` where the site makes one.
    pub slugs: BTreeMap<String, Option<String>>,
}

impl Known {
    /// What others must know of a note; of one that cannot be read, no more than that it is there.
    #[must_use]
    pub fn of(path: &str, note: Option<&Note>, targets: &[Arc<dyn Target>]) -> Self {
        let Some(note) = note else {
            return Self { id: NoteId::of_path(path), anchors: None, slugs: BTreeMap::new() };
        };
        let goes = targets.iter().filter(|target| goes_to(note, &***target));
        let slugs = goes.map(|target| {
            let name = target.common().name.clone();
            let Overrides { slug, .. } = note.meta.at(&name);
            (name, slug)
        });
        let cut = Cut::make(note, Audience::Internal).ok();
        Self { id: note.id.clone(), anchors: cut.map(|cut| cut.anchors()), slugs: slugs.collect() }
    }
}

/// The path of the note that a link means, if it means one. A `[[link]]` may leave out folder and
/// ending where one note alone is called so.
pub(super) fn aim<'a>(note: &str, href: &str, wiki: bool, facts: &Facts<'a>) -> Option<&'a str> {
    let path = resolve_relative(note, href).ok()?;
    let exact = [path.clone(), format!("{path}.md")];
    let found = exact.iter().find_map(|path| facts.notes.get_key_value(path));
    if found.is_some() || !wiki {
        return found.map(|(path, _)| path.as_str());
    }
    let wanted = file_name(&path).to_lowercase();
    let stem = |path: &str| {
        let name = file_name(path);
        name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_lowercase()
    };
    let mut called = facts.notes.keys().map(String::as_str).filter(|path| stem(path) == wanted);
    let first = called.next()?;
    called.next().is_none().then_some(first)
}

/// The last part of a path.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether a note goes to a target at all.
pub(super) fn goes_to(note: &Note, target: &dyn Target) -> bool {
    note.meta.goes_to(&target.common().name)
        && never_goes(&note.meta, target.common(), target.capabilities()).is_none()
}

/// A note as an audience reads it.
pub struct Cut {
    /// The text.
    pub cleared: Cleared,
    /// Its tree.
    pub document: Document,
}

impl Cut {
    fn make(note: &Note, audience: Audience) -> Result<Self, Vec<Error>> {
        let cleared = note::audience::clear(note, audience)?;
        let document = parse::parse(note.path(), &cleared, note.meta.own.title.as_deref())?;
        Ok(Self { cleared, document })
    }

    /// What a link can lead to: headings, and whatever HTML gives an `id`.
    #[must_use]
    pub fn anchors(&self) -> BTreeSet<String> {
        let headings = self.document.headings().into_iter().map(|heading| heading.anchor.to_owned());
        let mut anchors: BTreeSet<String> = headings.collect();
        self.document.walk(&mut |node| match node {
            Node::Inline(Inline::Element(raw)) => {
                let ids = raw.attributes.iter().filter(|(name, _)| name == "id");
                anchors.extend(ids.map(|(_, id)| id.clone()));
            }
            Node::Block(Block { kind: BlockKind::Html(html), .. }) => anchors.extend(html_ids(html)),
            _ => {}
        });
        anchors
    }
}

/// A note that is checked.
pub struct Subject<'a> {
    /// The note; where its front matter cannot be read, only its body.
    pub note: &'a Note,
    /// The text as a whole, then, where it differs, as the public reads it. Nothing where it cannot
    /// be parsed.
    pub cuts: Vec<Cut>,
    /// The local pictures, by `src`.
    pub pictures: BTreeMap<String, Result<Original>>,
    /// What each of its targets would be sent.
    pub trials: Vec<Trial>,
    /// What reading it came across.
    pub found: Vec<Problem>,
    /// The lines of its internal passages.
    passages: Vec<RangeInclusive<u32>>,
}

/// The lines of the internal passages of a note, with those that open and close them.
fn passages(note: &Note) -> Vec<RangeInclusive<u32>> {
    let mut found = Vec::new();
    let mut open = None;
    for (line, number) in note.body().split('\n').zip(note.body_line..) {
        match (line, open) {
            (directive::OPEN, None) => open = Some(number),
            (directive::CLOSE, Some(first)) => {
                found.push(first..=number);
                open = None;
            }
            _ => {}
        }
    }
    found.extend(open.map(|first| first..=u32::MAX));
    found
}

impl<'a> Subject<'a> {
    /// Reads a note. Without `complete` its front matter could not be read, so that nothing is known
    /// of where it goes.
    #[must_use]
    pub fn new(note: &'a Note, complete: bool, facts: &Facts<'_>) -> Self {
        let mut subject = Self {
            note,
            cuts: Vec::new(),
            pictures: BTreeMap::new(),
            trials: Vec::new(),
            found: Vec::new(),
            passages: passages(note),
        };
        match Cut::make(note, Audience::Internal) {
            Ok(whole) => subject.cuts.push(whole),
            Err(errors) => {
                subject.add_errors(&errors);
                return subject;
            }
        }
        if complete {
            subject.cut_for_the_public(facts);
            subject.pictures = subject.local_pictures(facts);
            subject.trials = trials(&subject, facts);
        }
        subject
    }

    fn add_errors(&mut self, errors: &[Error]) {
        let path = self.note.path();
        self.found.extend(errors.iter().map(|e| Problem::of_error(e, path, Spot::default())));
    }

    fn cut_for_the_public(&mut self, facts: &Facts<'_>) {
        let public = |target: &Arc<dyn Target>| {
            target.common().audience == Audience::Public && goes_to(self.note, &**target)
        };
        if !self.has_passages() || !facts.targets.iter().any(public) {
            return;
        }
        match Cut::make(self.note, Audience::Public) {
            Ok(cut) => self.cuts.push(cut),
            Err(errors) => self.add_errors(&errors),
        }
    }

    fn local_pictures(&self, facts: &Facts<'_>) -> BTreeMap<String, Result<Original>> {
        let shown = self.cuts.iter().flat_map(|cut| cut.document.pictures()).map(|(src, _)| src);
        let featured = facts.targets.iter().filter_map(|t| self.note.meta.at(&t.common().name).image);
        let local = shown.chain(featured).filter(|src| links::is_relative(src));
        let unique: BTreeSet<String> = local.collect();
        let read = |src: String| {
            let picture = (facts.picture)(self.note.path(), &src);
            (src, picture)
        };
        unique.into_iter().map(read).collect()
    }

    /// The text as an audience reads it.
    #[must_use]
    pub fn cut(&self, audience: Audience) -> Option<&Cut> {
        match audience {
            Audience::Public => self.cuts.last(),
            Audience::Internal => self.cuts.first(),
        }
    }

    /// The line of the first internal passage.
    #[must_use]
    pub fn first_passage(&self) -> Option<u32> {
        self.passages.first().map(|lines| *lines.start())
    }

    /// Whether a line is for colleagues only.
    #[must_use]
    pub fn is_internal(&self, line: u32) -> bool {
        !self.note.meta.is_for(Audience::Public) || self.passages.iter().any(|lines| lines.contains(&line))
    }

    fn has_passages(&self) -> bool {
        !self.passages.is_empty()
    }

    /// Finds places in the file.
    #[must_use]
    pub fn finder(&self) -> Finder<'a> {
        Finder::of(&self.note.source.text)
    }

    /// Where a key of the front matter stands; nowhere in particular where it does not.
    #[must_use]
    pub fn key(&self, name: &str) -> Spot {
        let place = self.note.meta.places.get(name);
        place.map_or_else(Spot::default, |place| Spot {
            line: place.line,
            column: place.column,
            width: u32::try_from(name.len()).unwrap_or(1),
        })
    }
}
