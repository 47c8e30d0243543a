//! Lists, and lists of tasks: Confluence's own where all that a task says is a line.

use super::writer::Writer;
use crate::render::document::{Block, BlockKind, Item, List};

impl Writer<'_> {
    pub(super) fn list(&mut self, list: &List) {
        if is_task_list(list) {
            self.task_list(list);
            return;
        }
        if list.items.iter().any(|item| item.task.is_some()) {
            self.warn(
                "task-boxes",
                "boxes became characters: a task of Confluence is a line in a list of tasks",
            );
        }
        match list.start {
            None => self.push("<ul>\n"),
            Some(1) => self.push("<ol>\n"),
            Some(start) => self.push(&format!("<ol start=\"{start}\">\n")),
        }
        for item in &list.items {
            self.line = item.line;
            self.item(item, list.tight);
        }
        self.push(if list.start.is_some() { "</ol>" } else { "</ul>" });
    }

    fn item(&mut self, item: &Item, tight: bool) {
        let task_box = match item.task {
            None => "",
            Some(true) => "☑ ",
            Some(false) => "☐ ",
        };
        self.push("<li>");
        let mut rest = item.blocks.as_slice();
        if let [Block { kind: BlockKind::Paragraph(content), .. }, more @ ..] = rest
            && (tight || !task_box.is_empty())
        {
            let text = self.line_of(content);
            self.push(&format!("{task_box}{text}"));
            rest = more;
        } else {
            self.push(task_box);
        }
        if !rest.is_empty() {
            self.push("\n");
            self.blocks(rest);
        }
        self.push("</li>\n");
    }

    fn task_list(&mut self, list: &List) {
        self.push("<ac:task-list>\n");
        for item in &list.items {
            self.line = item.line;
            self.tasks += 1;
            let status = if item.task == Some(true) { "complete" } else { "incomplete" };
            self.push(&format!(
                "<ac:task><ac:task-id>{}</ac:task-id><ac:task-status>{status}</ac:task-status><ac:task-body>",
                self.tasks
            ));
            for block in &item.blocks {
                match &block.kind {
                    BlockKind::Paragraph(content) => {
                        let text = self.line_of(content);
                        self.push(&text);
                    }
                    BlockKind::List(inner) => self.task_list(inner),
                    _ => {}
                }
            }
            self.push("</ac:task-body></ac:task>\n");
        }
        self.push("</ac:task-list>");
    }
}

/// Whether all items are tasks of one line, with at most lists of such tasks below them.
fn is_task_list(list: &List) -> bool {
    let is_simple = |item: &Item| match item.blocks.as_slice() {
        [Block { kind: BlockKind::Paragraph(_), .. }, below @ ..] => {
            below.iter().all(|block| matches!(&block.kind, BlockKind::List(inner) if is_task_list(inner)))
        }
        _ => false,
    };
    list.items.iter().all(|item| item.task.is_some() && is_simple(item))
}
