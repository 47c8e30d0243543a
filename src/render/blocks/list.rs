//! Lists. WordPress' list item holds one text and then lists, nothing else; `item` says what still
//! fits into that text. A list with anything more is sent as HTML, whole: cut in two, it would
//! count wrong and read as two.

use super::{item::fits, markup, writer::Writer};
use crate::render::document::{Block, BlockKind, Item, List};

impl Writer<'_> {
    pub(super) fn list(&mut self, list: &List, block: &Block, out: &mut String) {
        if let Some(line) = list.items.iter().find(|item| !fits(item)).map(|item| item.line) {
            self.line = line;
            self.warn(
                "list-as-html",
                "an item of this list holds what WordPress' list block cannot: it is sent as HTML",
            );
            return self.as_html(block, out);
        }
        self.native_list(list, out);
    }

    fn native_list(&mut self, list: &List, out: &mut String) {
        list_block(list.start, out, |out| {
            let first = out.len();
            for item in &list.items {
                markup::next(out, first, |out| self.item(item, out));
            }
        });
    }

    fn item(&mut self, item: &Item, out: &mut String) {
        let lists = item.blocks.iter().position(|block| matches!(block.kind, BlockKind::List(_)));
        let (text, lists) =
            item.blocks.split_at_checked(lists.unwrap_or(item.blocks.len())).unwrap_or_default();
        let task = match item.task {
            // Authors lose an <input> (WordPress fact 36).
            Some(true) => "☑ ",
            Some(false) => "☐ ",
            None => "",
        };
        item_block(out, |out| {
            out.push_str(task);
            self.text_of(text, out);
            let first = out.len();
            for block in lists {
                if let BlockKind::List(list) = &block.kind {
                    markup::next(out, first, |out| self.native_list(list, out));
                }
            }
        });
    }
}

/// An item with its text and the lists in it.
pub(super) fn item_block(out: &mut String, content: impl FnOnce(&mut String)) {
    markup::open(out, "list-item", "");
    out.push_str("<li>");
    content(out);
    out.push_str("</li>");
    markup::close(out, "list-item");
}

/// A list of items; `start` for a numbered one.
pub(super) fn list_block(start: Option<u64>, out: &mut String, items: impl FnOnce(&mut String)) {
    let (attributes, element, number) = match start {
        None => (String::new(), "ul", String::new()),
        Some(1) => ("{\"ordered\":true}".to_owned(), "ol", String::new()),
        Some(start) => {
            (format!("{{\"ordered\":true,\"start\":{start}}}"), "ol", format!(" start=\"{start}\""))
        }
    };
    markup::open(out, "list", &attributes);
    out.extend(["<", element, &number, " class=\"wp-block-list\">"]);
    items(out);
    out.extend(["</", element, ">"]);
    markup::close(out, "list");
}
