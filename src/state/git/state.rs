//! What the branch held when it was last looked at.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use super::branch::Branch;
use crate::{error::Result, state::swap::Edit};

/// The branch's newest commit as it is known, and the texts that were read of it.
#[derive(Default)]
pub(super) struct State {
    looked: Option<Instant>,
    tip: Option<String>,
    entries: BTreeMap<String, Blob>,
}

/// An entry's text, once it was read.
struct Blob {
    /// Its object; `None` for one that was written here and not listed since.
    oid: Option<String>,
    text: Option<Vec<u8>>,
}

impl State {
    pub(super) fn is_known(&self) -> bool {
        self.looked.is_some()
    }

    pub(super) fn is_younger_than(&self, age: Duration) -> bool {
        self.looked.is_some_and(|at| at.elapsed() < age)
    }

    /// The commit; `None` where there is no branch yet.
    pub(super) fn tip(&self) -> Option<&str> {
        self.tip.as_deref()
    }

    /// Looks again. Texts of entries that did not change are kept.
    pub(super) fn refresh(&mut self, branch: &Branch) -> Result<()> {
        let tip = branch.fetch()?;
        if self.looked.is_none() || tip != self.tip {
            let listing = tip.as_deref().map_or_else(|| Ok(Vec::new()), |tip| branch.list(tip))?;
            let mut before = std::mem::take(&mut self.entries);
            for (path, oid) in listing {
                let text = before.remove(&path).filter(|blob| blob.oid.as_ref() == Some(&oid));
                let text = text.and_then(|blob| blob.text);
                self.entries.insert(path, Blob { oid: Some(oid), text });
            }
            self.tip = tip;
        }
        self.looked = Some(Instant::now());
        Ok(())
    }

    /// The state after a commit of one's own.
    pub(super) fn advance(&mut self, commit: String, edits: &[Edit]) {
        for edit in edits {
            match &edit.text {
                Some(text) => {
                    let blob = Blob { oid: None, text: Some(text.clone()) };
                    self.entries.insert(edit.path.clone(), blob);
                }
                None => drop(self.entries.remove(&edit.path)),
            }
        }
        self.tip = Some(commit);
        self.looked = Some(Instant::now());
    }

    /// One entry's text.
    pub(super) fn text(&mut self, branch: &Branch, path: &str) -> Result<Option<Vec<u8>>> {
        self.fetch_texts(branch, [path])?;
        Ok(self.entries.get(path).and_then(|blob| blob.text.clone()))
    }

    /// All texts, by path.
    pub(super) fn texts(&mut self, branch: &Branch) -> Result<impl Iterator<Item = (&str, &[u8])>> {
        let paths: Vec<String> = self.entries.keys().cloned().collect();
        self.fetch_texts(branch, paths.iter().map(String::as_str))?;
        Ok(self.entries.iter().filter_map(|(path, blob)| Some((path.as_str(), blob.text.as_deref()?))))
    }

    /// Reads the texts of some entries in one go, those that are not known yet.
    pub(super) fn fetch_texts<'a>(
        &mut self,
        branch: &Branch,
        paths: impl IntoIterator<Item = &'a str>,
    ) -> Result<()> {
        let wanted: Vec<(&str, String)> = paths
            .into_iter()
            .filter_map(|path| Some((path, self.entries.get(path)?)))
            .filter(|(_, blob)| blob.text.is_none())
            .filter_map(|(path, blob)| Some((path, blob.oid.clone()?)))
            .collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let oids: Vec<&str> = wanted.iter().map(|(_, oid)| oid.as_str()).collect();
        let texts = branch.read(&oids)?;
        for ((path, _), text) in wanted.iter().zip(texts) {
            if let Some(blob) = self.entries.get_mut(*path) {
                blob.text = Some(text);
            }
        }
        Ok(())
    }
}
