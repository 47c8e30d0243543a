//! A shard: some of the ledger's entries in one object.

use std::collections::BTreeMap;

use object_store::UpdateVersion;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    error::{Error, Place, Result},
    render::Digest,
    state::swap::Edit,
};

/// The version of a shard's own format, which holds the entries as every back end writes them.
const FORMAT: u32 = 1;

/// A shard as it was read, or is to be written.
#[derive(Debug, Default)]
pub(super) struct Shard {
    /// What the store calls this state of the object; `None` where there is no object.
    pub(super) version: Option<UpdateVersion>,
    entries: BTreeMap<String, Box<RawValue>>,
}

#[derive(Serialize)]
struct Written<'a> {
    format: u32,
    entries: &'a BTreeMap<String, Box<RawValue>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    format: u32,
    entries: BTreeMap<String, Box<RawValue>>,
}

/// Which shard an entry is in: two hexadecimal digits. Part of the format, like the paths.
pub(super) fn name_of(path: &str) -> String {
    Digest::of(path.as_bytes()).to_string().chars().take(2).collect()
}

impl Shard {
    /// Reads the object `shown`.
    ///
    /// # Errors
    /// A newer format; damaged JSON.
    pub(super) fn parse(text: &[u8], version: UpdateVersion, shown: &str) -> Result<Self> {
        #[derive(Deserialize)]
        struct Any {
            format: u32,
        }
        if let Ok(Any { format }) = serde_json::from_slice(text)
            && format > FORMAT
        {
            return Err(Error::failed(format!(
                "an object of the ledger has format {format}, and this crosspost knows {FORMAT}"
            ))
            .code("newer-ledger")
            .at(Place::file(shown))
            .help("update crosspost to the release that wrote it, on every machine that publishes"));
        }
        let read: Read = serde_json::from_slice(text).map_err(|e| {
            Error::failed("an object of the ledger is damaged")
                .at(Place::file(shown))
                .cause(e)
                .help("restore an earlier version of the object")
        })?;
        if read.format != FORMAT {
            return Err(Error::failed("an object of the ledger says no format").at(Place::file(shown)));
        }
        Ok(Self { version: Some(version), entries: read.entries })
    }

    /// The same shard at the version that a put made.
    pub(super) fn at(self, version: UpdateVersion) -> Self {
        Self { version: Some(version), ..self }
    }

    /// The object's text.
    ///
    /// # Errors
    /// None for what a shard can hold; passed on rather than trusted.
    pub(super) fn encode(&self) -> Result<Vec<u8>> {
        serde_json::to_vec(&Written { format: FORMAT, entries: &self.entries })
            .map_err(|e| Error::failed("an object of the ledger has no JSON form").cause(e))
    }

    /// An entry's text, byte for byte as it was given to [`Shard::edited`].
    pub(super) fn text(&self, path: &str) -> Option<Vec<u8>> {
        self.entries.get(path).map(|raw| with_line_end(raw))
    }

    /// All entries' texts, by path.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&str, Vec<u8>)> {
        self.entries.iter().map(|(path, raw)| (path.as_str(), with_line_end(raw)))
    }

    /// The shard after some edits, still at the version that it was read at.
    ///
    /// # Errors
    /// None for the texts of entries; passed on rather than trusted.
    pub(super) fn edited(&self, edits: &[Edit]) -> Result<Self> {
        let mut entries = self.entries.clone();
        for edit in edits {
            match &edit.text {
                Some(text) => drop(entries.insert(edit.path.clone(), raw(text)?)),
                None => drop(entries.remove(&edit.path)),
            }
        }
        Ok(Self { version: self.version.clone(), entries })
    }
}

/// An entry's text ends in a line end, which is no part of the JSON in it.
fn with_line_end(raw: &RawValue) -> Vec<u8> {
    let mut text = raw.get().as_bytes().to_vec();
    text.push(b'\n');
    text
}

fn raw(text: &[u8]) -> Result<Box<RawValue>> {
    let text = String::from_utf8_lossy(text).trim_end().to_owned();
    RawValue::from_string(text).map_err(|e| Error::failed("an entry of the ledger is no JSON").cause(e))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version() -> UpdateVersion {
        UpdateVersion { e_tag: Some("\"1\"".to_owned()), version: None }
    }

    fn edit(path: &str, text: Option<&str>) -> Edit {
        Edit { path: path.to_owned(), text: text.map(|text| text.as_bytes().to_vec()) }
    }

    #[test]
    fn texts_come_back_byte_for_byte() {
        let text = "{\n  \"a\": \"天 \\u0041\",\n  \"b\": 1.50\n}\n";
        let shard = Shard::default().edited(&[edit("records/a.json", Some(text))]).unwrap();
        let read = Shard::parse(&shard.encode().unwrap(), version(), "x").unwrap();
        assert_eq!(read.text("records/a.json").unwrap(), text.as_bytes());
        let empty = read.edited(&[edit("records/a.json", None)]).unwrap();
        assert_eq!(empty.texts().count(), 0);
        assert_eq!(empty.version, Some(version()));
    }

    #[test]
    fn shards_never_change() {
        // If this fails, ledgers in the field are no longer found. Do not update it.
        assert_eq!(name_of("sites/blog.json"), "88");
        let names: std::collections::HashSet<String> = (0..10_000).map(|n| name_of(&n.to_string())).collect();
        assert_eq!(names.len(), 256);
    }

    #[test]
    fn what_is_no_shard_is_refused() {
        let newer = Shard::parse(br#"{"format": 2, "wonder": 1}"#, version(), "x").unwrap_err();
        assert_eq!(newer.name(), Some("newer-ledger"));
        for text in ["", "[]", r#"{"format": 0, "entries": {}}"#, r#"{"format": 1}"#] {
            assert!(Shard::parse(text.as_bytes(), version(), "x").is_err(), "{text}");
        }
    }
}
