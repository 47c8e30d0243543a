//! Footnotes as HTML: `#fn-1` and `#fnref-1`, since WordPress makes `#fn:1` into a link to `1`
//! (WordPress fact 38).

use super::Writer;
use crate::render::document::{Block, BlockKind, Footnote};

/// The reference to a footnote, from its index (from 0) and its number among the references to
/// that footnote (from 1).
#[must_use]
pub fn footnote_reference(index: usize, nth: u32) -> String {
    let number = index + 1;
    let id = reference_id(number, nth);
    format!("<sup><a href=\"#fn-{number}\" id=\"{id}\" role=\"doc-noteref\">{number}</a></sup>")
}

fn reference_id(number: usize, nth: u32) -> String {
    match nth {
        0 | 1 => format!("fnref-{number}"),
        _ => format!("fnref-{number}-{nth}"),
    }
}

/// The links back to each reference of a footnote. U+FE0E keeps the arrow from becoming an emoji.
fn back_links(number: usize, references: u32) -> String {
    let links = (1..=references.max(1)).map(|nth| {
        let label = if nth == 1 { String::new() } else { format!("<sup>{nth}</sup>") };
        let id = reference_id(number, nth);
        format!(
            "<a href=\"#{id}\" role=\"doc-backlink\" aria-label=\"Back to the text\">↩\u{fe0e}{label}</a>"
        )
    });
    links.collect::<Vec<_>>().join(" ")
}

impl Writer<'_> {
    pub(super) fn footnotes(&mut self, notes: &[Footnote]) {
        if notes.is_empty() {
            return;
        }
        self.push("<section class=\"footnotes\" role=\"doc-endnotes\">\n<hr>\n<ol>\n");
        for (index, note) in notes.iter().enumerate() {
            self.footnote(index + 1, note);
        }
        self.push("</ol>\n</section>\n");
    }

    /// One footnote; the links back stand at the end of its last paragraph.
    fn footnote(&mut self, number: usize, note: &Footnote) {
        let back = back_links(number, note.references);
        self.push(&format!("<li id=\"fn-{number}\">\n"));
        let (last, rest) = match note.blocks.split_last() {
            Some((Block { kind: BlockKind::Paragraph(content), .. }, rest)) => (content.as_slice(), rest),
            _ => (&[][..], note.blocks.as_slice()),
        };
        self.blocks(rest);
        self.push("<p>");
        if !last.is_empty() {
            self.inlines(last);
            self.push(" ");
        }
        self.push(&back);
        self.push("</p>\n</li>\n");
    }
}
