//! Text with its emphasis, code and links; and the same without any markup.

use super::{Writer, notes::superscript};
use crate::render::{
    LinkFate,
    document::{Inline, Link},
    html::escape,
};

impl Writer<'_> {
    /// Inline content as HTML.
    pub(super) fn inline(&mut self, content: &[Inline]) -> String {
        let texts =
            content.iter().map(|inline| if let Inline::Text(text) = inline { text.len() } else { 32 });
        let mut text = Text { writer: self, markup: true, out: String::with_capacity(texts.sum()) };
        text.run(content);
        text.out
    }

    /// Inline content as text, not escaped: what a code block can hold.
    pub(super) fn plain(&mut self, content: &[Inline]) -> String {
        let mut text = Text { writer: self, markup: false, out: String::new() };
        text.run(content);
        text.out
    }
}

/// A run of text as it grows.
struct Text<'w, 'a> {
    writer: &'w mut Writer<'a>,
    markup: bool,
    out: String,
}

impl Text<'_, '_> {
    fn run(&mut self, content: &[Inline]) {
        let mut after_reference = false;
        for inline in content {
            let is_reference = matches!(inline, Inline::FootnoteRef { .. });
            if is_reference && after_reference {
                // Or else notes 1 and 2 side by side would read as note 12.
                self.text("\u{202f}");
            }
            self.one(inline);
            after_reference = is_reference;
        }
    }

    fn one(&mut self, inline: &Inline) {
        match inline {
            Inline::Text(text) => self.text(text),
            Inline::HardBreak if self.markup => self.out.push_str("<br>"),
            Inline::SoftBreak | Inline::HardBreak => self.text(" "),
            Inline::Code(code) => self.wrapped("code", |text| text.text(code)),
            Inline::Emphasis(content) => self.wrapped("em", |text| text.run(content)),
            Inline::Strong(content) => self.wrapped("strong", |text| text.run(content)),
            Inline::Strikethrough(content) => self.struck(content),
            Inline::Link(link) => self.link(link),
            Inline::Image(image) => {
                let instead = self.writer.picture_in_text(image);
                self.text(&instead);
            }
            Inline::FootnoteRef { index, .. } => self.text(&superscript(index + 1)),
            Inline::Math { tex, .. } => self.math(tex),
            Inline::Element(raw) => self.element(&raw.name, &raw.attributes, &raw.content),
        }
    }

    fn text(&mut self, text: &str) {
        if self.markup { escape::text(text, &mut self.out) } else { self.out.push_str(text) }
    }

    fn tag(&mut self, parts: &[&str]) {
        if self.markup {
            self.out.extend(parts.iter().copied());
        }
    }

    fn wrapped(&mut self, tag: &str, content: impl FnOnce(&mut Self)) {
        self.tag(&["<", tag, ">"]);
        content(self);
        self.tag(&["</", tag, ">"]);
    }

    /// Without its stroke, struck-out text would say the contrary of what is meant: it keeps the
    /// tildes.
    fn struck(&mut self, content: &[Inline]) {
        self.writer.warn("strikethrough-as-text", "Medium strikes nothing out: the text stands between `~~`");
        self.text("~~");
        self.run(content);
        self.text("~~");
    }

    fn math(&mut self, tex: &str) {
        self.writer.warn("math-as-code", "Medium shows no formulas: this one stands there as TeX");
        self.wrapped("code", |text| text.text(tex));
    }

    fn link(&mut self, link: &Link) {
        self.writer.line = if link.line > 0 { link.line } else { self.writer.line };
        match self.writer.fate(&link.href, self.writer.line) {
            LinkFate::To(url) if url.starts_with('#') => {
                self.writer
                    .warn("anchor-lost", "Medium has no anchors: this link within the text is not one there");
                self.run(&link.content);
            }
            LinkFate::To(url) => self.anchor(&url, link),
            LinkFate::Unlink => self.run(&link.content),
            // The text of a bare link is the very address that is not to be shown.
            LinkFate::Label(label) if link.bare => self.text(&label),
            LinkFate::Label(label) => {
                self.run(&link.content);
                self.text(&format!(" {label}"));
            }
        }
    }

    fn anchor(&mut self, url: &str, link: &Link) {
        let (start, first_picture) = (self.out.len(), self.writer.pictures.len());
        if self.markup {
            self.out.push_str("<a");
            escape::attribute("href", &escape::address(url), &mut self.out);
            if let Some(title) = &link.title {
                escape::attribute("title", title, &mut self.out);
            }
            self.out.push('>');
        }
        let inside = self.out.len();
        self.run(&link.content);
        // Pictures leave the text, and each takes along where it leads.
        let pictures = self.writer.pictures.get_mut(first_picture..).unwrap_or_default();
        for picture in pictures {
            picture.link = Some(url.to_owned());
        }
        if self.out[inside..].trim().is_empty() {
            self.out.replace_range(start..inside, "");
        } else {
            self.tag(&["</a>"]);
        }
    }

    /// Raw HTML within text: what Medium has, or the nearest to it.
    fn element(&mut self, name: &str, attributes: &[(String, String)], content: &[Inline]) {
        match (name, native(name)) {
            (_, Some(tag)) => self.wrapped(tag, |text| text.run(content)),
            ("wbr", _) => {}
            ("del" | "s" | "strike", _) => self.struck(content),
            ("q", _) => {
                self.text("“");
                self.run(content);
                self.text("”");
            }
            ("sup" | "sub", _) => self.script(name, content),
            ("abbr", _) => {
                self.run(content);
                if let Some((_, meaning)) = attributes.iter().find(|(name, _)| name == "title") {
                    self.text(&format!(" ({meaning})"));
                }
            }
            _ => {
                self.writer
                    .warn("html-reduced", format!("Medium has no `<{name}>`: only its text stands there"));
                self.run(content);
            }
        }
    }

    /// Unicode's raised and lowered characters where it has them all, else `^(…)` and `_(…)`; but
    /// "1st" is as good as with its letters raised.
    fn script(&mut self, name: &str, content: &[Inline]) {
        let plain = self.writer.plain(content);
        let (map, sign): (fn(char) -> Option<char>, _) =
            if name == "sup" { (raised, '^') } else { (lowered, '_') };
        if let Some(text) = plain.chars().map(map).collect::<Option<String>>().or_else(|| ordinal(&plain)) {
            self.text(&text);
            return;
        }
        self.writer
            .warn("script-as-text", format!("Medium has no `<{name}>`: the text stands in `{sign}(…)`"));
        self.text(&format!("{sign}({plain})"));
    }
}

/// The element of Medium's own that means the same.
pub(super) fn native(name: &str) -> Option<&'static str> {
    match name {
        "b" | "strong" => Some("strong"),
        "i" | "em" | "cite" | "dfn" | "var" => Some("em"),
        "code" | "kbd" | "samp" | "tt" => Some("code"),
        _ => None,
    }
}

/// The ending of an English ordinal number.
fn ordinal(ending: &str) -> Option<String> {
    matches!(ending, "st" | "nd" | "rd" | "th").then(|| ending.to_owned())
}

/// A character of Unicode's superscripts.
pub(super) fn raised(c: char) -> Option<char> {
    pick(c, "0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
}

/// A character of Unicode's subscripts.
fn lowered(c: char) -> Option<char> {
    pick(c, "0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
}

fn pick(c: char, from: &str, to: &str) -> Option<char> {
    from.chars().zip(to.chars()).find(|(plain, _)| *plain == c).map(|(_, script)| script)
}
