//! Everything that was seen, and the plan that follows from it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, OnceLock},
};

use super::{
    Prepared, Run, Told, difference, fingerprint::Fingerprints, observe::stays_away, outlines::Outlines,
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
    state::{Outline, Packed, Phase, Standing, TargetRecord},
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
    /// Makes the digests of what renderings are made of.
    pub(super) fingerprints: Fingerprints,
    /// Notes that cannot be published as they are.
    pub errors: Vec<Error>,
    /// Pictures that this run puts on the sites.
    pub uploads: Uploads,
    /// Pictures that notes have put on the sites. Made when the first is looked for.
    pub(super) elsewhere: OnceLock<Elsewhere>,
    /// What the ledger says of the notes that nothing is done about.
    pub(super) records: Outlines,
    /// Index into `notes`, by path.
    pub(super) by_path: HashMap<String, usize>,
    /// Whether `records` holds all there are.
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
        let plan = Plan { steps, errors: self.errors.clone(), ..Plan::default() };
        self.with_still(run, plan, Outcome::Planned)
    }

    /// The plan, and in it what there is to tell of the notes that are as the ledger says.
    #[must_use]
    pub(super) fn with_still(&self, run: &Run<'_>, mut plan: Plan, outcome: Outcome) -> Plan {
        let still = self.records.still();
        if run.told == Told::Changes {
            plan.unchanged += still.len() * run.targets.len();
            return plan;
        }
        let targets = run.targets.iter().map(|t| (t.common().name.as_str().into(), t.common().audience));
        let targets: Vec<(Arc<str>, Audience)> = targets.collect();
        plan.steps.extend(still.iter().flat_map(|record| still_steps(&targets, &record.outline(), outcome)));
        // Notes are read in the order of their paths; a note's targets stay in theirs.
        plan.steps.sort_by(|a, b| a.note.cmp(&b.note));
        plan
    }

    /// How many steps of some notes the plan does not tell of, but counts.
    #[must_use]
    pub fn counted(&self, run: &Run<'_>, notes: &[String]) -> usize {
        let still = || notes.iter().filter(|path| self.records.is_still(path)).count();
        if run.told == Told::Changes { still() * run.targets.len() } else { 0 }
    }

    /// What the ledger said of a step's note at its target.
    #[must_use]
    pub fn recorded(&self, step: &Step) -> Option<Standing<'_>> {
        match self.index_of(&step.note) {
            Some(note) => self.at(note, &step.target)?.recorded.as_ref().map(Standing::from),
            None => self.records.get(&step.note)?.targets.remove(&*step.target).map(|at| *at),
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
    pub fn strangers(&self) -> Option<&[Packed]> {
        self.read_all.then_some(self.records.others())
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
            note: prepared.note.path().into(),
            title: self.shown_title(run, work).into(),
            target: work.target.common().name.as_str().into(),
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
            None => prepared.shown_title(run).to_owned(),
        }
    }

    /// Whether the run or the ledger knows a note at this path.
    #[must_use]
    pub fn is_known(&self, path: &str) -> bool {
        self.by_path.contains_key(path) || self.records.contains(path)
    }

    /// The path of the one note whose file is called so, without its ending, in lower case.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<String> {
        let is_it = |path: &&str| stem(path).to_lowercase() == name;
        let mut found = self.by_path.keys().map(String::as_str).chain(self.records.paths()).filter(is_it);
        let first = found.next()?;
        found.next().is_none().then(|| first.to_owned())
    }

    /// The lasting address of the note at a path at a target, as the ledger has it.
    #[must_use]
    pub fn address_at(&self, path: &str, target: &str) -> Option<String> {
        match self.by_path.get(path) {
            Some(index) => self.notes[*index].1.address(target),
            None => self.records.get(path)?.address(target).map(str::to_owned),
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
            && prepared.is_in_order(run, target.common().audience)
            && status == Status::Publish
    }

    /// The pictures that other notes have put on a target's site.
    #[must_use]
    pub fn elsewhere(&self, target: &str, digest: &Digest) -> Option<&RemotePicture> {
        self.elsewhere.get_or_init(|| self.all_pictures()).get(target)?.get(digest)
    }

    fn all_pictures(&self) -> Elsewhere {
        let mut all = Elsewhere::new();
        let mut add = |record: Outline<'_>| {
            for (target, at) in record.targets.into_iter().filter(|(_, at)| !at.pictures.is_empty()) {
                all.entry(target.to_string()).or_default().extend(at.pictures);
            }
        };
        self.records.all().map(Packed::outline).for_each(&mut add);
        let mine = self.notes.iter().filter_map(|(_, session)| session.record());
        mine.for_each(|record| add(Outline::from(&record)));
        all
    }
}

/// Hints that name a command say it for this note and target.
fn name_command(error: Error, note: &str, target: &str) -> Error {
    error.map_hints(|hint| hint.replace("NOTE", note).replace("TARGET", target))
}

/// What a plan says of a note that is as the ledger says. Its title is shown where everybody can
/// read the note.
fn still_steps(targets: &[(Arc<str>, Audience)], record: &Outline<'_>, outcome: Outcome) -> Vec<Step> {
    let mut at = targets.iter().filter(|(name, _)| record.targets.contains_key(&**name));
    let is_public = at.any(|(_, audience)| *audience == Audience::Public);
    let title: Arc<str> = if is_public { (&*record.title).into() } else { "".into() };
    let note: Arc<str> = (&*record.path).into();
    let step = |(name, _): &(Arc<str>, Audience)| {
        let post = record.targets.get(&**name)?.receipt.as_ref()?;
        let step = Step::new(note.clone(), title.clone(), name.clone(), Action::Unchanged, outcome);
        Some(Step {
            remote_id: Some(post.remote_id.to_string()),
            url: post.url.as_deref().map(str::to_owned),
            ..step
        })
    };
    targets.iter().filter_map(step).collect()
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
