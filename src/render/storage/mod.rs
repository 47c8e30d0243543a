//! The storage dialect: Confluence's own format, XHTML with elements for macros (`ac:`) and resources
//! (`ri:`), as its documentation describes it ("Confluence Storage Format"). What is written is
//! always well-formed XML, whatever the note holds: Confluence refuses a page whole for one tag.
//!
//! Also the other way: what a stored page says ([`essence`]), and where readers have commented on
//! its words ([`keep_comments`]).

mod block;
mod code;
mod comments;
mod embed;
mod escape;
mod essence;
mod footnotes;
mod image;
mod inline;
mod link;
mod list;
mod mark;
mod raw;
mod stored;
mod table;
mod writer;

pub use comments::{Kept, keep as keep_comments};
pub use essence::essence;
pub use image::content_name;
pub use mark::{mark, read_stamp, stamped};

use super::{Context, Document};
use crate::error::Warning;
use writer::Writer;

/// Raised whenever the same note would be written otherwise than before.
pub const VERSION: u32 = 1;

/// Which Confluence it is: they show the same format, not all of it the same way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub enum Edition {
    /// Atlassian's own servers. Pictures have captions; code may be of any language.
    Cloud,
    /// A server of one's own. No captions; code of an unknown language is shown as an error.
    DataCenter,
}

/// What a rendering depends on besides the note.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// Which Confluence it is.
    pub edition: Edition,
    /// The title of the page that pictures are attached to. `None`: the page itself.
    pub pictures_on: Option<&'a str>,
}

/// A body in storage format, without the mark, and without a line end after it.
#[must_use]
pub fn render(
    document: &Document,
    context: &Context<'_>,
    options: Options<'_>,
    warnings: &mut Vec<Warning>,
) -> String {
    Writer::new(document, context, options, warnings).document(document)
}

/// A picture of the page, at its top.
#[must_use]
pub fn leading_picture(file_name: &str, alt: &str, options: Options<'_>) -> String {
    format!("<p>{}</p>", image::attached(file_name, &[("ac:alt", alt.to_owned())], options, ""))
}

/// A paragraph that says where a note was first published; `link` is its address, where it is known.
#[must_use]
pub fn first_published(place: &str, link: Option<&str>) -> String {
    let place = escape::escaped(place);
    let shown = match link {
        Some(url) => format!("<a href=\"{}\">{place}</a>", escape::address(url)),
        None => place,
    };
    format!("<p><em>First published at {shown}.</em></p>")
}

#[cfg(test)]
mod tests;
