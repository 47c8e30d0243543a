//! A note that a person brings to the target: they are given what that takes, and the ledger learns
//! that they were.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{ended::Ended, job::Job};
use crate::{
    error::Error,
    render::Digest,
    state::{Intent, Phase, TargetRecord},
};

impl Job<'_, '_> {
    pub(super) async fn hand_over(&self) -> Ended {
        self.try_hand_over().await.unwrap_or_else(|ended| ended)
    }

    /// Also for a note that was handed over before: on a CI runner what was put down then is gone.
    async fn try_hand_over(&self) -> Result<Ended, Ended> {
        let writer = self.writer.ok_or_else(|| Error::failed("the target was not asked"))?;
        if let Some(reason) = self.still_waits() {
            return Ok(Ended::Waits(reason));
        }
        // Without the pictures that are put into what is handed over: a later plan knows none of
        // them, and is compared with this.
        let known = self.render_now(BTreeMap::new(), false)?;
        self.record_handing(known.digest).await?;
        let pictures = self.upload(writer).await?;
        let rendering = self.render_final(pictures)?.rendering;
        let note = self.observed.notes[self.work.note].0.note.path();
        writer.hand_over(&rendering, note).await?;
        let by_hand = self.work.decision.by_hand.clone().unwrap_or_default();
        let by_hand = self.work.told_by_hand(&by_hand, &rendering, note);
        Ok(Ended::HandedOver { by_hand })
    }

    async fn record_handing(&self, digest: Digest) -> Result<(), Ended> {
        let before = self.work.recorded.clone().unwrap_or_else(|| TargetRecord::new(self.work.marker));
        let is_it = |i: &Intent| i.phase == Phase::Handed && i.digest == digest;
        if before.intent.as_ref().is_some_and(is_it) {
            return Ok(());
        }
        let at = Timestamp::now();
        let intent = Intent { phase: Phase::Handed, digest, run: self.run.id.clone(), at, until: at };
        self.swap(self.work.recorded.as_ref(), TargetRecord { intent: Some(intent), ..before }).await
    }
}
