//! Inline content as the editor's rich text: the form that its HTML parser reads back unchanged.

use super::{code, escape, markup, writer::Writer};
use crate::render::{
    LinkFate,
    document::{Inline, Link, plain_text},
};

impl Writer<'_> {
    /// Inline content, without blanks around it and with nothing in it that WordPress would run.
    pub(super) fn rich(&mut self, content: &[Inline], out: &mut String) {
        let start = out.len();
        self.inlines(content, out);
        out.truncate(start + out[start..].trim_end_matches(escape::is_blank).len());
        let text = out[start..].trim_start_matches(escape::is_blank).len();
        if start + text < out.len() {
            out.replace_range(start..out.len() - text, "");
        }
        escape::keep_shortcodes_out(out, start);
    }

    fn inlines(&mut self, content: &[Inline], out: &mut String) {
        for inline in content {
            self.inline(inline, out);
        }
    }

    fn inline(&mut self, inline: &Inline, out: &mut String) {
        match inline {
            Inline::Text(text) => escape::push_text(text, out),
            Inline::SoftBreak => out.push(' '),
            Inline::HardBreak => out.push_str("<br>"),
            Inline::Code(text) => code::inline(text, out),
            Inline::Emphasis(content) => self.wrapped("em", content, out),
            Inline::Strong(content) => self.wrapped("strong", content, out),
            Inline::Strikethrough(content) => self.wrapped("s", content, out),
            Inline::Link(link) => self.link(link, out),
            Inline::Image(image) => self.inline_image(image, out),
            Inline::FootnoteRef { index, nth } => self.reference(*index, *nth, out),
            Inline::Math { tex, .. } => {
                self.warn_math();
                code::inline(tex, out);
            }
            Inline::Element(raw) => self.element(&raw.name, &raw.attributes, &raw.content, out),
        }
    }

    fn wrapped(&mut self, element: &str, content: &[Inline], out: &mut String) {
        markup::around(out, &["<", element, ">"], &["</", element, ">"], |out| self.inlines(content, out));
    }

    /// A raw element of the note; an empty one may be there for its `id`.
    fn element(&mut self, name: &str, attributes: &[(String, String)], content: &[Inline], out: &mut String) {
        out.extend(["<", name]);
        for (name, value) in attributes {
            out.extend([" ", name, "=\"", &escape::attribute(value), "\""]);
        }
        out.push('>');
        if !matches!(name, "br" | "wbr") {
            self.inlines(content, out);
            out.extend(["</", name, ">"]);
        }
    }

    fn reference(&mut self, index: usize, nth: u32, out: &mut String) {
        let reference = self.notes.reference(index, nth);
        if self.links_open == 0 { out.push_str(&reference) } else { self.waiting.push_str(&reference) }
    }

    fn link(&mut self, link: &Link, out: &mut String) {
        if self.links_open > 0 {
            return self.inlines(&link.content, out);
        }
        let fate = self.fate(&link.href, link.line);
        self.link_of(fate, link, out);
    }

    /// A link, or what is left of it.
    pub(super) fn link_of(&mut self, fate: LinkFate, link: &Link, out: &mut String) {
        match fate {
            LinkFate::To(href) => self.link_to(&href, link, out),
            LinkFate::Unlink => self.inlines(&link.content, out),
            // The text of a bare link is the very address that is not to be shown.
            LinkFate::Label(label) if link.bare => escape::push_text(&label, out),
            LinkFate::Label(label) => {
                self.inlines(&link.content, out);
                if !plain_text(&link.content).trim_end().ends_with(&label) {
                    out.push(' ');
                    escape::push_text(&label, out);
                }
            }
        }
    }

    fn link_to(&mut self, href: &str, link: &Link, out: &mut String) {
        let title = link.title.as_deref().map(escape::attribute);
        let title = match &title {
            Some(title) => [" title=\"", title, "\""],
            None => [""; 3],
        };
        let start = ["<a href=\"", &escape::address(href), "\"", title[0], title[1], title[2], ">"];
        self.links_open += 1;
        markup::around(out, &start, &["</a>"], |out| self.inlines(&link.content, out));
        self.links_open -= 1;
        out.push_str(&std::mem::take(&mut self.waiting));
    }
}
