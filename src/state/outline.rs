//! A record in outline: what a run needs to know of notes that it does nothing about. Most of a
//! record (what each part of a post was when it was sent, when the first write was) is only for
//! those who write it, and ten thousand records are read in every run.

use std::{
    borrow::{Borrow, Cow},
    collections::BTreeMap,
    ops::Deref,
};

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Basis, Intent, Phase, Receipt, Record, TargetRecord};
use crate::{
    note::Marker,
    render::{Digest, RemotePicture},
};

/// A [`Record`] in outline. Its fields are the record's, and it is read from the same text. Its texts
/// stay where they were read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outline<'o> {
    /// The version of the format that it was written in.
    pub format: u32,
    /// Which note: its [`NoteId`](crate::note::NoteId) as text.
    #[serde(borrow)]
    pub note: Text<'o>,
    /// Where its file was when it was last published.
    #[serde(borrow)]
    pub path: Text<'o>,
    /// Its title then.
    #[serde(borrow)]
    pub title: Text<'o>,
    /// Digest of its body then.
    pub text: Digest,
    /// By target. Boxed, since a tree's nodes have room for eleven.
    pub targets: BTreeMap<Text<'o>, Box<Standing<'o>>>,
}

/// A text that is where it was read from, unless it had to be read into another one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text<'o>(#[serde(borrow)] Cow<'o, str>);

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Text<'_> {
    fn borrow(&self) -> &str {
        self
    }
}

impl<'o> From<&'o str> for Text<'o> {
    fn from(text: &'o str) -> Self {
        Self(text.into())
    }
}

/// A [`TargetRecord`] in outline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing<'o> {
    /// By which the post is found again.
    pub marker: Marker,
    /// A write that was begun.
    #[serde(default)]
    pub intent: Option<Begun>,
    /// The last write that is known to have been done.
    #[serde(default, borrow)]
    pub receipt: Option<Post<'o>>,
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
pub struct Post<'o> {
    /// The post's id at the site: its [`RemoteId`](crate::targets::RemoteId) as text.
    #[serde(borrow)]
    pub remote_id: Text<'o>,
    /// Its address.
    #[serde(default, borrow)]
    pub url: Option<Text<'o>>,
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

/// The bytes of a digest.
const DIGEST: usize = 32;

/// An outline in few bytes, after their digest. Of ten thousand records each is looked at once, if at
/// all, and taken apart only then.
#[derive(Debug, Clone)]
pub struct Packed(Bytes);

impl Packed {
    /// # Panics
    /// Never: an outline has nothing that cannot be packed.
    #[must_use]
    pub fn new(outline: &Outline<'_>) -> Self {
        let packed = postcard::to_allocvec(outline).expect("an outline has a packed form");
        Self([&Digest::of(&packed).value()[..], &packed].concat().into())
    }

    /// Its digest: outlines that differ have different ones.
    ///
    /// # Panics
    /// Never: see [`Packed::outline`].
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of_value(*self.0.first_chunk().expect("a packed outline"))
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
    pub fn outline(&self) -> Outline<'_> {
        postcard::from_bytes(&self.0[DIGEST..]).expect("a packed outline")
    }

    /// The note's key.
    #[must_use]
    pub fn note(&self) -> &str {
        self.names().1
    }

    /// The note's path.
    #[must_use]
    pub fn path(&self) -> &str {
        self.names().2
    }

    /// Its first fields: format, note, path.
    fn names(&self) -> (u32, &str, &str) {
        postcard::take_from_bytes(&self.0[DIGEST..]).expect("a packed outline").0
    }

    /// What it says of the note itself.
    ///
    /// # Panics
    /// Never: see [`Packed::outline`].
    #[must_use]
    pub fn head(&self) -> Head<'_> {
        postcard::take_from_bytes(&self.0[DIGEST..]).expect("a packed outline").0
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

impl Outline<'_> {
    /// The note's lasting address at a target.
    #[must_use]
    pub fn address(&self, target: &str) -> Option<&str> {
        let post = self.targets.get(target)?.receipt.as_ref()?;
        post.url.as_deref().filter(|_| post.permanent && !post.unpublished)
    }
}

impl<'o> From<&'o Record> for Outline<'o> {
    fn from(record: &'o Record) -> Self {
        let standing = |(name, at): (&'o String, &'o TargetRecord)| (Text(name.into()), Box::new(at.into()));
        Self {
            format: record.format,
            note: record.note.as_str().into(),
            path: (&*record.path).into(),
            title: (&*record.title).into(),
            text: record.text,
            targets: record.targets.iter().map(standing).collect(),
        }
    }
}

impl<'o> From<&'o TargetRecord> for Standing<'o> {
    fn from(at: &'o TargetRecord) -> Self {
        Self {
            marker: at.marker,
            intent: at.intent.as_ref().map(|Intent { phase, .. }| Begun { phase: *phase }),
            receipt: at.receipt.as_ref().map(Post::from),
            pictures: at.pictures.clone(),
        }
    }
}

impl<'o> From<&'o Receipt> for Post<'o> {
    fn from(receipt: &'o Receipt) -> Self {
        Self {
            remote_id: (&*receipt.remote_id.0).into(),
            url: receipt.url.as_deref().map(Text::from),
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
    use crate::{note::NoteId, targets::RemoteId};

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
        assert_eq!(serde_json::from_slice::<Outline<'_>>(&of_record).unwrap(), outline);
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
        assert_eq!(Digest::of(packed.bytes()).short(), "b33fd15c870321b5");
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
