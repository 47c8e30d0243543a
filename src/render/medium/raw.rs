//! Raw HTML, reduced to what Medium has: paragraphs with emphasis, code and links, headings,
//! quotations, pictures.

use super::{Writer, attribute, escaped, inlines::native};
use crate::render::{
    LinkFate,
    document::Image,
    sanitise::{
        INLINE_ELEMENTS,
        token::{self, Piece, Tag},
    },
};

impl Writer<'_> {
    /// Writes sanitised HTML.
    pub(super) fn raw(&mut self, html: &str) {
        self.warn("html-reduced", "Medium takes little HTML: only its text, links and pictures stand there");
        let mut reducer = Reducer {
            writer: self,
            text: String::new(),
            says: false,
            open: Vec::new(),
            quotes: 0,
            shape: Shape::Paragraph,
        };
        for placed in token::pieces(html) {
            reducer.piece(placed.piece);
        }
        reducer.flush();
    }
}

/// What the text that is being gathered will be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Paragraph,
    Preformatted,
    Heading(&'static str),
    Bold,
    Item,
}

/// An inline element that is open.
struct Open {
    name: String,
    /// What it began with, to begin with again after a paragraph's end.
    start: String,
    end: String,
    /// Where it leads.
    link: Option<String>,
}

struct Reducer<'w, 'a> {
    writer: &'w mut Writer<'a>,
    /// The paragraph so far, HTML.
    text: String,
    /// Whether there is more in it than tags and spaces.
    says: bool,
    open: Vec<Open>,
    quotes: usize,
    shape: Shape,
}

impl Reducer<'_, '_> {
    fn piece(&mut self, piece: Piece) {
        match piece {
            Piece::Text(text) => self.say(&text),
            Piece::Open(tag) => self.start(&tag),
            Piece::Close(name) => self.end(&name),
            Piece::Comment(_) => {}
        }
    }

    fn say(&mut self, text: &str) {
        self.says |= !text.trim().is_empty();
        self.text.push_str(&escaped(text));
    }

    fn start(&mut self, tag: &Tag) {
        match tag.name.as_str() {
            "br" => self.text.push_str("<br>"),
            "hr" => {
                self.flush();
                self.writer.put(&["<hr>"]);
            }
            "img" => self.picture(tag),
            "video" | "audio" | "source" => self.media(tag),
            "td" | "th" if self.says => self.text.push_str("; "),
            "td" | "th" => {}
            "a" => self.link(tag),
            name if is_inline(name) => {
                let (start, end) = around(name);
                self.inside(name, start, end, None);
            }
            name => self.block(name),
        }
    }

    fn block(&mut self, name: &str) {
        self.flush();
        self.quotes += usize::from(name == "blockquote");
        self.shape = match name {
            "h1" | "h2" => Shape::Heading("h3"),
            "h3" | "h4" => Shape::Heading("h4"),
            "h5" | "h6" | "summary" | "dt" | "caption" => Shape::Bold,
            "li" => Shape::Item,
            "pre" => Shape::Preformatted,
            // What stands in an item or in a term is still that: `<li><p>`.
            "p" | "div" if self.shape == Shape::Item => Shape::Item,
            _ => Shape::Paragraph,
        };
    }

    fn end(&mut self, name: &str) {
        if let Some(at) = self.open.iter().rposition(|open| open.name == name) {
            // Balanced, so it is the last; were it not, what is in it would end with it.
            while self.open.len() > at {
                let Some(open) = self.open.pop() else { return };
                self.text.push_str(&open.end);
            }
        } else if !is_inline(name) && !matches!(name, "td" | "th") {
            self.flush();
            self.shape = Shape::Paragraph;
            self.quotes = self.quotes.saturating_sub(usize::from(name == "blockquote"));
        }
    }

    fn inside(&mut self, name: &str, start: String, end: String, link: Option<String>) {
        self.text.push_str(&start);
        self.open.push(Open { name: name.to_owned(), start, end, link });
    }

    fn link(&mut self, tag: &Tag) {
        let fate = tag.get("href").map(|href| self.writer.fate(href, self.writer.line));
        match fate {
            Some(LinkFate::To(url)) if !url.starts_with('#') => {
                let start = format!("<a{}>", attribute("href", &url));
                self.inside("a", start, "</a>".to_owned(), Some(url));
            }
            Some(LinkFate::Label(label)) => {
                self.inside("a", String::new(), format!(" {}", escaped(&label)), None);
            }
            _ => self.inside("a", String::new(), String::new(), None),
        }
    }

    fn picture(&mut self, tag: &Tag) {
        let image = Image {
            src: tag.get("src").unwrap_or_default().to_owned(),
            alt: tag.get("alt").unwrap_or_default().to_owned(),
            title: None,
            width: None,
            line: self.writer.line,
        };
        let instead = self.writer.picture_in_text(&image);
        self.say(&instead);
        let link = self.open.iter().rev().find_map(|open| open.link.clone());
        if let (Some(picture), true) = (self.writer.pictures.last_mut(), instead.is_empty()) {
            picture.link = picture.link.take().or(link);
        }
    }

    /// A sound or a film: a link to it.
    fn media(&mut self, tag: &Tag) {
        self.flush();
        let Some(src) = tag.get("src") else { return };
        match self.writer.fate(src, self.writer.line) {
            LinkFate::To(url) if url.starts_with("https://") || url.starts_with("http://") => {
                self.writer.put(&["<p><a", &attribute("href", &url), ">", &escaped(&url), "</a></p>"]);
            }
            LinkFate::Label(label) => self.say(&label),
            LinkFate::To(_) | LinkFate::Unlink => {}
        }
    }

    /// Writes the paragraph so far, and the pictures that stood in it.
    fn flush(&mut self) {
        for open in self.open.iter().rev() {
            self.text.push_str(&open.end);
        }
        let text = std::mem::take(&mut self.text);
        if std::mem::take(&mut self.says) {
            let html = self.shaped(&text);
            let quoted = format!("<blockquote>{html}</blockquote>");
            self.writer.put(&[if self.quotes > 0 { &quoted } else { &html }]);
        }
        self.writer.put_pictures_alone();
        self.text = self.open.iter().map(|open| open.start.as_str()).collect();
    }

    fn shaped(&self, text: &str) -> String {
        let trimmed = text.trim();
        match self.shape {
            Shape::Paragraph => format!("<p>{trimmed}</p>"),
            Shape::Preformatted => format!("<pre>{}</pre>", text.trim_matches('\n')),
            Shape::Heading(tag) => format!("<{tag}>{trimmed}</{tag}>"),
            Shape::Bold => format!("<p><strong>{trimmed}</strong></p>"),
            Shape::Item => format!("<p>• {trimmed}</p>"),
        }
    }
}

fn is_inline(name: &str) -> bool {
    INLINE_ELEMENTS.contains(&name) || matches!(name, "a" | "tt" | "strike")
}

/// What stands before and after the text of an inline element.
fn around(name: &str) -> (String, String) {
    if let Some(tag) = native(name) {
        return (format!("<{tag}>"), format!("</{tag}>"));
    }
    let (start, end) = match name {
        "del" | "s" | "strike" => ("~~", "~~"),
        "q" => ("“", "”"),
        "sup" => ("^(", ")"),
        "sub" => ("_(", ")"),
        _ => ("", ""),
    };
    (start.to_owned(), end.to_owned())
}
