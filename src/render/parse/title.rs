//! The title that a body gives itself: a first-level heading at its very start.

use comrak::nodes::Node;

use super::Converter;
use crate::render::document::{Block, BlockKind, Title, plain_text};

impl<'a> Converter<'a> {
    /// The body's blocks, and the first-level heading that it opens with. The heading is left out
    /// of the blocks where it is the title, or repeats the one that the note has.
    pub(super) fn body(&mut self, root: Node<'a>, title: Option<&str>) -> (Option<Title>, Vec<Block>) {
        let mut blocks = self.children(root);
        let Some(heading) = blocks.first().and_then(opening_heading) else { return (None, blocks) };
        if title.is_none_or(|title| same(title, &heading.text)) {
            blocks.remove(0);
        }
        (Some(heading), blocks)
    }
}

fn opening_heading(block: &Block) -> Option<Title> {
    match &block.kind {
        BlockKind::Heading { level: 1, content, .. } => {
            Some(Title { text: words(&plain_text(content)), line: block.line })
        }
        _ => None,
    }
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn same(one: &str, other: &str) -> bool {
    words(one).to_lowercase() == words(other).to_lowercase()
}
