//! Tables.

use super::{escape::Place, writer::Writer};
use crate::render::{
    document::{Alignment, Inlines, Table},
    html::text_align,
};

impl Writer<'_> {
    pub(super) fn table(&mut self, table: &Table) {
        self.push("{| class=\"wikitable\"\n");
        self.row('!', &table.header, &table.alignments);
        for row in &table.rows {
            self.push("|-\n");
            self.row('|', row, &table.alignments);
        }
        self.push("|}");
    }

    /// Each cell on a line of its own, where nothing but a bar divides attributes from content.
    fn row(&mut self, sign: char, cells: &[Inlines], alignments: &[Alignment]) {
        for (at, cell) in cells.iter().enumerate() {
            self.out.push(sign);
            if let Some(align) = alignments.get(at).copied().and_then(text_align) {
                self.push(&format!(" style=\"text-align:{align}\" |"));
            }
            self.push(" ");
            let inside = Place { cell: true, ..self.place };
            self.at(inside, |writer| writer.inlines(cell));
            self.out.truncate(self.out.trim_end_matches(' ').len());
            self.push("\n");
        }
    }
}
