//! Inline content.

use std::mem::take;

use comrak::nodes::{Node, NodeLink, NodeValue, NodeWikiLink};

use super::{
    Converter,
    builder::{Builder, element},
    shape,
};
use crate::render::{
    document::{Image, Inline, Inlines, Link},
    sanitise::token::{self, Piece, Placed},
};

impl<'a> Converter<'a> {
    /// The inline content that a node holds.
    pub(super) fn inlines(&mut self, parent: Node<'a>) -> Inlines {
        let line = self.line(parent);
        self.deeper(line, |this| {
            let mut builder = Builder::with_capacity(parent.children().count());
            for child in parent.children() {
                let open = builder.depth();
                this.depth += open;
                this.inline(child, &mut builder);
                this.depth -= open;
            }
            this.built(builder)
        })
    }

    /// The inline content of raw HTML.
    pub(super) fn html_inlines(&mut self, pieces: Vec<Placed>) -> Inlines {
        let mut builder = Builder::with_capacity(pieces.len());
        for placed in pieces {
            let open = builder.depth();
            self.depth += open;
            self.html_piece(placed, &mut builder);
            self.depth -= open;
        }
        trimmed(self.built(builder))
    }

    fn built(&mut self, builder: Builder) -> Inlines {
        let (content, warnings) = builder.finish();
        self.warnings.extend(warnings);
        content
    }

    fn html_piece(&mut self, placed: Placed, builder: &mut Builder) {
        match placed.piece {
            Piece::Open(tag) => {
                if self.has_room(placed.line, 1) {
                    builder.open(tag, placed.line);
                }
            }
            Piece::Close(name) => builder.close(&name, placed.line),
            Piece::Text(text) => builder.html_text(&text),
            Piece::Comment(_) => {}
        }
    }

    /// One inline node. Every kind is named: a new one in comrak must be decided here.
    fn inline(&mut self, node: Node<'a>, builder: &mut Builder) {
        if let Some(text) = taken(node) {
            return builder.push(text);
        }
        let line = self.line(node);
        match &node.data().value {
            NodeValue::Raw(text) => builder.push(Inline::Text(text.clone())),
            NodeValue::EscapedTag(text) => builder.push(Inline::Text((*text).to_owned())),
            NodeValue::ShortCode(code) => builder.push(Inline::Text(code.emoji.clone())),
            NodeValue::SoftBreak => builder.push(Inline::SoftBreak),
            NodeValue::LineBreak => builder.push(Inline::HardBreak),
            NodeValue::Math(math) => {
                builder.push(Inline::Math { tex: math.literal.clone(), display: math.display_math });
            }
            NodeValue::HtmlInline(html) => self.html_inline(html, line, builder),
            NodeValue::Emph => builder.push(Inline::Emphasis(self.inlines(node))),
            NodeValue::Strong => builder.push(Inline::Strong(self.inlines(node))),
            NodeValue::Strikethrough => builder.push(Inline::Strikethrough(self.inlines(node))),
            NodeValue::Highlight => self.element("mark", node, builder),
            NodeValue::Insert => self.element("ins", node, builder),
            NodeValue::Superscript => self.element("sup", node, builder),
            NodeValue::Subscript => self.element("sub", node, builder),
            NodeValue::Underline => self.element("u", node, builder),
            NodeValue::Link(written) => self.link(written, node, builder),
            NodeValue::WikiLink(written) => self.wiki_link(written, node, builder),
            NodeValue::Image(image) => builder.picture(picture(image, node, line)),
            NodeValue::FootnoteReference(reference) => match self.footnotes.refer(&reference.name) {
                Some((index, nth)) => builder.push(Inline::FootnoteRef { index, nth }),
                None => builder.push(Inline::Text(format!("[^{}]", reference.name))),
            },
            // Those were taken; comments are no content.
            NodeValue::Text(_) | NodeValue::Code(_) | NodeValue::CommentInline(_) => {}
            // Wrappers without a form of their own, and blocks, which never stand among inlines.
            NodeValue::Escaped
            | NodeValue::SpoileredText
            | NodeValue::Document
            | NodeValue::FrontMatter(_)
            | NodeValue::BlockQuote
            | NodeValue::List(_)
            | NodeValue::Item(_)
            | NodeValue::DescriptionList
            | NodeValue::DescriptionItem(_)
            | NodeValue::DescriptionTerm
            | NodeValue::DescriptionDetails
            | NodeValue::CodeBlock(_)
            | NodeValue::HtmlBlock(_)
            | NodeValue::Paragraph
            | NodeValue::Heading(_)
            | NodeValue::ThematicBreak
            | NodeValue::FootnoteDefinition(_)
            | NodeValue::Table(_)
            | NodeValue::TableRow(_)
            | NodeValue::TableCell
            | NodeValue::TaskItem(_)
            | NodeValue::MultilineBlockQuote(_)
            | NodeValue::Alert(_)
            | NodeValue::Callout(_)
            | NodeValue::CalloutTitle
            | NodeValue::Subtext
            | NodeValue::BlockDirective(_)
            | NodeValue::MultilineComment(_) => builder.extend(self.inlines(node)),
        }
    }

    fn element(&mut self, name: &str, node: Node<'a>, builder: &mut Builder) {
        let content = self.inlines(node);
        builder.push(element(name, Vec::new(), content));
    }

    fn html_inline(&mut self, html: &str, line: u32, builder: &mut Builder) {
        if html.starts_with("<!--") {
            let comment = html.trim_start_matches("<!--").trim_end_matches("-->");
            if shape::more(comment).is_some() {
                self.misplaced_more(line);
            }
        } else if html.starts_with("<!") || html.starts_with("<?") {
            self.warn("html-removed", line, "an HTML declaration was removed: it is not shown in a post");
        } else {
            for placed in token::pieces(html) {
                self.html_piece(Placed { line, ..placed }, builder);
            }
        }
    }

    fn link(&mut self, written: &NodeLink, node: Node<'a>, builder: &mut Builder) {
        let (line, content) = (self.line(node), self.inlines(node));
        builder.link(written.url.clone(), some(&written.title), content, line);
    }

    /// `[[week-46|label]]`; `![[team.png]]` is a picture.
    fn wiki_link(&mut self, written: &NodeWikiLink, node: Node<'a>, builder: &mut Builder) {
        let (line, label) = (self.line(node), plain(node));
        let content = self.inlines(node);
        if written.embed && is_picture(&written.url) {
            let alt = if label == written.url { String::new() } else { label };
            builder.picture(Image { src: written.url.clone(), alt, title: None, width: None, line });
        } else {
            builder.any_link(Link {
                href: written.url.clone(),
                title: None,
                content,
                bare: false,
                wiki: true,
                line,
            });
        }
    }
}

/// A node's text, taken out of it: nothing asks it again.
fn taken(node: Node<'_>) -> Option<Inline> {
    match &mut node.data_mut().value {
        NodeValue::Text(text) => Some(Inline::Text(take(text).into_owned())),
        NodeValue::Code(code) => Some(Inline::Code(take(&mut code.literal))),
        _ => None,
    }
}

/// Without line ends and blanks at either end.
fn trimmed(mut content: Inlines) -> Inlines {
    while matches!(content.first(), Some(Inline::SoftBreak)) {
        content.remove(0);
    }
    while matches!(content.last(), Some(Inline::SoftBreak)) {
        content.pop();
    }
    if let Some(Inline::Text(text)) = content.first_mut() {
        *text = text.trim_start().to_owned();
    }
    if let Some(Inline::Text(text)) = content.last_mut() {
        text.truncate(text.trim_end().len());
    }
    content
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn is_picture(path: &str) -> bool {
    let extension = path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    matches!(
        extension.as_deref(),
        Some("png" | "jpg" | "jpeg" | "gif" | "webp" | "avif" | "svg" | "tiff" | "bmp")
    )
}

fn picture(image: &NodeLink, node: Node<'_>, line: u32) -> Image {
    Image { src: image.url.clone(), alt: plain(node), title: some(&image.title), width: None, line }
}

/// The plain text that a node holds, as an alternative text has it.
pub(super) fn plain(node: Node<'_>) -> String {
    let mut out = String::new();
    for inside in node.descendants() {
        match &inside.data().value {
            NodeValue::Text(text) => out.push_str(text),
            NodeValue::Code(code) => out.push_str(&code.literal),
            NodeValue::Math(math) => out.push_str(&math.literal),
            NodeValue::ShortCode(code) => out.push_str(&code.emoji),
            NodeValue::SoftBreak | NodeValue::LineBreak => out.push(' '),
            _ => {}
        }
    }
    out
}
