//! Tables.

use super::writer::Writer;
use crate::render::{
    document::{Alignment, Inlines, Table},
    html::text_align,
};

impl Writer<'_> {
    pub(super) fn table(&mut self, table: &Table) {
        self.push("<table><tbody>\n");
        self.row("th", &table.header, &table.alignments);
        for row in &table.rows {
            self.row("td", row, &table.alignments);
        }
        self.push("</tbody></table>");
    }

    fn row(&mut self, element: &str, cells: &[Inlines], alignments: &[Alignment]) {
        self.push("<tr>");
        for (at, cell) in cells.iter().enumerate() {
            let align = alignments.get(at).copied().and_then(text_align);
            let style = align.map(|align| format!(" style=\"text-align: {align};\"")).unwrap_or_default();
            let text = self.line_of(cell);
            self.push(&format!("<{element}><p{style}>{text}</p></{element}>"));
        }
        self.push("</tr>\n");
    }
}
