//! Carries a plan out: for each step the intent, the pictures, the write, the receipt.

mod ended;
mod handing;
mod job;
mod outcome;
mod sending;

use std::{collections::BTreeSet, time::Duration};

use futures_util::{StreamExt, stream};

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

/// How many notes are under way at once; each target limits its own requests besides.
const NOTES_AT_ONCE: usize = 16;

/// Carries the plan out and tells how each step ended. All trouble is told in the plan: whatever
/// happens to one step, or after all of them, must not hide how the others ended.
pub async fn perform(run: &Run<'_>, observed: &Observed<'_>) -> Plan {
    let is_open = |w: &&Work| w.decision.action.changes() || w.decision.by_hand.is_some();
    let open = observed.work.iter().filter(|w| w.error.is_none()).filter(is_open).count();
    run.progress.begin(open);
    let mut steps: Vec<(usize, Vec<Step>)> = Vec::new();
    for wave in waves(observed) {
        let done = stream::iter(wave)
            .map(|index| async move { (index, perform_note(run, observed, observed.of_note(index)).await) })
            .buffer_unordered(NOTES_AT_ONCE);
        steps.extend(done.collect::<Vec<_>>().await);
    }
    steps.sort_by_key(|(index, _)| *index);
    let mut errors = observed.errors.clone();
    for writer in observed.writers.values() {
        errors.extend(writer.finish().await.err());
    }
    errors.extend(observed.sites.write(run.ledger).await.err());
    Plan { steps: steps.into_iter().flat_map(|(_, steps)| steps).collect(), errors }
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
    let told = match works.first() {
        Some(work) => observed.notes[work.note].1.follow().await,
        None => Ok(()),
    };
    if let Err(error) = told.and(mark_uncertain(run, observed, &works).await) {
        return works.into_iter().map(|work| not_tried(observed.step(run, work), &error)).collect();
    }
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
        let (phase, digest) = (Phase::Uncertain, rendered.digest.clone());
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
