//! Lists as HTML.

use super::Writer;
use crate::render::document::{Block, BlockKind, Item, List};

impl Writer<'_> {
    pub(super) fn list(&mut self, list: &List) {
        match list.start {
            None => self.push("<ul>\n"),
            Some(1) => self.push("<ol>\n"),
            Some(start) => self.push(&format!("<ol start=\"{start}\">\n")),
        }
        for item in &list.items {
            self.item(item, list.tight);
        }
        self.push(if list.start.is_some() { "</ol>" } else { "</ul>" });
    }

    fn item(&mut self, item: &Item, tight: bool) {
        self.push("<li>");
        let mut blocks = item.blocks.iter();
        if let Some(done) = item.task {
            self.task_box(done);
        }
        let first_is_text = matches!(item.blocks.first(), Some(Block { kind: BlockKind::Paragraph(_), .. }));
        if (tight || item.task.is_some()) && first_is_text {
            if let Some(Block { kind: BlockKind::Paragraph(content), .. }) = blocks.next() {
                self.inlines(content);
            }
            if blocks.len() > 0 {
                self.push("\n");
            }
        } else if blocks.len() > 0 {
            self.push("\n");
        }
        for block in blocks {
            self.item_block(block, tight);
        }
        self.push("</li>\n");
    }

    fn item_block(&mut self, block: &Block, tight: bool) {
        match &block.kind {
            BlockKind::Paragraph(content) if tight => {
                self.inlines(content);
                self.push("\n");
            }
            _ => self.block(block),
        }
    }

    fn task_box(&mut self, done: bool) {
        self.push(match (self.options.checkboxes, done) {
            (true, true) => "<input type=\"checkbox\" disabled checked> ",
            (true, false) => "<input type=\"checkbox\" disabled> ",
            (false, true) => "☑ ",
            (false, false) => "☐ ",
        });
    }
}
