//! Makes the plan: reads the ledger, renders, and asks the sites what the decisions need to know.
//! First note by note, what the ledger alone tells: a note is read once for all targets. Then target by
//! target, in canonical order, all notes of a target at once: look-ups are shared, and a target's
//! decisions are known before those of the targets that take its URL.

mod ask;
mod gather;
mod look;

use std::sync::Arc;

use super::{Observed, Run, Work, still::Sorted};
use crate::{
    error::{Error, Result},
    note::Note,
    plan::{
        Action,
        decide::{self, Decision},
    },
    render::Digest,
    targets::{Finding, Found, Target},
};

use ask::ask;
use gather::begin;
use look::{Ask, known, looks, skipped, take};

pub use look::{preview, render, stays_away};

/// What can be told without asking any site: what is there according to the ledger, and what has
/// changed since.
///
/// # Errors
/// When the ledger cannot be read.
pub async fn glance<'a>(
    run: &Run<'a>,
    sorted: Sorted,
    notes: Vec<Note>,
    errors: Vec<Error>,
) -> Result<Observed<'a>> {
    let mut observed = begin(run, sorted, notes, errors).await?;
    for looks in looks(run, &observed) {
        for (index, ask) in take(run, &mut observed, looks) {
            let work = &observed.work[index];
            observed.work[index].decision = match ask {
                Ask::Find if work.is_handed_over() => waiting(run, work),
                Ask::Find => Decision { action: Action::Create, ..skipped("not published there") },
                Ask::Fetch(_) if observed.work[index].decision.action == Action::Unchanged => continue,
                Ask::Fetch(_) => Decision { action: Action::Update, ..skipped("changed since") },
                Ask::Nothing => continue,
            };
        }
    }
    Ok(observed)
}

/// What is known without a look of a note that a person is bringing there.
fn waiting(run: &Run<'_>, work: &Work) -> Decision {
    let digest = work.rendered.as_ref().map(|rendered| rendered.digest);
    let digest = digest.unwrap_or_else(|| Digest::of(b""));
    decide::after_find(&known(run, work, &digest, &|_| false), &Found::default())
}

/// Looks at everything that the plan for these notes depends on. Changes nothing anywhere.
///
/// # Errors
/// When the ledger cannot be read. Trouble with a note or a target is in the plan.
///
/// `sorted` is what [`super::still::sort`] made of the run's notes, `notes` are the rest of it.
pub async fn observe<'a>(
    run: &Run<'a>,
    sorted: Sorted,
    notes: Vec<Note>,
    errors: Vec<Error>,
) -> Result<Observed<'a>> {
    let mut observed = begin(run, sorted, notes, errors).await?;
    for (target, looks) in run.targets.iter().zip(looks(run, &observed)) {
        let asking = take(run, &mut observed, looks);
        observe_target(run, &mut observed, target, asking).await;
    }
    Ok(observed)
}

/// Decides for all notes at one target.
async fn observe_target(
    run: &Run<'_>,
    observed: &mut Observed<'_>,
    target: &Arc<dyn Target>,
    asking: Vec<(usize, Ask)>,
) {
    if asking.is_empty() {
        return;
    }
    if let Err(error) = ask(run, observed, target, &asking).await {
        for (index, _) in &asking {
            observed.work[*index].error = Some(error.clone());
        }
    }
    for (index, _) in asking {
        if is_forgotten(observed, index) {
            observed.work[index].decision = decide::forgotten();
        }
    }
}

/// Whether a note that is to be created at a target that cannot be asked with authority was found
/// at another one though the ledger knows of neither: then the ledger was lost, and it may have been
/// published at this one too.
fn is_forgotten(observed: &Observed<'_>, index: usize) -> bool {
    let work = &observed.work[index];
    let blind = work.target.capabilities().find != Finding::Certain;
    blind
        && work.recorded.is_none()
        && (work.decision.action == Action::Create || work.decision.by_hand.is_some())
        && observed.of_note(work.note).iter().any(|other| other.recorded.is_none() && other.remote.is_some())
}
