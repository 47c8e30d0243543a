//! Inline content as HTML.

use super::{LinkFate, Writer};
use crate::render::{
    document::{Image, Inline, Link},
    sanitise::token::write_tag,
};

impl Writer<'_> {
    pub(super) fn inlines(&mut self, content: &[Inline]) {
        for inline in content {
            self.inline(inline);
        }
    }

    fn inline(&mut self, inline: &Inline) {
        match inline {
            Inline::Text(text) => self.text(text),
            Inline::SoftBreak => self.push(if self.options.one_line { " " } else { "\n" }),
            Inline::HardBreak => self.push(if self.options.one_line { "<br>" } else { "<br>\n" }),
            Inline::Code(code) => self.verbatim("<code>", code),
            Inline::Emphasis(content) => self.wrapped("em", content),
            Inline::Strong(content) => self.wrapped("strong", content),
            Inline::Strikethrough(content) => self.wrapped("del", content),
            Inline::Link(link) => self.link(link),
            Inline::Image(image) => self.image(image),
            Inline::FootnoteRef { index, nth } => {
                let reference = (self.options.footnote_reference)(*index, *nth);
                self.push(&reference);
            }
            Inline::Math { tex, display: false } => self.verbatim("<code class=\"math\">", tex),
            Inline::Math { tex, display: true } => self.verbatim("<code class=\"math math-display\">", tex),
            Inline::Element(raw) => {
                write_tag(&raw.name, &raw.attributes, &mut self.out);
                if raw.name != "wbr" {
                    self.inlines(&raw.content);
                    self.tag("</", &raw.name);
                }
            }
        }
    }

    fn verbatim(&mut self, open: &str, text: &str) {
        self.push(open);
        if self.options.one_line {
            self.text(&text.replace('\n', " "));
        } else {
            self.text(text);
        }
        self.push("</code>");
    }

    fn link(&mut self, link: &Link) {
        match self.fate(&link.href, link.line) {
            LinkFate::To(href) => {
                self.push("<a");
                self.address("href", &href);
                if let Some(title) = &link.title {
                    self.attribute("title", title);
                }
                self.push(">");
                self.inlines(&link.content);
                self.push("</a>");
            }
            LinkFate::Unlink => self.inlines(&link.content),
            // The text of a bare link is the very address that is not to be shown.
            LinkFate::Label(label) if link.bare => self.text(&label),
            LinkFate::Label(label) => {
                self.inlines(&link.content);
                self.text(&format!(" {label}"));
            }
        }
    }

    pub(super) fn bare_link(&mut self, url: &str, line: u32) {
        self.link(&Link {
            href: url.to_owned(),
            title: None,
            content: vec![Inline::Text(url.to_owned())],
            bare: true,
            wiki: false,
            line,
        });
    }

    pub(super) fn image(&mut self, image: &Image) {
        match self.picture_fate(image) {
            LinkFate::To(src) => self.image_tag(image, &src),
            other => self.no_image(image, &other),
        }
    }

    /// A local picture is the target's own; any other is an address like those of links.
    pub(super) fn picture_fate(&mut self, image: &Image) -> LinkFate {
        match self.pictures.get(&image.src) {
            Some(_) => LinkFate::To(self.pictures.url(&image.src)),
            None => self.fate(&image.src, image.line),
        }
    }

    pub(super) fn image_tag(&mut self, image: &Image, src: &str) {
        self.push("<img");
        self.address("src", src);
        self.attribute("alt", &image.alt);
        if let Some(title) = &image.title {
            self.attribute("title", title);
        }
        if let Some(width) = image.width {
            self.attribute("width", &width.to_string());
        }
        self.push(">");
    }

    /// What is left of a picture that may not be shown.
    pub(super) fn no_image(&mut self, image: &Image, fate: &LinkFate) {
        match fate {
            LinkFate::Label(label) => self.text(format!("{} {label}", image.alt).trim_start()),
            LinkFate::Unlink | LinkFate::To(_) => self.text(&image.alt),
        }
    }
}
