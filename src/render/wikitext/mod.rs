//! The wikitext dialect: what MediaWiki shows as the note reads, written as people there write it,
//! so that a colleague who opens the page finds headings, lists and links and not a wall of HTML.
//! Where wikitext has no form that holds exactly what the note says (a list item of two
//! paragraphs), the HTML that MediaWiki takes stands instead.
//!
//! Every paragraph is one line: much of wikitext is decided by how a line begins, and quotes for
//! emphasis do not reach over its end.

mod block;
mod code;
mod escape;
mod file;
mod footnotes;
mod inline;
mod link;
mod list;
mod marker;
mod raw;
mod table;
mod writer;

use std::collections::BTreeMap;

pub use file::{LARGEST, content_name, file_name};
pub use marker::{MARKER_HOST, hidden_link, marker};

use super::{Context, Document};
use crate::error::Warning;
use writer::Writer;

/// Raised whenever the same note would be written otherwise than before.
pub const VERSION: u32 = 1;

/// The key of [`Context::site`] that lists the wiki's extension tags, with blanks between:
/// `math ref syntaxhighlight`. While it is absent, none is used.
pub const TAGS: &str = "tags";
/// The key of [`Context::site`] with the address of the wiki's pages, `$1` for the title.
pub const ARTICLE: &str = "article";

/// What a wiki can do besides MediaWiki's own, and where its pages are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Abilities {
    /// `<ref>` of the extension Cite.
    pub references: bool,
    /// `<syntaxhighlight>`.
    pub highlighting: bool,
    /// `<math>`.
    pub math: bool,
    /// The address of a page, `$1` for its title: links to it become links within the wiki.
    pub article: Option<String>,
}

impl Abilities {
    /// From what the ledger remembers of the wiki.
    #[must_use]
    pub fn of_site(site: &BTreeMap<String, String>) -> Self {
        let has = |tag: &str| site.get(TAGS).is_some_and(|tags| tags.split(' ').any(|there| there == tag));
        Self {
            references: has("ref") && has("references"),
            highlighting: has("syntaxhighlight"),
            math: has("math"),
            article: site.get(ARTICLE).cloned(),
        }
    }
}

/// A body in wikitext, without marker and categories, and without a line end after it.
#[must_use]
pub fn render(
    document: &Document,
    context: &Context<'_>,
    abilities: &Abilities,
    warnings: &mut Vec<Warning>,
) -> String {
    Writer::new(document, context, abilities, warnings).document(document)
}

/// Plain text as wikitext that shows just that.
#[must_use]
pub fn text(plain: &str) -> String {
    let mut out = String::new();
    escape::text(plain, escape::Place::default(), &mut out);
    out
}

/// A link out of the wiki, with plain text.
#[must_use]
pub fn external_link(url: &str, text: &str) -> String {
    let mut out = format!("[{} ", escape::address(url));
    escape::text(text, escape::Place { link: true, ..escape::Place::default() }, &mut out);
    out.push(']');
    out
}

/// A link that puts the page into a category.
#[must_use]
pub fn category(name: &str) -> String {
    format!("[[Category:{name}]]")
}

/// A picture that text flows around, at the top of a page.
#[must_use]
pub fn leading_picture(name: &str, alt: &str) -> String {
    format!("[[File:{name}|thumb|alt={}]]", escape::parameter(alt))
}

#[cfg(test)]
mod tests;
