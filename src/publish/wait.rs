//! Waiting for another run that is at the same note: until it is done, or until its lease shows that
//! it is dead. Never for ever.

use std::time::Duration;

use jiff::Timestamp;

use super::{Observed, Run, perform::lease};
use crate::{
    error::Result,
    state::{Entry, Key},
};

/// How often the ledger is read meanwhile.
const EVERY: Duration = Duration::from_millis(250);

/// Waits until no other run's intent stands on these notes. `false` when one still does after twice
/// the longest lease: its owner is alive and keeps renewing it.
///
/// # Errors
/// When the ledger cannot be read.
pub async fn for_others(run: &Run<'_>, observed: &Observed<'_>, notes: &[String]) -> Result<bool> {
    if !is_busy(run, observed, notes).await? {
        return Ok(true);
    }
    let longest = run.targets.iter().map(|t| lease(&**t)).max().unwrap_or_default();
    run.progress.note(&format!("waiting for another run (at most {} s)", longest.as_secs() * 2));
    let polls = (longest * 2).as_millis() / EVERY.as_millis() + 1;
    for _ in 0..polls {
        if !is_busy(run, observed, notes).await? {
            return Ok(true);
        }
        tokio::time::sleep(EVERY).await;
    }
    Ok(false)
}

async fn is_busy(run: &Run<'_>, observed: &Observed<'_>, notes: &[String]) -> Result<bool> {
    let now = Timestamp::now();
    for (prepared, _) in observed.notes.iter().filter(|(p, _)| notes.iter().any(|n| n == p.note.path())) {
        let Some(entry) = run.ledger.read(&Key::Note(prepared.key.clone())).await? else { continue };
        let Entry::Note(record) = entry.value else { continue };
        let mut intents = record.targets.values().filter_map(|t| t.intent.as_ref());
        if intents.any(|i| i.until > now && i.run != run.id && i.phase != crate::state::Phase::Uncertain) {
            return Ok(true);
        }
    }
    Ok(false)
}
