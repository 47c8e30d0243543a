//! Carries a plan out: for each step the intent, the pictures, the write, the receipt.

mod ended;
mod handing;
mod job;
mod outcome;
mod recall;
mod sending;

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use futures_util::{StreamExt, future::join_all, stream};
use tokio::sync::{OnceCell, watch};

use super::{Observed, Run, Work};
use crate::{
    error::{Error, Result},
    plan::{Action, Outcome, Plan, Step, order},
    render::PENDING_LINK,
    state::{Intent, Phase, TargetRecord},
    targets::Target,
};

use job::Job;

/// What a site's record calls the time of the first publication there.
pub const SINCE: &str = "since";

/// How many steps are under way at once at each target, at least. What one target's steps wait for
/// holds up no other target.
const AT_ONCE: usize = 16;

/// The same at a target, which limits its own requests besides: enough that it has requests to send
/// while some steps are at the ledger.
fn at_once(target: &dyn Target) -> usize {
    AT_ONCE.max(2 * target.common().concurrency)
}

/// So many notes, or fewer, keep their order.
const MANY: usize = 4 * AT_ONCE;

/// Carries the plan out and tells how each step ended. All trouble is told in the plan: whatever
/// happens to one step, or after all of them, must not hide how the others ended.
pub async fn perform(run: &Run<'_>, observed: &Observed<'_>) -> Plan {
    let open = observed.work.iter().filter(|w| w.error.is_none() && is_open(w)).count();
    run.progress.begin(open);
    let mut steps: Vec<(usize, Step)> = Vec::new();
    for mut wave in waves(observed) {
        start_apart(&run.id, &mut wave);
        steps.extend(perform_wave(run, observed, &wave).await);
    }
    steps.sort_by_key(|(index, _)| *index);
    let mut errors = observed.errors.clone();
    for writer in observed.writers.values() {
        errors.extend(writer.finish().await.err());
    }
    errors.extend(observed.sites.write(run.ledger).await.err());
    recall::recall(run, observed).await;
    let steps = steps.into_iter().map(|(_, step)| step).collect();
    observed.with_still(run, Plan { steps, errors, ..Plan::default() }, Outcome::Done)
}

/// Whether something is to be done, be it that a person is given the note.
fn is_open(work: &Work) -> bool {
    work.decision.action.changes() || work.decision.by_hand.is_some()
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

/// Several runs on one ledger share the work: each begins at a place of its own, and passes over what
/// another one is at. A few notes keep their order.
fn start_apart(run: &str, notes: &mut [usize]) {
    if notes.len() > MANY {
        let drawn = run.get(..8).and_then(|digits| usize::from_str_radix(digits, 16).ok());
        notes.rotate_left(drawn.unwrap_or_default() % notes.len());
    }
}

/// Some notes: all targets side by side, each in the order of the notes.
async fn perform_wave(run: &Run<'_>, observed: &Observed<'_>, notes: &[usize]) -> Vec<(usize, Step)> {
    let under_way: HashMap<usize, UnderWay> =
        notes.iter().map(|note| (*note, UnderWay::new(observed.works[*note].len()))).collect();
    let targets = run.targets.iter().enumerate().map(|(nth, target)| {
        let works = notes.iter().flat_map(|note| observed.works[*note].iter().enumerate());
        let works =
            works.filter(|(_, index)| observed.work[**index].target.common().name == target.common().name);
        let mut works: Vec<_> = works.collect();
        if works.len() > MANY && target.common().canonical.is_none() {
            // Each elsewhere: a note's steps would wait for one another at its record, which a batch of
            // the ledger's writes holds once.
            let first = nth * works.len() / run.targets.len();
            works.rotate_left(first);
        }
        let steps = works.into_iter().map(|(place, index)| {
            let note = &under_way[&observed.work[*index].note];
            async move { (*index, note.step(run, observed, place, *index).await) }
        });
        stream::iter(steps).buffer_unordered(at_once(&**target)).collect::<Vec<_>>()
    });
    join_all(targets).await.into_iter().flatten().collect()
}

/// A note that is being published.
struct UnderWay {
    /// What is done once for the note, before all else.
    begun: OnceCell<Result<()>>,
    /// Whether each of its steps is over.
    over: Vec<watch::Sender<bool>>,
}

impl UnderWay {
    fn new(works: usize) -> Self {
        Self { begun: OnceCell::new(), over: (0..works).map(|_| watch::Sender::new(false)).collect() }
    }

    /// The step of the work at `index`, which is the note's at `place`.
    async fn step(&self, run: &Run<'_>, observed: &Observed<'_>, place: usize, index: usize) -> Step {
        let work = &observed.work[index];
        let begun = self.begun.get_or_init(|| begin_note(run, observed, work.note)).await;
        let step = if let Err(error) = begun {
            not_tried(observed.step(run, work), error)
        } else {
            if let Some(original) = waits_for(observed, work) {
                // Its sender lives as long as the note does.
                let _ = self.over[original].subscribe().wait_for(|over| *over).await;
            }
            let step = perform_step(run, observed, work).await;
            if run.forgets(observed.notes.len()) {
                observed.notes[work.note].0.forget(run);
            }
            step
        };
        self.over[place].send_replace(true);
        step
    }
}

/// Which of a note's works has to be over before this one begins: that whose address it takes.
fn waits_for(observed: &Observed<'_>, work: &Work) -> Option<usize> {
    let rendered = work.rendered.as_ref().filter(|_| is_open(work))?;
    let name = rendered.rendering.canonical.as_deref()?.strip_prefix(PENDING_LINK)?;
    let works = &observed.works[work.note];
    works.iter().position(|index| observed.work[*index].target.common().name == name)
}

/// What the ledger is told of the note itself.
async fn begin_note(run: &Run<'_>, observed: &Observed<'_>, note: usize) -> Result<()> {
    let (prepared, session) = &observed.notes[note];
    let works = observed.of_note(note);
    let writes = |work: &&Work| is_open(work) || work.decision.uncertain;
    let has_moved = session.has_moved();
    if has_moved || works.iter().any(writes) {
        session.entitle(|| prepared.title(run).to_owned());
    }
    if has_moved {
        session.follow().await?;
    }
    mark_uncertain(run, observed, &works).await
}

async fn perform_step(run: &Run<'_>, observed: &Observed<'_>, work: &Work) -> Step {
    let mut step = observed.step(run, work);
    let job = Job::new(run, observed, work);
    if work.error.is_some() {
        return step;
    }
    let ended = match (work.decision.action, &job) {
        (Action::Create | Action::Update | Action::Adopt, Some(job)) => job.perform().await,
        (Action::Manual, Some(job)) if work.decision.by_hand.is_some() => job.hand_over().await,
        (Action::Unchanged, _) => {
            step.outcome = Outcome::Done;
            return step;
        }
        _ => return step,
    };
    run.progress.step(&step.note, &step.target);
    ended.tell(&mut step);
    step
}

/// How long an intent holds without being renewed: a request that was begun before its renewal was
/// due is over by then.
#[must_use]
pub fn lease(target: &dyn Target) -> Duration {
    target.common().timeout * 3 / 2
}

/// The ledger learns at which of a note's targets only a person can tell whether the post exists.
/// Before all else that is done for the note: what shows that a ledger was lost (a post that it does
/// not know) no longer shows it once the ledger knows that post.
async fn mark_uncertain(run: &Run<'_>, observed: &Observed<'_>, works: &[&Work]) -> Result<()> {
    for work in works.iter().filter(|work| work.decision.uncertain) {
        let recorded = work.recorded.as_ref();
        let known = recorded.and_then(|r| r.intent.clone());
        let is_marked = known.as_ref().is_some_and(|intent| intent.phase == Phase::Uncertain);
        let Some(rendered) = work.rendered.as_ref().filter(|_| !is_marked) else { continue };
        let (phase, digest) = (Phase::Uncertain, rendered.digest);
        let intent = match known {
            Some(intent) => Intent { phase, ..intent },
            None => Intent { phase, digest, run: run.id.clone(), at: run.now, until: run.now },
        };
        let before = recorded.cloned().unwrap_or_else(|| TargetRecord::new(work.marker));
        let uncertain = TargetRecord { intent: Some(intent), ..before };
        let name = &work.target.common().name;
        observed.notes[work.note].1.swap(name, recorded, Some(uncertain)).await?;
    }
    Ok(())
}

fn not_tried(mut step: Step, error: &Error) -> Step {
    if step.action.changes() {
        step.outcome = Outcome::Failed;
        step.error = Some(error.clone());
    }
    step
}
