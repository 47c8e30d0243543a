//! Lists: wikitext's own where an item is a line and perhaps lists below it, else HTML.

use super::{escape::Place, writer::Writer};
use crate::render::document::{Block, BlockKind, Description, Item, List};

impl Writer<'_> {
    pub(super) fn list(&mut self, list: &List) {
        if is_simple(list) {
            self.simple_list(list, "");
            self.out.truncate(self.out.trim_end_matches('\n').len());
        } else {
            self.html_list(list);
        }
    }

    /// Each item a line that begins with one sign for each list it is in.
    fn simple_list(&mut self, list: &List, outer: &str) {
        let signs = format!("{outer}{}", sign(list));
        for item in &list.items {
            self.line = item.line;
            self.push(&format!("{signs} {}", task_box(item)));
            for block in &item.blocks {
                match &block.kind {
                    BlockKind::Paragraph(content) => {
                        let text = self.apart(|writer| writer.inlines(content));
                        self.push(text.trim_matches(' '));
                    }
                    BlockKind::List(inner) => {
                        self.push("\n");
                        self.simple_list(inner, &signs);
                        self.out.truncate(self.out.trim_end_matches('\n').len());
                    }
                    _ => {}
                }
            }
            self.push("\n");
        }
    }

    fn html_list(&mut self, list: &List) {
        match list.start {
            None => self.push("<ul>\n"),
            Some(1) => self.push("<ol>\n"),
            Some(start) => self.push(&format!("<ol start=\"{start}\">\n")),
        }
        for item in &list.items {
            self.line = item.line;
            let text_first = list.tight || item.task.is_some();
            self.html_item("<li>", task_box(item), &item.blocks, text_first);
            self.push("</li>\n");
        }
        self.push(if list.start.is_some() { "</ol>" } else { "</ul>" });
    }

    /// An item's content, each block on lines of its own; a first paragraph as mere text where
    /// `text_first`.
    pub(super) fn html_item(&mut self, open: &str, before: &str, blocks: &[Block], text_first: bool) {
        self.push(open);
        self.push(before);
        let mut rest = blocks;
        if text_first && let [Block { kind: BlockKind::Paragraph(content), .. }, more @ ..] = blocks {
            let text = self.apart(|writer| writer.inlines(content));
            self.push(text.trim_matches(' '));
            rest = more;
        }
        if rest.is_empty() {
            return;
        }
        let outer = std::mem::replace(&mut self.in_item, true);
        let inner = self.apart(|writer| writer.blocks(rest));
        self.in_item = outer;
        self.push("\n");
        self.push(inner.trim_end());
        self.push("\n");
    }

    pub(super) fn descriptions(&mut self, entries: &[Description]) {
        if entries.iter().flat_map(|entry| &entry.details).all(|blocks| is_line(blocks)) {
            self.simple_descriptions(entries);
        } else {
            self.html_descriptions(entries);
        }
    }

    fn simple_descriptions(&mut self, entries: &[Description]) {
        for entry in entries {
            self.push("; ");
            let term = Place { term: true, ..self.place };
            self.at(term, |writer| writer.inlines(&entry.term));
            self.push("\n");
            for blocks in &entry.details {
                self.push(": ");
                if let [Block { kind: BlockKind::Paragraph(content), .. }] = blocks.as_slice() {
                    self.inlines(content);
                }
                self.push("\n");
            }
        }
        self.out.truncate(self.out.trim_end_matches('\n').len());
    }

    fn html_descriptions(&mut self, entries: &[Description]) {
        self.push("<dl>\n");
        for entry in entries {
            self.push("<dt>");
            self.inlines(&entry.term);
            self.push("</dt>\n");
            for blocks in &entry.details {
                self.html_item("<dd>", "", blocks, is_line(blocks));
                self.push("</dd>\n");
            }
        }
        self.push("</dl>");
    }
}

fn is_line(blocks: &[Block]) -> bool {
    matches!(blocks, [Block { kind: BlockKind::Paragraph(_), .. }])
}

fn sign(list: &List) -> char {
    if list.start.is_some() { '#' } else { '*' }
}

fn task_box(item: &Item) -> &'static str {
    match item.task {
        None => "",
        Some(true) => "☑ ",
        Some(false) => "☐ ",
    }
}

/// Whether each item is a line, with at most lists of other kinds than their neighbours below it.
fn is_simple(list: &List) -> bool {
    list.start.is_none_or(|start| start == 1) && list.items.iter().all(is_simple_item)
}

fn is_simple_item(item: &Item) -> bool {
    let mut before = None;
    item.blocks.iter().enumerate().all(|(at, block)| match &block.kind {
        BlockKind::Paragraph(_) => at == 0,
        BlockKind::List(inner) => {
            let neighbour = before.replace(sign(inner));
            at > 0 && neighbour != before && is_simple(inner)
        }
        _ => false,
    })
}
