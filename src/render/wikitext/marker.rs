//! What a page is found again by: a comment, which only its wikitext shows, and a link that no
//! reader sees, since links are what a wiki can be asked for (`list=exturlusage`).

use crate::{note::Marker, render::stamp};

/// The host of the hidden link, which never exists (RFC 2606, section 2).
pub const MARKER_HOST: &str = "crosspost.invalid";

/// The address that a page of this marker links to.
#[must_use]
pub fn hidden_link(marker: Marker) -> String {
    format!("https://{MARKER_HOST}/{marker}")
}

/// The last line of a page.
#[must_use]
pub fn marker(marker: Marker) -> String {
    format!(
        "{}<span style=\"display:none\" aria-hidden=\"true\">[{} crosspost]</span>",
        stamp::comment(marker),
        hidden_link(marker)
    )
}
