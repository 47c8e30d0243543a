//! Tables. The columns take the width they need, as they would on the page of a Markdown renderer.

use serde_json::json;

use super::{markup, writer::Writer};
use crate::render::{
    document::{Alignment, Inlines, Table},
    html::text_align,
};

impl Writer<'_> {
    pub(super) fn table(&mut self, table: &Table) -> String {
        let head = self.row("th", &table.header, &table.alignments);
        let rows: String = table.rows.iter().map(|row| self.row("td", row, &table.alignments)).collect();
        let body = if rows.is_empty() { rows } else { format!("<tbody>{rows}</tbody>") };
        let html =
            format!("<figure class=\"wp-block-table\"><table><thead>{head}</thead>{body}</table></figure>");
        markup::block("table", &[("hasFixedLayout", json!(false))], &html)
    }

    fn row(&mut self, element: &str, cells: &[Inlines], alignments: &[Alignment]) -> String {
        let mut html = "<tr>".to_owned();
        for (at, cell) in cells.iter().enumerate() {
            let class = match alignments.get(at).copied().and_then(text_align) {
                Some(align) => format!(" class=\"has-text-align-{align}\" data-align=\"{align}\""),
                None => String::new(),
            };
            html.extend(["<", element, &class, ">", &self.rich(cell), "</", element, ">"]);
        }
        html + "</tr>"
    }
}
