//! That a note is as the ledger says, remembered beside its file's digest: then it is told again by one
//! digest, and its record need not be taken apart. What the digest is made of is all that
//! [`Ledgered::is_still`](super::Ledgered::is_still) looks at for a note without links.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    publish::{Files, NoteFile, fingerprint::Fingerprints},
    render::Digest,
    state::{Outline, Packed},
    targets::Target,
};

/// What holds for the verdicts on all notes of a run: its targets, as they are configured, and what is
/// known of their sites.
pub(super) struct Verdicts(Digest);

impl Verdicts {
    pub(super) fn new(
        fingerprints: &Fingerprints,
        targets: &[Arc<dyn Target>],
        sites: &[BTreeMap<String, String>],
    ) -> Self {
        let targets = targets.iter().zip(sites);
        let all = targets.map(|(t, site)| (&t.common().name, fingerprints.settings(&**t), site));
        Self(Digest::of_json(&all.collect::<Vec<_>>()))
    }

    /// Whether the verdict that was remembered beside a note's file holds.
    pub(super) fn holds(&self, files: &dyn Files, record: &Packed, note: &NoteFile) -> bool {
        let Some((value, pictures)) = note.verdict.split_first_chunk() else { return false };
        let Ok(pictures) = str::from_utf8(pictures) else { return false };
        let now = self.value(files, record, &note.digest, pictures.split_terminator(END));
        now.is_some_and(|now| now.value() == value)
    }

    /// The verdict that a note is as the ledger says, for [`Files::conclude`]. `None` where it depends on
    /// other notes.
    pub(super) fn on(
        &self,
        files: &dyn Files,
        packed: &Packed,
        record: &Outline<'_>,
        note: &NoteFile,
    ) -> Option<Vec<u8>> {
        let mut pictures = Vec::new();
        for at in record.targets.values() {
            let Some(basis) = at.receipt.as_ref().and_then(|post| post.basis.as_ref()) else { continue };
            if !basis.links.is_empty() {
                return None;
            }
            pictures.extend(basis.pictures.iter().map(String::as_str));
        }
        pictures.sort_unstable();
        pictures.dedup();
        let value = self.value(files, packed, &note.digest, pictures.iter().copied())?;
        let pictures: String = pictures.iter().flat_map(|path| [path, END]).collect();
        Some([&value.value()[..], pictures.as_bytes()].concat())
    }

    fn value<'p>(
        &self,
        files: &dyn Files,
        record: &Packed,
        note: &Digest,
        pictures: impl Iterator<Item = &'p str>,
    ) -> Option<Digest> {
        let mut all = Vec::with_capacity(256);
        for digest in [&self.0, &record.digest(), note] {
            all.extend(digest.value());
        }
        // Which pictures they are, the record says.
        for path in pictures {
            all.extend(files.digest(path)?.value());
        }
        Some(Digest::of(&all))
    }
}

/// Ends the path of a picture: no path has it.
const END: &str = "\0";
