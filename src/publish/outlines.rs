//! The outlines of the notes that a run does nothing about: those that are as the ledger says, and
//! those that are not in the run.

use std::{collections::HashMap, sync::OnceLock};

use crate::state::{Outline, Packed};

/// Outlines, found by their notes' paths.
#[derive(Default)]
pub struct Outlines {
    /// First those of the notes that are as the ledger says.
    all: Vec<Packed>,
    still: usize,
    /// Made when the first is looked for: a run that has nothing to do looks for none.
    by_path: OnceLock<HashMap<String, usize>>,
}

impl Outlines {
    /// Those of the notes that are as the ledger says, and others.
    #[must_use]
    pub fn new(still: Vec<Packed>, others: impl IntoIterator<Item = Packed>) -> Self {
        let mut all = still;
        let still = all.len();
        all.extend(others);
        Self { all, still, by_path: OnceLock::new() }
    }

    /// Adds others, of which it may have some.
    pub fn add(&mut self, others: impl IntoIterator<Item = Packed>) {
        let new: Vec<Packed> = others.into_iter().filter(|packed| !self.contains(packed.path())).collect();
        self.all.extend(new);
        self.by_path = OnceLock::new();
    }

    /// Those of the notes that are as the ledger says.
    #[must_use]
    pub fn still(&self) -> &[Packed] {
        &self.all[..self.still]
    }

    /// Those of the notes that are not in the run.
    #[must_use]
    pub fn others(&self) -> &[Packed] {
        &self.all[self.still..]
    }

    /// That of the note at a path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<Outline<'_>> {
        self.all.get(*self.by_path().get(path)?).map(Packed::outline)
    }

    /// Whether there is one of a note at this path.
    #[must_use]
    pub fn contains(&self, path: &str) -> bool {
        self.by_path().contains_key(path)
    }

    /// Whether the note at a path is as the ledger says.
    #[must_use]
    pub fn is_still(&self, path: &str) -> bool {
        self.by_path().get(path).is_some_and(|at| *at < self.still)
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Packed> {
        self.all.iter()
    }

    /// The paths of all.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(Packed::path)
    }

    fn by_path(&self) -> &HashMap<String, usize> {
        let places =
            || self.all.iter().enumerate().map(|(at, packed)| (packed.path().to_owned(), at)).collect();
        self.by_path.get_or_init(places)
    }
}
