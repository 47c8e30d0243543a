//! One note's record, for the commands that are about one note.

use std::collections::BTreeMap;

use super::{notes, shell::Shell};
use crate::{
    error::{Error, Result},
    note::NoteId,
    plan::identity::{self, Seen},
    publish::{Files as _, session::Session},
    state::{Head, Packed, Record, TargetRecord, Versioned, record::FORMAT},
};

/// A note's record, also of a note whose file is gone.
pub struct OneNote<'a> {
    /// Its key in the ledger.
    pub key: NoteId,
    /// Its record.
    pub session: Session<'a>,
}

impl<'a> OneNote<'a> {
    /// Reads the note and its record.
    ///
    /// # Errors
    /// When neither is there, or the note is wrong.
    pub async fn read(shell: &'a Shell, name: &str) -> Result<Self> {
        let records = shell.ledger.outlines().await?;
        if !shell.files.exists(name) {
            let found = records.iter().find(|packed| packed.path() == name || packed.note() == name);
            let found = match found {
                Some(packed) => record(shell, &NoteId::chosen(packed.note())).await?,
                None => None,
            };
            let found = found.ok_or_else(|| {
                Error::invalid("there is no such note, and the ledger knows none").detail("path", name)
            })?;
            let template = Record { targets: BTreeMap::new(), ..found.value.clone() };
            let key = found.value.note.clone();
            return Ok(Self { key, session: Session::new(&*shell.ledger, template, Some(found)) });
        }
        let note = notes::read_one(shell, name).map_err(first)?;
        let seen = Seen::of(&note);
        let known: Vec<Head<'_>> = records.iter().map(Packed::head).collect();
        let keys = identity::resolve(std::slice::from_ref(&seen), &known, &|path| shell.files.exists(path));
        let key = keys.into_iter().next().ok_or_else(|| Error::failed("the note has no key"))??;
        let read = record(shell, &key).await?;
        let template = Record {
            format: FORMAT,
            note: key.clone(),
            path: seen.path.to_owned(),
            title: seen.title.or(read.as_ref().map(|v| &*v.value.title)).unwrap_or_default().to_owned(),
            text: seen.text,
            serial: 0,
            targets: BTreeMap::new(),
        };
        Ok(Self { key, session: Session::new(&*shell.ledger, template, read) })
    }

    /// What the record says of a target.
    pub fn at(&self, target: &str) -> Option<TargetRecord> {
        self.session.record()?.targets.get(target).cloned()
    }
}

async fn record(shell: &Shell, key: &NoteId) -> Result<Option<Versioned<Record>>> {
    Ok(shell.ledger.records(std::slice::from_ref(key)).await?.pop())
}

fn first(errors: Vec<Error>) -> Error {
    errors.into_iter().next().unwrap_or_else(|| Error::invalid("the note cannot be read"))
}
