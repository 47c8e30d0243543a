//! Many records in a few files. A ledger of ten thousand notes is read in a tenth of the time, and
//! still in a review: a pack is the records' own texts, one after another, each as it stood in its
//! own file (its version is the digest of its text, so it stays).
//!
//! A record's own file comes first: what is written after it was packed stands there. Packs are
//! only made of records at rest, under the lock, and the files go when the packs are durable. So a
//! reader that takes no lock finds every record if it looks for its file before it looks into the
//! pack.

use std::{collections::BTreeMap, fs, io::ErrorKind};

use memchr::memmem;

use super::folder::Folder;
use crate::{
    error::{Error, Place, Result},
    note::NoteId,
    state::{
        Entry, Key, Versioned,
        format::decode_record,
        layout::{RECORDS, path_of, shard_of},
        trouble::trouble,
    },
};

/// The folder of packs.
pub(super) const PACKS: &str = "packs";
/// What a pack's name ends in.
const ENDING: &str = ".pack";
/// How a record's text ends, and no line before its last.
const END: &[u8] = b"\n}\n";
/// How the line begins that says which note it is.
const NOTE: &[u8] = b"\n  \"note\": ";

/// The path of the pack that a record is in, if it is in one.
pub(super) fn pack_of(path: &str) -> String {
    format!("{PACKS}/{}{ENDING}", shard_of(path))
}

impl Folder {
    /// A record's text in its pack.
    pub(super) fn packed(&self, path: &str) -> Result<Option<Vec<u8>>> {
        if !path.starts_with(RECORDS) {
            return Ok(None);
        }
        let Some(pack) = self.read_file(&pack_of(path))? else { return Ok(None) };
        Ok(texts(&pack)
            .find(|(_, text)| path_in(text).as_deref() == Some(path))
            .map(|(_, text)| text.to_vec()))
    }

    /// The paths of all packs.
    pub(super) fn packs(&self) -> Result<Vec<String>> {
        let names = self.names(PACKS)?.into_iter().filter(|name| name.ends_with(ENDING));
        Ok(names.map(|name| format!("{PACKS}/{name}")).collect())
    }

    /// All records of a pack, each under its path.
    pub(super) fn unpack(&self, pack: &str) -> Vec<Result<(String, Versioned<Entry>)>> {
        let text = match self.read_file(pack) {
            Ok(text) => text.unwrap_or_default(),
            Err(error) => return vec![Err(error)],
        };
        texts(&text).map(|(start, record)| self.record(pack, &text, start, record)).collect()
    }

    fn record(
        &self,
        pack: &str,
        all: &[u8],
        start: usize,
        text: &[u8],
    ) -> Result<(String, Versioned<Entry>)> {
        let shown = self.shown(pack);
        let entry = decode_record(&shown, text).or_else(|_| {
            // Once more for the line: the lines before it are blank to JSON.
            let before = memchr::memchr_iter(b'\n', all.get(..start).unwrap_or_default()).count();
            decode_record(&shown, &[&b"\n".repeat(before), text].concat())
        })?;
        let path = path_of(&entry.value.key());
        if pack_of(&path) == pack {
            return Ok((path, entry));
        }
        Err(Error::failed("a record of the ledger stands in another one's pack")
            .at(Place::file(&shown))
            .detail("record", path.clone())
            .help(format!("move it to `{}`, or remove it if it is there already", pack_of(&path))))
    }

    /// Packs these records, each given by path and text, and then removes their files. Under the
    /// lock.
    pub(super) fn pack(&self, records: &BTreeMap<String, Vec<u8>>) -> Result<()> {
        self.make(PACKS)?;
        let mut shards: BTreeMap<String, Vec<(&String, &Vec<u8>)>> = BTreeMap::new();
        for record in records {
            shards.entry(pack_of(record.0)).or_default().push(record);
        }
        for (pack, records) in shards {
            self.repack(&pack, &records)?;
        }
        self.sync_one(PACKS)?;
        records.keys().try_for_each(|path| self.remove_file(path))?;
        self.sync_one(RECORDS)
    }

    /// Takes a record out of its pack, if it is in one. Under the lock; durable when this returns.
    pub(super) fn take_out(&self, path: &str) -> Result<()> {
        let pack = pack_of(path);
        let Some(text) = self.read_file(&pack)?.filter(|_| path.starts_with(RECORDS)) else { return Ok(()) };
        let rest: Vec<&[u8]> =
            texts(&text).map(|(_, t)| t).filter(|t| path_in(t).as_deref() != Some(path)).collect();
        let rest = rest.concat();
        if rest.len() < text.len() {
            self.write(&pack, &rest)?;
            self.sync_one(PACKS)?;
        }
        Ok(())
    }

    /// A pack with some records in the place of what it says of them, in the order of their paths.
    /// What cannot be understood stays where it is: at the end.
    fn repack(&self, pack: &str, records: &[(&String, &Vec<u8>)]) -> Result<()> {
        let old = self.read_file(pack)?.unwrap_or_default();
        let mut all: BTreeMap<String, &[u8]> = BTreeMap::new();
        let mut odd: Vec<&[u8]> = Vec::new();
        for (_, text) in texts(&old) {
            match path_in(text) {
                Some(path) => drop(all.insert(path, text)),
                None => odd.push(text),
            }
        }
        all.extend(records.iter().map(|(path, text)| ((*path).clone(), text.as_slice())));
        let texts: Vec<&[u8]> = all.into_values().chain(odd).collect();
        self.write(pack, &texts.concat())
    }

    /// The names in a folder below the ledger's; none where it is not there.
    pub(super) fn names(&self, sub: &str) -> Result<Vec<String>> {
        let cannot = |e: std::io::Error| trouble("cannot be read", &self.shown(sub), &e);
        let listing = match fs::read_dir(self.path(sub)) {
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            listing => listing.map_err(cannot)?,
        };
        let name = |file: std::io::Result<fs::DirEntry>| Ok(file?.file_name().to_string_lossy().into_owned());
        listing.map(|file| name(file).map_err(cannot)).collect()
    }
}

/// The texts of a pack's records, each with where it begins.
fn texts(pack: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut ends = memmem::find_iter(pack, END).map(|at| at + END.len());
    let mut start = 0;
    std::iter::from_fn(move || {
        let end = ends.next().unwrap_or(pack.len());
        let text = pack.get(start..end).filter(|text| !text.is_empty())?;
        Some((std::mem::replace(&mut start, end), text))
    })
}

/// The path of the record that a text is, as far as that can be told without reading all of it. (No
/// line end stands in a JSON string, so the key is one of the record's own.)
fn path_in(text: &[u8]) -> Option<String> {
    let line = text.get(memmem::find(text, NOTE)? + NOTE.len()..)?;
    let line = line.get(..memchr::memchr(b'\n', line)?)?;
    let id: NoteId = serde_json::from_slice(line.strip_suffix(b",")?).ok()?;
    Some(path_of(&Key::Note(id)))
}
