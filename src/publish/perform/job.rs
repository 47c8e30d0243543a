//! One step: what is written to the ledger before and after, and in which order.

use jiff::{SignedDuration, Timestamp};

use super::{
    ended::{Ended, done},
    lease,
};
use crate::{
    error::{Error, Result},
    plan::Action,
    publish::{
        Observed, Run, Work,
        prepare::{Rendered, used_pictures},
        session::Session,
    },
    render::{Digest, PENDING_LINK},
    state::{Intent, Phase, TargetRecord},
    targets::{Target, WriteError, Writer},
};

/// One step under way.
pub(super) struct Job<'j, 'a> {
    pub(super) run: &'j Run<'a>,
    pub(super) observed: &'j Observed<'a>,
    pub(super) work: &'j Work,
    pub(super) session: &'j Session<'a>,
    pub(super) target: &'j dyn Target,
    pub(super) name: &'j str,
    pub(super) planned: &'j Rendered,
    pub(super) writer: Option<&'j dyn Writer>,
}

impl<'j, 'a> Job<'j, 'a> {
    pub(super) fn new(run: &'j Run<'a>, observed: &'j Observed<'a>, work: &'j Work) -> Option<Self> {
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

    pub(super) async fn perform(&self) -> Ended {
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
        // What a person brought there is the note as they were given it: that may be another one than
        // the note is now, and then nothing is known of what that was made of.
        let handed = self.work.recorded.as_ref().and_then(|r| r.intent.as_ref());
        let handed = handed.filter(|intent| intent.phase == Phase::Handed).map(|intent| &intent.digest);
        let mut receipt = self.receipt(remote, self.planned);
        if let Some(digest) = handed.filter(|digest| **digest != receipt.digest) {
            receipt.digest = *digest;
            receipt.basis = None;
        }
        let record = TargetRecord {
            marker: self.work.marker,
            intent: None,
            receipt: Some(receipt),
            pictures: used_pictures(&self.planned.pictures, &self.planned.rendering),
        };
        self.swap(self.work.recorded.as_ref(), record).await?;
        Ok(done(remote.clone(), Vec::new(), false))
    }

    pub(super) async fn write(&self) -> Result<Ended, Ended> {
        let writer = self.writer.ok_or_else(|| Error::failed("the target was not asked"))?;
        if let Some(reason) = self.still_waits() {
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
    pub(super) fn still_waits(&self) -> Option<String> {
        let canonical = self.planned.rendering.canonical.as_deref()?;
        let name = canonical.strip_prefix(PENDING_LINK)?;
        let record = self.session.record();
        let receipt = record.as_ref().and_then(|r| r.targets.get(name)).and_then(|t| t.receipt.as_ref());
        match receipt {
            Some(receipt) if receipt.permanent && receipt.url.is_some() => None,
            Some(_) => Some(format!("waits until `{name}` has published it")),
            None => Some(format!("waits for `{name}`, which failed")),
        }
    }

    /// Writes the intent. Who loses the swap does not publish.
    pub(super) async fn begin(&self) -> Result<TargetRecord, Ended> {
        let phase = if self.work.decision.action == Action::Create { Phase::Create } else { Phase::Update };
        let before = self.work.recorded.clone().unwrap_or_else(|| TargetRecord::new(self.work.marker));
        let begun = TargetRecord { intent: Some(self.intent(phase, self.planned.digest)), ..before };
        self.swap(self.work.recorded.as_ref(), begun.clone()).await?;
        Ok(begun)
    }

    pub(super) fn intent(&self, phase: Phase, digest: Digest) -> Intent {
        let at = Timestamp::now();
        let until = at.saturating_add(SignedDuration::try_from(lease(self.target)).unwrap_or_default());
        Intent { phase, digest, run: self.run.id.clone(), at, until: until.unwrap_or(at) }
    }

    pub(super) async fn swap(&self, expected: Option<&TargetRecord>, new: TargetRecord) -> Result<(), Ended> {
        if self.session.swap(self.name, expected, Some(new)).await? {
            return Ok(());
        }
        Err(Ended::Elsewhere)
    }

    async fn restore(&self, begun: &TargetRecord) -> Result<bool> {
        let current = self.session.record();
        let current = current.as_ref().and_then(|r| r.targets.get(self.name));
        if !is_ours(current, begun) {
            return Ok(false);
        }
        self.session.swap(self.name, current, self.work.recorded.clone()).await
    }
}

/// Whether a record still holds the intent of this run's step (renewed or not).
pub(super) fn is_ours(current: Option<&TargetRecord>, begun: &TargetRecord) -> bool {
    let run = |record: &TargetRecord| record.intent.as_ref().map(|i| i.run.clone());
    current.is_some_and(|current| run(current).is_some() && run(current) == run(begun))
}
