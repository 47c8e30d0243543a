//! The same in raw HTML.

use super::{Hider, What, label};
use crate::render::sanitise::token::{self, Piece, Placed, Tag};

/// What became of a link that is open.
struct OpenLink {
    /// Its address, if that led inside.
    inside: Option<String>,
    /// How many pieces stood before its content.
    start: usize,
}

struct Rewriter<'h, 'a> {
    hider: &'h mut Hider<'a>,
    line: u32,
    out: Vec<Piece>,
    links: Vec<OpenLink>,
    changed: bool,
}

impl Hider<'_> {
    /// Takes what leads inside out of sanitised HTML, which stays to the letter where nothing does.
    pub(super) fn html(&mut self, html: &mut String, line: u32) {
        let pieces = token::pieces(html);
        let mut rewriter = Rewriter { hider: self, line, out: Vec::new(), links: Vec::new(), changed: false };
        for (at, placed) in pieces.iter().enumerate() {
            rewriter.piece(&placed.piece, pieces.get(at + 1..).unwrap_or_default());
        }
        if rewriter.changed {
            token::write(&rewriter.out).trim().clone_into(html);
        }
    }
}

impl Rewriter<'_, '_> {
    fn piece(&mut self, piece: &Piece, rest: &[Placed]) {
        match piece {
            Piece::Open(tag) if tag.name == "a" => self.link(tag.clone()),
            Piece::Close(name) if name == "a" => self.link_end(rest),
            Piece::Open(tag) if tag.name == "img" => self.picture(tag.clone(), rest),
            Piece::Open(tag) if is_heading(&tag.name) => self.heading(tag.clone(), rest),
            Piece::Open(tag) => self.other(tag.clone()),
            other => self.out.push(other.clone()),
        }
    }

    fn tell(&mut self, what: What) {
        self.hider.tell(what, self.line);
        self.changed = true;
    }

    fn link(&mut self, tag: Tag) {
        let inside = tag.get("href").filter(|href| self.hider.leads_inside(href)).map(str::to_owned);
        if inside.is_some() {
            self.tell(What::Link);
        } else {
            self.open(tag);
        }
        self.links.push(OpenLink { inside, start: self.out.len() });
    }

    fn link_end(&mut self, rest: &[Placed]) {
        let Some(OpenLink { inside, start }) = self.links.pop() else { return };
        let Some(href) = inside else {
            self.out.push(Piece::Close("a".to_owned()));
            return;
        };
        let text = text_of(self.out.get(start..).unwrap_or_default().iter());
        if self.hider.is_address(&text, &href) {
            self.out.truncate(start);
            self.label_alone(rest);
        } else {
            self.label_behind(&text, rest);
        }
    }

    fn picture(&mut self, tag: Tag, rest: &[Placed]) {
        if !tag.get("src").is_some_and(|src| self.hider.leads_inside(src)) {
            self.open(tag);
            return;
        }
        self.tell(What::Picture);
        let alt = tag.get("alt").unwrap_or_default();
        if self.hider.names_host(alt) {
            self.label_alone(rest);
        } else {
            self.out.push(Piece::Text(alt.to_owned()));
            self.label_behind(alt, rest);
        }
    }

    /// A heading's anchor is made of its words: where they show an address, so does it.
    fn heading(&mut self, mut tag: Tag, rest: &[Placed]) {
        let is_end = |piece: &Piece| matches!(piece, Piece::Close(name) if *name == tag.name);
        let words = text_of(rest.iter().map(|placed| &placed.piece).take_while(|piece| !is_end(piece)));
        if tag.get("id").is_some() && self.hider.names_host(&words) {
            tag.attributes.retain(|(name, _)| name != "id");
            self.tell(What::Attribute);
        }
        self.open(tag);
    }

    /// Players, and all that have no address.
    fn other(&mut self, mut tag: Tag) {
        let before = tag.attributes.len();
        let hider = &*self.hider;
        tag.attributes.retain(|(name, value)| {
            !(matches!(name.as_str(), "src" | "poster") && hider.leads_inside(value))
        });
        if tag.attributes.len() < before {
            self.tell(What::Link);
        }
        // Without an address these say nothing.
        if !matches!(tag.name.as_str(), "source" | "track") || tag.get("src").is_some() {
            self.open(tag);
        }
    }

    fn open(&mut self, mut tag: Tag) {
        let before = tag.attributes.len();
        self.hider.attributes(&mut tag.attributes, self.line);
        self.changed |= tag.attributes.len() < before;
        self.out.push(Piece::Open(tag));
    }

    fn label_alone(&mut self, rest: &[Placed]) {
        let label = self.hider.policy.label.clone();
        if !follows(rest, &label) {
            self.out.push(Piece::Text(label));
        }
    }

    fn label_behind(&mut self, text: &str, rest: &[Placed]) {
        let label = self.hider.label_behind(text, |label| follows(rest, label));
        self.out.extend(label.map(Piece::Text));
    }
}

fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// Whether the label stands next, as text.
fn follows(rest: &[Placed], wanted: &str) -> bool {
    let mut text = String::new();
    for placed in rest {
        if let Piece::Text(next) = &placed.piece {
            text.push_str(next);
        }
        if text.trim_start().len() > wanted.len() {
            break;
        }
    }
    label::begins_with(&text, wanted)
}

fn text_of<'p>(pieces: impl Iterator<Item = &'p Piece>) -> String {
    let texts = pieces.filter_map(|piece| match piece {
        Piece::Text(text) => Some(text.as_str()),
        Piece::Open(tag) if tag.name == "img" => tag.get("alt"),
        _ => None,
    });
    texts.collect()
}
