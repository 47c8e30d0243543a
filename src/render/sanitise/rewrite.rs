//! Changes to sanitised HTML: addresses, heading levels.

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
pub fn map_addresses(html: &str, fate: &mut dyn FnMut(AddressKind, &str) -> LinkFate) -> String {
    let mut mapper = Mapper { out: Vec::new(), links: Vec::new(), fate };
    for placed in token::pieces(html) {
        mapper.piece(placed.piece);
    }
    token::write(&mapper.out)
}

/// Lowers the headings in sanitised HTML by some levels, to the sixth at most.
#[must_use]
pub fn shift_headings(html: &str, by: u8) -> String {
    let mut pieces = token::pieces(html);
    for placed in &mut pieces {
        match &mut placed.piece {
            Piece::Open(Tag { name, .. }) | Piece::Close(name) => *name = shifted(name, by),
            Piece::Text(_) | Piece::Comment(_) => {}
        }
    }
    token::write(pieces.iter().map(|placed| &placed.piece))
}

/// Sanitised HTML that reads the same wherever it is put.
///
/// A line end right after `<pre>` is passed over by a parser (HTML 13.1.2.5), so one that is content
/// needs another before it, which the serialiser does not write. And an item outside of any list
/// would end the item of the list that it is put into: its tags go.
pub(super) fn settled(html: &str) -> String {
    let mut out: Vec<Piece> = Vec::new();
    let mut open: Vec<(String, bool)> = Vec::new();
    for placed in token::pieces(html) {
        match placed.piece {
            Piece::Open(tag) => {
                let kept = is_at_home(&tag.name, &open);
                if !tag.is_void() {
                    open.push((tag.name.clone(), kept));
                }
                if kept {
                    out.push(Piece::Open(tag));
                }
            }
            Piece::Close(name) => {
                if open.pop().is_none_or(|(_, kept)| kept) {
                    out.push(Piece::Close(name));
                }
            }
            Piece::Text(text) if text.starts_with('\n') && is_pre(out.last()) => {
                out.push(Piece::Text(format!("\n{text}")));
            }
            other => out.push(other),
        }
    }
    token::write(&out)
}

/// Whether an element stands in the list that it needs.
fn is_at_home(name: &str, open: &[(String, bool)]) -> bool {
    let within = |lists: &[&str]| open.iter().any(|(name, _)| lists.contains(&name.as_str()));
    match name {
        "li" => within(&["ul", "ol"]),
        "dt" | "dd" => within(&["dl"]),
        _ => true,
    }
}

fn is_pre(piece: Option<&Piece>) -> bool {
    matches!(piece, Some(Piece::Open(tag)) if tag.name == "pre")
}

fn shifted(name: &str, by: u8) -> String {
    match name.strip_prefix('h').and_then(|level| level.parse::<u8>().ok()) {
        Some(level) => format!("h{}", level.saturating_add(by).min(6)),
        None => name.to_owned(),
    }
}

struct Mapper<'a> {
    out: Vec<Piece>,
    /// What the closing tag of each open link becomes.
    links: Vec<Ending>,
    fate: &'a mut dyn FnMut(AddressKind, &str) -> LinkFate,
}

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
        let ending = match self.map(AddressKind::Link, &mut tag, "href") {
            None => Ending::Tag,
            Some(None) => Ending::Nothing,
            Some(Some(label)) => Ending::Label(label),
        };
        if matches!(ending, Ending::Tag) {
            self.out.push(Piece::Open(tag));
        }
        self.links.push(ending);
    }

    fn link_end(&mut self) {
        match self.links.pop() {
            Some(Ending::Tag) => self.out.push(Piece::Close("a".to_owned())),
            Some(Ending::Label(label)) => self.out.push(Piece::Text(format!(" {label}"))),
            Some(Ending::Nothing) | None => {}
        }
    }

    fn picture(&mut self, mut tag: Tag) {
        let Some(label) = self.map(AddressKind::Picture, &mut tag, "src") else {
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

    /// Maps one attribute. `Some` (with a label, if any) when the address must go: the attribute
    /// then has gone.
    fn map(&mut self, kind: AddressKind, tag: &mut Tag, name: &str) -> Option<Option<String>> {
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
        Some(label)
    }
}
