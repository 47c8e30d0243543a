//! Inline content, always on one line.

use super::writer::Writer;
use crate::render::document::Inline;

impl Writer<'_> {
    pub(super) fn inlines(&mut self, content: &[Inline]) {
        for inline in content {
            self.inline(inline);
        }
    }

    fn inline(&mut self, inline: &Inline) {
        match inline {
            Inline::Text(text) => self.text(&text.replace(['\n', '\r'], " ")),
            Inline::SoftBreak => self.push(" "),
            Inline::HardBreak => self.push("<br/>"),
            Inline::Code(code) => self.code_span(code),
            Inline::Emphasis(content) => self.wrapped("em", content),
            Inline::Strong(content) => self.wrapped("strong", content),
            Inline::Strikethrough(content) => self.wrapped("del", content),
            Inline::Link(link) => self.link(link),
            Inline::Image(image) => self.image(image),
            Inline::FootnoteRef { index, nth } => self.reference(*index, *nth),
            Inline::Math { tex, .. } => self.math_span(tex),
            Inline::Element(raw) => self.element(&raw.name, &raw.content),
        }
    }

    fn wrapped(&mut self, element: &str, content: &[Inline]) {
        let inner = self.apart(|writer| writer.inlines(content));
        if !inner.is_empty() {
            self.push(&format!("<{element}>{inner}</{element}>"));
        }
    }

    fn element(&mut self, name: &str, content: &[Inline]) {
        match inline_form(name) {
            Form::As(element) => self.wrapped(element, content),
            Form::Quoted => self.within("“", "”", |writer| writer.inlines(content)),
            Form::Words => self.inlines(content),
            Form::Less => {
                self.reduced(name);
                self.inlines(content);
            }
        }
    }

    pub(super) fn reduced(&mut self, name: &str) {
        self.warn("html-reduced", format!("storage format has no `<{name}>`: what is in it stays"));
    }
}

/// What becomes of an inline element of HTML.
pub(super) enum Form {
    /// This element.
    As(&'static str),
    /// Quotation marks.
    Quoted,
    /// Its words, which lose nothing.
    Words,
    /// Its words, which lose something.
    Less,
}

/// What storage format has for an inline element ("Text formatting" in its documentation).
pub(super) fn inline_form(name: &str) -> Form {
    match name {
        "b" | "strong" => Form::As("strong"),
        "i" | "em" | "cite" | "dfn" | "address" => Form::As("em"),
        "u" | "ins" => Form::As("u"),
        "s" | "del" | "strike" => Form::As("del"),
        "code" | "kbd" | "samp" | "tt" | "var" => Form::As("code"),
        "sub" => Form::As("sub"),
        "sup" => Form::As("sup"),
        "small" => Form::As("small"),
        "q" => Form::Quoted,
        "span" | "wbr" | "time" | "data" | "bdi" => Form::Words,
        _ => Form::Less,
    }
}
