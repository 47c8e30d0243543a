//! The marker, by which a post is found again.

use super::markup;
use crate::note::Marker;

/// A body of plain HTML or of blocks, with the marker as its last block: in front of the first it
/// would become a Classic block (WordPress fact 47).
#[must_use]
pub fn with_marker(body: &str, marker: Marker) -> String {
    let marker = markup::block("html", &[], &comment(marker));
    markup::join([body.to_owned(), marker])
}

fn comment(marker: Marker) -> String {
    format!("<!-- {} -->", marker.token())
}
