//! What follows a write: the receipt; or, where the answer was lost, a look for the post.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{
    SINCE,
    ended::{Ended, done},
    job::{Job, is_ours},
};
use crate::{
    error::{Error, Result},
    publish::prepare::{Rendered, used_pictures},
    state::{Intent, Phase, Receipt, TargetRecord},
    targets::{Finding, Remote, Wanted, Writer, Written},
};

impl Job<'_, '_> {
    /// Whether a note that this one waited for is still not there.
    fn is_unfinished(&self, rendered: &Rendered) -> bool {
        let dropped = |r: &Rendered| {
            r.rendering.warnings.iter().filter(|w| w.code == "link-to-unpublished-note").count()
        };
        !self.planned.waits_for.is_empty() && dropped(rendered) > dropped(self.planned)
    }

    pub(super) async fn finish(
        &self,
        begun: &TargetRecord,
        written: Written,
        rendered: &Rendered,
    ) -> Result<Ended, Ended> {
        let since = BTreeMap::from([(SINCE.to_owned(), self.run.now.to_string())]);
        let known = self.observed.sites.known(self.name);
        self.observed.sites.learn(self.name, written.learned);
        if !known.contains_key(SINCE) {
            self.observed.sites.learn(self.name, since);
        }
        let receipt = self.receipt(&written.remote, rendered);
        let record = TargetRecord {
            marker: self.work.marker,
            intent: None,
            receipt: Some(receipt),
            pictures: used_pictures(&rendered.pictures, &rendered.rendering),
        };
        let current = self.session.record();
        let current = current.as_ref().and_then(|r| r.targets.get(self.name));
        if !is_ours(current, begun) {
            return Err(taken_over(current, &written.remote));
        }
        self.swap(current, record).await?;
        Ok(done(written.remote, written.warnings, self.is_unfinished(rendered)))
    }

    /// The answer to a write was lost: where the target can be asked, it is asked at once. A post whose
    /// id is known can be looked at by the next run in any case; of a new one only a person can tell.
    pub(super) async fn reconcile(
        &self,
        writer: &dyn Writer,
        begun: &TargetRecord,
        error: Error,
    ) -> Result<Ended, Ended> {
        let capabilities = self.target.capabilities();
        let is_new = begun.intent.as_ref().is_some_and(|intent| intent.phase == Phase::Create);
        if is_new && capabilities.find != Finding::Certain {
            let intent =
                Intent { phase: Phase::Uncertain, ..self.intent(Phase::Uncertain, self.planned.digest) };
            let current = self.session.record();
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
        let rendered = self.render_final(on_site).ok()?;
        let is_it = !remote.trashed && self.target.is_current(&rendered.rendering, &remote);
        is_it.then_some((remote, rendered))
    }

    fn lost(&self, error: &Error, person: bool) -> Error {
        let cause =
            error.details().iter().find(|(label, _)| *label == "cause").map(|(_, text)| text.as_str());
        let prepared = &self.observed.notes[self.work.note].0;
        let note = prepared.note.path();
        let what = match prepared.shown_title(self.run) {
            "" => format!("`{note}`"),
            title => format!("\"{title}\""),
        };
        let message = format!("`{}` may already have received {what}; the answer was lost", self.name);
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

    pub(super) fn receipt(&self, remote: &Remote, rendered: &Rendered) -> Receipt {
        let earlier = self.work.recorded.as_ref().and_then(|r| r.receipt.as_ref());
        let mut echo = remote.echo();
        echo.retain(|name, _| rendered.rendering.sets(name));
        let at = Timestamp::now();
        Receipt {
            remote_id: remote.id.clone(),
            url: remote.url.clone(),
            permanent: remote.permanent,
            digest: rendered.digest,
            echo,
            at,
            first: earlier.map_or(at, |r| r.first),
            unpublished: false,
            basis: rendered.basis.clone(),
        }
    }
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
