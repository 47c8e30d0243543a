//! Who a note is, and how its post is recognised on a site.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A note's identity in the ledger: the front matter's `id`, or else its path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NoteId(Arc<str>);

impl NoteId {
    /// An identity that the author chose (`id` in the front matter).
    #[must_use]
    pub fn chosen(id: &str) -> Self {
        Self(id.into())
    }

    /// An identity taken from the path, relative to the configuration's folder.
    #[must_use]
    pub fn of_path(path: &str) -> Self {
        Self(path.into())
    }

    /// The identity as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for NoteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The opaque id inside a remote post by which it is found again.
///
/// Derived, not drawn: the same project, note and target always give the same marker, so a ledger
/// that was lost can be rebuilt by asking the sites. It shows neither path nor title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Marker(Uuid);

/// The namespace of all markers (a version 4 UUID drawn once for crosspost). Never change it.
const NAMESPACE: Uuid = Uuid::from_u128(0x6c1f_4f0e_8a55_4d0b_9f3c_2b7e_51d8_a9e4);

impl Marker {
    /// The marker of a note at a target.
    #[must_use]
    pub fn derive(project: &str, note: &NoteId, target: &str) -> Self {
        // NUL cannot stand in any of the three, so the parts cannot run into one another.
        let name = format!("{project}\0{note}\0{target}");
        Self(Uuid::new_v5(&NAMESPACE, name.as_bytes()))
    }

    /// Reads a marker's own text form (a hyphenated UUID).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Uuid::parse_str(text).ok().map(Self)
    }

    /// Its 16 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    /// A UUID for a part of this post (a footnote, say), the same in every run.
    #[must_use]
    pub fn part(&self, name: &str) -> Uuid {
        Uuid::new_v5(&self.0, name.as_bytes())
    }

    /// `crosspost:UUID`, what stands in the post and what is searched for.
    #[must_use]
    pub fn token(&self) -> String {
        format!("crosspost:{}", self.0)
    }

    /// All markers in a text, in order.
    #[must_use]
    pub fn all_in(text: &str) -> Vec<Self> {
        text.match_indices("crosspost:")
            .filter_map(|(at, token)| text.get(at + token.len()..at + token.len() + 36))
            .filter_map(Self::parse)
            .collect()
    }
}

impl fmt::Display for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
