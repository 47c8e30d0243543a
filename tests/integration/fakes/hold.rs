//! A request that is held back until a test lets it go on, so that somebody else can be faster.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use tokio::sync::Notify;

use crate::conformance::Held;

/// What holds a stand-in's next update back.
#[derive(Debug, Default)]
pub struct Hold {
    gate: Mutex<Option<Arc<Notify>>>,
    has_come: AtomicBool,
}

impl Hold {
    /// Holds the next one.
    pub fn next(self: Arc<Self>) -> Held<'static> {
        let gate = Arc::new(Notify::new());
        *self.gate.lock().unwrap_or_else(PoisonError::into_inner) = Some(gate.clone());
        Held { has_come: Box::new(move || self.has_come.load(Ordering::Acquire)), gate }
    }

    /// Waits with a request, if it is the one that is held.
    pub async fn wait(&self) {
        let gate = self.gate.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(gate) = gate {
            self.has_come.store(true, Ordering::Release);
            gate.notified().await;
        }
    }
}
