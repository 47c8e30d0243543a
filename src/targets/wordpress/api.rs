//! The half of a WordPress target that talks to the site.

use async_trait::async_trait;
use reqwest::Method;
use std::collections::BTreeMap;

use super::{
    connection::Connection,
    diagnose,
    errors::{self, Refusal},
    find, locate, media, save, survey, who,
};
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
    /// The way to it.
    connection: Connection,
    /// What this run has seen there.
    seen: survey::Seen,
}

impl Api {
    /// A site that nothing is known of.
    #[must_use]
    pub fn new(connection: Connection) -> Self {
        Self { connection, seen: survey::Seen::default() }
    }
}

#[async_trait]
impl Reader for Api {
    async fn find(&self, wanted: &[Wanted], lookalikes: bool) -> Result<Vec<Found>> {
        find::find(&self.connection, wanted, lookalikes).await
    }

    async fn fetch(&self, id: &RemoteId) -> Result<Fetched> {
        find::fetch(&self.connection, id).await
    }

    async fn locate(&self, url: &str) -> Result<Option<RemoteId>> {
        locate::locate(&self.connection, url).await
    }

    async fn survey(
        &self,
        rendering: &Rendering,
        known: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>> {
        survey::survey(&self.connection, &self.seen, rendering, known).await
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
        save::save(&self.connection, None, rendering, sending).await
    }

    async fn update(
        &self,
        id: &RemoteId,
        rendering: &Rendering,
        sending: Sending<'_>,
    ) -> Result<Written, WriteError> {
        save::save(&self.connection, Some(id), rendering, sending).await
    }

    /// Into the trash, from where an editor may take it out again.
    async fn unpublish(&self, id: &RemoteId) -> Result<(), WriteError> {
        let connection = &self.connection;
        connection.prepare().await.map_err(WriteError::NotDone)?;
        let route = connection.posts(Some(id)).map_err(WriteError::NotDone)?;
        let request = connection.request(Method::DELETE, &route, &[("_fields", "id,status")]);
        let answer = connection.write(request).await?;
        if find::post(&answer).is_ok_and(|post| answer.status.is_success() && post.status == "trash") {
            return Ok(());
        }
        match errors::refusal(&answer) {
            Refusal::AlreadyTrashed => Ok(()),
            Refusal::NotThere => who::me(connection).await.map(|_| ()).map_err(WriteError::NotDone),
            _ => Err(save::unsaved(connection, "take the post down", &answer).await),
        }
    }
}
