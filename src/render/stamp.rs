//! The comment in a post by which it is found again, and what it says of the text it was sent with.
//!
//! A rendering's body carries `<!-- crosspost:UUID -->`. When it is sent, two digests are added:
//! `<!-- crosspost:UUID R B -->`. `R` names the rendering, so that a run that finds the post without
//! a receipt knows whether it is the one it would send; `B` covers title and body, so that it knows
//! whether anybody has touched them since. Both are 16 hexadecimal digits.

use super::{Digest, Rendering};
use crate::note::Marker;

/// What a post's comment says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The first 16 digits of the digest of the rendering that was sent.
    pub rendering: String,
    /// Whether title and body are still, byte for byte, what was sent. `false` proves nothing: some
    /// sites rewrite what they are sent.
    pub pristine: bool,
}

impl Stamp {
    /// Whether the post was sent from this rendering.
    #[must_use]
    pub fn is_of(&self, rendering: &Digest) -> bool {
        self.rendering == rendering.short()
    }
}

/// The comment as a rendering's body has it.
#[must_use]
pub fn comment(marker: Marker) -> String {
    format!("<!-- {} -->", marker.token())
}

/// The body as it is sent: the comment with its digests.
#[must_use]
pub fn stamped(rendering: &Rendering, marker: Marker) -> String {
    stamped_under(rendering, &rendering.title, marker)
}

/// The same for a post that is sent while it has another title: a wiki's page is renamed by a write
/// of its own.
#[must_use]
pub fn stamped_under(rendering: &Rendering, title: &str, marker: Marker) -> String {
    let full = format!("<!-- {} -->", words_under(rendering, title, marker));
    rendering.body.replacen(&comment(marker), &full, 1)
}

/// What the comment says, for sites that keep it in a field of its own: the marker's token and the
/// two digests.
#[must_use]
pub fn words(rendering: &Rendering, marker: Marker) -> String {
    words_under(rendering, &rendering.title, marker)
}

fn words_under(rendering: &Rendering, title: &str, marker: Marker) -> String {
    let content = content_digest(title, &rendering.body);
    format!("{} {} {}", marker.token(), rendering.digest().short(), content.short())
}

/// Reads the comment of a post back. `None` where it carries none, or one without digests.
#[must_use]
pub fn read(title: &str, body: &str, marker: Marker) -> Option<Stamp> {
    let opening = format!("<!-- {} ", marker.token());
    let start = body.find(&opening)?;
    let (digests, _) = body[start + opening.len()..].split_once(" -->")?;
    let plain = body.replacen(&format!("{opening}{digests} -->"), &comment(marker), 1);
    stamp(title, &plain, digests)
}

/// Reads [`words`] back, for a post with this title and body.
#[must_use]
pub fn read_words(title: &str, body: &str, words: &str, marker: Marker) -> Option<Stamp> {
    stamp(title, body, words.trim().strip_prefix(&marker.token())?.trim_start())
}

fn stamp(title: &str, body: &str, digests: &str) -> Option<Stamp> {
    let (rendering, content) = digests.split_once(' ')?;
    Some(Stamp { rendering: rendering.to_owned(), pristine: content_digest(title, body).short() == content })
}

fn content_digest(title: &str, body: &str) -> Digest {
    Digest::of(format!("{title}\0{body}").as_bytes())
}
