//! Lists. WordPress' list item holds one text and then lists, nothing else; `item` says what still
//! fits into that text. A list with anything more is sent as HTML, whole: cut in two, it would
//! count wrong and read as two.

use serde_json::Value;

use super::{item::fits, markup, writer::Writer};
use crate::render::document::{Block, BlockKind, Item, List};

impl Writer<'_> {
    pub(super) fn list(&mut self, list: &List, block: &Block) -> String {
        if let Some(line) = list.items.iter().find(|item| !fits(item)).map(|item| item.line) {
            self.line = line;
            self.warn(
                "list-as-html",
                "an item of this list holds what WordPress' list block cannot: it is sent as HTML",
            );
            return self.as_html(block);
        }
        self.native_list(list)
    }

    fn native_list(&mut self, list: &List) -> String {
        let items = markup::join(list.items.iter().map(|item| self.item(item)).collect::<Vec<_>>());
        list_block(list.start, &items)
    }

    fn item(&mut self, item: &Item) -> String {
        let lists = item.blocks.iter().position(|block| matches!(block.kind, BlockKind::List(_)));
        let (text, lists) =
            item.blocks.split_at_checked(lists.unwrap_or(item.blocks.len())).unwrap_or_default();
        let task = match item.task {
            // Authors lose an <input> (WordPress fact 36).
            Some(true) => "☑ ",
            Some(false) => "☐ ",
            None => "",
        };
        let text = self.text_of(text);
        let inner = lists.iter().filter_map(|block| match &block.kind {
            BlockKind::List(list) => Some(list),
            _ => None,
        });
        let inner = markup::join(inner.map(|list| self.native_list(list)).collect::<Vec<_>>());
        item_block(&[task, &text, &inner].concat())
    }
}

/// An item with its text and the lists in it.
pub(super) fn item_block(content: &str) -> String {
    markup::block("list-item", &[], &["<li>", content, "</li>"].concat())
}

/// A list of items; `start` for a numbered one.
pub(super) fn list_block(start: Option<u64>, items: &str) -> String {
    let class = "class=\"wp-block-list\"";
    let (attributes, html) = match start {
        None => (vec![], format!("<ul {class}>{items}</ul>")),
        Some(1) => (vec![("ordered", Value::from(true))], format!("<ol {class}>{items}</ol>")),
        Some(start) => (
            vec![("ordered", Value::from(true)), ("start", Value::from(start))],
            format!("<ol start=\"{start}\" {class}>{items}</ol>"),
        ),
    };
    markup::block("list", &attributes, &html)
}
