//! Tables, of which Medium has none: a list of rows, or text in columns.

use unicode_width::UnicodeWidthStr;

use super::{Tables, Writer, preformatted};
use crate::render::document::{Alignment, Inlines, Table};

/// More columns of characters than this do not fit beside one another in Medium's code blocks.
const MAX_WIDTH: usize = 80;
/// What stands between two columns of text.
const GAP: &str = "  ";

impl Writer<'_> {
    pub(super) fn table(&mut self, table: &Table) {
        let line = self.line;
        let columns = if self.tables == Tables::Code { self.columns(table) } else { None };
        self.line = line;
        if let Some(text) = columns {
            self.warn(
                "table-flattened",
                "Medium has no tables: it is text in columns, without links and emphasis",
            );
            self.put(&[&preformatted(&text)]);
            return;
        }
        self.warn("table-flattened", "Medium has no tables: it is a list of its rows");
        self.rows(table);
    }

    /// One item for each row: `**Name:** Ada; **Born:** 1815`.
    fn rows(&mut self, table: &Table) {
        let names: Vec<String> =
            table.header.iter().map(|cell| self.inline(cell).trim().to_owned()).collect();
        if table.rows.is_empty() {
            self.put(&["<p>", &names.join("; "), "</p>"]);
            return;
        }
        let rows: Vec<String> =
            table.rows.iter().map(|row| self.named_cells(&names, row).join("; ")).collect();
        self.put_holding("ul", "li", &rows);
    }

    /// The cells that say something.
    fn named_cells(&mut self, names: &[String], row: &[Inlines]) -> Vec<String> {
        let mut cells = Vec::new();
        for (name, cell) in names.iter().zip(row) {
            let text = self.inline(cell);
            match (name.as_str(), text.trim()) {
                (_, "") => {}
                ("", text) => cells.push(text.to_owned()),
                (name, text) => cells.push(["<strong>", name, ":</strong> ", text].concat()),
            }
        }
        cells
    }

    /// The table's text in columns, if they fit beside one another.
    fn columns(&mut self, table: &Table) -> Option<String> {
        let before = (self.warnings.len(), self.needs.len(), self.pictures.len());
        let rows: Vec<Vec<String>> = std::iter::once(&table.header)
            .chain(&table.rows)
            .map(|row| row.iter().map(|cell| self.plain(cell).trim().to_owned()).collect())
            .collect();
        let widths = widths(&rows);
        let gaps = GAP.len() * widths.len().saturating_sub(1);
        if widths.iter().sum::<usize>() + gaps > MAX_WIDTH {
            // The list will say it all again.
            self.warnings.truncate(before.0);
            self.needs.truncate(before.1);
            self.pictures.truncate(before.2);
            return None;
        }
        let mut lines: Vec<String> = rows.iter().map(|row| line(row, &widths, &table.alignments)).collect();
        let rule: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
        lines.insert(1.min(lines.len()), rule.join(GAP));
        Some(lines.join("\n"))
    }
}

/// The width of each column, in a terminal's columns.
fn widths(rows: &[Vec<String>]) -> Vec<usize> {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut widths = vec![0; count];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    widths
}

fn line(row: &[String], widths: &[usize], alignments: &[Alignment]) -> String {
    let alignments = alignments.iter().copied().chain(std::iter::repeat(Alignment::None));
    let cells: Vec<String> = row
        .iter()
        .zip(widths)
        .zip(alignments)
        .map(|((cell, width), how)| aligned(cell, *width, how))
        .collect();
    cells.join(GAP).trim_end().to_owned()
}

fn aligned(cell: &str, width: usize, alignment: Alignment) -> String {
    let free = width.saturating_sub(cell.width());
    let before = match alignment {
        Alignment::None | Alignment::Left => 0,
        Alignment::Center => free / 2,
        Alignment::Right => free,
    };
    format!("{}{cell}{}", " ".repeat(before), " ".repeat(free - before))
}
