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
        let trimmed = html.trim_matches(escape::is_blank);
        if trimmed.len() == html.len() && !html.contains('[') {
            return html;
        }
        escape::without_shortcodes(trimmed)
    }

    pub(super) fn inlines(&mut self, content: &[Inline]) -> String {
        let texts =
            content.iter().map(|inline| if let Inline::Text(text) = inline { text.len() } else { 32 });
        let mut out = String::with_capacity(texts.sum());
        for inline in content {
            self.inline(inline, &mut out);
        }
        out
    }

    fn inline(&mut self, inline: &Inline, out: &mut String) {
        match inline {
            Inline::Text(text) => escape::push_text(text, out),
            Inline::SoftBreak => out.push(' '),
            Inline::HardBreak => out.push_str("<br>"),
            Inline::Code(text) => out.push_str(&code::inline(text)),
            Inline::Emphasis(content) => self.wrapped("em", content, out),
            Inline::Strong(content) => self.wrapped("strong", content, out),
            Inline::Strikethrough(content) => self.wrapped("s", content, out),
            Inline::Link(link) => out.push_str(&self.link(link)),
            Inline::Image(image) => out.push_str(&self.inline_image(image)),
            Inline::FootnoteRef { index, nth } => out.push_str(&self.reference(*index, *nth)),
            Inline::Math { tex, .. } => {
                self.warn_math();
                out.push_str(&code::inline(tex));
            }
            Inline::Element { name, attributes, content } => {
                out.push_str(&self.element(name, attributes, content));
            }
        }
    }

    fn wrapped(&mut self, element: &str, content: &[Inline], out: &mut String) {
        let before = out.len();
        out.extend(["<", element, ">"]);
        let inside = out.len();
        for inline in content {
            self.inline(inline, out);
        }
        if out.len() == inside {
            out.truncate(before);
        } else {
            out.extend(["</", element, ">"]);
        }
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
            _ => [&tag, ">", &inner, "</", name, ">"].concat(),
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
        let fate = self.fate(&link.href, link.line);
        self.link_of(fate, link)
    }

    /// A link, or what is left of it.
    pub(super) fn link_of(&mut self, fate: LinkFate, link: &Link) -> String {
        match fate {
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
        let title =
            link.title.as_deref().map(|title| [" title=\"", &escape::attribute(title), "\""].concat());
        let (href, title) = (escape::address(href), title.unwrap_or_default());
        ["<a href=\"", &href, "\"", &title, ">", &text, "</a>", &waiting].concat()
    }
}
