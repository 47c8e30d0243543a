//! HTML with nothing in it but what a text web part keeps.

use super::parts::Part;
use crate::render::{
    html::escape,
    sanitise::token::{self, Piece, Tag, write_tag},
};

/// Elements that stay as they are. Headings of a text web part have the levels 2 to 4.
pub(super) const KEPT: &[&str] = &[
    "blockquote",
    "code",
    "em",
    "h2",
    "h3",
    "h4",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "strong",
    "sub",
    "sup",
    "td",
    "th",
    "tr",
    "u",
    "ul",
];

/// Attributes that stay.
const ATTRIBUTES: &[(&str, &[&str])] =
    &[("ol", &["start"]), ("td", &["colspan", "rowspan"]), ("th", &["colspan", "rowspan"])];

/// The same element under the name that the text web part has for it.
pub(super) fn alias(name: &str) -> &str {
    match name {
        "b" => "strong",
        "i" => "em",
        "del" | "strike" => "s",
        "ins" => "u",
        "h1" => "h2",
        "h5" | "h6" => "h4",
        "tt" | "kbd" | "samp" => "code",
        name => name,
    }
}

/// What is kept of some HTML, and the pictures in it, which a text cannot hold.
pub(super) fn kept(html: &str) -> (String, Vec<Part>) {
    let mut keeper = Keeper { out: String::new(), open: Vec::new(), pictures: Vec::new() };
    for placed in token::pieces(html) {
        keeper.piece(&placed.piece);
    }
    (keeper.out, keeper.pictures)
}

struct Open {
    name: String,
    end: String,
    link: Option<String>,
}

struct Keeper {
    out: String,
    open: Vec<Open>,
    pictures: Vec<Part>,
}

impl Keeper {
    fn piece(&mut self, piece: &Piece) {
        match piece {
            Piece::Text(text) => escape::text(text, &mut self.out),
            Piece::Open(tag) if tag.is_void() => self.void(tag),
            Piece::Open(tag) => self.start(tag),
            Piece::Close(name) => self.end(name),
            Piece::Comment(_) => {}
        }
    }

    fn void(&mut self, tag: &Tag) {
        match tag.name.as_str() {
            "br" => self.out.push_str("<br>"),
            "img" => {
                let link = self.open.iter().rev().find_map(|open| open.link.clone());
                self.pictures.push(Part::picture(tag, link));
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag) {
        let (start, end, link) = around(tag);
        self.out.push_str(&start);
        self.open.push(Open { name: tag.name.clone(), end, link });
    }

    fn end(&mut self, name: &str) {
        let Some(at) = self.open.iter().rposition(|open| open.name == name) else { return };
        for open in self.open.drain(at..).rev() {
            self.out.push_str(&open.end);
        }
    }
}

/// What stands before and after an element's content, and where it leads.
fn around(tag: &Tag) -> (String, String, Option<String>) {
    let name = alias(&tag.name);
    let plain = |start: &str, end: &str| (start.to_owned(), end.to_owned(), None);
    match name {
        "a" => match tag.get("href") {
            Some(href) if !href.starts_with('#') => {
                let mut start = String::new();
                let named = tag.attributes.iter().filter(|(name, _)| name == "href" || name == "title");
                write_tag("a", &named.cloned().collect::<Vec<_>>(), &mut start);
                (start, "</a>".to_owned(), Some(href.to_owned()))
            }
            _ => plain("", ""),
        },
        "table" => plain("<table><tbody>", "</tbody></table>"),
        "caption" => plain("<tr><td><strong>", "</strong></td></tr>"),
        "dt" | "summary" => plain("<p><strong>", "</strong></p>"),
        "dd" | "figcaption" | "address" => plain("<p>", "</p>"),
        "q" => plain("“", "”"),
        "video" | "audio" => plain(&media(tag), ""),
        name if KEPT.contains(&name) => {
            let known = ATTRIBUTES.iter().find(|(element, _)| *element == name);
            let stays = |attribute: &str| known.is_some_and(|(_, names)| names.contains(&attribute));
            let attributes: Vec<_> =
                tag.attributes.iter().filter(|(attribute, _)| stays(attribute)).cloned().collect();
            let mut start = String::new();
            write_tag(name, &attributes, &mut start);
            (start, format!("</{name}>"), None)
        }
        _ => plain("", ""),
    }
}

/// A sound or a film: a link to it.
fn media(tag: &Tag) -> String {
    let Some(src) = tag.get("src").filter(|src| src.starts_with("https://") || src.starts_with("http://"))
    else {
        return String::new();
    };
    let mut link = String::new();
    write_tag("a", &[("href".to_owned(), src.to_owned())], &mut link);
    format!("<p>{link}{}</a></p>", escape::escaped(src))
}
