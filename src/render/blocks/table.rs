//! Tables. The columns take the width they need, as they would on the page of a Markdown renderer.

use super::{markup, writer::Writer};
use crate::render::{
    document::{Alignment, Inlines, Table},
    html::text_align,
};

impl Writer<'_> {
    pub(super) fn table(&mut self, table: &Table, out: &mut String) {
        markup::open(out, "table", "{\"hasFixedLayout\":false}");
        out.push_str("<figure class=\"wp-block-table\"><table><thead>");
        self.row("th", &table.header, &table.alignments, out);
        out.push_str("</thead>");
        markup::around(out, &["<tbody>"], &["</tbody>"], |out| {
            for row in &table.rows {
                self.row("td", row, &table.alignments, out);
            }
        });
        out.push_str("</table></figure>");
        markup::close(out, "table");
    }

    fn row(&mut self, element: &str, cells: &[Inlines], alignments: &[Alignment], out: &mut String) {
        out.push_str("<tr>");
        for (at, cell) in cells.iter().enumerate() {
            out.extend(["<", element]);
            if let Some(align) = alignments.get(at).copied().and_then(text_align) {
                out.extend([" class=\"has-text-align-", align, "\" data-align=\"", align, "\""]);
            }
            out.push('>');
            self.rich(cell, out);
            out.extend(["</", element, ">"]);
        }
        out.push_str("</tr>");
    }
}
