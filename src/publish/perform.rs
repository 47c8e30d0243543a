//! Carries a plan out: for each step the intent, the pictures, the write, the receipt.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use futures_util::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};

use super::{
    Observed, Run, Work,
    links::{self, Unpublished},
    observe::render,
    prepare::Rendered,
    session::Session,
};
use crate::{
    error::{Error, Result, Warning},
    plan::{self, Action, Outcome, Plan, Step, order},
    render::{Digest, PENDING_LINK, Picture, Pictures, RemotePicture, Rendering},
    state::{Intent, Phase, Receipt, TargetRecord},
    targets::{Finding, Remote, RemoteId, Sending, Target, Upload, Wanted, WriteError, Writer, Written},
};

/// What a site's record calls the time of the first publication there.
pub const SINCE: &str = "since";

/// How many notes are under way at once; each target limits its own requests besides.
const NOTES_AT_ONCE: usize = 16;

/// Carries the plan out and tells how each step ended.
///
/// # Errors
/// When the ledger cannot be written. Everything else is told in the plan.
pub async fn perform(run: &Run<'_>, observed: &Observed<'_>) -> Result<Plan> {
    let open: usize =
        observed.work.iter().filter(|w| w.error.is_none() && w.decision.action.changes()).count();
    run.progress.begin(open);
    let mut steps: Vec<(usize, Vec<Step>)> = Vec::new();
    for wave in waves(observed) {
        let done = stream::iter(wave)
            .map(|index| async move { (index, perform_note(run, observed, observed.of_note(index)).await) })
            .buffer_unordered(NOTES_AT_ONCE);
        steps.extend(done.collect::<Vec<_>>().await);
    }
    steps.sort_by_key(|(index, _)| *index);
    for writer in observed.writers.values() {
        writer.finish().await?;
    }
    observed.sites.write(run.ledger).await?;
    Ok(Plan {
        steps: steps.into_iter().flat_map(|(_, steps)| steps).collect(),
        errors: observed.errors.clone(),
    })
}

/// The notes in the order in which they can go: one that is linked to before those that link to it.
/// Of notes that link to each other the first goes first, and is brought up to date afterwards.
fn waves(observed: &Observed<'_>) -> Vec<Vec<usize>> {
    let mut needs: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); observed.notes.len()];
    for work in &observed.work {
        let paths = work.rendered.iter().flat_map(|r| &r.waits_for);
        needs[work.note].extend(paths.filter_map(|path| observed.index_of(path)));
    }
    order::waves(&needs)
}

/// One note: targets that wait for no other side by side, then those that take their URL.
async fn perform_note(run: &Run<'_>, observed: &Observed<'_>, works: Vec<&Work>) -> Vec<Step> {
    let (waiting, free): (Vec<&Work>, Vec<&Work>) = works.into_iter().partition(|work| waits(work));
    let width = free.len().max(1);
    let mut steps: Vec<(usize, Step)> = stream::iter(free.into_iter().enumerate())
        .map(|(index, work)| async move { (index, perform_step(run, observed, work).await) })
        .buffer_unordered(width)
        .collect()
        .await;
    steps.sort_by_key(|(index, _)| *index);
    let mut steps: Vec<Step> = steps.into_iter().map(|(_, step)| step).collect();
    for work in waiting {
        let step = perform_step(run, observed, work).await;
        steps.push(step);
    }
    let order = |step: &Step| run.targets.iter().position(|t| t.common().name == step.target);
    steps.sort_by_key(order);
    steps
}

fn waits(work: &Work) -> bool {
    let canonical = work.rendered.as_ref().and_then(|r| r.rendering.canonical.as_deref());
    canonical.is_some_and(|url| url.starts_with(PENDING_LINK))
}

async fn perform_step(run: &Run<'_>, observed: &Observed<'_>, work: &Work) -> Step {
    let mut step = observed.step(run, work);
    let job = Job::new(run, observed, work);
    if work.error.is_some() {
        return step;
    }
    let ended = match (work.decision.action, &job) {
        (Action::Create | Action::Update | Action::Adopt, Some(job)) => job.perform().await,
        _ if work.decision.uncertain => match mark_uncertain(observed, work).await {
            Ok(()) => return step,
            Err(error) => Ended::failed(error),
        },
        _ => return step,
    };
    run.progress.step(&step.note, &step.target);
    ended.tell(&mut step);
    step
}

/// How a step ended.
enum Ended {
    Done {
        remote_id: RemoteId,
        url: Option<String>,
        warnings: Vec<Warning>,
        /// A link in it could not be made, since the other note was not there yet.
        unfinished: bool,
    },
    /// Another run did it, or is at it.
    Elsewhere,
    /// It cannot be done yet.
    Waits(String),
    Failed {
        error: Error,
        uncertain: bool,
    },
}

impl Ended {
    fn failed(error: Error) -> Self {
        Self::Failed { error, uncertain: false }
    }

    fn tell(self, step: &mut Step) {
        match self {
            Self::Done { remote_id, url, warnings, unfinished } => {
                step.outcome = Outcome::Done;
                step.unfinished = unfinished;
                step.remote_id = Some(remote_id.0);
                step.url = url;
                step.warnings.extend(warnings);
            }
            Self::Elsewhere => {
                step.action = Action::Blocked;
                step.reason = Some("another run is at it".to_owned());
                step.error =
                    Some(Error::decision("another run is publishing this note there").code(plan::BUSY));
            }
            Self::Waits(reason) => {
                step.action = Action::Skipped;
                step.reason = Some(reason);
            }
            Self::Failed { error, uncertain } => {
                step.outcome = if uncertain { Outcome::Uncertain } else { Outcome::Failed };
                step.error = Some(error);
            }
        }
    }
}

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        Self::failed(error)
    }
}

/// One step under way.
struct Job<'j, 'a> {
    run: &'j Run<'a>,
    observed: &'j Observed<'a>,
    work: &'j Work,
    session: &'j Session<'a>,
    target: &'j dyn Target,
    name: &'j str,
    planned: &'j Rendered,
    writer: Option<&'j dyn Writer>,
}

impl<'j, 'a> Job<'j, 'a> {
    fn new(run: &'j Run<'a>, observed: &'j Observed<'a>, work: &'j Work) -> Option<Self> {
        let name = work.target.common().name.as_str();
        Some(Self {
            run,
            observed,
            work,
            session: &observed.notes[work.note].1,
            target: &*work.target,
            name,
            planned: work.rendered.as_ref()?,
            writer: observed.writers.get(name).map(|w| &**w),
        })
    }

    async fn perform(&self) -> Ended {
        let result = match self.work.decision.action {
            Action::Adopt => self.adopt().await,
            _ => self.write().await,
        };
        result.unwrap_or_else(|ended| ended)
    }

    /// The ledger learns of the post as it was seen; nothing is sent.
    async fn adopt(&self) -> Result<Ended, Ended> {
        let Some(remote) = &self.work.remote else {
            return Err(Error::failed("the post that was to be adopted was not seen").into());
        };
        let receipt = self.receipt(remote, &self.planned.digest, &self.planned.rendering);
        let record = TargetRecord {
            marker: self.work.marker,
            intent: None,
            receipt: Some(receipt),
            pictures: used_pictures(&self.planned.pictures, &self.planned.rendering),
        };
        self.swap(self.work.recorded.as_ref(), record).await?;
        Ok(done(remote.clone(), Vec::new(), false))
    }

    async fn write(&self) -> Result<Ended, Ended> {
        let writer = self.writer.ok_or_else(|| Error::failed("the target was not asked"))?;
        if let Some(reason) = self.still_waits().await {
            return Ok(Ended::Waits(reason));
        }
        let begun = self.begin().await?;
        match self.send(writer, &begun).await {
            Ok((written, rendered)) => self.finish(&begun, written, &rendered).await,
            Err(WriteError::NotDone(error)) => {
                // Nothing happened: the record is as if nothing had been begun.
                let _ = self.restore(&begun).await?;
                Err(Ended::failed(error))
            }
            Err(WriteError::Unknown(error)) => self.reconcile(writer, &begun, error).await,
        }
    }

    /// The canonical URL that this step was planned to wait for did not come.
    async fn still_waits(&self) -> Option<String> {
        let canonical = self.planned.rendering.canonical.as_deref()?;
        let name = canonical.strip_prefix(PENDING_LINK)?;
        let record = self.session.record().await;
        let receipt = record.as_ref().and_then(|r| r.targets.get(name)).and_then(|t| t.receipt.as_ref());
        match receipt {
            Some(receipt) if receipt.permanent && receipt.url.is_some() => None,
            Some(_) => Some(format!("waits until `{name}` has published it")),
            None => Some(format!("waits for `{name}`, which failed")),
        }
    }

    /// Writes the intent. Who loses the swap does not publish.
    async fn begin(&self) -> Result<TargetRecord, Ended> {
        let phase = if self.work.decision.action == Action::Create { Phase::Create } else { Phase::Update };
        let before = self.work.recorded.clone().unwrap_or_else(|| TargetRecord::new(self.work.marker));
        let begun = TargetRecord { intent: Some(self.intent(phase, self.planned.digest.clone())), ..before };
        self.swap(self.work.recorded.as_ref(), begun.clone()).await?;
        Ok(begun)
    }

    fn intent(&self, phase: Phase, digest: Digest) -> Intent {
        let at = Timestamp::now();
        let until = at.saturating_add(SignedDuration::try_from(lease(self.target)).unwrap_or_default());
        Intent { phase, digest, run: self.run.id.clone(), at, until: until.unwrap_or(at) }
    }

    async fn swap(&self, expected: Option<&TargetRecord>, new: TargetRecord) -> Result<(), Ended> {
        if self.session.swap(self.name, expected, Some(new)).await? {
            return Ok(());
        }
        Err(Ended::Elsewhere)
    }

    async fn restore(&self, begun: &TargetRecord) -> Result<bool> {
        let current = self.session.record().await;
        let current = current.as_ref().and_then(|r| r.targets.get(self.name));
        if !is_ours(current, begun) {
            return Ok(false);
        }
        self.session.swap(self.name, current, self.work.recorded.clone()).await
    }

    /// Uploads what is missing and writes, renewing the intent for as long as it takes.
    async fn send(
        &self,
        writer: &dyn Writer,
        begun: &TargetRecord,
    ) -> Result<(Written, Rendered), WriteError> {
        let work = async {
            let uploaded = self.upload(writer).await.map_err(WriteError::NotDone)?;
            let rendered = self.render_final(uploaded).await.map_err(WriteError::NotDone)?;
            let site = self.observed.sites.known(self.name).await;
            let sending = Sending { marker: self.work.marker, pictures: &rendered.pictures, site: &site };
            let written = match (self.work.decision.action, &self.work.remote, self.known_id()) {
                (Action::Update, Some(remote), _) => {
                    writer.update(&remote.id, &rendered.rendering, sending).await?
                }
                (Action::Update, None, Some(id)) => writer.update(&id, &rendered.rendering, sending).await?,
                _ => writer.create(&rendered.rendering, sending).await?,
            };
            Ok((written, rendered))
        };
        tokio::select! {
            // The renewal first: after a suspended process wakes up, it must not send before it
            // knows that nobody has taken over.
            biased;
            error = self.renew(begun) => Err(WriteError::Unknown(error)),
            result = work => result,
        }
    }

    fn known_id(&self) -> Option<RemoteId> {
        Some(self.work.recorded.as_ref()?.receipt.as_ref()?.remote_id.clone())
    }

    /// Renews the intent until it is dropped; returns only when that fails.
    async fn renew(&self, begun: &TargetRecord) -> Error {
        loop {
            tokio::time::sleep(lease(self.target) / 3).await;
            let current = self.session.record().await;
            let current = current.as_ref().and_then(|r| r.targets.get(self.name));
            if !is_ours(current, begun) {
                return Error::failed("another run has taken this step over");
            }
            let Some(intent) = &begun.intent else { continue };
            let renewed = TargetRecord {
                intent: Some(self.intent(intent.phase, intent.digest.clone())),
                ..begun.clone()
            };
            match self.session.swap(self.name, current, Some(renewed)).await {
                Ok(true) => {}
                Ok(false) => return Error::failed("another run has taken this step over"),
                Err(error) => return error,
            }
        }
    }

    async fn upload(&self, writer: &dyn Writer) -> Result<BTreeMap<Digest, RemotePicture>> {
        let mut on_site = self.work.found_pictures.clone();
        let by_now = self.render_now(on_site.clone(), false).await?;
        let mut missing = by_now.missing_pictures();
        let first_contact = !self.observed.sites.known(self.name).await.contains_key(SINCE);
        if !missing.is_empty() && (self.work.was_interrupted() || first_contact) {
            let found = writer.find_pictures(&missing).await?;
            let found = missing.iter().zip(found).filter_map(|(p, remote)| Some((p.digest.clone(), remote?)));
            on_site.extend(found);
            missing.retain(|picture| !on_site.contains_key(&picture.digest));
        }
        let uploads = missing.into_iter().map(|picture| async move {
            let digest = picture.digest.clone();
            let upload = self.upload_one(writer, picture);
            let remote = self.observed.uploads.once(self.name, &digest, upload).await?;
            Ok::<_, Error>((digest, remote))
        });
        let width = self.target.common().concurrency;
        let uploaded: Vec<Result<(Digest, RemotePicture)>> =
            stream::iter(uploads).buffer_unordered(width).collect().await;
        for uploaded in uploaded {
            let (digest, remote) = uploaded?;
            on_site.insert(digest, remote);
        }
        Ok(on_site)
    }

    async fn upload_one(&self, writer: &dyn Writer, picture: Picture) -> Result<RemotePicture> {
        let planned = self.planned;
        let unknown = || Error::failed("a picture of the plan is not in the note");
        let (src, original, order) = planned.orders.source(&picture.digest).ok_or_else(unknown)?;
        let is_it = |src: &str| planned.pictures.get(src).is_some_and(|(p, _)| p.digest == picture.digest);
        let mut alts = planned.rendering.needs.iter().filter(|(src, _)| is_it(src)).map(|(_, alt)| alt);
        let alt = alts.find(|alt| !alt.is_empty()).cloned().unwrap_or_default();
        let note = self.observed.notes[self.work.note].0.note.path();
        let send = |bytes| writer.upload(Upload { picture, alt, bytes });
        self.observed.uploads.with_bytes(self.run.files, (note, src), original, order, send).await
    }

    /// The rendering that is sent: all addresses in it known.
    async fn render_final(&self, uploaded: BTreeMap<Digest, RemotePicture>) -> Result<Rendered> {
        self.render_now(uploaded, true).await
    }

    /// The rendering with what is known by now: the canonical URL, and with it the original's
    /// pictures, may have come since it was planned.
    async fn render_now(&self, uploaded: BTreeMap<Digest, RemotePicture>, sends: bool) -> Result<Rendered> {
        let record = self.session.record().await;
        let site = self.observed.sites.known(self.name).await;
        let work = self.work.with_pictures(uploaded);
        let links = links::known(self.run, self.observed, &work, Unpublished::Dropped).await;
        let rendered =
            render(self.run, self.observed, &work, record.as_ref(), &site, &links).map_err(first)?;
        if !sends {
            return Ok(rendered);
        }
        if rendered.rendering.is_pending(&rendered.pictures) {
            return Err(Error::failed("an address in the rendering is still unknown"));
        }
        Ok(rendered)
    }

    /// Whether a note that this one waited for is still not there.
    fn is_unfinished(&self, rendered: &Rendered) -> bool {
        let dropped =
            |r: &Rendering| r.warnings.iter().filter(|w| w.code == "link-to-unpublished-note").count();
        !self.planned.waits_for.is_empty() && dropped(&rendered.rendering) > dropped(&self.planned.rendering)
    }

    async fn finish(
        &self,
        begun: &TargetRecord,
        written: Written,
        rendered: &Rendered,
    ) -> Result<Ended, Ended> {
        let since = BTreeMap::from([(SINCE.to_owned(), self.run.now.to_string())]);
        let known = self.observed.sites.known(self.name).await;
        self.observed.sites.learn(self.name, written.learned).await;
        if !known.contains_key(SINCE) {
            self.observed.sites.learn(self.name, since).await;
        }
        let receipt = self.receipt(&written.remote, &rendered.digest, &rendered.rendering);
        let record = TargetRecord {
            marker: self.work.marker,
            intent: None,
            receipt: Some(receipt),
            pictures: used_pictures(&rendered.pictures, &rendered.rendering),
        };
        let current = self.session.record().await;
        let current = current.as_ref().and_then(|r| r.targets.get(self.name));
        if !is_ours(current, begun) {
            return Err(taken_over(current, &written.remote));
        }
        self.swap(current, record).await?;
        Ok(done(written.remote, written.warnings, self.is_unfinished(rendered)))
    }

    /// The answer to a write was lost: where the target can be asked, it is asked at once.
    async fn reconcile(
        &self,
        writer: &dyn Writer,
        begun: &TargetRecord,
        error: Error,
    ) -> Result<Ended, Ended> {
        let capabilities = self.target.capabilities();
        if capabilities.find != Finding::Certain {
            let intent = Intent {
                phase: Phase::Uncertain,
                ..self.intent(Phase::Uncertain, self.planned.digest.clone())
            };
            let current = self.session.record().await;
            let current = current.as_ref().and_then(|r| r.targets.get(self.name));
            if is_ours(current, begun) {
                let record = TargetRecord { intent: Some(intent), ..begun.clone() };
                self.session.swap(self.name, current, Some(record)).await?;
            }
            return Err(Ended::Failed { error: self.lost(&error, true), uncertain: true });
        }
        match self.look(writer).await {
            Some((remote, rendered)) => {
                let written = Written { remote, learned: BTreeMap::new(), warnings: Vec::new() };
                self.finish(begun, written, &rendered).await
            }
            None => Err(Ended::Failed { error: self.lost(&error, false), uncertain: false }),
        }
    }

    /// The post, if it is there as it was sent.
    async fn look(&self, writer: &dyn Writer) -> Option<(Remote, Rendered)> {
        let wanted = Wanted {
            marker: self.work.marker,
            title: self.planned.rendering.title.clone(),
            slug: None,
            canonical: None,
        };
        let found = writer.find(&[wanted], false).await.ok()?.into_iter().next()?;
        let [remote] = <[Remote; 1]>::try_from(found.ours).ok()?;
        let missing = self.work.missing_pictures();
        let mut on_site = self.work.found_pictures.clone();
        if !missing.is_empty() {
            let found = writer.find_pictures(&missing).await.ok()?;
            on_site
                .extend(missing.into_iter().zip(found).filter_map(|(p, remote)| Some((p.digest, remote?))));
        }
        let rendered = self.render_final(on_site).await.ok()?;
        let is_it = !remote.trashed && self.target.is_current(&rendered.rendering, &remote);
        is_it.then_some((remote, rendered))
    }

    fn lost(&self, error: &Error, person: bool) -> Error {
        let title = &self.planned.rendering.title;
        let cause =
            error.details().iter().find(|(label, _)| *label == "cause").map(|(_, text)| text.as_str());
        let note = self.observed.notes[self.work.note].0.note.path();
        let message = format!("`{}` may already have received \"{title}\"; the answer was lost", self.name);
        let told = if person { Error::decision(message) } else { Error::failed(message) };
        let told = told.code("answer-lost").cause(cause.unwrap_or_else(|| error.message()));
        if person {
            told.help("it is not sent again by itself: look whether it is there, then say so:").help(format!(
                "`crosspost resolve {note} --target {} --published URL` or `… --not-published`",
                self.name
            ))
        } else {
            told.help(format!("run `crosspost publish {note}` again: it looks before it posts"))
        }
    }

    fn receipt(&self, remote: &Remote, digest: &Digest, rendering: &Rendering) -> Receipt {
        let earlier = self.work.recorded.as_ref().and_then(|r| r.receipt.as_ref());
        let unset = rendering.unset_parts();
        let mut echo = remote.echo();
        echo.retain(|name, _| !unset.contains(&name.as_str()));
        let at = Timestamp::now();
        Receipt {
            remote_id: remote.id.clone(),
            url: remote.url.clone(),
            permanent: remote.permanent,
            digest: digest.clone(),
            echo,
            at,
            first: earlier.map_or(at, |r| r.first),
            unpublished: false,
        }
    }
}

/// The pictures that a rendering shows and where the site has them.
fn used_pictures(known: &Pictures, rendering: &Rendering) -> BTreeMap<Digest, RemotePicture> {
    let used = rendering.needs.iter().filter_map(|(src, _)| known.get(src));
    used.filter_map(|(picture, remote)| Some((picture.digest.clone(), remote?.clone()))).collect()
}

fn done(remote: Remote, warnings: Vec<Warning>, unfinished: bool) -> Ended {
    Ended::Done { remote_id: remote.id, url: remote.url, warnings, unfinished }
}

impl Work {
    fn with_pictures(&self, found_pictures: BTreeMap<Digest, RemotePicture>) -> Self {
        Self {
            note: self.note,
            target: self.target.clone(),
            marker: self.marker,
            recorded: self.recorded.clone(),
            rendered: None,
            decision: self.decision.clone(),
            remote: None,
            found_pictures,
            error: None,
        }
    }
}

/// How long an intent holds without being renewed: a request that was begun before its renewal was
/// due is over by then.
#[must_use]
pub fn lease(target: &dyn Target) -> Duration {
    target.common().timeout * 3 / 2
}

/// Whether a record still holds the intent of this run's step (renewed or not).
fn is_ours(current: Option<&TargetRecord>, begun: &TargetRecord) -> bool {
    let run = |record: &TargetRecord| record.intent.as_ref().map(|i| i.run.clone());
    current.is_some_and(|current| run(current).is_some() && run(current) == run(begun))
}

fn taken_over(current: Option<&TargetRecord>, mine: &Remote) -> Ended {
    let theirs = current.and_then(|r| r.receipt.as_ref()).map(|r| &r.remote_id);
    if theirs == Some(&mine.id) {
        return Ended::Elsewhere;
    }
    Ended::failed(
        Error::decision("another run took this step over while it was under way")
            .code("taken-over")
            .detail("post", mine.id.0.clone())
            .help("run `crosspost publish` again: it looks for the post by its marker"),
    )
}

fn first(errors: Vec<Error>) -> Error {
    errors.into_iter().next().unwrap_or_else(|| Error::failed("the note cannot be rendered"))
}

/// The ledger learns that only a person can tell whether the post exists.
async fn mark_uncertain(observed: &Observed<'_>, work: &Work) -> Result<()> {
    let Some(recorded) = &work.recorded else { return Ok(()) };
    let Some(intent) = recorded.intent.as_ref().filter(|i| i.phase != Phase::Uncertain) else {
        return Ok(());
    };
    let intent = Intent { phase: Phase::Uncertain, ..intent.clone() };
    let uncertain = TargetRecord { intent: Some(intent), ..recorded.clone() };
    let name = &work.target.common().name;
    observed.notes[work.note].1.swap(name, Some(recorded), Some(uncertain)).await?;
    Ok(())
}
