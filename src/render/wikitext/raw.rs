//! Raw HTML: MediaWiki takes many elements as they are; `<a>`, `<img>` and the younger ones become
//! their nearest form in wikitext.

use super::{escape, writer::Writer};
use crate::render::{
    LinkFate,
    document::Image,
    sanitise::token::{self, Piece, Tag},
};

/// Elements that MediaWiki keeps (its `Sanitizer`).
const KEPT: &[&str] = &[
    "abbr",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "dd",
    "del",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "td",
    "th",
    "time",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
];

/// Elements that only divide a page.
const DIVIDING: &[&str] = &[
    "address",
    "article",
    "aside",
    "details",
    "figcaption",
    "figure",
    "footer",
    "header",
    "hgroup",
    "main",
    "nav",
    "section",
    "summary",
];

/// Links that are open: what stood before each, and where it leads.
type OpenLinks = Vec<(String, LinkFate)>;

impl Writer<'_> {
    /// A block of raw HTML, on one line.
    pub(super) fn raw(&mut self, html: &str, line: u32) {
        self.line = line;
        let text = self.apart(|writer| writer.pieces(html));
        self.push(&escape::line(&text));
    }

    fn pieces(&mut self, html: &str) {
        let (mut links, mut in_pre) = (OpenLinks::new(), false);
        for placed in token::pieces(html) {
            match placed.piece {
                Piece::Text(text) if in_pre => self.push(&escape::code(&text)),
                Piece::Text(text) => self.text(&text),
                Piece::Open(tag) if tag.name == "pre" => {
                    in_pre = true;
                    self.push("<pre>");
                }
                Piece::Close(name) if name == "pre" => {
                    in_pre = false;
                    self.push("</pre>");
                }
                Piece::Open(tag) if in_pre && tag.name == "br" => self.push("\n"),
                Piece::Open(tag) if !in_pre => self.open(&tag, &mut links),
                Piece::Close(name) if !in_pre => self.close(&name, &mut links),
                Piece::Open(_) | Piece::Close(_) | Piece::Comment(_) => {}
            }
        }
    }

    fn open(&mut self, tag: &Tag, links: &mut OpenLinks) {
        match tag.name.as_str() {
            "a" => {
                let fate = tag.get("href").map_or(LinkFate::Unlink, |href| self.fate(href, self.line));
                links.push((std::mem::take(&mut self.out), fate));
                self.place.link = true;
            }
            "img" => self.image(&Image {
                src: tag.get("src").unwrap_or_default().to_owned(),
                alt: tag.get("alt").unwrap_or_default().to_owned(),
                title: None,
                width: tag.get("width").and_then(|width| width.parse().ok()),
                line: self.line,
            }),
            "video" | "audio" => self.media(tag),
            name if KEPT.contains(&name) => self.open_tag(&self.shifted(name), &tag.attributes),
            name if DIVIDING.contains(&name) => self.push("<div>"),
            _ => {}
        }
    }

    fn close(&mut self, name: &str, links: &mut OpenLinks) {
        match name {
            "a" => {
                let Some((before, fate)) = links.pop() else { return };
                let text = std::mem::replace(&mut self.out, before);
                self.place.link = !links.is_empty();
                self.close_link(&text, fate);
            }
            name if token::is_void(name) => {}
            name if KEPT.contains(&name) => self.push(&format!("</{}>", self.shifted(name))),
            name if DIVIDING.contains(&name) => self.push("</div>"),
            _ => {}
        }
    }

    fn close_link(&mut self, text: &str, fate: LinkFate) {
        match fate {
            LinkFate::To(href) => self.linked(&href, |writer| writer.push(text)),
            LinkFate::Unlink => self.push(text),
            LinkFate::Label(label) => {
                self.push(text);
                self.text(&format!(" {label}"));
            }
        }
    }

    /// Films and sounds of other sites become links.
    fn media(&mut self, tag: &Tag) {
        let Some(src) = tag.get("src") else { return };
        if let LinkFate::To(src) = self.fate(src, self.line) {
            self.picture_link(&src, &tag.name);
        }
    }

    fn shifted(&self, name: &str) -> String {
        let level = name.strip_prefix('h').and_then(|level| level.parse::<u8>().ok());
        level.map_or_else(|| name.to_owned(), |level| format!("h{}", level.saturating_add(self.shift).min(6)))
    }
}
