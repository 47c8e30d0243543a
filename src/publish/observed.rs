//! Everything that was seen, and the plan that follows from it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::{
    Prepared, Run, difference, links::Others, observe::stays_away, prepare::Rendered, session::Session,
    sites::Sites, uploads::Uploads,
};
use crate::{
    error::Error,
    note::{Audience, Marker, Status},
    plan::{Action, Outcome, Plan, Step, decide::Decision},
    render::{Digest, Picture, RemotePicture},
    state::{Phase, Record, TargetRecord},
    targets::{Remote, Target, Writer},
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
        Plan { steps, errors: self.errors.clone() }
    }

    /// The work in the order of the plan's steps.
    #[must_use]
    pub fn by_note(&self) -> Vec<&Work> {
        let mut work: Vec<&Work> = self.work.iter().collect();
        work.sort_by_key(|work| work.note);
        work
    }

    /// The work for one note.
    #[must_use]
    pub fn of_note(&self, note: usize) -> Vec<&Work> {
        self.work.iter().filter(|work| work.note == note).collect()
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
            title: prepared.shown_title(run),
            target: work.target.common().name.clone(),
            action: work.decision.action,
            outcome,
            reason: work.decision.reason.clone(),
            error: error.map(|e| name_command(e, prepared.note.path(), &work.target.common().name)),
            remote_id: remote.map(|r| r.id.0.clone()).or_else(|| receipt.map(|r| r.remote_id.0.clone())),
            url: remote.and_then(|r| r.url.clone()).or_else(|| receipt.and_then(|r| r.url.clone())),
            warnings: work.rendered.as_ref().map(|r| r.rendering.warnings.clone()).unwrap_or_default(),
            difference: work.difference(),
            unfinished: false,
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
        let work = self.work.iter().find(|w| w.note == index && w.target.common().name == target)?;
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

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

impl Work {
    /// The pictures that the site does not have yet, as far as is known.
    #[must_use]
    pub fn missing_pictures(&self) -> Vec<Picture> {
        self.rendered.as_ref().map(Rendered::missing_pictures).unwrap_or_default()
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

    /// Whether a create of an earlier run has no receipt.
    #[must_use]
    pub fn was_interrupted(&self) -> bool {
        let intent = self.recorded.as_ref().and_then(|r| r.intent.as_ref());
        intent.is_some_and(|i| matches!(i.phase, Phase::Create | Phase::Update))
    }
}
