//! Footnotes: the wiki's own where it has Cite and a footnote is a line, else a numbered list with
//! links there and back.

use super::writer::Writer;
use crate::render::document::{Block, BlockKind, Document, Footnote, Inline, Node};

/// Whether all footnotes can stand in `<ref>`: one paragraph each, without footnotes of their own.
pub(super) fn fit_into_text(notes: &[Footnote]) -> bool {
    let is_line =
        |note: &Footnote| matches!(note.blocks.as_slice(), [Block { kind: BlockKind::Paragraph(_), .. }]);
    let mut nested = false;
    let all = Document { footnotes: notes.to_vec(), ..Document::default() };
    all.walk(&mut |node| nested |= matches!(node, Node::Inline(Inline::FootnoteRef { .. })));
    !nested && notes.iter().all(is_line)
}

impl Writer<'_> {
    pub(super) fn reference(&mut self, index: usize, nth: u32) {
        if self.place.link {
            self.held.push((index, nth));
        } else if self.native_notes {
            self.native_reference(index);
        } else {
            let number = index + 1;
            self.push(&format!("<sup id=\"{}\">[[#fn-{number}|{number}]]</sup>", reference_id(number, nth)));
        }
    }

    fn native_reference(&mut self, index: usize) {
        let name = format!("note-{}", index + 1);
        let notes = self.notes;
        let paragraph = notes.get(index).and_then(|note| note.blocks.first());
        let Some(Block { kind: BlockKind::Paragraph(content), .. }) = paragraph else { return };
        if !self.defined.insert(index) {
            self.push(&format!("<ref name=\"{name}\" />"));
            return;
        }
        let text = self.apart(|writer| {
            let quotes = (std::mem::take(&mut writer.italic), std::mem::take(&mut writer.bold));
            writer.at(super::escape::Place::default(), |writer| writer.inlines(content));
            (writer.italic, writer.bold) = quotes;
        });
        self.push(&format!("<ref name=\"{name}\">{}</ref>", text.trim_matches(' ')));
    }

    /// What follows the body.
    pub(super) fn footnotes(&mut self) {
        if self.notes.is_empty() {
            return;
        }
        if self.native_notes {
            self.push("<references />");
            return;
        }
        self.push("----\n\n<ol>\n");
        let notes = self.notes;
        for (index, note) in notes.iter().enumerate() {
            let number = index + 1;
            let back = back_links(number, note.references);
            self.html_item(&format!("<li id=\"fn-{number}\">"), "", &note.blocks, false);
            // The way back stands at the end of the last paragraph.
            match self.out.trim_end().strip_suffix("</p>").map(str::len) {
                Some(end) => {
                    self.out.truncate(end);
                    self.push(&format!(" {back}</p>\n"));
                }
                None => self.push(&format!("<p>{back}</p>\n")),
            }
            self.push("</li>\n");
        }
        self.push("</ol>");
    }
}

fn reference_id(number: usize, nth: u32) -> String {
    match nth {
        0 | 1 => format!("fnref-{number}"),
        _ => format!("fnref-{number}-{nth}"),
    }
}

/// The links back to each reference of a footnote. U+FE0E keeps the arrow from becoming an emoji.
fn back_links(number: usize, references: u32) -> String {
    let link = |nth: u32| {
        let label = if nth == 1 { String::new() } else { format!("<sup>{nth}</sup>") };
        format!("[[#{}|↩\u{fe0e}{label}]]", reference_id(number, nth))
    };
    (1..=references.max(1)).map(link).collect::<Vec<_>>().join(" ")
}
