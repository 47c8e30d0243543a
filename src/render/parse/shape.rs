//! What raw HTML looks like: whether its pieces are a picture, a paragraph, mere text.

use crate::render::sanitise::{
    self,
    token::{Piece, Placed, Tag},
};

pub(super) fn is_open(placed: &Placed, name: &str) -> bool {
    matches!(&placed.piece, Piece::Open(tag) if tag.name == name)
}

fn is_close(placed: &Placed, name: &str) -> bool {
    matches!(&placed.piece, Piece::Close(closed) if closed == name)
}

fn is_blank(placed: &Placed) -> bool {
    match &placed.piece {
        Piece::Text(text) => text.trim().is_empty(),
        Piece::Comment(_) => true,
        Piece::Open(_) | Piece::Close(_) => false,
    }
}

fn trim_ends(mut pieces: &[Placed]) -> &[Placed] {
    while let [first, rest @ ..] = pieces
        && is_blank(first)
    {
        pieces = rest;
    }
    while let [rest @ .., last] = pieces
        && is_blank(last)
    {
        pieces = rest;
    }
    pieces
}

/// Without blanks and comments at either end.
pub(super) fn trimmed(pieces: Vec<Placed>) -> Vec<Placed> {
    trim_ends(&pieces).to_vec()
}

/// Cut before each `<details>` and after each `</details>`.
pub(super) fn split_at_details(pieces: Vec<Placed>) -> Vec<Vec<Placed>> {
    let mut parts = vec![Vec::new()];
    let mut cut = false;
    for placed in pieces {
        if cut || is_open(&placed, "details") {
            parts.push(Vec::new());
        }
        cut = is_close(&placed, "details");
        if let Some(part) = parts.last_mut() {
            part.push(placed);
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// The words behind `more` in a comment that is WordPress' `<!--more-->`.
pub(super) fn more(comment: &str) -> Option<&str> {
    let words = comment.trim().strip_prefix("more")?;
    (words.is_empty() || words.starts_with(char::is_whitespace)).then(|| words.trim())
}

/// Elements whose closing tag may be left out, and that never hold one another.
pub(super) fn closes_itself(name: &str) -> bool {
    matches!(
        name,
        "p" | "li"
            | "dt"
            | "dd"
            | "tr"
            | "td"
            | "th"
            | "tbody"
            | "thead"
            | "tfoot"
            | "colgroup"
            | "rt"
            | "rp"
    )
}

/// Text, or a tag of something that may stand within text.
pub(super) fn is_inline(placed: &Placed) -> bool {
    let inline = |name: &str| sanitise::is_inline(name) || matches!(name, "a" | "img");
    match &placed.piece {
        Piece::Open(tag) => inline(&tag.name),
        Piece::Close(name) => inline(name),
        Piece::Text(_) | Piece::Comment(_) => true,
    }
}

/// What a paragraph or a heading without attributes holds, when it is nothing but text; and the
/// heading's level.
pub(super) fn text_element(pieces: &[Placed]) -> Option<(Option<u8>, &[Placed])> {
    let [Placed { piece: Piece::Open(Tag { name, attributes }), .. }, inside @ .., last] = pieces else {
        return None;
    };
    let level = match name.as_str() {
        "p" => None,
        "h1" => Some(1),
        "h2" => Some(2),
        "h3" => Some(3),
        "h4" => Some(4),
        "h5" => Some(5),
        "h6" => Some(6),
        _ => return None,
    };
    let plain = attributes.is_empty() && is_close(last, name) && inside.iter().all(is_inline);
    plain.then_some((level, inside))
}

/// The pictures, and the caption, of raw HTML that is nothing but pictures in wrappers that say no
/// more than where they go.
pub(super) fn pictures(pieces: &[Placed]) -> Option<(&[Placed], &[Placed])> {
    let (pictures, caption) = split_caption(unwrapped(pieces));
    let some = pictures.iter().any(|placed| is_open(placed, "img"));
    (some && pictures.iter().all(is_picture_part)).then_some((pictures, caption))
}

/// The address that an `<iframe>` shows, when there is nothing else.
pub(super) fn player(pieces: &[Placed]) -> Option<&str> {
    match unwrapped(pieces) {
        [Placed { piece: Piece::Open(tag), .. }, rest @ .., last]
            if tag.name == "iframe" && is_close(last, "iframe") && rest.iter().all(is_blank) =>
        {
            tag.get("src")
        }
        _ => None,
    }
}

/// A picture, a link around one, or blank.
fn is_picture_part(placed: &Placed) -> bool {
    match &placed.piece {
        Piece::Open(tag) => matches!(tag.name.as_str(), "img" | "a" | "br"),
        Piece::Close(name) => name == "a",
        Piece::Text(_) | Piece::Comment(_) => is_blank(placed),
    }
}

fn unwrapped(mut pieces: &[Placed]) -> &[Placed] {
    const WRAPPERS: [&str; 4] = ["p", "div", "center", "figure"];
    loop {
        pieces = trim_ends(pieces);
        match pieces {
            [first, inside @ .., last]
                if WRAPPERS.iter().any(|name| is_open(first, name) && is_close(last, name)) =>
            {
                pieces = inside;
            }
            _ => return pieces,
        }
    }
}

/// What stands before a `<figcaption>` at the end, and what stands in it.
fn split_caption(pieces: &[Placed]) -> (&[Placed], &[Placed]) {
    let start = pieces.iter().position(|placed| is_open(placed, "figcaption"));
    match (start, pieces.last()) {
        (Some(start), Some(last)) if is_close(last, "figcaption") => {
            let caption = pieces.get(start + 1..pieces.len() - 1).unwrap_or_default();
            (pieces.get(..start).unwrap_or_default(), trim_ends(caption))
        }
        _ => (pieces, &[]),
    }
}

/// Takes `<summary>…</summary>` off the front, and gives what stood in it.
pub(super) fn take_summary(pieces: &mut Vec<Placed>) -> Vec<Placed> {
    let first = pieces.iter().position(|placed| !is_blank(placed));
    let end = pieces.iter().position(|placed| is_close(placed, "summary"));
    let (Some(first), Some(end)) = (first, end) else { return Vec::new() };
    if !pieces.get(first).is_some_and(|placed| is_open(placed, "summary")) {
        return Vec::new();
    }
    let mut taken: Vec<_> = pieces.drain(..=end).skip(first + 1).collect();
    taken.pop();
    taken
}
