//! Secrets that were handed in, and which others a target would need.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use secrecy::SecretString;

/// By target and secret.
type Key = (String, String);

/// Secrets in memory.
#[derive(Clone, Default)]
pub(super) struct Given(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    secrets: BTreeMap<Key, SecretString>,
    missed: Option<Key>,
}

impl Given {
    pub(super) fn give(&self, target: &str, secret: &str, value: SecretString) {
        self.with(|state| {
            state.missed = None;
            state.secrets.insert(key(target, secret), value);
        });
    }

    pub(super) fn find(&self, target: &str, secret: &str) -> Option<SecretString> {
        self.with(|state| state.secrets.get(&key(target, secret)).cloned())
    }

    /// Notes that a secret was required which is not here.
    pub(super) fn miss(&self, target: &str, secret: &str) {
        self.with(|state| state.missed = Some(key(target, secret)));
    }

    pub(super) fn wanting(&self, target: &str) -> Option<String> {
        self.with(|state| state.missed.clone()).filter(|(of, _)| of == target).map(|(_, secret)| secret)
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn key(target: &str, secret: &str) -> Key {
    (target.to_owned(), secret.to_owned())
}

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Given")
    }
}
