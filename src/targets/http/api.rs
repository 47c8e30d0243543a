//! The half of a described API that talks to the server.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;

use super::{connection::Connection, diagnose, find, media, post::Shown, save};
use crate::{
    error::Result,
    render::{Picture, RemotePicture, Rendering},
    targets::{
        Fetched, Found, Reader, RemoteId, Sending, Upload, Wanted, WriteError, Writer, Written,
        diagnosis::Diagnosis,
    },
};

/// An API, ready to be asked and changed.
pub struct Api {
    connection: Connection,
    seen: Seen,
}

impl Api {
    /// An API that nothing is known of.
    #[must_use]
    pub fn new(connection: Connection) -> Self {
        Self { connection, seen: Seen::default() }
    }
}

/// The posts as they were looked at in this run: an update says which state it is based on.
#[derive(Debug, Default)]
pub struct Seen(Mutex<HashMap<RemoteId, Shown>>);

impl Seen {
    /// Remembers how a post was.
    pub fn note(&self, post: &Shown) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.insert(post.remote.id.clone(), post.clone());
    }

    /// Takes out how a post was.
    #[must_use]
    pub fn take(&self, id: &RemoteId) -> Option<Shown> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id)
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

    async fn find_pictures(&self, pictures: &[Picture]) -> Result<Vec<Option<RemotePicture>>> {
        Ok(vec![None; pictures.len()])
    }

    async fn diagnose(&self) -> Vec<Diagnosis> {
        diagnose::diagnose(&self.connection).await
    }
}

#[async_trait]
impl Writer for Api {
    fn reader(&self) -> &dyn Reader {
        self
    }

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
