//! An entry as text: pretty-printed JSON in a stable order, with a final newline, so that a
//! version-control system shows and merges it line by line.

use serde::Deserialize;

use super::{
    Entry, Key, Outline, Packed, Version, Versioned,
    layout::{RECORDS, path_of},
    record::FORMAT,
};
use crate::{
    error::{Error, Place, Result},
    note::NoteId,
    render::Digest,
};

/// The text of an entry.
///
/// # Errors
/// None for what the types can hold; passed on rather than trusted.
pub(super) fn encode(entry: &Entry) -> Result<Vec<u8>> {
    let json = match entry {
        Entry::Note(record) => serde_json::to_vec_pretty(record),
        Entry::Site(site) => serde_json::to_vec_pretty(site),
    };
    let mut text = json.map_err(|e| Error::failed("an entry of the ledger has no JSON form").cause(e))?;
    text.push(b'\n');
    Ok(text)
}

/// The version of an entry: the digest of its text.
pub(super) fn version(text: &[u8]) -> Version {
    Version(Digest::of(text).to_string())
}

/// Reads the text of the entry at `path` (as [`path_of`] names it). `shown` is the path that a
/// person knows it by.
///
/// # Errors
/// A newer format; damaged JSON; conflict markers of a merge; an entry under another's name.
pub(super) fn decode(path: &str, shown: &str, text: &[u8]) -> Result<Versioned<Entry>> {
    let entry = if path.starts_with(RECORDS) {
        parse(text, shown).map(Entry::Note)?
    } else {
        parse(text, shown).map(Entry::Site)?
    };
    let format = match &entry {
        Entry::Note(record) => record.format,
        Entry::Site(site) => site.format,
    };
    check_format(format, shown)?;
    check_name(&entry.key(), path, shown)?;
    Ok(Versioned { value: entry, version: version(text) })
}

/// Reads the text of a note's record in outline. The arguments are those of [`decode`].
///
/// # Errors
/// As for [`decode`], as far as the outline goes.
pub(super) fn outline(path: &str, shown: &str, text: &[u8]) -> Result<Packed> {
    let outline: Outline<'_> = parse(text, shown)?;
    check_format(outline.format, shown)?;
    check_name(&Key::Note(NoteId::of_path(&outline.note)), path, shown)?;
    Ok(Packed::new(&outline))
}

fn check_name(key: &Key, path: &str, shown: &str) -> Result<()> {
    let named = path_of(key);
    if named == path {
        return Ok(());
    }
    Err(Error::failed("an entry of the ledger stands under another one's name")
        .at(Place::file(shown))
        .help(format!("rename it to `{named}`, or remove it if that is there already")))
}

fn parse<'t, T: Deserialize<'t>>(text: &'t [u8], shown: &str) -> Result<T> {
    serde_json::from_slice(text).map_err(|cause| explain(text, shown, &cause))
}

/// What is wrong with a text that could not be read: said only now, so that what is well reads
/// fast.
fn explain(text: &[u8], shown: &str, cause: &serde_json::Error) -> Error {
    #[derive(Deserialize)]
    struct Any {
        format: u32,
    }
    if let Ok(Any { format }) = serde_json::from_slice(text)
        && let Err(newer) = check_format(format, shown)
    {
        return newer;
    }
    if let Some(line) = conflict(text) {
        return Error::failed("an entry of the ledger holds the conflict markers of a merge")
            .at(Place::new(shown, line, 0))
            .help("keep both sides' targets and receipts, remove the lines with the markers, commit")
            .help("`crosspost status --remote` tells whether the result agrees with the sites");
    }
    let line = u32::try_from(cause.line()).unwrap_or(0);
    let column = u32::try_from(cause.column()).unwrap_or(0);
    Error::failed("an entry of the ledger is damaged")
        .at(Place::new(shown, line, column))
        .cause(cause)
        .help("restore it from version control or a backup")
        .help("or remove it: targets that can be asked are asked again, by marker, before anything is sent")
}

fn check_format(format: u32, shown: &str) -> Result<()> {
    if (1..=FORMAT).contains(&format) {
        return Ok(());
    }
    Err(Error::failed(format!(
        "an entry of the ledger has format {format}, and this crosspost knows {FORMAT}"
    ))
    .code("newer-ledger")
    .at(Place::file(shown))
    .help("update crosspost to the release that wrote it, on every machine that publishes"))
}

/// The line, from 1, of a merge's conflict marker.
fn conflict(text: &[u8]) -> Option<u32> {
    let marker = |line: &[u8]| line.starts_with(b"<<<<<<< ") || line.starts_with(b">>>>>>> ");
    let at = text.split(|b| *b == b'\n').position(marker)?;
    u32::try_from(at + 1).ok()
}
