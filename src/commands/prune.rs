//! `publish --prune`: takes down the posts of notes that are gone from the repository. Without it
//! they are only told.

use std::collections::BTreeSet;

use super::{output::Output, record::OneNote, shell::Shell, status, unpublish};
use crate::{error::Result, plan::Plan, publish::Observed, report::status::Row};

/// Adds the orphans' steps to the plan, if they are to be taken down, or else tells of them. Never
/// takes down anything when some note could not be read: it may be the one that an orphan has become.
///
/// # Errors
/// When the ledger cannot be read.
pub async fn prune(
    shell: &Shell,
    observed: &Observed<'_>,
    targets: &[String],
    gone: Option<&BTreeSet<String>>,
    prune: Option<Prune>,
    output: &Output,
) -> Result<Plan> {
    let mut orphans = status::orphans(shell, observed, targets).await?;
    // A note that is not in the run may have moved: only of these it is known that they are gone.
    orphans.retain(|orphan| gone.is_none_or(|gone| gone.contains(&orphan.note)));
    let Some(Prune { dry_run }) = prune.filter(|_| !orphans.is_empty()) else {
        tell(&orphans, output);
        return Ok(Plan::default());
    };
    if !observed.errors.is_empty() {
        output
            .remark("nothing is pruned, since some notes cannot be read: what seems gone may be one of them");
        return Ok(Plan::default());
    }
    let mut plan = Plan::default();
    for orphan in orphans {
        let Some(target) = shell.config.target(&orphan.target) else { continue };
        let note = OneNote::read(shell, &orphan.note).await?;
        match unpublish::one(shell, &note, &orphan.note, target, dry_run).await {
            Some(step) => plan.steps.push(step),
            None => tell(&[orphan], output),
        }
    }
    Ok(plan)
}

/// How orphans are taken down.
#[derive(Debug, Clone, Copy)]
pub struct Prune {
    /// Only shown.
    pub dry_run: bool,
}

fn tell(orphans: &[Row], output: &Output) {
    for orphan in orphans {
        let at = orphan.url.as_deref().or(orphan.remote_id.as_deref()).unwrap_or_default();
        output.remark(&format!(
            "the note {} is gone, its post at `{}` is not: {at} (`crosspost publish --prune` takes it down)",
            orphan.note, orphan.target
        ));
    }
}
