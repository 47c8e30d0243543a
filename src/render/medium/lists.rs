//! Lists: one level, one paragraph an item. What is nested is marked with dashes, what is no
//! paragraph stands between the items.

use super::Writer;
use crate::render::document::{Block, BlockKind, Inline, Item, List};

impl Writer<'_> {
    pub(super) fn list(&mut self, list: &List) {
        if list.items.iter().any(|item| item.task.is_some()) {
            self.warn("task-boxes", "Medium has no boxes to tick: they stand there as ☐ and ☑");
        }
        if is_plain(list) {
            let items: Vec<String> = list.items.iter().map(|item| self.plain_item(item)).collect();
            self.put_items(if list.start.is_some() { "ol" } else { "ul" }, &items);
            return;
        }
        self.warn(
            "list-flattened",
            "Medium's lists have one level and hold only text: inner items are marked with dashes, numbers are written out, other content stands between the items",
        );
        let mut items = Vec::new();
        self.flatten(list, 0, &mut items);
        self.put_items("ul", &items);
    }

    fn plain_item(&mut self, item: &Item) -> String {
        let text = only_paragraph(item).map_or_else(String::new, |content| self.inline(content));
        [task(item), &text].concat()
    }

    /// Adds a list's items to those that wait to be written, and writes them where something comes
    /// between.
    fn flatten(&mut self, list: &List, depth: usize, waiting: &mut Vec<String>) {
        for (number, item) in numbers(list).zip(&list.items) {
            self.line = item.line;
            let mut lead = "– ".repeat(depth);
            if let Some(number) = number {
                lead.extend([&number.to_string(), ". "]);
            }
            lead.push_str(task(item));
            let (first, rest) = match item.blocks.split_first() {
                Some((Block { kind: BlockKind::Paragraph(content), .. }, rest)) => (Some(content), rest),
                _ => (None, item.blocks.as_slice()),
            };
            self.hold_item(lead, first, waiting);
            for block in rest {
                if let BlockKind::List(inner) = &block.kind {
                    self.flatten(inner, depth + 1, waiting);
                } else {
                    self.put_items("ul", &std::mem::take(waiting));
                    self.block(block);
                }
            }
        }
    }

    /// An item's first line. One without text is only worth its number or its box.
    fn hold_item(&mut self, lead: String, content: Option<&Vec<Inline>>, waiting: &mut Vec<String>) {
        let text = content.map_or_else(String::new, |content| self.inline(content));
        let mut item = lead + &text;
        if item.chars().any(|c| c != '–' && c != ' ') {
            item.truncate(item.trim_end().len());
            waiting.push(item);
        }
    }

    /// A list of the items, and below it the pictures that stood in them.
    fn put_items(&mut self, tag: &str, items: &[String]) {
        if !items.is_empty() {
            self.put_holding(tag, "li", items);
        }
        self.put_pictures();
    }
}

/// Whether Medium can show the list as it is.
fn is_plain(list: &List) -> bool {
    list.start.is_none_or(|start| start == 1) && list.items.iter().all(|item| only_paragraph(item).is_some())
}

/// The content of an item that is one paragraph, or empty.
fn only_paragraph(item: &Item) -> Option<&[Inline]> {
    match item.blocks.as_slice() {
        [] => Some(&[]),
        [Block { kind: BlockKind::Paragraph(content), .. }] => Some(content),
        _ => None,
    }
}

/// The number of each item; `None` for bullets.
fn numbers(list: &List) -> impl Iterator<Item = Option<u64>> {
    let start = list.start;
    (0_u64..).map(move |n| start.map(|start| start.saturating_add(n)))
}

fn task(item: &Item) -> &'static str {
    match item.task {
        None => "",
        Some(false) => "☐ ",
        Some(true) => "☑ ",
    }
}
