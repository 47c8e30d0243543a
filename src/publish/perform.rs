//! Carries a plan out: for each step the intent, the pictures, the write, the receipt.

mod ended;
mod job;
mod outcome;
mod sending;

use std::{collections::BTreeSet, time::Duration};

use futures_util::{StreamExt, stream};

use super::{Observed, Run, Work};
use crate::{
    error::Result,
    plan::{Action, Outcome, Plan, Step, order},
    render::PENDING_LINK,
    state::{Intent, Phase, TargetRecord},
    targets::Target,
};

use ended::Ended;
use job::Job;

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
