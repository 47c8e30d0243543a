//! The addresses in sanitised HTML, rewritten.

use super::token::{self, Piece, Tag};
use crate::render::{LinkFate, html::escape};

/// What an address in HTML is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressKind {
    /// A link's `href`.
    Link,
    /// A picture's `src`, a video's `poster`.
    Picture,
    /// A sound's, video's or subtitle's `src`.
    Media,
}

/// Rewrites every address in sanitised HTML as `fate` says. A link that is dropped leaves its text,
/// a picture its alternative text, anything else nothing; a label comes after.
#[must_use]
pub fn map_addresses(html: &str, fate: &mut dyn FnMut(AddressKind, &str) -> LinkFate) -> Vec<Piece> {
    let mut mapper = Mapper { out: Vec::new(), links: Vec::new(), fate };
    for placed in token::pieces(html) {
        mapper.piece(placed.piece);
    }
    mapper.out
}

struct Mapper<'a> {
    out: Vec<Piece>,
    links: Vec<OpenLink>,
    fate: &'a mut dyn FnMut(AddressKind, &str) -> LinkFate,
}

/// An address that must go.
struct Dropped {
    label: Option<String>,
}

/// A link that is open.
struct OpenLink {
    href: String,
    /// How many pieces stood before its content.
    start: usize,
    ending: Ending,
}

/// What a link's closing tag becomes.
enum Ending {
    Tag,
    Nothing,
    Label(String),
}

impl Mapper<'_> {
    fn piece(&mut self, piece: Piece) {
        match piece {
            Piece::Open(tag) if tag.name == "a" => self.link(tag),
            Piece::Open(tag) if tag.name == "img" => self.picture(tag),
            Piece::Open(tag) => self.other(tag),
            Piece::Close(name) if name == "a" => self.link_end(),
            other => self.out.push(other),
        }
    }

    fn link(&mut self, mut tag: Tag) {
        let href = tag.get("href").unwrap_or_default().to_owned();
        let ending = match self.map(AddressKind::Link, &mut tag, "href") {
            None => Ending::Tag,
            Some(Dropped { label: None }) => Ending::Nothing,
            Some(Dropped { label: Some(label) }) => Ending::Label(label),
        };
        if matches!(ending, Ending::Tag) {
            self.out.push(Piece::Open(tag));
        }
        self.links.push(OpenLink { href, start: self.out.len(), ending });
    }

    fn link_end(&mut self) {
        let Some(OpenLink { href, start, ending }) = self.links.pop() else { return };
        match ending {
            Ending::Tag => self.out.push(Piece::Close("a".to_owned())),
            Ending::Nothing => {}
            // The text of a bare link is the very address that is not to be shown.
            Ending::Label(label) if matches!(self.out.get(start..), Some([Piece::Text(text)]) if *text == href) =>
            {
                self.out.truncate(start);
                self.out.push(Piece::Text(label));
            }
            Ending::Label(label) => self.out.push(Piece::Text(format!(" {label}"))),
        }
    }

    fn picture(&mut self, mut tag: Tag) {
        let Some(Dropped { label }) = self.map(AddressKind::Picture, &mut tag, "src") else {
            self.out.push(Piece::Open(tag));
            return;
        };
        let alt = tag.get("alt").unwrap_or_default();
        self.out.push(Piece::Text(match label {
            Some(label) => format!("{alt} {label}").trim_start().to_owned(),
            None => alt.to_owned(),
        }));
    }

    /// Media elements, and all that have no address.
    fn other(&mut self, mut tag: Tag) {
        let dropped = self.map(AddressKind::Media, &mut tag, "src").is_some();
        self.map(AddressKind::Picture, &mut tag, "poster");
        // A `source` without an address says nothing (that of a `picture` has only a `srcset`).
        let empty = matches!(tag.name.as_str(), "source" | "track") && tag.get("src").is_none();
        if !dropped && !empty {
            self.out.push(Piece::Open(tag));
        } else if !tag.is_void() {
            // Its closing tag will come: something must open.
            self.out.push(Piece::Open(Tag { name: tag.name, attributes: Vec::new() }));
        }
    }

    /// Maps one attribute. `Some` where the address must go: the attribute then has gone.
    fn map(&mut self, kind: AddressKind, tag: &mut Tag, name: &str) -> Option<Dropped> {
        let at = tag.attributes.iter().position(|(known, _)| known == name)?;
        let (_, value) = tag.attributes.get_mut(at)?;
        let label = match (self.fate)(kind, value) {
            LinkFate::To(address) => {
                *value = escape::address(&address);
                return None;
            }
            LinkFate::Unlink => None,
            LinkFate::Label(label) => Some(label),
        };
        tag.attributes.remove(at);
        Some(Dropped { label })
    }
}
