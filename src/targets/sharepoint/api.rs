//! The half of a SharePoint target that talks to Microsoft Graph.

use async_trait::async_trait;

use super::{connection::Connection, diagnose, find, locate, media, pages::Page, save};
use crate::{
    error::Result,
    render::{Picture, RemotePicture, Rendering},
    targets::{
        Fetched, Found, Reader, RemoteId, Sending, Upload, Wanted, WriteError, Writer, Written,
        diagnosis::Diagnosis, seen::Seen,
    },
};

/// A site, ready to be asked and changed.
pub struct Api {
    connection: Connection,
    /// An update says which state it is based on.
    seen: Seen<Page>,
    library: media::Library,
}

impl Api {
    /// A site that nothing is known of.
    #[must_use]
    pub fn new(connection: Connection) -> Self {
        Self { connection, seen: Seen::default(), library: media::Library::default() }
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

    async fn find_pictures(&self, pictures: &[Picture]) -> Result<Vec<Option<RemotePicture>>> {
        media::find(&self.connection, &self.library, pictures).await
    }

    async fn diagnose(&self) -> Vec<Diagnosis> {
        diagnose::diagnose(&self.connection, &self.library).await
    }
}

#[async_trait]
impl Writer for Api {
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
