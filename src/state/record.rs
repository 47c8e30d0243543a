//! What the ledger says of a note, and of a site. The JSON is a format with a version: readable in
//! a review, stable in its order, unknown keys refused.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer, ser::SerializeStruct as _};

use crate::{
    note::{Marker, NoteId},
    render::{Digest, RemotePicture},
    targets::RemoteId,
};

/// The version of the format that this program writes.
pub const FORMAT: u32 = 1;

/// Everything known of one note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// [`FORMAT`].
    pub format: u32,
    /// Which note.
    pub note: NoteId,
    /// Where its file was when it was last published.
    pub path: String,
    /// Its title then: a help for people, and for recognising a note that moved.
    pub title: String,
    /// Digest of its body then, for recognising a note that moved.
    pub text: Digest,
    /// Raised by the ledger at every write, so that no two versions have the same bytes.
    pub serial: u64,
    /// By target.
    pub targets: BTreeMap<String, TargetRecord>,
}

impl Record {
    /// The note's lasting address at a target.
    #[must_use]
    pub fn address(&self, target: &str) -> Option<&str> {
        let receipt = self.targets.get(target)?.receipt.as_ref()?;
        receipt.url.as_deref().filter(|_| receipt.permanent && !receipt.unpublished)
    }
}

/// What is known of a note at one target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetRecord {
    /// By which the post is found again. Kept here because a note that moves keeps its post.
    pub marker: Marker,
    /// A write that was begun, until its receipt replaces it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent: Option<Intent>,
    /// The last write that is known to have been done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
    /// The note's pictures on the site, by digest.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pictures: BTreeMap<Digest, RemotePicture>,
}

impl TargetRecord {
    /// A target that nothing has been sent to.
    #[must_use]
    pub fn new(marker: Marker) -> Self {
        Self { marker, intent: None, receipt: None, pictures: BTreeMap::new() }
    }
}

/// Written before a create, an update or a removal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intent {
    /// What was begun.
    pub phase: Phase,
    /// Digest of the rendering that was to be sent, addresses of pictures not yet in it.
    pub digest: Digest,
    /// The run that began it: drawn once for each process.
    pub run: String,
    /// When.
    pub at: Timestamp,
    /// Until when its owner may be alive and its request under way. Before this nobody else
    /// touches the post; after it the post is looked for before anything is sent.
    pub until: Timestamp,
}

/// What an intent is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// A first create.
    Create,
    /// An update of a post that exists.
    Update,
    /// A removal.
    Unpublish,
    /// The outcome of a create is not known and cannot be found out by asking: a person decides.
    Uncertain,
    /// A person was given what the create needs, and does it or not: it is found later, or told.
    Handed,
}

impl Phase {
    /// The word that people see.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Unpublish => "unpublish",
            Self::Uncertain => "uncertain",
            Self::Handed => "handed over",
        }
    }
}

/// Written after a write that is known to have been done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The post's id at the site.
    pub remote_id: RemoteId,
    /// Its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Whether `url` is the address that it keeps.
    pub permanent: bool,
    /// Digest of the rendering that was sent.
    pub digest: Digest,
    /// Digest of each part as the site said it stored it: what drift is told by.
    pub echo: BTreeMap<String, Digest>,
    /// When.
    pub at: Timestamp,
    /// When the first receipt was written.
    pub first: Timestamp,
    /// The post was taken down by `unpublish`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unpublished: bool,
    /// What the rendering that `digest` names was made of; absent in records of earlier releases,
    /// and where a person said what is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
}

/// What a rendering was made of: as long as nothing of it changes, neither does the rendering, and
/// nobody needs to make it again to know.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// Digest of all of it: the file's bytes, the pictures', the addresses of the notes it links to,
    /// what the configuration and the site say that matters, this program's version.
    pub digest: Digest,
    /// The note's links that start from its folder or name a note (`[[week-46]]`), as paths from
    /// the configuration's folder.
    #[serde(default)]
    pub links: Vec<String>,
    /// The note's pictures, as paths from the configuration's folder.
    #[serde(default)]
    pub pictures: Vec<String>,
}

/// Where people read it, without what is empty.
impl Serialize for Basis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let whole = !serializer.is_human_readable();
        let mut basis = serializer.serialize_struct("Basis", 3)?;
        basis.serialize_field("digest", &self.digest)?;
        for (name, paths) in [("links", &self.links), ("pictures", &self.pictures)] {
            if whole || !paths.is_empty() {
                basis.serialize_field(name, paths)?;
            }
        }
        basis.end()
    }
}

/// What is known of a target's site: nothing that could not be asked again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteRecord {
    /// [`FORMAT`].
    pub format: u32,
    /// The target's name.
    pub target: String,
    /// Where it is: what is known of another address does not hold.
    pub location: String,
    /// As in [`Record::serial`].
    pub serial: u64,
    /// By name: `footnotes` = `true`, `term/category/weeknotes` = `12`.
    pub known: BTreeMap<String, String>,
}
