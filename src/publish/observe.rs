//! Makes the plan: reads the ledger, renders, and asks the sites what the decisions need to know.
//! Target by target, in canonical order, all notes of a target at once: look-ups are shared, and a
//! target's decisions are known before those of the targets that take its URL.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use futures_util::{StreamExt, stream};

use super::{
    Prepared, Run,
    links::{self, KnownLinks, Others, Unpublished},
    prepare::{Rendered, View, marker},
    session::Session,
    sites::Sites,
    uploads::Uploads,
};
use crate::{
    error::{Error, Result},
    note::{Audience, Marker, Note, NoteId, Status},
    plan::{
        Action, Outcome, Plan, Step,
        decide::{self, Decision, Known, Next},
        identity::{self, Seen},
    },
    render::{Digest, RemotePicture},
    state::{Entry, Key, Phase, Record, TargetRecord, Versioned, record::FORMAT},
    targets::{Fetched, Finding, Found, Reader, Remote, Target, Wanted, Writer},
};

/// Up to so many notes, records are read one by one; beyond, all at once.
const FEW: usize = 8;

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
    elsewhere: Elsewhere,
    /// The records of the notes that are not in this run.
    others: Others,
    /// Index into `notes`, by path.
    by_path: HashMap<String, usize>,
    /// Whether `others` holds all there are.
    read_all: bool,
}

/// By target and digest.
type Elsewhere = HashMap<String, HashMap<Digest, RemotePicture>>;

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
            title: prepared.title(run, &*work.target),
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
    pub async fn record_at(&self, path: &str) -> (Option<Record>, bool) {
        match self.by_path.get(path) {
            Some(index) => (self.notes[*index].1.record().await, true),
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

/// What can be told without asking any site: what is there according to the ledger, and what has
/// changed since.
///
/// # Errors
/// When the ledger cannot be read.
pub async fn glance<'a>(run: &Run<'a>, notes: Vec<Note>, errors: Vec<Error>) -> Result<Observed<'a>> {
    let mut observed = begin(run, notes, errors).await?;
    for target in run.targets.clone() {
        for (index, ask) in first_looks(run, &mut observed, &target).await {
            observed.work[index].decision = match ask {
                Ask::Find => Decision { action: Action::Create, ..skipped("not published there") },
                Ask::Fetch(_) if observed.work[index].decision.action == Action::Unchanged => continue,
                Ask::Fetch(_) => Decision { action: Action::Update, ..skipped("changed since") },
                Ask::Nothing => continue,
            };
        }
    }
    Ok(observed)
}

/// Looks at everything that the plan for these notes depends on. Changes nothing anywhere.
///
/// # Errors
/// When the ledger cannot be read. Trouble with a note or a target is in the plan.
pub async fn observe<'a>(run: &Run<'a>, notes: Vec<Note>, errors: Vec<Error>) -> Result<Observed<'a>> {
    let mut observed = begin(run, notes, errors).await?;
    for target in run.targets.clone() {
        observe_target(run, &mut observed, &target).await;
    }
    Ok(observed)
}

async fn begin<'a>(run: &Run<'a>, notes: Vec<Note>, errors: Vec<Error>) -> Result<Observed<'a>> {
    let gathered = match gather(run, &notes, notes.len() > FEW).await? {
        Some(gathered) => Some(gathered),
        None => gather(run, &notes, true).await?,
    };
    let gathered = gathered.ok_or_else(|| Error::failed("the ledger cannot be read"))?;
    let mut observed = gathered.into_observed(run, notes, errors).await?;
    read_linked(run, &mut observed).await?;
    Ok(observed)
}

/// Reads the records of notes that are linked to and were not read yet.
async fn read_linked(run: &Run<'_>, observed: &mut Observed<'_>) -> Result<()> {
    let linked = observed.notes.iter().flat_map(|(prepared, _)| links::linked_paths(run, prepared));
    if observed.read_all || linked.into_iter().all(|path| observed.is_known(&path)) {
        return Ok(());
    }
    let keys: HashSet<NoteId> = observed.notes.iter().map(|(prepared, _)| prepared.key.clone()).collect();
    for (_, entry) in run.ledger.read_all().await? {
        if let Entry::Note(record) = entry.value
            && !keys.contains(&record.note)
        {
            observed.others.insert(record.path.clone(), *record);
        }
    }
    observed.read_all = true;
    Ok(())
}

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

struct Gathered {
    read_all: bool,
    records: HashMap<NoteId, Versioned<Record>>,
    keys: Vec<Result<NoteId, Error>>,
}

/// Reads the records of the notes. `None` when not all were read and some note has none: then it
/// may have moved, and telling needs them all.
async fn gather(run: &Run<'_>, notes: &[Note], all: bool) -> Result<Option<Gathered>> {
    let mut records = HashMap::new();
    if all {
        for (_, entry) in run.ledger.read_all().await? {
            if let Entry::Note(record) = entry.value {
                let versioned = Versioned { value: *record, version: entry.version };
                records.insert(versioned.value.note.clone(), versioned);
            }
        }
    } else {
        for note in notes {
            match run.ledger.read(&Key::Note(note.id.clone())).await? {
                Some(Versioned { value: Entry::Note(record), version }) if record.path == note.path() => {
                    records.insert(record.note.clone(), Versioned { value: *record, version });
                }
                _ => return Ok(None),
            }
        }
    }
    let seen: Vec<Seen> = notes.iter().map(seen).collect();
    let values: Vec<&Record> = records.values().map(|v| &v.value).collect();
    let keys = identity::resolve(&seen, &values, &|path| run.files.exists(path));
    Ok(Some(Gathered { read_all: all, records, keys }))
}

fn seen(note: &Note) -> Seen {
    Seen {
        id: note.id.clone(),
        path: note.path().to_owned(),
        title: note.meta.own.title.clone(),
        text: Digest::of(note.body().as_bytes()),
    }
}

impl Gathered {
    async fn into_observed<'a>(
        mut self,
        run: &Run<'a>,
        notes: Vec<Note>,
        mut errors: Vec<Error>,
    ) -> Result<Observed<'a>> {
        let elsewhere = elsewhere(self.records.values().map(|v| &v.value));
        let mut prepared = Vec::new();
        for (note, key) in notes.into_iter().zip(self.keys) {
            match key {
                Err(error) => errors.push(error),
                Ok(key) => {
                    let read = self.records.remove(&key);
                    let note = Prepared::new(note, key);
                    let template = template(run, &note);
                    prepared.push((note, Session::new(run.ledger, template, read)));
                }
            }
        }
        let others = self.records.into_values().map(|v| (v.value.path.clone(), v.value)).collect();
        let paths = prepared.iter().enumerate().map(|(index, (p, _))| (p.note.path().to_owned(), index));
        Ok(Observed {
            by_path: paths.collect(),
            others,
            read_all: self.read_all,
            notes: prepared,
            sites: Sites::read(run.ledger, &run.targets).await?,
            writers: HashMap::new(),
            work: Vec::new(),
            errors,
            uploads: Uploads::default(),
            elsewhere,
        })
    }
}

fn elsewhere<'r>(records: impl Iterator<Item = &'r Record>) -> Elsewhere {
    let mut elsewhere = Elsewhere::new();
    for (target, record) in records.flat_map(|r| &r.targets) {
        let known = elsewhere.entry(target.clone()).or_default();
        known.extend(record.pictures.iter().map(|(digest, remote)| (digest.clone(), remote.clone())));
    }
    elsewhere
}

fn template(run: &Run<'_>, note: &Prepared) -> Record {
    let title = run.targets.iter().map(|t| note.title(run, &**t)).find(|t| !t.is_empty());
    Record {
        format: FORMAT,
        note: note.key.clone(),
        path: note.note.path().to_owned(),
        title: title.unwrap_or_default(),
        text: note.text.clone(),
        serial: 0,
        targets: BTreeMap::new(),
    }
}

/// Decides for all notes at one target.
async fn observe_target(run: &Run<'_>, observed: &mut Observed<'_>, target: &Arc<dyn Target>) {
    let asking = first_looks(run, observed, target).await;
    if asking.is_empty() {
        return;
    }
    if let Err(error) = ask(run, observed, target, &asking).await {
        for (index, _) in asking {
            observed.work[index].error = Some(error.clone());
        }
    }
}

/// What the ledger alone tells of all notes at one target; returns what must be asked.
async fn first_looks(
    run: &Run<'_>,
    observed: &mut Observed<'_>,
    target: &Arc<dyn Target>,
) -> Vec<(usize, Ask)> {
    let mut asking = Vec::new();
    for index in 0..observed.notes.len() {
        if !observed.notes[index].0.note.meta.goes_to(&target.common().name) {
            continue;
        }
        match first_look(run, observed, target, index).await {
            Ok((work, ask)) => {
                if ask != Ask::Nothing {
                    asking.push((observed.work.len(), ask));
                }
                observed.work.push(work);
            }
            Err(errors) => add_errors(&mut observed.errors, errors),
        }
    }
    asking
}

/// Both audiences of a note report the same mistakes: each is told once.
fn add_errors(errors: &mut Vec<Error>, new: Vec<Error>) {
    for error in new {
        if !errors.contains(&error) {
            errors.push(error);
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Ask {
    Nothing,
    Find,
    Fetch(crate::targets::RemoteId),
}

async fn first_look(
    run: &Run<'_>,
    observed: &Observed<'_>,
    target: &Arc<dyn Target>,
    index: usize,
) -> Result<(Work, Ask), Vec<Error>> {
    let (prepared, session) = &observed.notes[index];
    let name = &target.common().name;
    let record = session.record().await;
    let recorded = record.as_ref().and_then(|r| r.targets.get(name)).cloned();
    let mut work = Work {
        note: index,
        target: target.clone(),
        marker: marker(run, &prepared.key, name, recorded.as_ref()),
        recorded,
        rendered: None,
        decision: skipped(""),
        remote: None,
        found_pictures: BTreeMap::new(),
        error: None,
    };
    let published = work.recorded.as_ref().is_some_and(|r| r.receipt.is_some() || r.intent.is_some());
    if let Some(reason) = stays_away(prepared, &**target, run) {
        work.decision = skipped(reason);
        return Ok((work, Ask::Nothing));
    }
    let site = observed.sites.known(name).await;
    let links = links::known(run, observed, &work, Unpublished::Awaited).await;
    let rendered = render(run, observed, &work, record.as_ref(), &site, &links)?;
    let waits = (!published).then(|| must_wait(run, observed, &work, &rendered)).flatten();
    let next = decide::look(&known(run, &work, &rendered.digest, &|_| false));
    work.rendered = Some(rendered);
    if let Some(reason) = waits {
        work.decision = skipped(reason);
        return Ok((work, Ask::Nothing));
    }
    Ok(match next {
        Next::Decided(decision) => {
            let receipt = work.recorded.as_ref().and_then(|r| r.receipt.as_ref());
            let ask = match (decision.action, receipt) {
                (Action::Create, _) => Ask::Find,
                (Action::Unchanged, Some(receipt)) if run.thorough || target.capabilities().local => {
                    Ask::Fetch(receipt.remote_id.clone())
                }
                _ => Ask::Nothing,
            };
            work.decision = decision;
            (work, ask)
        }
        Next::Find => (work, Ask::Find),
        Next::Fetch(id) => (work, Ask::Fetch(id)),
    })
}

fn skipped(reason: impl Into<String>) -> Decision {
    Decision {
        action: Action::Skipped,
        reason: Some(reason.into()),
        error: None,
        uncertain: false,
        drifted: Vec::new(),
    }
}

fn known<'k>(
    run: &Run<'_>,
    work: &'k Work,
    digest: &'k Digest,
    is_current: &'k dyn Fn(&Remote) -> bool,
) -> Known<'k> {
    Known {
        is_current,
        capabilities: work.target.capabilities(),
        record: work.recorded.as_ref(),
        digest,
        now: run.now,
        on_drift: run.on_drift,
        trust_ledger: run.trust_ledger,
    }
}

/// Renders a note for a target with what is known by now.
///
/// # Errors
/// What is wrong with the note, or does not suit the target.
pub fn render(
    run: &Run<'_>,
    observed: &Observed<'_>,
    work: &Work,
    record: Option<&Record>,
    site: &BTreeMap<String, String>,
    links: &KnownLinks,
) -> Result<Rendered, Vec<Error>> {
    let view = View {
        links,
        marker: work.marker,
        record,
        site,
        found_pictures: &work.found_pictures,
        elsewhere: &|digest| observed.elsewhere(&work.target.common().name, digest),
    };
    observed.notes[work.note].0.render(run, &*work.target, &view)
}

/// Why a note never goes to a target, from what it says of itself.
fn stays_away(prepared: &Prepared, target: &dyn Target, run: &Run<'_>) -> Option<String> {
    let (meta, common) = (&prepared.note.meta, target.common());
    if meta.audience == Some(Audience::Internal) && common.audience == Audience::Public {
        return Some("the note is internal".to_owned());
    }
    let ours = |author: &String| common.authors.iter().any(|a| a.eq_ignore_ascii_case(author));
    if !common.authors.is_empty() && !meta.author.as_ref().is_some_and(ours) {
        return Some(match &meta.author {
            Some(author) => format!("not an account of {author}'s"),
            None => "the note names no author".to_owned(),
        });
    }
    let own = meta.at(&common.name);
    if own.status == Some(Status::Private) && !target.capabilities().private {
        return Some("private, which this target cannot keep".to_owned());
    }
    let date = own.date.and_then(|d| d.instant(run.zone).ok());
    match date {
        Some(date) if date > run.now && !target.capabilities().schedules => {
            let local = date.to_zoned(run.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
            Some(format!("waits until {local}"))
        }
        _ => None,
    }
}

/// Why a note cannot go to a target in this run though it will: its canonical URL is not there yet
/// and will not be.
fn must_wait(run: &Run<'_>, observed: &Observed<'_>, work: &Work, rendered: &Rendered) -> Option<String> {
    let canonical = rendered.rendering.canonical.as_deref()?;
    let name = canonical.strip_prefix(crate::render::PENDING_LINK)?;
    let first =
        observed.work.iter().find(|other| other.note == work.note && other.target.common().name == name);
    let Some(first) = first else {
        let why = if run.targets.iter().any(|t| t.common().name == name) {
            "is wrong"
        } else {
            "is not in this run"
        };
        return Some(format!("waits for `{name}`, which {why}"));
    };
    if first.error.is_some() || !first.decision.action.changes() {
        return Some(format!("waits for `{name}`"));
    }
    let public = first.rendered.as_ref().is_some_and(|r| r.rendering.status == Status::Publish);
    (!public).then(|| format!("waits until `{name}` has published it"))
}

/// Asks a target's site all that its undecided notes need.
async fn ask(
    run: &Run<'_>,
    observed: &mut Observed<'_>,
    target: &Arc<dyn Target>,
    asking: &[(usize, Ask)],
) -> Result<()> {
    let name = target.common().name.clone();
    let writer = (run.connect)(&**target)?;
    let outcome = ask_site(run, observed, writer.reader(), asking).await;
    observed.writers.insert(name, writer);
    outcome
}

async fn ask_site(
    run: &Run<'_>,
    observed: &mut Observed<'_>,
    reader: &dyn Reader,
    asking: &[(usize, Ask)],
) -> Result<()> {
    survey(run, observed, reader, asking).await;
    let finds: Vec<usize> = indexes(observed, asking, |ask| *ask == Ask::Find);
    if !finds.is_empty() && reader_can_find(observed, &finds) {
        find(run, observed, reader, &finds).await?;
    }
    let fetches: Vec<(usize, &crate::targets::RemoteId)> = asking
        .iter()
        .filter(|(index, _)| observed.work[*index].error.is_none())
        .filter_map(|(index, ask)| if let Ask::Fetch(id) = ask { Some((*index, id)) } else { None })
        .collect();
    let width = observed.work[asking[0].0].target.common().concurrency;
    let fetched: Vec<(usize, Result<Fetched>)> = stream::iter(fetches)
        .map(|(index, id)| async move { (index, reader.fetch(id).await) })
        .buffer_unordered(width)
        .collect()
        .await;
    for (index, answer) in fetched {
        match answer {
            Ok(fetched) => after_fetch(run, observed, index, fetched),
            Err(error) => observed.work[index].error = Some(error),
        }
    }
    Ok(())
}

fn indexes(observed: &Observed<'_>, asking: &[(usize, Ask)], which: impl Fn(&Ask) -> bool) -> Vec<usize> {
    let open = asking.iter().filter(|(index, ask)| observed.work[*index].error.is_none() && which(ask));
    open.map(|(index, _)| *index).collect()
}

fn reader_can_find(observed: &Observed<'_>, finds: &[usize]) -> bool {
    observed.work[finds[0]].target.capabilities().find != Finding::Never
}

/// Learns what renderings depend on and the ledger does not know, and renders again where something
/// new was learned.
async fn survey(run: &Run<'_>, observed: &mut Observed<'_>, reader: &dyn Reader, asking: &[(usize, Ask)]) {
    for (index, _) in asking {
        let work = &observed.work[*index];
        let name = work.target.common().name.clone();
        let Some(rendered) = &work.rendered else { continue };
        let known = observed.sites.known(&name).await;
        match reader.survey(&rendered.rendering, &known).await {
            Err(error) => observed.work[*index].error = Some(error),
            Ok(learned) => {
                if observed.sites.learn(&name, learned).await {
                    render_again(run, observed, *index).await;
                }
            }
        }
    }
}

/// Renders one note again, since something that it depends on has become known.
async fn render_again(run: &Run<'_>, observed: &mut Observed<'_>, index: usize) {
    let work = &observed.work[index];
    let record = observed.notes[work.note].1.record().await;
    let site = observed.sites.known(&work.target.common().name).await;
    let links = links::known(run, observed, work, Unpublished::Awaited).await;
    match render(run, observed, work, record.as_ref(), &site, &links) {
        Ok(rendered) => observed.work[index].rendered = Some(rendered),
        Err(errors) => observed.work[index].error = errors.into_iter().next(),
    }
}

async fn find(
    run: &Run<'_>,
    observed: &mut Observed<'_>,
    reader: &dyn Reader,
    finds: &[usize],
) -> Result<()> {
    let wanted: Vec<Wanted> = finds.iter().map(|index| wanted(&observed.work[*index])).collect();
    let found = reader.find(&wanted, looks_for_others(run, observed, finds).await).await?;
    // First all that was found, since notes link to one another: then what each would be now.
    for (index, found) in finds.iter().zip(&found) {
        observed.work[*index].remote = found.ours.first().cloned();
    }
    for (index, found) in finds.iter().zip(found) {
        if found.ours.len() == 1 {
            look_for_pictures(observed, reader, *index).await?;
            render_again(run, observed, *index).await;
        }
        after_find(run, observed, *index, &found);
    }
    Ok(())
}

/// Whether posts of others are looked for as well: on a site that crosspost has not published to
/// yet, or for a note from before it did. Later notes cannot have been pasted by hand before.
async fn looks_for_others(run: &Run<'_>, observed: &Observed<'_>, finds: &[usize]) -> bool {
    let name = &observed.work[finds[0]].target.common().name;
    let site = observed.sites.known(name).await;
    let Some(since) = site.get(super::perform::SINCE).and_then(|s| s.parse::<jiff::Timestamp>().ok()) else {
        return true;
    };
    finds.iter().any(|index| {
        let work = &observed.work[*index];
        let date = work.rendered.as_ref().and_then(|r| r.rendering.date);
        // Dates of notes are often days: a note of the first day counts as later.
        let day = since.to_zoned(run.zone.clone()).start_of_day().map(|z| z.timestamp());
        date.is_none_or(|date| day.is_ok_and(|day| date < day))
    })
}

fn wanted(work: &Work) -> Wanted {
    let rendering = work.rendered.as_ref().map(|r| &r.rendering);
    Wanted {
        marker: work.marker,
        title: rendering.map(|r| r.title.clone()).unwrap_or_default(),
        slug: rendering.and_then(|r| r.slug.clone()),
        canonical: rendering.and_then(|r| r.canonical.clone()),
    }
}

/// A post that the ledger does not know can be there with its pictures: they are looked for, so that
/// the rendering can be compared with what it was sent with, and none is uploaded twice.
async fn look_for_pictures(observed: &mut Observed<'_>, reader: &dyn Reader, index: usize) -> Result<()> {
    let missing = observed.work[index].missing_pictures();
    if missing.is_empty() {
        return Ok(());
    }
    let found = reader.find_pictures(&missing).await?;
    for (picture, remote) in missing.into_iter().zip(found) {
        if let Some(remote) = remote {
            observed.work[index].found_pictures.insert(picture.digest, remote);
        }
    }
    Ok(())
}

impl Work {
    /// The pictures that the site does not have yet, as far as is known.
    #[must_use]
    pub fn missing_pictures(&self) -> Vec<crate::render::Picture> {
        self.rendered.as_ref().map(Rendered::missing_pictures).unwrap_or_default()
    }

    /// How the post on the site differs from what would be sent, where a person has to decide.
    fn difference(&self) -> Option<String> {
        let (remote, rendered) = (self.remote.as_ref()?, self.rendered.as_ref()?);
        let asked = self.decision.action == Action::Blocked || !self.decision.drifted.is_empty();
        asked
            .then(|| super::difference::of(&remote.parts, &rendered.rendering))
            .filter(|text| !text.is_empty())
    }

    /// Whether a create of an earlier run has no receipt.
    #[must_use]
    pub fn was_interrupted(&self) -> bool {
        let intent = self.recorded.as_ref().and_then(|r| r.intent.as_ref());
        intent.is_some_and(|i| matches!(i.phase, Phase::Create | Phase::Update))
    }
}

fn after_find(run: &Run<'_>, observed: &mut Observed<'_>, index: usize, found: &Found) {
    let decision = decided(run, &observed.work[index], |known| decide::after_find(known, found));
    if let Some(decision) = decision {
        observed.work[index].decision = decision;
    }
}

fn after_fetch(run: &Run<'_>, observed: &mut Observed<'_>, index: usize, fetched: Fetched) {
    let decide = |known: &Known<'_>| decide::after_fetch(known, &fetched);
    let Some(decision) = decided(run, &observed.work[index], decide) else { return };
    let work = &mut observed.work[index];
    work.decision = decision;
    work.remote = match fetched {
        Fetched::Present(remote) => Some(*remote),
        Fetched::Gone | Fetched::Unseen => None,
    };
}

fn decided(run: &Run<'_>, work: &Work, decide: impl Fn(&Known<'_>) -> Decision) -> Option<Decision> {
    let rendered = work.rendered.as_ref()?;
    let is_current = |remote: &Remote| work.target.is_current(&rendered.rendering, remote);
    Some(decide(&known(run, work, &rendered.digest, &is_current)))
}
