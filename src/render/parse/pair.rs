//! Which opening tag belongs to which closing tag, across the blocks that Markdown makes of them.

use std::{collections::HashMap, ops::RangeInclusive};

use super::{raw::Part, shape};
use crate::{
    error::Warning,
    render::sanitise::{
        self,
        token::{Piece, Placed},
    },
};

/// Where a tag stands: the part, and the piece within it.
type At = (usize, usize);

#[derive(Default)]
struct Paired<'p> {
    /// Opening and closing tag.
    pairs: Vec<(At, At)>,
    /// Opening tags that no closing tag meets.
    unclosed: Vec<&'p Placed>,
}

/// Pairs the tags of some parts, in one pass.
fn paired<'p>(parts: &'p [Part<'_>]) -> Paired<'p> {
    let mut open: Vec<(&str, At, &Placed)> = Vec::new();
    let mut count: HashMap<&str, usize> = HashMap::new();
    let mut found = Paired::default();
    for (at, placed) in pieces(parts) {
        match &placed.piece {
            Piece::Open(tag) if !tag.is_void() => {
                open.push((&tag.name, at, placed));
                *count.entry(&tag.name).or_default() += 1;
            }
            Piece::Close(name) if count.get(name.as_str()).is_some_and(|count| *count > 0) => {
                while let Some((opened, from, tag)) = open.pop() {
                    count.entry(opened).and_modify(|count| *count -= 1);
                    if opened == name {
                        found.pairs.push((from, at));
                        break;
                    }
                    found.unclosed.push(tag);
                }
            }
            _ => {}
        }
    }
    found.unclosed.extend(open.into_iter().map(|(_, _, tag)| tag));
    found
}

fn pieces<'p>(parts: &'p [Part<'_>]) -> impl Iterator<Item = (At, &'p Placed)> {
    parts.iter().enumerate().flat_map(|(part, content)| {
        let pieces = match content {
            Part::Html(pieces) => pieces.as_slice(),
            Part::Markdown(_) => &[],
        };
        pieces.iter().enumerate().map(move |(piece, placed)| ((part, piece), placed))
    })
}

/// The runs of parts that only balance together, in order, and every other part on its own.
pub(super) fn groups(parts: &[Part<'_>]) -> Vec<RangeInclusive<usize>> {
    let mut reach: Vec<usize> = (0..parts.len()).collect();
    for ((from, _), (to, _)) in paired(parts).pairs {
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
    paired(parts).pairs.contains(&((0, 0), end))
}

/// A warning for each element that is never closed, so that it holds less than it seems to.
pub(super) fn unclosed(parts: &[Part<'_>]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for placed in paired(parts).unclosed {
        if let Piece::Open(tag) = &placed.piece
            && sanitise::is_allowed(&tag.name)
            && !shape::closes_itself(&tag.name)
        {
            let message = format!("<{}> is never closed, so it ends with its block", tag.name);
            warnings.push(Warning::new("html-unclosed", placed.line, message));
        }
    }
    warnings
}
