//! Inline content, always on one line.

use super::{escape, writer::Writer};
use crate::render::document::Inline;

impl Writer<'_> {
    pub(super) fn inlines(&mut self, content: &[Inline]) {
        for inline in content {
            self.inline(inline);
        }
    }

    fn inline(&mut self, inline: &Inline) {
        match inline {
            Inline::Text(text) => self.text(text),
            Inline::SoftBreak => self.push(" "),
            Inline::HardBreak => self.push("<br />"),
            Inline::Code(code) => self.code_span(code),
            Inline::Emphasis(content) => self.emphasis(content),
            Inline::Strong(content) => self.strong(content),
            Inline::Strikethrough(content) => self.wrapped("del", content),
            Inline::Link(link) => self.link(link),
            Inline::Image(image) => self.image(image),
            Inline::FootnoteRef { index, nth } => self.reference(*index, *nth),
            Inline::Math { tex, display } => self.math_span(tex, *display),
            Inline::Element(raw) => self.element(&raw.name, &raw.attributes, &raw.content),
        }
    }

    fn wrapped(&mut self, element: &str, content: &[Inline]) {
        self.push(&format!("<{element}>"));
        self.inlines(content);
        self.push(&format!("</{element}>"));
    }

    fn emphasis(&mut self, content: &[Inline]) {
        let outer = std::mem::replace(&mut self.italic, true);
        let inner = self.apart(|writer| writer.inlines(content));
        self.italic = outer;
        self.quoted("''", "em", outer, &inner);
    }

    fn strong(&mut self, content: &[Inline]) {
        let outer = std::mem::replace(&mut self.bold, true);
        let inner = self.apart(|writer| writer.inlines(content));
        self.bold = outer;
        self.quoted("'''", "strong", outer, &inner);
    }

    /// Apostrophes where they cannot be counted otherwise than meant, and else tags.
    fn quoted(&mut self, quotes: &str, element: &str, is_inside: bool, inner: &str) {
        let touches = self.out.ends_with('\'') || inner.starts_with('\'') || inner.ends_with('\'');
        if inner.is_empty() {
            return;
        }
        if is_inside || touches {
            self.push(&format!("<{element}>{inner}</{element}>"));
        } else {
            self.push(&format!("{quotes}{inner}{quotes}"));
        }
    }

    /// HTML that stays within text: MediaWiki takes all of it that a document can hold.
    fn element(&mut self, name: &str, attributes: &[(String, String)], content: &[Inline]) {
        self.open_tag(name, attributes);
        if name != "wbr" {
            self.inlines(content);
            self.push(&format!("</{name}>"));
        }
    }

    pub(super) fn open_tag(&mut self, name: &str, attributes: &[(String, String)]) {
        self.push(&format!("<{name}"));
        for (attribute, value) in attributes {
            self.push(&format!(" {attribute}=\"{}\"", escape::parameter(value)));
        }
        self.push(if matches!(name, "wbr" | "br" | "hr") { " />" } else { ">" });
    }
}
