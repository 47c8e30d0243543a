//! Blocks within rich text. A list item and a footnote are one text each, but the text may hold
//! some HTML elements of block kind: the editor's own conversion leaves them there. Those are
//! taken that survive somebody's typing in that text; tables and the like would not, since the
//! editor joins neighbouring elements of one kind.

use super::{
    callout, code, markup,
    writer::{QUOTE, Writer},
};
use crate::render::document::{Block, BlockKind, Figure, Inline, Item, Link};

/// How a piece of text stands to the next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Runs on: two are divided by an empty line.
    Text,
    /// A picture, on a line of its own.
    Picture,
    /// An element of block kind.
    Element(&'static str),
}

/// Whether an item can be WordPress' list item: what fits into its text, then lists.
pub(super) fn fits(item: &Item) -> bool {
    let text = item.blocks.iter().take_while(|block| !matches!(block.kind, BlockKind::List(_)));
    let mut lists = item.blocks.iter().skip(text.clone().count());
    let fits_list =
        |block: &Block| matches!(&block.kind, BlockKind::List(list) if list.items.iter().all(fits));
    text.clone().all(fits_text) && lists.all(fits_list)
}

/// Whether a block can stand in rich text.
pub(super) fn fits_text(block: &Block) -> bool {
    let paragraphs =
        |blocks: &[Block]| blocks.iter().all(|block| matches!(block.kind, BlockKind::Paragraph(_)));
    match &block.kind {
        BlockKind::Paragraph(_)
        | BlockKind::Heading { .. }
        | BlockKind::Code { .. }
        | BlockKind::Figure(_)
        | BlockKind::Math(_)
        | BlockKind::Embed { .. } => true,
        BlockKind::Quote(blocks) | BlockKind::Alert { blocks, .. } => paragraphs(blocks),
        _ => false,
    }
}

impl Writer<'_> {
    /// Blocks that fit, as rich text.
    pub(super) fn text_of(&mut self, blocks: &[Block], out: &mut String) {
        let mut before = None;
        for block in blocks {
            self.line = block.line;
            let shape = shape(block);
            let gap = before.map_or("", |before| between(before, shape));
            let start = out.len();
            markup::around(out, &[gap], &[], |out| self.piece(block, out));
            if out.len() > start {
                before = Some(shape);
            }
        }
    }

    fn piece(&mut self, block: &Block, out: &mut String) {
        match &block.kind {
            BlockKind::Paragraph(content) => self.rich(content, out),
            BlockKind::Heading { level, content, anchor } => {
                self.heading_element(*level, content, anchor, out);
            }
            BlockKind::Code { language, text } => code::in_text(language.as_deref(), text, out),
            BlockKind::Figure(figure) => self.figure_in_text(figure, out),
            BlockKind::Math(tex) => {
                self.warn_math();
                code::in_text(Some("latex"), tex, out);
            }
            BlockKind::Embed { url, .. } => {
                let link = self.bare(url);
                self.rich(&[Inline::Link(Box::new(link))], out);
            }
            BlockKind::Quote(blocks) => {
                out.push_str(QUOTE);
                self.text_of(blocks, out);
                out.push_str("</blockquote>");
            }
            BlockKind::Alert { kind, title, blocks } => {
                out.push_str(QUOTE);
                callout::title(*kind, title.as_deref(), out);
                out.push_str("<br>");
                self.text_of(blocks, out);
                out.push_str("</blockquote>");
            }
            // What does not fit is asked for in footnotes only, which have nothing better.
            BlockKind::List(_)
            | BlockKind::Table(_)
            | BlockKind::Rule
            | BlockKind::Descriptions(_)
            | BlockKind::Details { .. }
            | BlockKind::More(_)
            | BlockKind::Html(_) => out.push_str(&self.plain_html(block)),
        }
    }

    /// A picture with its caption below it.
    fn figure_in_text(&mut self, figure: &Figure, out: &mut String) {
        let mut picture = Inline::Image(Box::new(figure.image.clone()));
        if let Some(href) = &figure.link {
            let (href, content, line) = (href.clone(), vec![picture], self.line);
            let link = Link { href, title: None, content, bare: false, wiki: false, line };
            picture = Inline::Link(Box::new(link));
        }
        self.rich(&[picture], out);
        markup::around(out, &["<br><em>"], &["</em>"], |out| self.rich(&figure.caption, out));
    }
}

fn shape(block: &Block) -> Shape {
    match &block.kind {
        BlockKind::Paragraph(_) | BlockKind::Embed { .. } => Shape::Text,
        BlockKind::Figure(_) => Shape::Picture,
        BlockKind::Heading { .. } => Shape::Element("h"),
        BlockKind::Code { .. } | BlockKind::Math(_) => Shape::Element("pre"),
        BlockKind::Quote(_) | BlockKind::Alert { .. } => Shape::Element("blockquote"),
        // Those that `piece` writes as HTML, where each is named.
        _ => Shape::Element("html"),
    }
}

/// What divides two pieces. Two elements of one kind would run together in the editor.
fn between(before: Shape, after: Shape) -> &'static str {
    match (before, after) {
        (Shape::Element(a), Shape::Element(b)) if a == b => "<br>",
        (Shape::Element(_), _) | (_, Shape::Element(_)) => "",
        (Shape::Picture, _) | (_, Shape::Picture) => "<br>",
        (Shape::Text, Shape::Text) => "<br><br>",
    }
}
