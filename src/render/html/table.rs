//! Tables as HTML. Alignment is written as a style, the one form that sites keep for authors too
//! (WordPress fact 36).

use super::{Writer, text_align};
use crate::render::document::{Alignment, Inlines, Table};

impl Writer<'_> {
    pub(super) fn table(&mut self, table: &Table) {
        self.push("<table>\n<thead>\n");
        self.row("th", &table.header, &table.alignments);
        self.push("</thead>\n");
        if !table.rows.is_empty() {
            self.push("<tbody>\n");
            for row in &table.rows {
                self.row("td", row, &table.alignments);
            }
            self.push("</tbody>\n");
        }
        self.push("</table>");
    }

    fn row(&mut self, element: &str, cells: &[Inlines], alignments: &[Alignment]) {
        self.push("<tr>");
        for (at, cell) in cells.iter().enumerate() {
            self.out.extend(["<", element]);
            if let Some(align) = alignments.get(at).copied().and_then(text_align) {
                self.out.extend([" style=\"text-align:", align, "\""]);
            }
            self.push(">");
            self.inlines(cell);
            self.tag("</", element);
        }
        self.push("</tr>\n");
    }
}
