//! The marker, by which a post is found again.

use super::markup;
use crate::note::Marker;

/// Gives a body of blocks the marker as its last block.
///
/// In front of the first block it would become a Classic block (WordPress fact 47).
pub(super) fn push_marker(body: &mut String, marker: Marker) {
    let comment = ["<!-- ", &marker.token(), " -->"];
    markup::next(body, 0, |out| markup::block(out, "html", "", &comment));
}
