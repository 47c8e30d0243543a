//! What a run has seen of a site: an update is based on the state in which a look found the post.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use super::RemoteId;

/// The posts as they were looked at in this run, by their ids.
#[derive(Debug)]
pub struct Seen<P>(Mutex<HashMap<String, P>>);

impl<P> Default for Seen<P> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<P: Clone> Seen<P> {
    /// Remembers how a post was.
    pub fn note(&self, id: &str, post: &P) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.insert(id.to_owned(), post.clone());
    }

    /// Takes out how a post was: after an update it is otherwise.
    #[must_use]
    pub fn take(&self, id: &RemoteId) -> Option<P> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id.0)
    }
}
