//! The title that a body gives itself: a first-level heading at its very start.

use comrak::nodes::{Node, NodeHeading, NodeValue};

use super::{Converter, inline::plain};
use crate::render::document::{Block, BlockKind, Title, plain_text};

impl<'a> Converter<'a> {
    /// The body's blocks, and the first-level heading that it opens with. The heading is left out
    /// of the blocks where it is the title, or repeats the one that the note has.
    pub(super) fn body(&mut self, root: Node<'a>, title: Option<&str>) -> (Option<Title>, Vec<Block>) {
        let goes = |heading: &Title| title.is_none_or(|title| same(title, &heading.text));
        if let Some((node, heading)) = self.written_heading(root)
            && goes(&heading)
        {
            // Taken out before it is converted, so that a footnote in it is not counted; its anchor
            // stays taken.
            self.anchors.anchorize(&heading.text);
            node.detach();
            return (Some(heading), self.children(root));
        }
        let mut blocks = self.children(root);
        let heading = blocks.first().and_then(opening_heading);
        if heading.as_ref().is_some_and(goes) {
            blocks.remove(0);
        }
        (heading, blocks)
    }

    /// The heading that the body opens with, if it is written in Markdown. Comments and footnotes
    /// before it show nothing.
    fn written_heading(&self, root: Node<'a>) -> Option<(Node<'a>, Title)> {
        let shows = |node: &Node<'a>| match &node.data().value {
            NodeValue::FootnoteDefinition(_) => false,
            NodeValue::HtmlBlock(html) => !html.literal.trim_start().starts_with("<!--"),
            _ => true,
        };
        let node = root.children().find(shows)?;
        if !matches!(node.data().value, NodeValue::Heading(NodeHeading { level: 1, .. })) {
            return None;
        }
        let heading = Title { text: words(&plain(node)), line: self.line(node) };
        (!heading.text.is_empty()).then_some((node, heading))
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
    one.split_whitespace().map(str::to_lowercase).eq(other.split_whitespace().map(str::to_lowercase))
}
