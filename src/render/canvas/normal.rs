//! A body reduced to what tells whether anybody has edited it. SharePoint rewrites the HTML that it
//! is sent: it wraps tables, adds classes, writes `b` for `strong`.

use super::kept::alias;
use crate::render::sanitise::token::{self, Piece, Tag};

/// Elements that say nothing by themselves.
const WRAPPERS: &[&str] = &["colgroup", "div", "figure", "section", "span", "tbody", "tfoot", "thead"];

/// The body with the names of its elements, its addresses and its words; two that are the same here
/// read the same.
#[must_use]
pub fn normal(body: &str) -> String {
    let mut out = String::new();
    for placed in token::pieces(body) {
        match placed.piece {
            Piece::Open(tag) if !WRAPPERS.contains(&tag.name.as_str()) => open(&tag, &mut out),
            Piece::Close(name) if !WRAPPERS.contains(&name.as_str()) => {
                trim(&mut out);
                out.push_str("</");
                out.push_str(alias(&name));
                out.push('>');
            }
            Piece::Text(text) => words(&text, &mut out),
            Piece::Open(_) | Piece::Close(_) | Piece::Comment(_) => {}
        }
    }
    out
}

fn open(tag: &Tag, out: &mut String) {
    trim(out);
    out.push('<');
    out.push_str(alias(&tag.name));
    for name in ["href", "src", "alt"] {
        if let Some(value) = tag.get(name) {
            out.push(' ');
            out.push_str(value);
        }
    }
    out.push('>');
}

/// Blanks beside a tag are no words.
fn trim(out: &mut String) {
    out.truncate(out.trim_end().len());
}

fn words(text: &str, out: &mut String) {
    for word in text.split_whitespace() {
        if !out.is_empty() && !out.ends_with(['>', ' ']) {
            out.push(' ');
        }
        out.push_str(word);
    }
}
