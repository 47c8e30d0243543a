//! The WordPress dialect: native blocks, byte for byte as the editor itself would save them, so
//! that a colleague who opens the post finds blocks that are valid and a save that changes nothing
//! (WordPress facts 42 to 48). Held to the editors of WordPress 6.8 and 7.1.
//!
//! What has no native form stands in the smallest `core/html` that can show it.

mod callout;
mod code;
mod embed;
mod escape;
mod footnotes;
mod html;
mod image;
mod inline;
mod item;
mod list;
mod marker;
mod markup;
mod table;
mod writer;

use super::{Context, Document};
use crate::error::Warning;
use footnotes::Style;
use writer::Writer;

/// What a site's owner may choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Whether a link alone on its line becomes a player or a card of the other site. Where
    /// visitors must not load things from elsewhere unasked, it stays a link.
    pub embeds: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { embeds: true }
    }
}

/// A body in blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockOutput {
    /// The post's content, marker included.
    pub body: String,
    /// What must be sent as `meta.footnotes` with it: a JSON string (WordPress fact 46).
    pub footnotes: Option<String>,
    /// What got lost or changed.
    pub warnings: Vec<Warning>,
}

/// The key of [`Context::site`] that says whether the site's posts take footnotes: `true` or
/// `false`. While it is absent they are taken to, so that a rendering shows what must be asked.
pub const FOOTNOTES: &str = "footnotes";

/// Writes a document as blocks.
///
/// Footnotes become the site's own where it has them ([`FOOTNOTES`]) and its editor would keep
/// them, else a list at the end of the post.
#[must_use]
pub fn render(document: &Document, context: &Context<'_>, options: &Options) -> BlockOutput {
    let native = context.site.get(FOOTNOTES).is_none_or(|known| known == "true");
    native
        .then(|| Writer::new(document, context, *options, Style::Native).native())
        .flatten()
        .unwrap_or_else(|| Writer::new(document, context, *options, Style::Listed).listed())
}

#[cfg(test)]
mod tests;
