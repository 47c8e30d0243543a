//! Who may read: the audience of a target and of a note, and the cut that is made in the source
//! before anything is parsed for a public target.

use std::{borrow::Cow, fmt};

use memchr::memchr;
use serde::{Deserialize, Serialize};

use super::{
    Note,
    directive::{self, Line, Suspicion},
};
use crate::error::{Error, Place};

/// Who may read. A note may only narrow what it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// Everybody.
    Public,
    /// Colleagues.
    Internal,
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Public => "public",
            Self::Internal => "internal",
        })
    }
}

/// A note's body as an audience may read it, and nothing else of it. Whatever is rendered is
/// rendered from this.
#[derive(Debug, Clone)]
pub struct Cleared {
    /// For whom.
    pub audience: Audience,
    /// The Markdown that may be shown.
    pub text: String,
    /// For each line of `text`, its line in the file, from 1.
    pub lines: Vec<u32>,
    /// The lines that were cut out, trimmed, without empty ones: a payload is scanned for them
    /// once more before it is sent.
    pub removed: Vec<String>,
}

impl Cleared {
    /// The line in the note's file of a line of the cleared text (both from 1).
    #[must_use]
    pub fn source_line(&self, line: usize) -> u32 {
        let index = line.saturating_sub(1).min(self.lines.len().saturating_sub(1));
        self.lines.get(index).copied().unwrap_or(1)
    }
}

/// Cuts a note's body for an audience: without the internal passages for the public, with them
/// (and without the lines that mark them) for colleagues.
///
/// The cut is made line by line in the source. A Markdown parser's tree would leak: a code fence
/// hides a directive from it, and definitions of links and footnotes are hoisted out of where
/// they stand. Where lines would come together that were apart, one blank line keeps them so.
///
/// # Errors
/// Every directive that is unclosed, nested, misspelt or stray; and a note that is internal as a
/// whole, for the public.
pub fn clear(note: &Note, audience: Audience) -> Result<Cleared, Vec<Error>> {
    if !note.meta.is_for(audience) {
        return Err(vec![
            Error::invalid("the note is internal and cannot go to a public target")
                .code("internal-note")
                .at(note.meta.places.get("audience").cloned().unwrap_or_else(|| note.source.line(1))),
        ]);
    }
    let plain = |line: &str| matches!(directive::read(line), Line::Text(Cow::Borrowed(_)));
    let mut rest = lines(note.body());
    let mut before = 0;
    let first = loop {
        match rest.next() {
            None => return Ok(untouched(note, note.body(), audience)),
            Some((line, _)) if plain(line) => before += line.len() + 1,
            Some(first) => break first,
        }
    };
    // What stands before the first directive is kept as it is.
    let mut cut = Cut::new(note, untouched(note, &note.body()[..before], audience));
    for (line, index) in std::iter::once(first).chain(rest) {
        cut.line(line, note.body_line.saturating_add(index));
    }
    cut.finish()
}

/// The lines of a text, without their ends, counted from 0. Not [`str::lines`], which also takes
/// away a CR, and looks at every byte.
fn lines(text: &str) -> impl Iterator<Item = (&str, u32)> {
    let mut rest = text;
    let next = move || {
        if rest.is_empty() {
            return None;
        }
        let end = memchr(b'\n', rest.as_bytes());
        let (line, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after.strip_prefix('\n').unwrap_or_default();
        Some(line)
    };
    std::iter::from_fn(next).zip(0..)
}

/// The beginning of a body, or all of it, as it stands there.
fn untouched(note: &Note, text: &str, audience: Audience) -> Cleared {
    let count = u32::try_from(lines(text).count()).unwrap_or(u32::MAX);
    Cleared {
        audience,
        text: text.to_owned(),
        lines: (note.body_line..note.body_line.saturating_add(count)).collect(),
        removed: Vec::new(),
    }
}

/// A cut under way.
struct Cut<'a> {
    note: &'a Note,
    cleared: Cleared,
    errors: Vec<Error>,
    /// The line of the passage that is open.
    open: Option<u32>,
    /// The line of the last directive, if no line has been kept since.
    gap: Option<u32>,
    /// The last line that was kept, as it stands in the file.
    last: &'a str,
}

impl<'a> Cut<'a> {
    /// One that goes on behind what is cleared already.
    fn new(note: &'a Note, cleared: Cleared) -> Self {
        let last = note.body()[..cleared.text.len()].lines().next_back().unwrap_or_default();
        Self { note, cleared, errors: Vec::new(), open: None, gap: None, last }
    }

    fn line(&mut self, line: &'a str, number: u32) {
        match (directive::read(line), self.open) {
            (Line::Open, None) => self.open = Some(number),
            (Line::Open, Some(first)) => self.errors.push(self.nested(number, first)),
            (Line::Close, Some(_)) => self.open = None,
            (Line::Close, None) => self.errors.push(self.stray(number)),
            (Line::Suspect(suspicion), _) => self.errors.push(self.suspect(line, number, &suspicion)),
            (Line::Text(text), open) => return self.text(line, &text, number, open.is_some()),
        }
        self.gap = Some(number);
    }

    fn text(&mut self, line: &'a str, text: &str, number: u32, inside: bool) {
        if inside && self.cleared.audience == Audience::Public {
            if !text.trim().is_empty() {
                self.cleared.removed.push(text.trim().to_owned());
            }
            return;
        }
        if let Some(gap) = self.gap.take()
            && must_stay_apart(self.last, line)
        {
            self.keep("", gap);
        }
        self.keep(text, number);
        self.last = line;
    }

    fn keep(&mut self, text: &str, number: u32) {
        self.cleared.text.push_str(text);
        self.cleared.text.push('\n');
        self.cleared.lines.push(number);
    }

    fn finish(mut self) -> Result<Cleared, Vec<Error>> {
        if let Some(first) = self.open {
            self.errors.push(
                error(
                    "unclosed-passage",
                    "this internal passage is never closed",
                    self.note.source.line(first),
                )
                .help(format!("end it with a line that is exactly `{}`", directive::CLOSE)),
            );
        }
        if self.errors.is_empty() { Ok(self.cleared) } else { Err(self.errors) }
    }

    fn nested(&self, number: u32, first: u32) -> Error {
        let message = format!("an internal passage begins inside the one of line {first}");
        error("nested-passage", &message, self.note.source.line(number))
            .help(format!("close the first with a line `{}`: passages do not nest", directive::CLOSE))
    }

    fn stray(&self, number: u32) -> Error {
        error(
            "stray-passage-end",
            "this closes an internal passage, and none is open",
            self.note.source.line(number),
        )
        .help(format!(
            "open the passage with a line that is exactly `{}`, or remove this line",
            directive::OPEN
        ))
        .help(ESCAPE)
    }

    fn suspect(&self, line: &str, number: u32, suspicion: &Suspicion) -> Error {
        let column = line.get(..suspicion.at).map_or(0, |before| before.chars().count()) + 1;
        let place = Place::new(self.note.path(), number, u32::try_from(column).unwrap_or(u32::MAX));
        error("internal-directive", &suspicion.message, place)
            .help(format!(
                "an internal passage begins with a line that is exactly `{}` and ends with one that is exactly `{}`",
                directive::OPEN,
                directive::CLOSE
            ))
            .help(ESCAPE)
    }
}

fn error(code: &'static str, message: &str, place: Place) -> Error {
    Error::invalid(message).code(code).at(place)
}

const ESCAPE: &str =
    "to show it as text, put a backslash before its colons: `\\:::`; the backslash is not shown";

/// Whether a cut between two lines needs a blank one in its place, lest the two become one
/// paragraph. Rows of a table and items of a list stay together: a blank line would end the table
/// and set the items apart.
fn must_stay_apart(before: &str, after: &str) -> bool {
    let (before, after) = (before.trim(), after.trim());
    let row = |line: &str| line.starts_with('|');
    let item = |line: &str| {
        let mark = line.trim_start_matches(|c: char| c.is_ascii_digit());
        ["- ", "* ", "+ ", ". ", ") "].iter().any(|start| mark.starts_with(start))
    };
    let together = (row(before) && row(after)) || (item(before) && item(after));
    !before.is_empty() && !after.is_empty() && !together
}

#[cfg(test)]
mod tests;
