//! The marker, by which a post is found again.

use super::markup;
use crate::note::Marker;

/// A body of blocks or of plain HTML with the marker as its last block.
///
/// In front of the first block it would become a Classic block (WordPress fact 47). Plain HTML
/// takes it as a block too: of a bare comment WordPress makes an empty paragraph, while beside a
/// block it shows HTML as it was sent (WordPress fact 41).
#[must_use]
pub fn with_marker(body: &str, marker: Marker) -> String {
    let comment = format!("<!-- {} -->", marker.token());
    markup::join([body.to_owned(), markup::block("html", &[], &comment)])
}
