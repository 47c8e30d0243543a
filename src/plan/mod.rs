//! The plan: what will happen to each note at each target, and why. Pure: from what is known to
//! what is to be done. The same value is shown by a dry run and carried out by a publish.

pub mod away;
pub mod change;
pub mod decide;
pub mod identity;
pub mod order;

use std::{collections::HashMap, sync::Arc};

use serde::Serialize;

use crate::error::{Error, Kind, Warning};

/// What is to be done with a note at a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It goes there for the first time.
    Create,
    /// It is there, and has changed.
    Update,
    /// It is there as it should be.
    Unchanged,
    /// It is there already, and the ledger learns of it.
    Adopt,
    /// A person has to do it by hand.
    Manual,
    /// A person has to decide first.
    Blocked,
    /// It does not go there, or not yet.
    Skipped,
    /// Its post is taken down.
    Unpublish,
}

impl Action {
    /// The word that people and JSON see.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Unchanged => "unchanged",
            Self::Adopt => "adopt",
            Self::Manual => "manual",
            Self::Blocked => "blocked",
            Self::Skipped => "skipped",
            Self::Unpublish => "unpublish",
        }
    }

    /// Whether carrying it out changes something, at the site or in the ledger.
    #[must_use]
    pub fn changes(self) -> bool {
        matches!(self, Self::Create | Self::Update | Self::Adopt | Self::Unpublish)
    }
}

/// How far a step has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Not tried: a dry run, or a step that has nothing to try.
    Planned,
    /// Done.
    Done,
    /// Tried, and not done.
    Failed,
    /// It may or may not have been done.
    Uncertain,
}

/// One note at one target.
#[derive(Debug, Clone)]
pub struct Step {
    /// The note's path.
    pub note: Arc<str>,
    /// The note's title.
    pub title: Arc<str>,
    /// The target's name.
    pub target: Arc<str>,
    /// What is to be done.
    pub action: Action,
    /// How far it has come.
    pub outcome: Outcome,
    /// Why, in a few words.
    pub reason: Option<String>,
    /// What stands in the way or went wrong, whole.
    pub error: Option<Error>,
    /// The post's id, once known.
    pub remote_id: Option<String>,
    /// The post's address, once known.
    pub url: Option<String>,
    /// What the target will lose, or did otherwise.
    pub warnings: Vec<Warning>,
    /// What a person is to do, where it is one who brings the note there: a line for each step or way.
    pub by_hand: Vec<String>,
    /// How the post on the site differs from the note, word by word, where that is in question.
    pub difference: Option<String>,
    /// What an update would change in the post as the site shows it now; of an internal target only
    /// in which parts.
    pub changes: Vec<change::Change>,
    /// It was done, but for a link to a note that was not there yet: worth doing again.
    pub unfinished: bool,
}

impl Step {
    /// A step of which there is nothing more to tell yet.
    #[must_use]
    pub fn new(note: Arc<str>, title: Arc<str>, target: Arc<str>, action: Action, outcome: Outcome) -> Self {
        Self {
            note,
            title,
            target,
            action,
            outcome,
            reason: None,
            error: None,
            remote_id: None,
            url: None,
            warnings: Vec::new(),
            by_hand: Vec::new(),
            difference: None,
            changes: Vec::new(),
            unfinished: false,
        }
    }

    /// Whether another run is at this step, so that it is worth looking again later.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.error.as_ref().and_then(Error::name) == Some(BUSY)
    }

    /// The exit code that this step alone would give.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match (self.outcome, self.action, &self.error) {
            (Outcome::Uncertain, ..) => Kind::Decision.exit_code(),
            (_, _, Some(error)) => error.kind().exit_code(),
            (Outcome::Failed, ..) => Kind::Failed.exit_code(),
            _ => 0,
        }
    }
}

/// The code of the error that says another run is at a step.
pub const BUSY: &str = "busy";

/// Everything a run will do, or did.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// In the order of the notes, then of the targets.
    pub steps: Vec<Step>,
    /// Notes that could not be read, and other trouble that belongs to no step.
    pub errors: Vec<Error>,
    /// How many more steps there are that nothing is to be told of: of notes that are as they should be.
    pub unchanged: usize,
}

/// How many steps came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Posts created, or to be created.
    pub create: usize,
    /// Posts updated.
    pub update: usize,
    /// Posts that are as they should be.
    pub unchanged: usize,
    /// Posts the ledger learned of.
    pub adopt: usize,
    /// Posts that a person has to edit.
    pub manual: usize,
    /// Posts that wait for a decision.
    pub blocked: usize,
    /// Steps that failed, and notes that could not be read.
    pub failed: usize,
    /// Posts that may or may not exist.
    pub uncertain: usize,
    /// Notes that do not go there, or not yet.
    pub skipped: usize,
    /// Posts taken down.
    pub unpublish: usize,
}

impl Plan {
    /// This plan with the steps of a later one in place of its own for the same note and target.
    #[must_use]
    pub fn merge(mut self, later: Self) -> Self {
        let key = |step: &Step| (step.note.clone(), step.target.clone());
        let known: HashMap<(Arc<str>, Arc<str>), usize> = if later.steps.is_empty() {
            HashMap::new()
        } else {
            self.steps.iter().enumerate().map(|(index, step)| (key(step), index)).collect()
        };
        for step in later.steps {
            let earlier = if known.is_empty() {
                None
            } else {
                known.get(&key(&step)).and_then(|index| self.steps.get_mut(*index))
            };
            match earlier {
                // What was created and then brought up to date in one run was created.
                Some(earlier) if earlier.unfinished && earlier.action == Action::Create => {
                    *earlier = Step { action: Action::Create, reason: earlier.reason.take(), ..step };
                }
                Some(earlier) => *earlier = step,
                None => self.steps.push(step),
            }
        }
        self.unchanged += later.unchanged;
        for error in later.errors {
            if !self.errors.contains(&error) {
                self.errors.push(error);
            }
        }
        self
    }

    /// The notes at which another run is, or which are to be brought up to date.
    #[must_use]
    pub fn open_notes(&self) -> Vec<String> {
        let mut notes: Vec<String> =
            self.steps.iter().filter(|s| s.is_busy() || s.unfinished).map(|s| s.note.to_string()).collect();
        notes.dedup();
        notes
    }

    /// The counts.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut summary =
            Summary { failed: self.errors.len(), unchanged: self.unchanged, ..Summary::default() };
        for step in &self.steps {
            *match (step.outcome, step.action) {
                (Outcome::Failed, _) => &mut summary.failed,
                (Outcome::Uncertain, _) => &mut summary.uncertain,
                (_, Action::Create) => &mut summary.create,
                (_, Action::Update) => &mut summary.update,
                (_, Action::Unchanged) => &mut summary.unchanged,
                (_, Action::Adopt) => &mut summary.adopt,
                (_, Action::Manual) => &mut summary.manual,
                (_, Action::Blocked) => &mut summary.blocked,
                (_, Action::Skipped) => &mut summary.skipped,
                (_, Action::Unpublish) => &mut summary.unpublish,
            } += 1;
        }
        summary
    }

    /// Whether carrying it out would change anything.
    #[must_use]
    pub fn has_changes(&self) -> bool {
        self.steps.iter().any(|step| step.action.changes())
    }

    /// The worst exit code of all steps and errors: 3 before 1 before 2, since a decision that is
    /// waited for must not hide behind a failure that a second run may heal.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        let codes =
            self.errors.iter().map(|e| e.kind().exit_code()).chain(self.steps.iter().map(Step::exit_code));
        codes.max_by_key(|code| [0, 2, 1, 3].iter().position(|c| c == code)).unwrap_or(0)
    }
}
