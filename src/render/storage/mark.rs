//! What a page is found again by: an anchor that nobody sees, since Confluence drops comments. When
//! it is sent, it also says what it was sent with, as [`crate::render::stamp`] describes.

use super::{essence, writer::anchor};
use crate::{
    note::Marker,
    render::{Digest, Rendering, stamp::Stamp},
};

/// Length of `crosspost:` and a UUID.
const TOKEN: usize = 46;

/// The last line of a body.
#[must_use]
pub fn mark(marker: Marker) -> String {
    format!("<p>{}</p>", anchor(&marker.token()))
}

/// The body as it is sent: the mark with its digests. The second covers what the page says and not
/// how it is written, since Confluence rewrites what it is sent.
#[must_use]
pub fn stamped(rendering: &Rendering, marker: Marker) -> String {
    let content = content_digest(&rendering.title, &essence(&rendering.body));
    let full = format!("{} {} {}", marker.token(), rendering.digest().short(), content.short());
    rendering.body.replacen(&anchor(&marker.token()), &anchor(&full), 1)
}

/// Reads the mark of a stored page back. `None` where it has none, or one without digests.
#[must_use]
pub fn read_stamp(title: &str, body: &str, marker: Marker) -> Option<Stamp> {
    let opening = format!(">{} ", marker.token());
    let (_, rest) = body.split_once(&opening)?;
    let (words, _) = rest.split_once('<')?;
    let (rendering, content) = words.split_once(' ')?;
    let is_pristine = content_digest(title, &essence(body)).short() == content;
    Some(Stamp { rendering: rendering.to_owned(), pristine: is_pristine })
}

/// A text without the digests that a mark carries.
pub(super) fn without_digests(text: &str) -> &str {
    match text.get(..TOKEN) {
        Some(token) if !Marker::all_in(token).is_empty() => token,
        _ => text,
    }
}

fn content_digest(title: &str, essence: &str) -> Digest {
    Digest::of(format!("{title}\0{essence}").as_bytes())
}
