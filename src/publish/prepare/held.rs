//! What is held of a note as one audience has it. Of many notes that is not the parsed text, which would
//! take more memory than all else: it is made again where it is needed.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Part;
use crate::{
    error::{Error, Result},
    publish::links::Address,
};

/// The part of a note, or what became of it.
#[derive(Default)]
pub(super) struct Held(Mutex<State>);

#[derive(Default)]
enum State {
    #[default]
    Unread,
    Here(Arc<Part>),
    Wrong(Vec<Error>),
    /// It is in order, and is read again where more than its [`Part::links`] is needed.
    Forgotten(Arc<[Address]>),
}

impl Held {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The part, made at the first call and at the first after [`Held::forget`].
    pub(super) fn part(
        &self,
        make: impl FnOnce() -> Result<Part, Vec<Error>>,
    ) -> Result<Arc<Part>, Vec<Error>> {
        let mut state = self.state();
        match &*state {
            State::Here(part) => return Ok(Arc::clone(part)),
            State::Wrong(errors) => return Err(errors.clone()),
            State::Unread | State::Forgotten(_) => {}
        }
        let made = make().map(Arc::new);
        *state = match &made {
            Ok(part) => State::Here(Arc::clone(part)),
            Err(errors) => State::Wrong(errors.clone()),
        };
        made
    }

    /// Its [`Part::links`], made if it was not read yet; `None` where something is wrong with it.
    pub(super) fn links(&self, make: impl FnOnce() -> Result<Part, Vec<Error>>) -> Option<Arc<[Address]>> {
        if let State::Forgotten(links) = &*self.state() {
            return Some(Arc::clone(links));
        }
        self.part(make).ok().map(|part| Arc::clone(&part.links))
    }

    pub(super) fn is_here(&self) -> bool {
        matches!(*self.state(), State::Here(_))
    }

    /// Lets go of what was parsed.
    pub(super) fn forget(&self) {
        let mut state = self.state();
        if let State::Here(part) = &*state {
            *state = State::Forgotten(Arc::clone(&part.links));
        }
    }
}
