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
    /// Opening tags that no closing tag meets yet.
    open: Vec<(&'p str, At, &'p Placed)>,
    /// How many of each name are in `open`.
    count: HashMap<&'p str, usize>,
    /// Opening tags that another element's closing tag passed over.
    skipped: HashMap<&'p str, Vec<&'p Placed>>,
}

impl<'p> Paired<'p> {
    fn open(&mut self, name: &'p str, at: At, placed: &'p Placed) {
        self.open.push((name, at, placed));
        *self.count.entry(name).or_default() += 1;
    }

    fn close(&mut self, name: &'p str, at: At) {
        if self.count.get(name).is_none_or(|count| *count == 0) {
            // `<b><i></b></i>`: crossed, but closed.
            self.skipped.get_mut(name).and_then(Vec::pop);
            return;
        }
        while let Some((opened, from, placed)) = self.open.pop() {
            self.count.entry(opened).and_modify(|count| *count -= 1);
            if opened == name {
                self.pairs.push((from, at));
                return;
            }
            self.skipped.entry(opened).or_default().push(placed);
        }
    }

    fn unclosed(self) -> impl Iterator<Item = &'p Placed> {
        let open = self.open.into_iter().map(|(_, _, placed)| placed);
        self.skipped.into_values().flatten().chain(open)
    }
}

/// Pairs the tags of some parts, in one pass.
fn paired<'p>(parts: &'p [Part<'_>]) -> Paired<'p> {
    let mut found = Paired::default();
    for (at, placed) in pieces(parts) {
        match &placed.piece {
            Piece::Open(tag) if !tag.is_void() => found.open(&tag.name, at, placed),
            Piece::Close(name) => found.close(name, at),
            Piece::Open(_) | Piece::Text(_) | Piece::Comment(_) => {}
        }
    }
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
    for placed in paired(parts).unclosed() {
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
