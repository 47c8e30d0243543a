//! The half of a described API that talks to the server.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::{connection::Connection, diagnose, find, media, post::Shown, save};
use crate::{
    error::Result,
    render::{RemotePicture, Rendering},
    targets::{
        Fetched, Found, Reader, RemoteId, Sending, Upload, Wanted, WriteError, Writer, Written,
        diagnosis::Diagnosis, seen::Seen,
    },
};

/// An API, ready to be asked and changed.
pub struct Api {
    connection: Connection,
    /// An update says which state it is based on.
    seen: Seen<Shown>,
}

impl Api {
    /// An API that nothing is known of.
    #[must_use]
    pub fn new(connection: Connection) -> Self {
        Self { connection, seen: Seen::default() }
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

    /// Nothing is to be learned; but before anything is created it must be known who asks.
    async fn survey(
        &self,
        _rendering: &Rendering,
        _known: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>> {
        self.connection.check().await?;
        Ok(BTreeMap::new())
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
        save::create(&self.connection, &self.seen, rendering, sending).await
    }

    async fn update(
        &self,
        id: &RemoteId,
        rendering: &Rendering,
        sending: Sending<'_>,
    ) -> Result<Written, WriteError> {
        save::update(&self.connection, &self.seen, id, rendering, sending).await
    }

    async fn unpublish(&self, id: &RemoteId) -> Result<(), WriteError> {
        save::delete(&self.connection, id).await
    }
}
