//! How a step ended, and how its step in the plan tells it.

use crate::{
    error::{Error, Warning},
    plan::{self, Action, Outcome, Step},
    targets::{Remote, RemoteId},
};

/// How a step ended.
pub(super) enum Ended {
    Done {
        remote_id: RemoteId,
        url: Option<String>,
        warnings: Vec<Warning>,
        /// A link in it could not be made, since the other note was not there yet.
        unfinished: bool,
    },
    /// A person has what they need to do it.
    HandedOver {
        by_hand: Vec<String>,
    },
    /// Another run did it, or is at it.
    Elsewhere,
    /// It cannot be done yet.
    Waits(String),
    Failed {
        error: Error,
        uncertain: bool,
    },
}

impl Ended {
    pub(super) fn failed(error: Error) -> Self {
        Self::Failed { error, uncertain: false }
    }

    pub(super) fn tell(self, step: &mut Step) {
        match self {
            Self::Done { remote_id, url, warnings, unfinished } => {
                step.outcome = Outcome::Done;
                step.unfinished = unfinished;
                step.remote_id = Some(remote_id.0);
                step.url = url;
                step.warnings.extend(warnings);
            }
            Self::HandedOver { by_hand } => {
                step.outcome = Outcome::Done;
                step.by_hand = by_hand;
            }
            Self::Elsewhere => {
                step.action = Action::Blocked;
                step.reason = Some("another run is at it".to_owned());
                step.error =
                    Some(Error::decision("another run is publishing this note there").code(plan::BUSY));
            }
            Self::Waits(reason) => {
                step.action = Action::Skipped;
                step.reason = Some(reason);
            }
            Self::Failed { error, uncertain } => {
                step.outcome = if uncertain { Outcome::Uncertain } else { Outcome::Failed };
                step.error = Some(error);
            }
        }
    }
}

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        Self::failed(error)
    }
}

/// The step was done, and this is the post.
pub(super) fn done(remote: Remote, warnings: Vec<Warning>, unfinished: bool) -> Ended {
    Ended::Done { remote_id: remote.id, url: remote.url, warnings, unfinished }
}
