//! Inline content as the editor's rich text: the form that its HTML parser reads back unchanged.

use super::{code, escape, writer::Writer};
use crate::render::{
    LinkFate,
    document::{Inline, Link, plain_text},
};

impl Writer<'_> {
    /// Inline content, without blanks around it and with nothing in it that WordPress would run.
    pub(super) fn rich(&mut self, content: &[Inline]) -> String {
        let html = self.inlines(content);
        escape::without_shortcodes(html.trim_matches(escape::is_blank))
    }

    pub(super) fn inlines(&mut self, content: &[Inline]) -> String {
        content.iter().map(|inline| self.inline(inline)).collect()
    }

    fn inline(&mut self, inline: &Inline) -> String {
        match inline {
            Inline::Text(text) => escape::text(text),
            Inline::SoftBreak => " ".to_owned(),
            Inline::HardBreak => "<br>".to_owned(),
            Inline::Code(text) => code::inline(text),
            Inline::Emphasis(content) => self.wrapped("em", content),
            Inline::Strong(content) => self.wrapped("strong", content),
            Inline::Strikethrough(content) => self.wrapped("s", content),
            Inline::Link(link) => self.link(link),
            Inline::Image(image) => self.inline_image(image),
            Inline::FootnoteRef { index, nth } => self.reference(*index, *nth),
            Inline::Math { tex, .. } => {
                self.warn_math();
                code::inline(tex)
            }
            Inline::Element { name, attributes, content } => self.element(name, attributes, content),
        }
    }

    fn wrapped(&mut self, element: &str, content: &[Inline]) -> String {
        let inner = self.inlines(content);
        if inner.is_empty() { inner } else { format!("<{element}>{inner}</{element}>") }
    }

    /// A raw element of the note; an empty one may be there for its `id`.
    fn element(&mut self, name: &str, attributes: &[(String, String)], content: &[Inline]) -> String {
        let mut tag = format!("<{name}");
        for (name, value) in attributes {
            tag.extend([" ", name, "=\"", &escape::attribute(value), "\""]);
        }
        let inner = self.inlines(content);
        match name {
            "br" | "wbr" => format!("{tag}>"),
            _ => format!("{tag}>{inner}</{name}>"),
        }
    }

    fn reference(&mut self, index: usize, nth: u32) -> String {
        let reference = self.notes.reference(index, nth);
        if self.links_open == 0 {
            return reference;
        }
        self.waiting.push_str(&reference);
        String::new()
    }

    fn link(&mut self, link: &Link) -> String {
        if self.links_open > 0 {
            return self.inlines(&link.content);
        }
        match self.fate(&link.href, link.line) {
            LinkFate::To(href) => self.link_to(&href, link),
            LinkFate::Unlink => self.inlines(&link.content),
            // The text of a bare link is the very address that is not to be shown.
            LinkFate::Label(label) if link.bare => escape::text(&label),
            LinkFate::Label(label) => {
                let text = self.inlines(&link.content);
                let labelled = plain_text(&link.content).trim_end().ends_with(&label);
                if labelled { text } else { format!("{text} {}", escape::text(&label)) }
            }
        }
    }

    fn link_to(&mut self, href: &str, link: &Link) -> String {
        self.links_open += 1;
        let text = self.inlines(&link.content);
        self.links_open -= 1;
        let waiting = std::mem::take(&mut self.waiting);
        if text.is_empty() {
            return waiting;
        }
        let title = link.title.as_deref().map(|title| format!(" title=\"{}\"", escape::attribute(title)));
        format!("<a href=\"{}\"{}>{text}</a>{waiting}", escape::address(href), title.unwrap_or_default())
    }
}
