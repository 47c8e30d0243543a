//! TOML front matter → tree. Numbers, booleans and dates become the words that stand in the file,
//! so that both languages are read by the same rules.

use std::ops::Range;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::tree::{Data, Entry, Value};
use crate::{error::Error, note::Source};

/// Reads the TOML in `range` of the file.
pub(super) fn parse(source: &Source, range: Range<usize>) -> Result<Vec<Entry>, Vec<Error>> {
    let text = source.text.get(range.clone()).unwrap_or_default();
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Ok(Converter { text, offset: range.start }.table(table.into_inner()));
    }
    Err(errors.iter().map(|error| syntax_error(source, range.start, error)).collect())
}

fn syntax_error(source: &Source, offset: usize, error: &toml::de::Error) -> Error {
    let at = offset + error.span().map_or(0, |span| span.start);
    let message = error.message().trim().replace('\n', "; ");
    let said =
        Error::invalid("the front matter is not valid TOML").code("front-matter-syntax").at(source.place(at));
    let help = match message.as_str() {
        m if m.contains("duplicate") => "keep one of them",
        m if m.contains("date") || m.contains("time") => "write `2026-11-23`, or `2026-11-23T14:30:00+01:00`",
        _ => "text stands between quotes, as `title = \"Week 12\"`",
    };
    said.cause(message).help(help)
}

struct Converter<'a> {
    text: &'a str,
    /// Where the text begins in the file.
    offset: usize,
}

impl Converter<'_> {
    fn table(&self, table: DeTable<'_>) -> Vec<Entry> {
        let mut entries: Vec<Entry> = table
            .into_iter()
            .map(|(key, value)| {
                let at = self.offset + key.span().start;
                Entry { key: key.into_inner().into_owned(), at, value: self.value(value) }
            })
            .collect();
        entries.sort_by_key(|entry| entry.at);
        entries
    }

    fn value(&self, value: Spanned<DeValue<'_>>) -> Value {
        let span = value.span();
        let at = self.offset + span.start;
        let data = match value.into_inner() {
            DeValue::String(text) => Data::Text(text.into_owned()),
            DeValue::Array(items) => Data::List(items.into_iter().map(|item| self.value(item)).collect()),
            DeValue::Table(table) => Data::Table(self.table(table)),
            _ => Data::Word(self.text.get(span).unwrap_or_default().to_owned()),
        };
        Value { at, data }
    }
}
