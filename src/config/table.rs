//! A table that is still to be read, and the places of what is in it.

use std::{borrow::Cow, ops::Range};

use serde::Deserialize;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::text::ConfigText;
use crate::error::{Error, Place, Result};

/// A table of the configuration that is still to be read, knowing where it stands.
pub struct Table<'a> {
    pub(super) file: &'a ConfigText,
    /// As `targets.blog`.
    pub(super) path: String,
    pub(super) entries: DeTable<'a>,
    pub(super) span: Range<usize>,
}

impl<'a> Table<'a> {
    /// The places of what is in it.
    #[must_use]
    pub fn places(&self) -> Places<'a> {
        Places(self.file)
    }

    /// Reads the rest of the table into a driver's own type (`#[serde(deny_unknown_fields)]`).
    ///
    /// # Errors
    /// Unknown keys and wrong types, with their place.
    pub fn read<T: Deserialize<'a>>(self) -> Result<T> {
        let value = Spanned::new(self.span.clone(), DeValue::Table(self.entries));
        T::deserialize(toml::de::ValueDeserializer::from(value)).map_err(|mut e| {
            e.set_input(None);
            let error = self.file.error(&e);
            if error.place().is_some_and(|p| p.line > 0) {
                error
            } else {
                error.at(self.file.place(self.span.start))
            }
            .detail("in", format!("[{}]", self.path))
        })
    }

    /// An error about the table as a whole.
    #[must_use]
    pub fn error(&self, message: impl Into<String>) -> Error {
        Error::invalid(message).at(self.file.place(self.span.start))
    }

    pub(super) fn take(&mut self, key: &str) -> Option<(Spanned<Cow<'a, str>>, Spanned<DeValue<'a>>)> {
        self.entries.remove_entry(key)
    }
}

/// Tells where the values of a table stand, also after the table was read: a driver whose values
/// need more than their type to be right (templates, say) names the place of each mistake.
#[derive(Clone, Copy)]
pub struct Places<'a>(pub(super) &'a ConfigText);

impl Places<'_> {
    /// Where a value begins.
    #[must_use]
    pub fn of<T>(&self, value: &Spanned<T>) -> Place {
        self.0.place(value.span().start)
    }

    /// Where a line of a text stands, from 1: with its column only where it is the value's own line.
    #[must_use]
    pub fn line_of(&self, value: &Spanned<String>, line: u32) -> Place {
        let start = self.of(value);
        let raw = self.0.text.get(value.span()).unwrap_or_default();
        // TOML leaves out a line end right behind the opening quotes of a text of several lines.
        let opened = raw.trim_start_matches(['"', '\'']);
        let first = start.line + u32::from(opened.starts_with('\n') || opened.starts_with("\r\n"));
        match line {
            0 | 1 if first == start.line => start,
            line => Place::new(&*self.0.shown, first + line.saturating_sub(1), 0),
        }
    }
}
