//! Footnotes: the site's own (WordPress fact 46) or a list at the end of the post.
//!
//! The editor gathers its footnotes anew at each edit: from the references in rich text, in their
//! order, one footnote for each. So a second reference is a plain link, else it would become a
//! second footnote; and where a footnote is only referred to in HTML or in another footnote, all of
//! them become a list, else the editor would drop its text.

use serde_json::json;
use uuid::Uuid;

use super::{
    item::fits_text,
    list::{item_block, list_block},
    markup,
    writer::Writer,
};
use crate::{
    note::Marker,
    render::{Document, document::Footnote, html},
};

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// The site's own.
    Native,
    /// A list.
    Listed,
}

/// The footnotes' ids, and which have been referred to.
#[derive(Debug, Clone)]
pub(super) struct Notes {
    style: Style,
    ids: Vec<Uuid>,
    placed: Vec<usize>,
    /// The text of footnotes is being written, where a reference makes no footnote.
    inside: bool,
}

impl Notes {
    pub(super) fn new(marker: Marker, document: &Document, style: Style) -> Self {
        let id = |label: &str| marker.part(&format!("footnote/{label}"));
        let ids = document.footnotes.iter().map(|note| id(&note.label)).collect();
        Self { style, ids, placed: Vec::new(), inside: false }
    }

    /// Whether the editor would find every footnote, in this order.
    pub(super) fn are_all_in_order(&self) -> bool {
        self.placed.iter().copied().eq(0..self.ids.len())
    }

    /// A reference in rich text.
    pub(super) fn reference(&mut self, index: usize, nth: u32) -> String {
        let plain = self.style == Style::Listed || self.inside || self.placed.contains(&index);
        match self.ids.get(index) {
            Some(id) if !plain => {
                self.placed.push(index);
                let number = index + 1;
                format!(
                    "<sup data-fn=\"{id}\" class=\"fn\"><a href=\"#{id}\" id=\"{id}-link\">{number}</a></sup>"
                )
            }
            _ => self.plain_reference(index, nth),
        }
    }

    /// A reference that the editor takes for a link like any other.
    pub(super) fn plain_reference(&self, index: usize, nth: u32) -> String {
        match (self.style, self.ids.get(index)) {
            (Style::Native, Some(id)) => format!("<sup><a href=\"#{id}\">{}</a></sup>", index + 1),
            _ => html::footnote_reference(index, nth),
        }
    }

    /// Raw HTML, in which the references are written already, with these footnotes in their place.
    pub(super) fn adopted(&self, html: String) -> String {
        if self.style == Style::Listed {
            return html;
        }
        self.ids.iter().zip(1..).fold(html, |html, (id, number)| {
            html.replace(
                &format!("href=\"#fn-{number}\" id=\"fnref-"),
                &format!("href=\"#{id}\" id=\"fnref-"),
            )
        })
    }
}

impl Writer<'_> {
    /// `meta.footnotes`.
    pub(super) fn footnotes_meta(&mut self) -> String {
        self.notes.inside = true;
        let document = self.document;
        let ids = self.notes.ids.clone();
        let entries = document.footnotes.iter().zip(ids);
        let entries = entries.map(|(note, id)| {
            let mut content = String::new();
            self.text_of(&note.blocks, &mut content);
            json!({"id": id.to_string(), "content": content})
        });
        serde_json::Value::Array(entries.collect()).to_string()
    }

    /// The list, with the line above it.
    pub(super) fn footnotes_list(&mut self, out: &mut String) {
        let Some(first) = self.document.footnotes.first() else { return };
        self.line = first.line;
        self.warn(
            "footnotes-as-list",
            "footnotes are sent as a list at the end of the post: its editor cannot keep them",
        );
        let document = self.document;
        if !document.footnotes.iter().all(|note| note.blocks.iter().all(fits_text)) {
            return self.footnotes_as_html(out);
        }
        let start = out.len();
        super::writer::rule(out);
        markup::next(out, start, |out| {
            list_block(Some(1), out, |out| {
                let first = out.len();
                for (note, number) in document.footnotes.iter().zip(1_u32..) {
                    markup::next(out, first, |out| {
                        item_block(out, |out| self.listed_note(note, number, out));
                    });
                }
            });
        });
    }

    fn listed_note(&mut self, note: &Footnote, number: u32, out: &mut String) {
        let number = number.to_string();
        out.extend(["<span id=\"fn-", &number, "\">"]);
        self.text_of(&note.blocks, out);
        out.extend(["</span> <a href=\"#fnref-", &number, "\">↩\u{fe0e}</a>"]);
    }
}
