//! The half of a SharePoint target that talks to Microsoft Graph.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;

use super::{connection::Connection, diagnose, find, locate, media, pages::Page, save};
use crate::{
    error::Result,
    render::{Picture, RemotePicture, Rendering},
    targets::{
        Fetched, Found, Reader, RemoteId, Sending, Upload, Wanted, WriteError, Writer, Written,
        diagnosis::Diagnosis,
    },
};

/// A site, ready to be asked and changed.
pub struct Api {
    connection: Connection,
    seen: Seen,
    library: media::Library,
}

impl Api {
    /// A site that nothing is known of.
    #[must_use]
    pub fn new(connection: Connection) -> Self {
        Self { connection, seen: Seen::default(), library: media::Library::default() }
    }
}

/// The pages as they were looked at in this run: an update says which version it is based on.
#[derive(Debug, Default)]
pub struct Seen(Mutex<HashMap<String, Page>>);

impl Seen {
    /// Remembers how a page was.
    pub fn note(&self, page: &Page) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.insert(page.id.clone(), page.clone());
    }

    /// Takes out how a page was.
    #[must_use]
    pub fn take(&self, id: &RemoteId) -> Option<Page> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id.0)
    }
}

#[async_trait]
impl Reader for Api {
    async fn find(&self, wanted: &[Wanted], lookalikes: bool) -> Result<Vec<Found>> {
        find::find(&self.connection, &self.seen, wanted, lookalikes).await
    }

    async fn fetch(&self, id: &RemoteId) -> Result<Fetched> {
        find::fetch(&self.connection, &self.seen, id).await
    }

    async fn locate(&self, url: &str) -> Result<Option<RemoteId>> {
        locate::locate(&self.connection, url).await
    }

    /// A rendering depends on nothing of the site; that it is there is found out on the way.
    async fn survey(
        &self,
        _rendering: &Rendering,
        _known: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>> {
        Ok(BTreeMap::new())
    }

    async fn find_pictures(&self, pictures: &[Picture]) -> Result<Vec<Option<RemotePicture>>> {
        media::find(&self.connection, &self.library, pictures).await
    }

    async fn diagnose(&self) -> Vec<Diagnosis> {
        diagnose::diagnose(&self.connection, &self.library).await
    }
}

#[async_trait]
impl Writer for Api {
    fn reader(&self) -> &dyn Reader {
        self
    }

    async fn upload(&self, upload: Upload) -> Result<RemotePicture> {
        media::upload(&self.connection, &self.library, upload).await
    }

    async fn create(&self, rendering: &Rendering, sending: Sending<'_>) -> Result<Written, WriteError> {
        save::create(&self.connection, rendering, sending).await
    }

    async fn update(
        &self,
        id: &RemoteId,
        rendering: &Rendering,
        sending: Sending<'_>,
    ) -> Result<Written, WriteError> {
        let base = self.seen.take(id);
        save::update(&self.connection, id, base, rendering, sending).await
    }

    /// Deletes the page, which lies in the site's recycle bin for 93 days.
    async fn unpublish(&self, id: &RemoteId) -> Result<(), WriteError> {
        save::delete(&self.connection, id).await
    }
}
