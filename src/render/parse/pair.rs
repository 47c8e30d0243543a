//! Which opening tag belongs to which closing tag, across the blocks that Markdown makes of them.

use std::{collections::HashMap, ops::RangeInclusive};

use super::raw::Part;
use crate::render::sanitise::token::Piece;

/// Where a tag stands: the part, and the piece within it.
type At = (usize, usize);

/// The pairs of tags (opening, closing) in some parts, by closing tag. One pass: an opening tag
/// that is skipped by a closing one has no counterpart.
pub(super) fn pairs(parts: &[Part<'_>]) -> Vec<(At, At)> {
    let mut open: Vec<(&str, At)> = Vec::new();
    let mut count: HashMap<&str, usize> = HashMap::new();
    let mut found = Vec::new();
    for (piece, at) in pieces(parts) {
        match piece {
            Piece::Open(tag) if !tag.is_void() => {
                open.push((&tag.name, at));
                *count.entry(&tag.name).or_default() += 1;
            }
            Piece::Close(name) if count.get(name.as_str()).is_some_and(|count| *count > 0) => {
                while let Some((opened, from)) = open.pop() {
                    if let Some(count) = count.get_mut(opened) {
                        *count -= 1;
                    }
                    if opened == name {
                        found.push((from, at));
                        break;
                    }
                }
            }
            _ => {}
        }
    }
    found
}

fn pieces<'p>(parts: &'p [Part<'_>]) -> impl Iterator<Item = (&'p Piece, At)> {
    parts.iter().enumerate().flat_map(|(index, part)| {
        let pieces = match part {
            Part::Html(pieces) => pieces.as_slice(),
            Part::Markdown(_) => &[],
        };
        pieces.iter().enumerate().map(move |(at, placed)| (&placed.piece, (index, at)))
    })
}

/// The runs of parts that only balance together, in order, and every other part on its own.
pub(super) fn groups(parts: &[Part<'_>]) -> Vec<RangeInclusive<usize>> {
    let mut reach: Vec<usize> = (0..parts.len()).collect();
    for ((from, _), (to, _)) in pairs(parts) {
        if let Some(end) = reach.get_mut(from) {
            *end = to.max(*end);
        }
    }
    let mut groups = Vec::new();
    let mut next = 0;
    while next < parts.len() {
        let (first, mut last) = (next, next);
        while next <= last {
            last = reach.get(next).copied().unwrap_or(last).max(last);
            next += 1;
        }
        groups.push(first..=last);
    }
    groups
}

/// Whether the first piece of the first part is an opening tag whose closing tag is the very last
/// piece of the last.
pub(super) fn is_wrapped(parts: &[Part<'_>]) -> bool {
    let Some(Part::Html(last)) = parts.last() else { return false };
    let end = (parts.len() - 1, last.len().saturating_sub(1));
    pairs(parts).contains(&((0, 0), end))
}
