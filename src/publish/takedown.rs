//! Taking a post down, under the same protocol as putting it up.

use jiff::{SignedDuration, Timestamp};

use super::{perform::lease, session::Session};
use crate::{
    error::{Error, Result},
    state::{Intent, Phase, Receipt, TargetRecord},
    targets::{Target, WriteError, Writer},
};

/// Takes the post of a receipt down and records it. Doing it twice does no harm, so a lost answer is
/// simply an error: the next run does it again.
///
/// # Errors
/// When there is nothing to take down, the site refuses, or another run is at the note.
pub async fn take_down(
    session: &Session<'_>,
    target: &dyn Target,
    writer: &dyn Writer,
    recorded: &TargetRecord,
    run: &str,
) -> Result<()> {
    let name = &target.common().name;
    let Some(receipt) = &recorded.receipt else {
        return Err(Error::invalid("the ledger knows of no post to take down"));
    };
    let now = Timestamp::now();
    if recorded.intent.as_ref().is_some_and(|i| i.until > now) {
        return Err(busy());
    }
    let lease = SignedDuration::try_from(lease(target)).unwrap_or_default();
    let intent = Intent {
        phase: Phase::Unpublish,
        digest: receipt.digest,
        run: run.to_owned(),
        at: now,
        until: now.saturating_add(lease).unwrap_or(now),
    };
    let begun = TargetRecord { intent: Some(intent), ..recorded.clone() };
    if !session.swap(name, Some(recorded), Some(begun.clone())).await? {
        return Err(busy());
    }
    let after = match writer.unpublish(&receipt.remote_id).await {
        Ok(()) => TargetRecord {
            intent: None,
            receipt: Some(Receipt { unpublished: true, at: Timestamp::now(), ..receipt.clone() }),
            ..recorded.clone()
        },
        Err(WriteError::NotDone(error)) => {
            session.swap(name, Some(&begun), Some(recorded.clone())).await?;
            return Err(error);
        }
        Err(WriteError::Unknown(error)) => return Err(error),
    };
    session.swap(name, Some(&begun), Some(after)).await?;
    Ok(())
}

fn busy() -> Error {
    Error::decision("another run is at this note there")
        .code(crate::plan::BUSY)
        .help("run it again in a minute")
}
