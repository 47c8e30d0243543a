//! The sending of a step: pictures first, then the post, the intent renewed for as long as it takes.

use std::{collections::BTreeMap, future::poll_fn, pin::pin, task::Poll};

use futures_util::{StreamExt, stream};
use jiff::Timestamp;

use super::{
    SINCE,
    job::{Job, is_ours},
    lease,
};
use crate::{
    error::{Error, Result},
    plan::Action,
    publish::{
        Work,
        links::{self, Unpublished},
        observe::render,
        prepare::Rendered,
    },
    render::{Digest, Picture, RemotePicture},
    state::TargetRecord,
    targets::{RemoteId, Sending, Upload, WriteError, Writer, Written},
};

impl Job<'_, '_> {
    /// Uploads what is missing and writes, renewing the intent for as long as it takes.
    pub(super) async fn send(
        &self,
        writer: &dyn Writer,
        begun: &TargetRecord,
    ) -> Result<(Written, Rendered), WriteError> {
        let work = async {
            let uploaded = self.upload(writer).await.map_err(WriteError::NotDone)?;
            let rendered = self.render_final(uploaded).map_err(WriteError::NotDone)?;
            let site = self.observed.sites.known(self.name);
            let sending = Sending { marker: self.work.marker, pictures: &rendered.pictures, site: &site };
            let written = match (self.work.decision.action, &self.work.remote, self.known_id()) {
                (Action::Update, Some(remote), _) => {
                    writer.update(&remote.id, &rendered.rendering, sending).await?
                }
                (Action::Update, None, Some(id)) => writer.update(&id, &rendered.rendering, sending).await?,
                _ => writer.create(&rendered.rendering, sending).await?,
            };
            Ok((written, rendered))
        };
        self.under_lease(begun, work).await
    }

    /// Does work while the intent is renewed. The work stands still where a renewal is due, by the
    /// clock on the wall: a process that was suspended must not send before it knows that nobody
    /// has taken over.
    async fn under_lease<T>(
        &self,
        begun: &TargetRecord,
        work: impl Future<Output = Result<T, WriteError>>,
    ) -> Result<T, WriteError> {
        let mut work = pin!(work);
        let pause = lease(self.target) / 3;
        loop {
            let renewed = Timestamp::now();
            let is_due = || Timestamp::now().duration_since(renewed).unsigned_abs() >= pause;
            let guarded =
                poll_fn(
                    |context| {
                        if is_due() { Poll::Ready(None) } else { work.as_mut().poll(context).map(Some) }
                    },
                );
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                ended = guarded => if let Some(ended) = ended { return ended },
            }
            self.renew(begun).await.map_err(WriteError::Unknown)?;
        }
    }

    fn known_id(&self) -> Option<RemoteId> {
        Some(self.work.recorded.as_ref()?.receipt.as_ref()?.remote_id.clone())
    }

    /// Renews the intent.
    async fn renew(&self, begun: &TargetRecord) -> Result<()> {
        let taken = || Error::failed("another run has taken this step over");
        let current = self.session.record();
        let current = current.as_ref().and_then(|r| r.targets.get(self.name));
        let intent = begun.intent.as_ref().filter(|_| is_ours(current, begun)).ok_or_else(taken)?;
        let renewed =
            TargetRecord { intent: Some(self.intent(intent.phase, intent.digest)), ..begun.clone() };
        if self.session.swap(self.name, current, Some(renewed)).await? { Ok(()) } else { Err(taken()) }
    }

    pub(super) async fn upload(&self, writer: &dyn Writer) -> Result<BTreeMap<Digest, RemotePicture>> {
        let mut on_site = self.work.found_pictures.clone();
        let mut missing = match self.target.common().canonical {
            // The original's pictures may have come since it was planned.
            Some(_) if !self.planned.rendering.needs.is_empty() => {
                self.render_now(on_site.clone(), false)?.missing_pictures()
            }
            _ => self.planned.missing_pictures(),
        };
        missing.retain(|picture| !on_site.contains_key(&picture.digest));
        let first_contact = !self.observed.sites.known(self.name).contains_key(SINCE);
        if !missing.is_empty() && (self.work.was_interrupted() || first_contact) {
            let found = writer.find_pictures(&missing).await?;
            let found = missing.iter().zip(found).filter_map(|(p, remote)| Some((p.digest, remote?)));
            on_site.extend(found);
            missing.retain(|picture| !on_site.contains_key(&picture.digest));
        }
        let uploads = missing.into_iter().map(|picture| async move {
            let digest = picture.digest;
            let upload = self.upload_one(writer, picture);
            let remote = self.observed.uploads.once(self.name, &digest, upload).await?;
            Ok::<_, Error>((digest, remote))
        });
        let width = self.target.common().concurrency;
        let uploaded: Vec<Result<(Digest, RemotePicture)>> =
            stream::iter(uploads).buffer_unordered(width).collect().await;
        for uploaded in uploaded {
            let (digest, remote) = uploaded?;
            on_site.insert(digest, remote);
        }
        Ok(on_site)
    }

    async fn upload_one(&self, writer: &dyn Writer, picture: Picture) -> Result<RemotePicture> {
        let planned = self.planned;
        let unknown = || Error::failed("a picture of the plan is not in the note");
        let (src, original, order) = planned.orders.source(&picture.digest).ok_or_else(unknown)?;
        let is_it = |src: &str| planned.pictures.get(src).is_some_and(|(p, _)| p.digest == picture.digest);
        let mut alts = planned.rendering.needs.iter().filter(|(src, _)| is_it(src)).map(|(_, alt)| alt);
        let alt = alts.find(|alt| !alt.is_empty()).cloned().unwrap_or_default();
        let note = self.observed.notes[self.work.note].0.note.path();
        let sought = picture.clone();
        let send = |bytes| writer.upload(Upload { picture, alt, bytes });
        match self.observed.uploads.with_bytes(self.run.files, (note, src), original, order, send).await {
            Ok(remote) => Ok(remote),
            // The site may have taken it, and only its answer be lost.
            Err(error) => found_one(writer, sought).await.ok_or(error),
        }
    }

    /// The rendering that is sent: all addresses in it known.
    pub(super) fn render_final(&self, uploaded: BTreeMap<Digest, RemotePicture>) -> Result<Rendered> {
        self.render_now(uploaded, true)
    }

    /// The rendering with what is known by now: the canonical URL may have come since it was planned.
    pub(super) fn render_now(
        &self,
        uploaded: BTreeMap<Digest, RemotePicture>,
        sends: bool,
    ) -> Result<Rendered> {
        let record = self.session.record();
        let site = self.observed.sites.for_rendering(self.target);
        let work = self.work.with_pictures(uploaded);
        let links = links::known(self.run, self.observed, &work, Unpublished::Dropped);
        let planned = Some(self.planned);
        let rendered = render(self.run, self.observed, &work, record.as_ref(), &site, &links, planned);
        let rendered = rendered.map_err(first)?;
        if !sends {
            return Ok(rendered);
        }
        if rendered.rendering.is_pending(&rendered.pictures) {
            return Err(Error::failed("an address in the rendering is still unknown"));
        }
        Ok(rendered)
    }
}

/// A picture, if it is on the site.
async fn found_one(writer: &dyn Writer, picture: Picture) -> Option<RemotePicture> {
    writer.find_pictures(&[picture]).await.ok()?.into_iter().next()?
}

impl Work {
    fn with_pictures(&self, found_pictures: BTreeMap<Digest, RemotePicture>) -> Self {
        Self {
            note: self.note,
            target: self.target.clone(),
            marker: self.marker,
            recorded: self.recorded.clone(),
            rendered: None,
            decision: self.decision.clone(),
            remote: None,
            found_pictures,
            error: None,
        }
    }
}

pub(super) fn first(errors: Vec<Error>) -> Error {
    errors.into_iter().next().unwrap_or_else(|| Error::failed("the note cannot be rendered"))
}
