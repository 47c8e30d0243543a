//! The half of a Confluence target that talks to the site.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::{connection::Connection, diagnose, find, locate, media, pages::Page, save, survey};
use crate::{
    error::Result,
    render::{Picture, RemotePicture, Rendering},
    targets::{
        Fetched, Found, Reader, RemoteId, Sending, Upload, Wanted, WriteError, Writer, Written,
        diagnosis::Diagnosis, seen::Seen,
    },
};

/// A space, ready to be asked and changed.
pub struct Api {
    connection: Connection,
    /// An update says which state it is based on.
    seen: Seen<Page>,
}

impl Api {
    /// A space that nothing is known of.
    #[must_use]
    pub fn new(connection: Connection) -> Self {
        Self { connection, seen: Seen::default() }
    }
}

#[async_trait]
impl Reader for Api {
    /// Titles are unique, so a page of others with the same title is told of whether asked for or not.
    async fn find(&self, wanted: &[Wanted], _lookalikes: bool) -> Result<Vec<Found>> {
        find::find(&self.connection, &self.seen, wanted).await
    }

    async fn fetch(&self, id: &RemoteId) -> Result<Fetched> {
        find::fetch(&self.connection, &self.seen, id).await
    }

    async fn locate(&self, url: &str) -> Result<Option<RemoteId>> {
        locate::locate(&self.connection, url).await
    }

    async fn survey(
        &self,
        _rendering: &Rendering,
        known: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>> {
        survey::survey(&self.connection, known).await
    }

    async fn find_pictures(&self, pictures: &[Picture]) -> Result<Vec<Option<RemotePicture>>> {
        media::find(&self.connection, pictures).await
    }

    async fn diagnose(&self) -> Vec<Diagnosis> {
        diagnose::diagnose(&self.connection).await
    }
}

#[async_trait]
impl Writer for Api {
    async fn upload(&self, upload: Upload) -> Result<RemotePicture> {
        media::upload(&self.connection, upload).await
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

    /// Puts the page into the trash of its space.
    async fn unpublish(&self, id: &RemoteId) -> Result<(), WriteError> {
        save::trash(&self.connection, id).await
    }
}
