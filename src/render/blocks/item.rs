//! Blocks within rich text. A list item and a footnote are one text each, but the text may hold
//! some HTML elements of block kind: the editor's own conversion leaves them there. Those are
//! taken that survive somebody's typing in that text; tables and the like would not, since the
//! editor joins neighbouring elements of one kind.

use super::{callout, code, writer::Writer};
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
    let lists = item.blocks.iter().skip(text.clone().count());
    text.clone().all(fits_text)
        && lists
            .clone()
            .all(|block| matches!(&block.kind, BlockKind::List(list) if list.items.iter().all(fits)))
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
    pub(super) fn text_of(&mut self, blocks: &[Block]) -> String {
        let mut out = String::new();
        let mut before = None;
        for block in blocks {
            self.line = block.line;
            let (shape, text) = self.piece(block);
            if text.is_empty() {
                continue;
            }
            if let Some(before) = before.replace(shape) {
                out.push_str(between(before, shape));
            }
            out.push_str(&text);
        }
        out
    }

    fn piece(&mut self, block: &Block) -> (Shape, String) {
        match &block.kind {
            BlockKind::Paragraph(content) => (Shape::Text, self.rich(content)),
            BlockKind::Heading { level, content, anchor } => {
                let level = self.level(*level);
                let text = self.rich(content);
                let html = format!("<h{level} class=\"wp-block-heading\" id=\"{anchor}\">{text}</h{level}>");
                (Shape::Element("h"), if text.is_empty() { text } else { html })
            }
            BlockKind::Code { language, text } => {
                (Shape::Element("pre"), code::in_text(language.as_deref(), text))
            }
            BlockKind::Figure(figure) => (Shape::Picture, self.figure_in_text(figure)),
            BlockKind::Math(tex) => {
                self.warn_math();
                (Shape::Element("pre"), code::in_text(Some("latex"), tex))
            }
            BlockKind::Embed { url, .. } => (Shape::Text, self.bare_link(url)),
            BlockKind::Quote(blocks) => (Shape::Element("blockquote"), self.quote_in_text("", blocks)),
            BlockKind::Alert { kind, title, blocks } => {
                let title = callout::title(*kind, title.as_deref()) + "<br>";
                (Shape::Element("blockquote"), self.quote_in_text(&title, blocks))
            }
            // What does not fit is asked for in footnotes only, which have nothing better.
            BlockKind::List(_)
            | BlockKind::Table(_)
            | BlockKind::Rule
            | BlockKind::Descriptions(_)
            | BlockKind::Details { .. }
            | BlockKind::More(_)
            | BlockKind::Html(_) => (Shape::Element("html"), self.plain_html(block)),
        }
    }

    /// Paragraphs as one quotation.
    fn quote_in_text(&mut self, title: &str, blocks: &[Block]) -> String {
        let text = self.text_of(blocks);
        format!("<blockquote class=\"wp-block-quote\">{title}{text}</blockquote>")
    }

    /// A picture with its caption below it.
    fn figure_in_text(&mut self, figure: &Figure) -> String {
        let mut picture = Inline::Image(figure.image.clone());
        if let Some(href) = &figure.link {
            let (href, content, line) = (href.clone(), vec![picture], self.line);
            picture = Inline::Link(Link { href, title: None, content, bare: false, wiki: false, line });
        }
        let picture = self.rich(&[picture]);
        let caption = self.rich(&figure.caption);
        if caption.is_empty() { picture } else { format!("{picture}<br><em>{caption}</em>") }
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
