//! The dialect of SharePoint's pages: text in the little HTML that its text web part keeps, with
//! pictures and dividers between, which are web parts of their own there.
//!
//! A body is HTML for people to read in a preview; [`parts`] takes it apart into what becomes web
//! parts. What the text web part has no form for is converted in the best way that it allows, and
//! reported with its line.

mod kept;
mod normal;
mod parts;
mod simple;
#[cfg(test)]
mod tests;

pub use normal::normal;
pub use parts::{Part, join, parts};

use super::{
    Context,
    document::{Block, BlockKind, Document},
    html::{
        self, Options,
        escape::{self, escaped},
    },
};
use crate::error::Warning;

/// Raised whenever the same note would be written otherwise than before.
pub const VERSION: u32 = 1;

/// Writes a note's body, footnotes included.
#[must_use]
pub fn write(document: &Document, context: &Context<'_>, warnings: &mut Vec<Warning>) -> Vec<Part> {
    let shift = html::heading_shift(document);
    let simple = simple::simplified(document, context.pictures, shift, warnings);
    let reference = |index: usize, _nth: u32| format!("<sup>{}</sup>", index + 1);
    let options = Options { heading_shift: shift, footnote_reference: &reference, ..Options::default() };
    let mut writer = Writer { context, options, warnings, parts: Vec::new() };
    for block in &simple.blocks {
        writer.block(block);
    }
    if !simple.footnotes.is_empty() {
        writer.parts.push(Part::Divider);
        let notes: Vec<String> = simple.footnotes.iter().map(|blocks| writer.item(blocks)).collect();
        writer.text(&format!("<ol>\n{}</ol>", notes.concat()));
    }
    writer.parts
}

struct Writer<'a> {
    context: &'a Context<'a>,
    options: Options<'a>,
    warnings: &'a mut Vec<Warning>,
    parts: Vec<Part>,
}

impl Writer<'_> {
    fn html(&mut self, blocks: &[Block]) -> String {
        html::blocks_html(blocks, self.context, &self.options, self.warnings)
    }

    fn block(&mut self, block: &Block) {
        match &block.kind {
            BlockKind::Rule => self.parts.push(Part::Divider),
            BlockKind::Figure(_) => {
                let html = self.html(std::slice::from_ref(block));
                let shown = parts::figure(&html);
                self.add(shown.unwrap_or_else(|| vec![Part::Text(kept::kept(&html).0)]));
            }
            _ => {
                let (html, pictures) = kept::kept(&self.html(std::slice::from_ref(block)));
                self.text(&html);
                self.add(pictures);
            }
        }
    }

    /// A footnote as an item of a list.
    fn item(&mut self, blocks: &[Block]) -> String {
        let (html, _) = kept::kept(&self.html(blocks));
        format!("<li>{html}</li>\n")
    }

    fn add(&mut self, parts: Vec<Part>) {
        for part in parts {
            match part {
                Part::Text(html) => self.text(&html),
                other => self.parts.push(other),
            }
        }
    }

    /// Text joins the text before it: a web part holds any number of paragraphs.
    fn text(&mut self, html: &str) {
        let html = html.trim();
        match self.parts.last_mut() {
            _ if html.is_empty() => {}
            Some(Part::Text(before)) => {
                before.push('\n');
                before.push_str(html);
            }
            _ => self.parts.push(Part::Text(html.to_owned())),
        }
    }
}

/// A paragraph of plain text in italics, as the last line of a page.
#[must_use]
pub fn small_print(text: &str) -> String {
    format!("<p><em>{}</em></p>", escaped(text))
}

/// A link with plain text.
#[must_use]
pub fn link(href: &str, text: &str) -> String {
    let mut open = String::from("<a");
    escape::attribute("href", href, &mut open);
    format!("{open}>{}</a>", escaped(text))
}
