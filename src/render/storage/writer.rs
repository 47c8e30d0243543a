//! What all parts of the dialect share: where the text goes, and what surrounds it.

use std::collections::HashSet;

use super::{Edition, Options, escape};
use crate::{
    error::Warning,
    render::{
        Context, Document, LinkFate, Links, Pictures,
        document::{Footnote, Inline},
        html::heading_shift,
    },
};

/// Writes a document.
pub(super) struct Writer<'a> {
    pub(super) options: Options<'a>,
    pub(super) pictures: &'a Pictures,
    links: &'a dyn Links,
    warnings: &'a mut Vec<Warning>,
    pub(super) out: String,
    /// How many levels headings are lowered.
    pub(super) shift: u8,
    /// Anchors that the document itself links to.
    pub(super) anchors: HashSet<String>,
    pub(super) notes: &'a [Footnote],
    /// Within a link, where no other can be.
    pub(super) in_link: bool,
    /// References that wait for the end of the link they stand in.
    pub(super) held: Vec<(usize, u32)>,
    /// How many tasks there have been.
    pub(super) tasks: u32,
    /// The line of the note that is being written.
    pub(super) line: u32,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        document: &'a Document,
        context: &Context<'a>,
        options: Options<'a>,
        warnings: &'a mut Vec<Warning>,
    ) -> Self {
        let links = document.links().into_iter();
        Self {
            options,
            pictures: context.pictures,
            links: context.links,
            warnings,
            out: String::new(),
            shift: heading_shift(document),
            anchors: links.filter_map(|link| link.href.strip_prefix('#').map(str::to_owned)).collect(),
            notes: &document.footnotes,
            in_link: false,
            held: Vec::new(),
            tasks: 0,
            line: 0,
        }
    }

    /// The whole body.
    pub(super) fn document(mut self, document: &Document) -> String {
        self.blocks(&document.blocks);
        self.footnotes();
        self.out.truncate(self.out.trim_end().len());
        self.out
    }

    pub(super) fn is_cloud(&self) -> bool {
        self.options.edition == Edition::Cloud
    }

    pub(super) fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    pub(super) fn text(&mut self, text: &str) {
        escape::text(text, &mut self.out);
    }

    pub(super) fn warn(&mut self, code: &'static str, message: impl Into<String>) {
        self.warnings.push(Warning::new(code, self.line, message));
    }

    pub(super) fn fate(&mut self, href: &str, line: u32) -> LinkFate {
        self.links.fate(href, line, self.warnings)
    }

    /// What a part of the writer writes, apart from all else.
    pub(super) fn apart(&mut self, write: impl FnOnce(&mut Self)) -> String {
        let before = std::mem::take(&mut self.out);
        write(self);
        std::mem::replace(&mut self.out, before)
    }

    /// Inline content, apart from all else, without blanks at its ends.
    pub(super) fn line_of(&mut self, content: &[Inline]) -> String {
        self.apart(|writer| writer.inlines(content)).trim_matches(' ').to_owned()
    }

    /// Something around what a part of the writer writes.
    pub(super) fn within(&mut self, open: &str, close: &str, write: impl FnOnce(&mut Self)) {
        self.push(open);
        write(self);
        self.push(close);
    }

    /// A place on the page that links can lead to.
    pub(super) fn anchor(&mut self, name: &str) {
        self.push(&anchor(name));
    }
}

/// The macro that makes a place on a page which links can lead to, and which nobody sees.
pub(super) fn anchor(name: &str) -> String {
    format!(
        "<ac:structured-macro ac:name=\"anchor\"><ac:parameter ac:name=\"\">{}</ac:parameter></ac:structured-macro>",
        escape::escaped(name)
    )
}
