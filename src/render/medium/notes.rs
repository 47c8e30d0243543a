//! Footnotes: numbered notes at the end, their numbers raised with Unicode's superscripts.

use super::{Writer, inlines::raised};
use crate::render::document::{Block, BlockKind, Footnote};

impl Writer<'_> {
    pub(super) fn notes(&mut self, footnotes: &[Footnote]) {
        let Some(first) = footnotes.first() else { return };
        self.line = first.line;
        self.warn(
            "footnotes-as-endnotes",
            "Medium has no footnotes: they stand numbered at the end, without links",
        );
        self.put(&["<hr>"]);
        for (index, note) in footnotes.iter().enumerate() {
            self.note(&superscript(index + 1), note);
        }
    }

    fn note(&mut self, number: &str, note: &Footnote) {
        self.line = note.line;
        if let Some((Block { kind: BlockKind::Paragraph(content), .. }, rest)) = note.blocks.split_first() {
            self.paragraph(&format!("{number} "), content);
            self.put_pictures();
            self.flow(rest);
        } else {
            self.put(&["<p>", number, "</p>"]);
            self.flow(&note.blocks);
        }
    }
}

/// A number in Unicode's superscripts.
pub(super) fn superscript(number: usize) -> String {
    number.to_string().chars().filter_map(raised).collect()
}
