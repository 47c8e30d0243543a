//! The last look at a payload before it is sent: does a line stand in it that was cut out of the
//! note? The cut itself is what keeps things inside; this is for the day when some later step
//! takes text from where it should not.
//!
//! The rule. A removed line and the payload are both reduced to their letters and digits, in lower
//! case, so that markup, white space, entities and typographic signs make no difference. The
//! payload is looked at twice, with and without what stands in its tags. Of a removed line are
//! looked for: the whole of it, what a reader would see of it, and each address in it. Pieces
//! shorter than [`SHORTEST`] bytes, and pieces that the public text has as well, prove nothing and
//! are not looked for.

use std::collections::{HashMap, HashSet};

use super::Cleared;

/// The shortest piece that is looked for, in bytes of its letters and digits.
pub const SHORTEST: usize = 12;

/// Finds removed lines in payloads.
#[derive(Debug, Clone, Default)]
pub struct LeakGuard {
    removed: Vec<String>,
    /// Pieces by their first [`SHORTEST`] bytes, each with the index of its line.
    pieces: HashMap<Vec<u8>, Vec<(Vec<u8>, usize)>>,
}

impl LeakGuard {
    /// A guard for a note. `public` is what else may be shown: its title, its tags.
    #[must_use]
    pub fn new(cleared: &Cleared, public: &[&str]) -> Self {
        let mut guard = Self { removed: cleared.removed.clone(), pieces: HashMap::new() };
        let mut seen = HashSet::new();
        for (index, line) in cleared.removed.iter().enumerate() {
            for piece in pieces_of(line) {
                if piece.len() >= SHORTEST && seen.insert(piece.clone()) {
                    guard.pieces.entry(piece[..SHORTEST].to_vec()).or_default().push((piece, index));
                }
            }
        }
        for text in std::iter::once(cleared.text.as_str()).chain(public.iter().copied()) {
            guard.forget(text);
        }
        guard
    }

    /// The first removed line that stands in a payload: HTML, a title, a file name.
    #[must_use]
    pub fn find(&self, payload: &str) -> Option<&str> {
        if self.pieces.is_empty() {
            return None;
        }
        let texts = [squeeze(&without_tags(payload)), squeeze(payload)];
        let (index, _) = texts.iter().find_map(|text| self.hits(text.as_bytes()).next())?;
        self.removed.get(index).map(String::as_str)
    }

    /// Drops the pieces that a public text has.
    fn forget(&mut self, text: &str) {
        if self.pieces.is_empty() {
            return;
        }
        let seen: String = text.lines().map(|line| visible(line).0).collect();
        for text in [squeeze(&seen), squeeze(text)] {
            let known: HashSet<Vec<u8>> =
                self.hits(text.as_bytes()).map(|(_, piece)| piece.to_vec()).collect();
            self.pieces.values_mut().for_each(|pieces| pieces.retain(|(piece, _)| !known.contains(piece)));
        }
        self.pieces.retain(|_, pieces| !pieces.is_empty());
    }

    fn hits<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = (usize, &'a [u8])> {
        text.windows(SHORTEST).enumerate().flat_map(move |(at, start)| {
            let rest = &text[at..];
            let pieces = self.pieces.get(start).map_or(&[][..], Vec::as_slice);
            pieces
                .iter()
                .filter(move |(piece, _)| rest.starts_with(piece))
                .map(|(piece, index)| (*index, piece.as_slice()))
        })
    }
}

/// What is looked for of a removed line, reduced.
fn pieces_of(line: &str) -> Vec<Vec<u8>> {
    let line = without_marks(line);
    let (seen, addresses) = visible(line);
    let all = [line.to_owned(), seen].into_iter().chain(addresses);
    all.map(|piece| squeeze(&piece).into_bytes()).collect()
}

/// A line without the marks of quotations, headings, lists, tasks and definitions.
fn without_marks(line: &str) -> &str {
    let line = line
        .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '>' | '#' | '-' | '*' | '+' | '|'));
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let line =
        rest.strip_prefix(['.', ')']).filter(|rest| rest.starts_with(' ')).unwrap_or(line).trim_start();
    match line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((label, rest)) if rest.starts_with(':') || matches!(label, " " | "x" | "X") => rest,
        _ => line,
    }
}

/// What a reader sees of a line of Markdown, and the addresses in it.
fn visible(line: &str) -> (String, Vec<String>) {
    let (mut seen, mut addresses) = (String::new(), Vec::new());
    let mut rest = line;
    while let Some(at) = rest.find(['[', ']', '<']) {
        seen.push_str(&rest[..at]);
        rest = &rest[at..];
        let hidden =
            [("](", ')'), ("][", ']'), ("[^", ']'), ("<", '>')].into_iter().find_map(|(open, close)| {
                let inner = rest.strip_prefix(open)?;
                inner.split_once(close)
            });
        match hidden {
            Some((inner, after)) => {
                addresses.push(inner.to_owned());
                addresses.extend(inner.split_whitespace().map(str::to_owned));
                rest = after;
            }
            None => rest = &rest[1..],
        }
    }
    seen.push_str(rest);
    (seen, addresses)
}

/// A text without its tags: what a reader sees of it.
pub(crate) fn without_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((text, after)) = rest.split_once('<') {
        out.push_str(text);
        match after.split_once('>') {
            Some((_, after)) => rest = after,
            None => return out + after,
        }
    }
    out + rest
}

/// Letters and digits in lower case, entities read.
fn squeeze(text: &str) -> String {
    // A text that is escaped twice reads like one that is escaped once.
    let text = text.replace("&amp;", "&").replace("&amp;", "&");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('&') {
        push_letters(&mut out, before);
        let entity = after.split_once(';').filter(|(name, _)| {
            (1..=8).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#')
        });
        rest = after;
        if let Some((name, after)) = entity {
            push_letters(&mut out, named(name).encode_utf8(&mut [0; 4]));
            rest = after;
        }
    }
    push_letters(&mut out, rest);
    out
}

fn push_letters(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            // By far the most, and cheap to tell.
            'a'..='z' | '0'..='9' => out.push(c),
            'A'..='Z' => out.push(c.to_ascii_lowercase()),
            c if !c.is_ascii() && c.is_alphanumeric() => out.extend(c.to_lowercase()),
            _ => {}
        }
    }
}

/// The character of a numeric entity; those with names are signs, which do not count.
fn named(name: &str) -> char {
    let Some(number) = name.strip_prefix('#') else { return ' ' };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    code.ok().and_then(char::from_u32).unwrap_or(' ')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::Audience;

    fn guard(text: &str, removed: &[&str]) -> LeakGuard {
        let removed = removed.iter().map(|line| (*line).to_owned()).collect();
        LeakGuard::new(
            &Cleared { audience: Audience::Public, text: text.to_owned(), lines: vec![1], removed },
            &["The title of it"],
        )
    }

    #[test]
    fn a_removed_line_is_found_whatever_became_of_its_markup() {
        for (line, payload) in [
            ("The **merger** is on Tuesday.", "<p>The <strong>merger</strong>\nis on Tuesday.</p>"),
            ("- [x] Ask Ms O'Hara & co", "<li><input> Ask Ms O&rsquo;Hara &amp; co</li>"),
            ("See [the plan](https://x.example/b \"B\") of May.", "<p>See the plan of May.</p>"),
            ("See [the plan](https://x.example/plan-b).", "<a href=\"https://x.example/plan-b\">x</a>"),
            ("![a secret picture](img/secret-plan.png)", "<img src='https://b/img/secret-plan.png'>"),
            ("[^note]: Salaries go up by 3%", "<li id=fn>Salaries go up by 3%</li>"),
            ("let v: Vec<String> = all;", "<code>let v: Vec&lt;String&gt; = all;</code>"),
            ("| Anna | 51,200 | leaves |", "<tr><td>Anna</td><td>51,200</td><td>leaves</td></tr>"),
            ("12. Caf\u{e9} closes in May", "<li>Caf&#233; closes in May</li>"),
            ("`&lt;secret&gt; stuff here`", "<code>&amp;lt;secret&amp;gt; stuff here</code>"),
            ("Only for colleagues", "<img alt=\"only for colleagues\">"),
        ] {
            assert_eq!(guard("Public.", &[line]).find(payload), Some(line), "{line}");
        }
    }

    #[test]
    fn what_is_public_too_or_too_short_is_not_looked_for() {
        let guard = guard(
            "## What we did *this* week\n",
            &["### What we did this week", "Notes", "# The title of it"],
        );
        assert_eq!(guard.find("<h2>What we did this week</h2><p>Notes</p><h1>The title of it</h1>"), None);
    }

    #[test]
    fn a_payload_without_the_line_is_clean() {
        let guard = guard("Public.", &["The merger is on Tuesday."]);
        assert_eq!(guard.find("<p>The merger is on Wednesday & <b>not</b> on &bogus Tuesday <"), None);
        assert_eq!(LeakGuard::default().find("anything"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(line in "\\PC{0,40}", payload in "([<>&;\\[\\]()]|\\PC){0,60}") {
            let _ = guard("x", &[&line]).find(&payload);
        }
    }
}
