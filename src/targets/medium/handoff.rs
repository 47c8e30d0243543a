//! Medium without a token: a page for the author to bring there, and the feed to see what came of it.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{config::Settings, diagnose, feed, sheet};
use crate::{
    error::{Error, Result},
    render::{RemotePicture, Rendering},
    targets::{
        Common, Fetched, Found, Reader, RemoteId, Sending, Upload, Wanted, WriteError, Writer, Written,
        client::Client, diagnosis::Diagnosis,
    },
};

/// The half that reads Medium's feed and writes pages on this machine.
pub(super) struct Handoff {
    client: Client,
    common: Common,
    settings: Settings,
}

impl Handoff {
    /// Nothing is asked or written yet.
    ///
    /// # Errors
    /// A certificate or a proxy that cannot be used.
    pub(super) fn new(common: &Common, settings: &Settings) -> Result<Self> {
        Ok(Self { client: Client::new(common)?, common: common.clone(), settings: settings.clone() })
    }

    fn cannot(&self) -> WriteError {
        let message = format!("stories of `{}` are brought to Medium by hand", self.common.name);
        WriteError::NotDone(Error::failed(message).help("do it in Medium's own editor"))
    }
}

/// Where a note's page is, from the configuration's folder on: a path that people see.
pub(super) fn page(settings: &Settings, common: &Common, note: &str) -> PathBuf {
    let name = note.strip_suffix(".md").unwrap_or(note);
    settings.handoff.join(&common.name).join(format!("{name}.html"))
}

#[async_trait]
impl Reader for Handoff {
    async fn find(&self, wanted: &[Wanted], lookalikes: bool) -> Result<Vec<Found>> {
        let feed = self.settings.feed.as_ref();
        feed::look(&self.client, &self.common.name, feed, wanted, lookalikes).await
    }

    async fn fetch(&self, _id: &RemoteId) -> Result<Fetched> {
        Ok(Fetched::Unseen)
    }

    async fn diagnose(&self) -> Vec<Diagnosis> {
        diagnose::by_hand(&self.client, &self.common.name, self.settings.feed.as_ref()).await
    }
}

#[async_trait]
impl Writer for Handoff {
    /// A picture that is nowhere on the web stands in the page itself.
    async fn upload(&self, upload: Upload) -> Result<RemotePicture> {
        let (kind, bytes) = (upload.picture.media_type, STANDARD.encode(upload.bytes));
        Ok(RemotePicture { id: None, url: format!("data:{kind};base64,{bytes}") })
    }

    async fn create(&self, _rendering: &Rendering, _sending: Sending<'_>) -> Result<Written, WriteError> {
        Err(self.cannot())
    }

    async fn update(
        &self,
        _id: &RemoteId,
        _rendering: &Rendering,
        _sending: Sending<'_>,
    ) -> Result<Written, WriteError> {
        Err(self.cannot())
    }

    async fn unpublish(&self, _id: &RemoteId) -> Result<(), WriteError> {
        Err(self.cannot())
    }

    async fn hand_over(&self, rendering: &Rendering, note: &str) -> Result<()> {
        let file = page(&self.settings, &self.common, note);
        let text = sheet::write(&self.common, &self.settings, rendering, note)?;
        put(&file, &text).map_err(|error| error.detail("file", file.display().to_string()))
    }
}

/// Writes a page whole or not at all, and only where it is not there already.
fn put(file: &Path, text: &str) -> Result<()> {
    let there = std::fs::read(file).ok();
    if there.as_deref() == Some(text.as_bytes()) {
        return Ok(());
    }
    if there.is_some_and(|there| !String::from_utf8_lossy(&there).contains(sheet::SIGN)) {
        return Err(Error::invalid("a file that crosspost did not write is in the way")
            .help("move it, or have the pages written elsewhere: `handoff = \"FOLDER\"`"));
    }
    let folder = file.parent().unwrap_or(file);
    let write = || -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        let mut new = new_file(folder)?;
        new.write_all(text.as_bytes())?;
        new.persist(file)?;
        Ok(())
    };
    write().map_err(|e| Error::failed("the page for Medium cannot be written").cause(e))
}

/// A temporary file with the rights of an ordinary one.
fn new_file(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(<std::fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o666));
    builder.tempfile_in(folder)
}
