//! What all parts of the dialect share: where the text goes, and what surrounds it.

use std::collections::HashSet;

use super::{Abilities, escape::Place, footnotes};
use crate::{
    error::Warning,
    render::{
        Context, Document, LinkFate, Links, Pictures,
        document::{Footnote, Inline},
        html::heading_shift,
    },
};

/// Writes a document.
#[allow(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub(super) struct Writer<'a> {
    pub(super) abilities: &'a Abilities,
    pub(super) pictures: &'a Pictures,
    links: &'a dyn Links,
    pub(super) warnings: &'a mut Vec<Warning>,
    pub(super) out: String,
    /// How many levels headings are lowered.
    pub(super) shift: u8,
    /// Anchors that the document itself links to.
    pub(super) anchors: HashSet<String>,
    pub(super) notes: &'a [Footnote],
    /// Footnotes are the wiki's own, written where they are first referred to.
    pub(super) native_notes: bool,
    /// Which of them have been written.
    pub(super) defined: HashSet<usize>,
    /// References that wait for the end of the link they stand in.
    pub(super) held: Vec<(usize, u32)>,
    pub(super) place: Place,
    pub(super) italic: bool,
    pub(super) bold: bool,
    /// Within an item written as HTML, where blank lines make no paragraphs.
    pub(super) in_item: bool,
    /// The line of the note that is being written.
    pub(super) line: u32,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        document: &'a Document,
        context: &Context<'a>,
        abilities: &'a Abilities,
        warnings: &'a mut Vec<Warning>,
    ) -> Self {
        let links = document.links().into_iter();
        Self {
            abilities,
            pictures: context.pictures,
            links: context.links,
            warnings,
            out: String::new(),
            shift: heading_shift(document),
            anchors: links.filter_map(|link| link.href.strip_prefix('#').map(str::to_owned)).collect(),
            notes: &document.footnotes,
            native_notes: abilities.references && footnotes::fit_into_text(&document.footnotes),
            defined: HashSet::new(),
            held: Vec::new(),
            place: Place::default(),
            italic: false,
            bold: false,
            in_item: false,
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

    pub(super) fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    pub(super) fn text(&mut self, text: &str) {
        super::escape::text(text, self.place, &mut self.out);
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

    /// The same in another place; the place is the old one afterwards.
    pub(super) fn at(&mut self, place: Place, write: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.place, place);
        write(self);
        self.place = before;
    }

    /// Inline content on one line that may begin anywhere but with markup.
    pub(super) fn one_line(&mut self, content: &[Inline]) -> String {
        let text = self.apart(|writer| writer.inlines(content));
        super::escape::line(&text)
    }
}
