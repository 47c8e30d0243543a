//! A record in outline: what a run needs to know of notes that it does nothing about. Most of a
//! record (what each part of a post was when it was sent, when the first write was) is only for
//! those who write it, and ten thousand records are read in every run.

use std::collections::BTreeMap;

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Basis, Intent, Phase, Receipt, Record, TargetRecord};
use crate::{
    note::{Marker, NoteId},
    render::{Digest, RemotePicture},
    targets::RemoteId,
};

/// A [`Record`] in outline. Its fields are the record's, and it is read from the same text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outline {
    /// The version of the format that it was written in.
    pub format: u32,
    /// Which note.
    pub note: NoteId,
    /// Where its file was when it was last published.
    pub path: String,
    /// Its title then.
    pub title: String,
    /// Digest of its body then.
    pub text: Digest,
    /// By target. Boxed, since a tree's nodes have room for eleven.
    pub targets: BTreeMap<String, Box<Standing>>,
}

/// A [`TargetRecord`] in outline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// By which the post is found again.
    pub marker: Marker,
    /// A write that was begun.
    #[serde(default)]
    pub intent: Option<Begun>,
    /// The last write that is known to have been done.
    #[serde(default)]
    pub receipt: Option<Post>,
    /// The note's pictures on the site, by digest.
    #[serde(default)]
    pub pictures: BTreeMap<Digest, RemotePicture>,
}

/// An [`Intent`] in outline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// What was begun.
    pub phase: Phase,
}

/// A [`Receipt`] in outline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// The post's id at the site.
    pub remote_id: RemoteId,
    /// Its address.
    #[serde(default)]
    pub url: Option<String>,
    /// Whether `url` is the address that it keeps.
    pub permanent: bool,
    /// When it was last written.
    #[serde(with = "instant")]
    pub at: Timestamp,
    /// The post was taken down by `unpublish`.
    #[serde(default)]
    pub unpublished: bool,
    /// What its rendering was made of.
    #[serde(default)]
    pub basis: Option<Basis>,
}

/// A time: as its text where people may read it, else as a number, in nanoseconds since 1970.
mod instant {
    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            at.serialize(serializer)
        } else {
            at.as_nanosecond().serialize(serializer)
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        if deserializer.is_human_readable() {
            return Timestamp::deserialize(deserializer);
        }
        Timestamp::from_nanosecond(i128::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// An outline in few bytes. Of ten thousand records each is looked at once, if at all, and taken apart
/// only then.
#[derive(Debug, Clone)]
pub struct Packed(Bytes);

impl Packed {
    /// # Panics
    /// Never: an outline has nothing that cannot be packed.
    #[must_use]
    pub fn new(outline: &Outline) -> Self {
        Self(postcard::to_allocvec(outline).expect("an outline has a packed form").into())
    }

    /// What [`Packed::bytes`] gave in an earlier run of this release. The bytes have to be those, all of
    /// them: whoever kept them answers for it (`memory.rs` does, by a digest).
    #[must_use]
    pub fn kept(bytes: Bytes) -> Self {
        Self(bytes)
    }

    /// The bytes, for [`Packed::kept`].
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// # Panics
    /// Never: what was packed can be taken apart.
    #[must_use]
    pub fn outline(&self) -> Outline {
        postcard::from_bytes(&self.0).expect("a packed outline")
    }

    /// The note's key.
    #[must_use]
    pub fn note(&self) -> &str {
        self.head().note
    }

    /// The note's path.
    #[must_use]
    pub fn path(&self) -> &str {
        self.head().path
    }

    /// What it says of the note itself.
    ///
    /// # Panics
    /// Never: see [`Packed::outline`].
    #[must_use]
    pub fn head(&self) -> Head<'_> {
        postcard::take_from_bytes(&self.0).expect("a packed outline").0
    }
}

/// The first fields of an [`Outline`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Head<'p> {
    /// [`Outline::format`]
    pub format: u32,
    /// [`Outline::note`]
    pub note: &'p str,
    /// [`Outline::path`]
    pub path: &'p str,
    /// [`Outline::title`]
    pub title: &'p str,
    /// [`Outline::text`]
    pub text: Digest,
}

impl Outline {
    /// The note's lasting address at a target.
    #[must_use]
    pub fn address(&self, target: &str) -> Option<&str> {
        let post = self.targets.get(target)?.receipt.as_ref()?;
        post.url.as_deref().filter(|_| post.permanent && !post.unpublished)
    }
}

impl From<&Record> for Outline {
    fn from(record: &Record) -> Self {
        let standing = |(name, at): (&String, &TargetRecord)| (name.clone(), Box::new(at.into()));
        Self {
            format: record.format,
            note: record.note.clone(),
            path: record.path.clone(),
            title: record.title.clone(),
            text: record.text,
            targets: record.targets.iter().map(standing).collect(),
        }
    }
}

impl From<&TargetRecord> for Standing {
    fn from(at: &TargetRecord) -> Self {
        Self {
            marker: at.marker,
            intent: at.intent.as_ref().map(|Intent { phase, .. }| Begun { phase: *phase }),
            receipt: at.receipt.as_ref().map(Post::from),
            pictures: at.pictures.clone(),
        }
    }
}

impl From<&Receipt> for Post {
    fn from(receipt: &Receipt) -> Self {
        Self {
            remote_id: receipt.remote_id.clone(),
            url: receipt.url.clone(),
            permanent: receipt.permanent,
            at: receipt.at,
            unpublished: receipt.unpublished,
            basis: receipt.basis.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::record::FORMAT;

    fn record() -> Record {
        let (digest, at) = (Digest::of(b"a"), Timestamp::from_second(1_700_000_000).unwrap());
        let marker = Marker::derive("tests", &NoteId::of_path("notes/a.md"), "blog");
        let basis = Basis { digest, links: vec!["notes/b.md".into()], pictures: vec!["notes/a.png".into()] };
        let receipt = Receipt {
            remote_id: RemoteId("7".into()),
            url: Some("https://blog.example/a".into()),
            permanent: true,
            digest,
            echo: [("title".to_owned(), digest)].into(),
            at,
            first: at,
            unpublished: true,
            basis: Some(basis),
        };
        let intent = Intent { phase: Phase::Handed, digest, run: "r".into(), at, until: at };
        let picture = RemotePicture { id: Some("1".into()), url: "https://blog.example/a.png".into() };
        let whole = TargetRecord {
            marker,
            intent: Some(intent),
            receipt: Some(receipt),
            pictures: [(digest, picture)].into(),
        };
        Record {
            format: FORMAT,
            note: NoteId::chosen("id"),
            path: "notes/a.md".into(),
            title: "A \"title\"\nof two lines".into(),
            text: digest,
            serial: 7,
            targets: [("blog".to_owned(), whole), ("medium".to_owned(), TargetRecord::new(marker))].into(),
        }
    }

    #[test]
    fn it_is_read_from_the_records_own_text_and_from_its_own() {
        let record = record();
        let outline = Outline::from(&record);
        let of_record = serde_json::to_vec_pretty(&record).unwrap();
        assert_eq!(serde_json::from_slice::<Outline>(&of_record).unwrap(), outline);
        let packed = Packed::new(&outline);
        assert_eq!((packed.outline(), packed.note(), packed.path()), (outline, "id", "notes/a.md"));
        let kept = Packed::kept(Bytes::copy_from_slice(packed.bytes()));
        assert_eq!(kept.outline(), packed.outline());
    }

    /// Where this fails, the number in `memory.rs` has to be raised, and this digest changed: what
    /// earlier builds of the same release have packed would be taken for something else.
    #[test]
    fn the_packed_form_has_not_changed_without_notice() {
        let packed = Packed::new(&Outline::from(&record()));
        assert_eq!(Digest::of(packed.bytes()).short(), "22af1542e43c7d81");
    }

    #[test]
    fn it_tells_the_address_that_the_record_tells() {
        let mut record = record();
        for (permanent, unpublished) in [(true, false), (true, true), (false, false)] {
            let receipt = record.targets.get_mut("blog").and_then(|at| at.receipt.as_mut()).unwrap();
            (receipt.permanent, receipt.unpublished) = (permanent, unpublished);
            assert_eq!(Outline::from(&record).address("blog"), record.address("blog"));
            assert_eq!(record.address("blog").is_some(), permanent && !unpublished);
        }
        assert_eq!(record.address("medium"), None);
        assert_eq!(record.address("nowhere"), None);
    }
}
