//! Raw HTML: what storage format has of it, each tag closed; the words of the rest.

use super::{
    escape,
    inline::{Form, inline_form},
    writer::Writer,
};
use crate::render::{
    LinkFate,
    document::Image,
    sanitise::token::{self, Piece, Tag},
};

/// Elements that storage format has, besides those within a line.
const KEPT: &[&str] = &[
    "blockquote",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "ol",
    "p",
    "pre",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

/// Elements that only divide a page.
const DIVIDING: &[&str] = &[
    "article", "aside", "center", "details", "dl", "figure", "footer", "header", "hgroup", "main", "nav",
    "section",
];

/// Elements that are a paragraph of their own.
const PARAGRAPHS: &[&str] = &["caption", "dd", "dt", "figcaption", "legend", "summary"];

/// An element that is open.
struct Open {
    /// Its name in the note.
    name: String,
    end: End,
}

/// How an element ends.
enum End {
    /// With this.
    With(String),
    /// A link, with what stood before it.
    Link { before: String, fate: LinkFate },
}

impl Writer<'_> {
    /// A block of raw HTML.
    pub(super) fn raw(&mut self, html: &str, line: u32) {
        self.line = line;
        let mut open = Vec::<Open>::new();
        for placed in token::pieces(html.trim()) {
            match placed.piece {
                Piece::Text(text) => self.text(&text),
                Piece::Open(tag) => self.open(&tag, &mut open),
                Piece::Close(name) => {
                    if let Some(at) = open.iter().rposition(|element| element.name == name) {
                        self.close_from(at, &mut open);
                    }
                }
                Piece::Comment(_) => {}
            }
        }
        self.close_from(0, &mut open);
    }

    fn open(&mut self, tag: &Tag, open: &mut Vec<Open>) {
        match tag.name.as_str() {
            "br" => self.push("<br/>"),
            "hr" => self.push("<hr/>"),
            "wbr" => {}
            "img" => self.raw_image(tag),
            "video" | "audio" => self.media(tag),
            "a" if !self.in_link => self.open_link(tag, open),
            _ if tag.is_void() => {}
            name => {
                let element = self.element_for(name);
                let end = element.as_ref().map_or_else(String::new, |element| match element.as_str() {
                    "”" => "”".to_owned(),
                    element => format!("</{element}>"),
                });
                match element.as_deref() {
                    None => {}
                    Some("”") => self.push("“"),
                    Some(element) => self.push(&format!("<{element}{}>", attributes(tag))),
                }
                self.own_anchor(tag);
                open.push(Open { name: name.to_owned(), end: End::With(end) });
            }
        }
    }

    /// What stands for an element: one of storage format's, or a quotation mark.
    fn element_for(&mut self, name: &str) -> Option<String> {
        match name {
            _ if KEPT.contains(&name) => Some(self.shifted(name)),
            _ if DIVIDING.contains(&name) => Some("div".to_owned()),
            _ if PARAGRAPHS.contains(&name) => Some("p".to_owned()),
            _ => match inline_form(name) {
                Form::As(element) => Some(element.to_owned()),
                Form::Quoted => Some("”".to_owned()),
                Form::Words => None,
                Form::Less => {
                    if name != "a" {
                        self.reduced(name);
                    }
                    None
                }
            },
        }
    }

    fn open_link(&mut self, tag: &Tag, open: &mut Vec<Open>) {
        self.own_anchor(tag);
        let fate = tag.get("href").map_or(LinkFate::Unlink, |href| self.fate(href, self.line));
        let before = std::mem::take(&mut self.out);
        self.in_link = true;
        open.push(Open { name: "a".to_owned(), end: End::Link { before, fate } });
    }

    /// Ends all elements from this one on, the innermost first.
    fn close_from(&mut self, at: usize, open: &mut Vec<Open>) {
        for element in open.drain(at..).rev() {
            match element.end {
                End::With(end) => self.push(&end),
                End::Link { before, fate } => self.close_link(before, fate),
            }
        }
    }

    fn close_link(&mut self, before: String, fate: LinkFate) {
        let text = std::mem::replace(&mut self.out, before);
        self.in_link = false;
        match fate {
            LinkFate::To(href) => self.push_link(&href, None, &text),
            LinkFate::Unlink => self.push(&text),
            LinkFate::Label(label) => {
                self.push(&text);
                self.text(&format!(" {label}"));
            }
        }
    }

    /// A place that the note links to.
    fn own_anchor(&mut self, tag: &Tag) {
        let holds_text =
            !matches!(tag.name.as_str(), "ol" | "table" | "tbody" | "tfoot" | "thead" | "tr" | "ul");
        let name = tag.get("id").or_else(|| tag.get("name")).filter(|name| self.anchors.contains(*name));
        if let (Some(name), true) = (name, holds_text) {
            self.anchor(name);
        }
    }

    fn raw_image(&mut self, tag: &Tag) {
        self.image_or_words(&Image {
            src: tag.get("src").unwrap_or_default().to_owned(),
            alt: tag.get("alt").unwrap_or_default().to_owned(),
            title: None,
            width: tag.get("width").and_then(|width| width.parse().ok()),
            line: self.line,
        });
    }

    /// Films and sounds become links.
    fn media(&mut self, tag: &Tag) {
        self.reduced(&tag.name);
        let Some(src) = tag.get("src") else { return };
        if let LinkFate::To(src) = self.fate(src, self.line) {
            let shown = escape::escaped(&src);
            self.push_link(&src, None, &shown);
        }
    }

    fn shifted(&self, name: &str) -> String {
        let level = name.strip_prefix('h').and_then(|level| level.parse::<u8>().ok());
        level.map_or_else(|| name.to_owned(), |level| format!("h{}", level.saturating_add(self.shift).min(6)))
    }
}

/// The attributes that mean something in storage format: of cells and of numbered lists.
fn attributes(tag: &Tag) -> String {
    let names: &[&str] = match tag.name.as_str() {
        "td" | "th" => &["colspan", "rowspan"],
        "ol" => &["start"],
        _ => &[],
    };
    let is_number = |value: &str| !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    let kept = names.iter().filter_map(|name| Some((name, tag.get(name).filter(|value| is_number(value))?)));
    kept.map(|(name, value)| format!(" {name}=\"{value}\"")).collect()
}
