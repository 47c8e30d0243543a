//! Everything that was seen, and the plan that follows from it.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use super::{
    Prepared, Run, difference, fingerprint::Fingerprints, links::Others, observe::stays_away,
    prepare::Rendered, session::Session, sites::Sites, uploads::Uploads,
};
use crate::{
    error::{Error, Warning},
    note::{Audience, Marker, Status},
    plan::{
        Action, Outcome, Plan, Step,
        change::Change,
        decide::{ByHand, Decision},
    },
    render::{Digest, Picture, RemotePicture, Rendering},
    state::{Phase, Record, TargetRecord},
    targets::{Finding, Remote, Target, Wanted, Writer},
};

/// Everything that was seen, and what follows from it.
pub struct Observed<'a> {
    /// The notes with their records.
    pub notes: Vec<(Prepared, Session<'a>)>,
    /// What is known of the sites.
    pub sites: Sites,
    /// The talking halves of the targets that had to be asked.
    pub writers: HashMap<String, Box<dyn Writer>>,
    /// One for each note and target, in canonical order of the targets.
    pub work: Vec<Work>,
    /// Indexes into `work`, by note.
    pub(super) works: Vec<Vec<usize>>,
    /// The paths of the notes that are, at every target of the run, as the ledger says.
    pub still: Vec<String>,
    /// Makes the digests of what renderings are made of.
    pub(super) fingerprints: Fingerprints,
    /// Notes that cannot be published as they are.
    pub errors: Vec<Error>,
    /// Pictures that this run puts on the sites.
    pub uploads: Uploads,
    /// Pictures that other notes have put on the sites.
    pub(super) elsewhere: Elsewhere,
    /// The records of the notes that are not in this run.
    pub(super) others: Others,
    /// Index into `notes`, by path.
    pub(super) by_path: HashMap<String, usize>,
    /// Whether `others` holds all there are.
    pub(super) read_all: bool,
}

/// By target and digest.
pub(super) type Elsewhere = HashMap<String, HashMap<Digest, RemotePicture>>;

/// A note at a target: what was decided, and what carrying it out needs.
pub struct Work {
    /// Index into [`Observed::notes`].
    pub note: usize,
    /// The target.
    pub target: Arc<dyn Target>,
    /// By which the post is found.
    pub marker: Marker,
    /// What the ledger said of it when it was read.
    pub recorded: Option<TargetRecord>,
    /// What would be sent; `None` where that was not needed to decide.
    pub rendered: Option<Rendered>,
    /// What is to be done.
    pub decision: Decision,
    /// The post as it was seen.
    pub remote: Option<Remote>,
    /// Pictures that were looked for and found on the site.
    pub found_pictures: BTreeMap<Digest, RemotePicture>,
    /// The site could not be asked, or the note does not suit it.
    pub error: Option<Error>,
}

impl Observed<'_> {
    /// The plan that follows.
    #[must_use]
    pub fn plan(&self, run: &Run<'_>) -> Plan {
        let steps = self.by_note().into_iter().map(|work| self.step(run, work)).collect();
        Plan { steps: self.with_still(run, steps, Outcome::Planned), errors: self.errors.clone() }
    }

    /// The steps, and between them those of the notes that are as the ledger says.
    #[must_use]
    pub(super) fn with_still(&self, run: &Run<'_>, mut steps: Vec<Step>, outcome: Outcome) -> Vec<Step> {
        let records = self.still.iter().filter_map(|path| self.others.get(path));
        steps.extend(records.flat_map(|record| still_steps(run, record, outcome)));
        // Notes are read in the order of their paths; a note's targets stay in theirs.
        steps.sort_by(|a, b| a.note.cmp(&b.note));
        steps
    }

    /// What the ledger said of a step's note at its target.
    #[must_use]
    pub fn recorded(&self, step: &Step) -> Option<&TargetRecord> {
        match self.index_of(&step.note) {
            Some(note) => self.at(note, &step.target)?.recorded.as_ref(),
            None => self.others.get(&step.note)?.targets.get(&step.target),
        }
    }

    /// Adds work, and returns its index.
    pub(super) fn add(&mut self, work: Work) -> usize {
        let index = self.work.len();
        self.works[work.note].push(index);
        self.work.push(work);
        index
    }

    /// The records of the notes that are not in this run, if all were read.
    pub fn strangers(&self) -> Option<impl Iterator<Item = &Record>> {
        let still: HashSet<&str> = self.still.iter().map(String::as_str).collect();
        let records = self.others.values().filter(move |record| !still.contains(record.path.as_str()));
        self.read_all.then_some(records)
    }

    /// The work in the order of the plan's steps.
    #[must_use]
    pub fn by_note(&self) -> Vec<&Work> {
        self.works.iter().flatten().map(|index| &self.work[*index]).collect()
    }

    /// The work for one note.
    #[must_use]
    pub fn of_note(&self, note: usize) -> Vec<&Work> {
        self.works[note].iter().map(|index| &self.work[*index]).collect()
    }

    /// The work for one note at a target.
    pub(super) fn at(&self, note: usize, target: &str) -> Option<&Work> {
        let mut works = self.works[note].iter().map(|index| &self.work[*index]);
        works.find(|work| work.target.common().name == target)
    }

    /// The index of the note at a path.
    #[must_use]
    pub fn index_of(&self, path: &str) -> Option<usize> {
        self.by_path.get(path).copied()
    }

    /// One step of it.
    #[must_use]
    pub fn step(&self, run: &Run<'_>, work: &Work) -> Step {
        let (prepared, _) = &self.notes[work.note];
        let receipt = work.recorded.as_ref().and_then(|r| r.receipt.as_ref());
        let remote = work.remote.as_ref();
        let error = work.error.clone().or_else(|| work.decision.error.clone());
        let outcome = match (&work.error, work.decision.uncertain) {
            (Some(_), _) => Outcome::Failed,
            (None, true) => Outcome::Uncertain,
            (None, false) => Outcome::Planned,
        };
        Step {
            note: prepared.note.path().to_owned(),
            title: self.shown_title(run, work),
            target: work.target.common().name.clone(),
            action: work.decision.action,
            outcome,
            reason: work.decision.reason.clone(),
            error: error.map(|e| name_command(e, prepared.note.path(), &work.target.common().name)),
            remote_id: remote.map(|r| r.id.0.clone()).or_else(|| receipt.map(|r| r.remote_id.0.clone())),
            url: remote.and_then(|r| r.url.clone()).or_else(|| receipt.and_then(|r| r.url.clone())),
            warnings: work.warnings(),
            by_hand: self.by_hand(work),
            difference: work.difference(),
            changes: work.changes(),
            unfinished: false,
        }
    }

    /// What a person is to do who brings the note there.
    fn by_hand(&self, work: &Work) -> Vec<String> {
        let (Some(by_hand), Some(rendered)) = (&work.decision.by_hand, &work.rendered) else {
            return Vec::new();
        };
        work.told_by_hand(by_hand, &rendered.rendering, self.notes[work.note].0.note.path())
    }

    /// The title that logs may show. That of a note which was not rendered stands in its record.
    fn shown_title(&self, run: &Run<'_>, work: &Work) -> String {
        let (prepared, session) = &self.notes[work.note];
        let is_still = work.rendered.is_none() && work.decision.action == Action::Unchanged;
        match session.record().filter(|_| is_still) {
            Some(record) if prepared.note.meta.is_for(Audience::Public) => record.title,
            Some(_) => String::new(),
            None => prepared.shown_title(run),
        }
    }

    /// Whether the run or the ledger knows a note at this path.
    #[must_use]
    pub fn is_known(&self, path: &str) -> bool {
        self.by_path.contains_key(path) || self.others.contains_key(path)
    }

    /// The path of the one note whose file is called so, without its ending, in lower case.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<String> {
        let is_it = |path: &&String| stem(path).to_lowercase() == name;
        let mut found = self.by_path.keys().chain(self.others.keys()).filter(is_it);
        let first = found.next()?;
        found.next().is_none().then(|| first.clone())
    }

    /// What the ledger says of the note at a path, and whether that note is in this run.
    #[must_use]
    pub fn record_at(&self, path: &str) -> (Option<Record>, bool) {
        match self.by_path.get(path) {
            Some(index) => (self.notes[*index].1.record(), true),
            None => (self.others.get(path).cloned(), false),
        }
    }

    /// The lasting address at which the note at a path was seen on a target.
    #[must_use]
    pub fn seen_at(&self, path: &str, target: &str) -> Option<String> {
        let index = *self.by_path.get(path)?;
        let work = self.at(index, target)?;
        let remote = work.remote.as_ref().filter(|remote| remote.permanent && !remote.trashed)?;
        remote.url.clone()
    }

    /// Whether this run will put the note at a path on a target, where everybody can read it.
    #[must_use]
    pub fn will_publish(&self, path: &str, target: &str, run: &Run<'_>) -> bool {
        let Some((prepared, _)) = self.by_path.get(path).map(|index| &self.notes[*index]) else {
            return false;
        };
        let Some(target) = run.targets.iter().find(|t| t.common().name == target) else { return false };
        let status = prepared.note.meta.at(&target.common().name).status.unwrap_or(Status::Publish);
        prepared.note.meta.goes_to(&target.common().name)
            && !target.capabilities().by_hand
            && stays_away(prepared, &**target, run).is_none()
            && prepared.part(run, target.common().audience).is_ok()
            && status == Status::Publish
    }

    /// The pictures that other notes have put on a target's site.
    #[must_use]
    pub fn elsewhere(&self, target: &str, digest: &Digest) -> Option<&RemotePicture> {
        self.elsewhere.get(target)?.get(digest)
    }
}

/// Hints that name a command say it for this note and target.
fn name_command(error: Error, note: &str, target: &str) -> Error {
    error.map_hints(|hint| hint.replace("NOTE", note).replace("TARGET", target))
}

/// What a plan says of a note that is as the ledger says. Its title is shown where everybody can
/// read the note.
fn still_steps(run: &Run<'_>, record: &Record, outcome: Outcome) -> Vec<Step> {
    let is_public = |name: &String| {
        run.targets.iter().any(|t| t.common().name == *name && t.common().audience == Audience::Public)
    };
    let title = if record.targets.keys().any(is_public) { record.title.as_str() } else { "" };
    let step = |target: &Arc<dyn Target>| {
        let name = &target.common().name;
        let receipt = record.targets.get(name)?.receipt.as_ref()?;
        Some(Step {
            note: record.path.clone(),
            title: title.to_owned(),
            target: name.clone(),
            action: Action::Unchanged,
            outcome,
            reason: None,
            error: None,
            remote_id: Some(receipt.remote_id.0.clone()),
            url: receipt.url.clone(),
            warnings: Vec::new(),
            by_hand: Vec::new(),
            difference: None,
            changes: Vec::new(),
            unfinished: false,
        })
    };
    run.targets.iter().filter_map(step).collect()
}

pub(super) fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

impl Work {
    /// The pictures that the site does not have yet, as far as is known.
    #[must_use]
    pub fn missing_pictures(&self) -> Vec<Picture> {
        self.rendered.as_ref().map(Rendered::missing_pictures).unwrap_or_default()
    }

    /// What the note's post is looked for by.
    #[must_use]
    pub fn wanted(&self) -> Wanted {
        let rendering = self.rendered.as_ref().map(|r| &r.rendering);
        Wanted {
            marker: self.marker,
            title: rendering.map(|r| r.title.clone()).unwrap_or_default(),
            slug: rendering.and_then(|r| r.slug.clone()),
            canonical: rendering.and_then(|r| r.canonical.clone()),
        }
    }

    /// What a person is to do to bring this rendering of the note there, and what to say afterwards.
    pub(super) fn told_by_hand(&self, by_hand: &ByHand, rendering: &Rendering, note: &str) -> Vec<String> {
        let resolve = |url: &str| {
            let target = &self.target.common().name;
            format!("`crosspost resolve {note} --target {target} --published {url}`")
        };
        if let Some(url) = &by_hand.alike {
            return vec![format!("if {url} is it: {}", resolve(url))];
        }
        let mut lines = self.target.by_hand(rendering, note);
        lines.push(match self.target.capabilities().find {
            Finding::Never => format!("then say where it is: {}", resolve("URL")),
            _ => format!("then run crosspost again, or say where it is: {}", resolve("URL")),
        });
        lines
    }

    /// How the post on the site differs from what would be sent, where a person has to decide.
    fn difference(&self) -> Option<String> {
        let (remote, rendered) = (self.remote.as_ref()?, self.rendered.as_ref()?);
        let asked = self.decision.action == Action::Blocked || !self.decision.drifted.is_empty();
        let tell = match self.target.common().audience {
            Audience::Public => difference::of,
            Audience::Internal => difference::names,
        };
        asked.then(|| tell(&remote.parts, &rendered.rendering)).filter(|text| !text.is_empty())
    }

    /// Whether a person was given the note to bring it there, and nothing is known of it since.
    #[must_use]
    pub fn is_handed_over(&self) -> bool {
        let intent = self.recorded.as_ref().and_then(|r| r.intent.as_ref());
        intent.is_some_and(|i| i.phase == Phase::Handed)
    }

    /// What the target will lose; of a note that waits for a person it was told when they were given it.
    fn warnings(&self) -> Vec<Warning> {
        let Some(rendered) = &self.rendered else { return Vec::new() };
        let intent = self.recorded.as_ref().and_then(|r| r.intent.as_ref());
        if self.is_handed_over() && intent.is_some_and(|i| i.digest == rendered.digest) {
            return Vec::new();
        }
        rendered.rendering.warnings.clone()
    }

    /// What sending it would change in the post as the site shows it, for logs.
    fn changes(&self) -> Vec<Change> {
        let (Some(remote), Some(rendered)) = (&self.remote, &self.rendered) else { return Vec::new() };
        let tell = match self.target.common().audience {
            Audience::Public => difference::changes,
            Audience::Internal => difference::changed_parts,
        };
        match self.decision.action {
            Action::Update | Action::Blocked | Action::Adopt => tell(&remote.parts, &rendered.rendering),
            _ => Vec::new(),
        }
    }

    /// Whether a create of an earlier run has no receipt.
    #[must_use]
    pub fn was_interrupted(&self) -> bool {
        let intent = self.recorded.as_ref().and_then(|r| r.intent.as_ref());
        intent.is_some_and(|i| matches!(i.phase, Phase::Create | Phase::Update))
    }
}
