//! Readers' comments on words of a page: `<ac:inline-comment-marker ac:ref="…">` around them. A page
//! that is written anew keeps those whose words are still there.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use super::{
    escape,
    essence::COMMENT,
    stored::{self, Piece},
};

/// Elements within a line of text. All others end it.
const INLINE: &[&str] = &[
    "a",
    "ac:inline-comment-marker",
    "ac:link",
    "ac:link-body",
    "b",
    "big",
    "code",
    "del",
    "em",
    "i",
    "s",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "u",
];

/// Elements whose text nobody can comment on.
const SILENT: &[&str] = &["ac:parameter", "ac:task-id", "ac:task-uuid", "ac:task-status"];

/// A body with the comments of the one before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The new body, the comments' places in it.
    pub body: String,
    /// The words whose comments have no place any more.
    pub detached: Vec<String>,
}

/// Puts the places of comments in a stored body into a new one: where the same words stand once, or
/// stand in a paragraph that stands once.
#[must_use]
pub fn keep(stored: &str, new: &str) -> Kept {
    let (Some(before), Some(after)) = (Flow::read(stored), Flow::read(new)) else {
        return Kept { body: new.to_owned(), detached: Vec::new() };
    };
    let (mut places, mut detached) = (BTreeMap::<usize, BTreeSet<&str>>::new(), Vec::new());
    for (name, letters) in before.comments() {
        match before.place_in(&after, &letters) {
            Some(place) => {
                for letter in place {
                    places.entry(letter).or_default().insert(name);
                }
            }
            None => detached.push(before.words(&letters)),
        }
    }
    Kept { body: after.with(new, &places), detached }
}

/// A character that readers see, or the end of a line of text.
#[derive(Debug)]
struct Letter {
    shown: char,
    /// Its bytes; empty for an end.
    at: Range<usize>,
    comments: Vec<String>,
}

/// The text of a body, without its markup.
struct Flow(Vec<Letter>);

impl Flow {
    fn read(body: &str) -> Option<Self> {
        let (mut flow, mut open, mut silent) = (Self(Vec::new()), Vec::<String>::new(), 0_usize);
        for placed in stored::pieces(body)? {
            match placed.piece {
                Piece::Open { name, attributes, empty } => {
                    if name == COMMENT && !empty {
                        let reference = attributes.iter().find(|(name, _)| name == "ac:ref");
                        open.push(reference.map(|(_, value)| value.clone()).unwrap_or_default());
                    }
                    silent += usize::from(!empty && SILENT.contains(&name.as_str()));
                    flow.end_line_at(&name);
                }
                Piece::Close(name) => {
                    if name == COMMENT {
                        open.pop();
                    }
                    silent = silent.saturating_sub(usize::from(SILENT.contains(&name.as_str())));
                    flow.end_line_at(&name);
                }
                Piece::Text(text) if silent == 0 => {
                    for (offset, shown) in text.char_indices() {
                        let from = placed.at.start + offset;
                        flow.push(shown, from..from + shown.len_utf8(), &open);
                    }
                }
                Piece::Reference(text) if silent == 0 => {
                    text.chars().take(1).for_each(|shown| flow.push(shown, placed.at.clone(), &open));
                }
                Piece::Text(_) | Piece::Reference(_) | Piece::Data(_) => {}
            }
        }
        Some(flow)
    }

    /// Blanks of any kind count as one.
    fn push(&mut self, shown: char, at: Range<usize>, comments: &[String]) {
        let is_blank = shown.is_whitespace() && shown != '\u{a0}';
        let shown = if is_blank { ' ' } else { shown };
        let follows_blank = self.0.last().is_none_or(|last| matches!(last.shown, ' ' | '\n'));
        if !(is_blank && follows_blank) {
            self.0.push(Letter { shown, at, comments: comments.to_vec() });
        }
    }

    fn end_line_at(&mut self, element: &str) {
        if INLINE.contains(&element) {
            return;
        }
        if self.0.last().is_some_and(|last| last.shown == ' ') {
            self.0.pop();
        }
        if self.0.last().is_some_and(|last| last.shown != '\n') {
            self.0.push(Letter { shown: '\n', at: 0..0, comments: Vec::new() });
        }
    }

    /// The letters of each comment, from the first to the last.
    fn comments(&self) -> Vec<(&str, Range<usize>)> {
        let mut found: Vec<(&str, Range<usize>)> = Vec::new();
        for (index, letter) in self.0.iter().enumerate() {
            for name in &letter.comments {
                match found.iter_mut().find(|(known, _)| known == name) {
                    Some((_, letters)) => letters.end = index + 1,
                    None => found.push((name, index..index + 1)),
                }
            }
        }
        found
    }

    fn words(&self, letters: &Range<usize>) -> String {
        self.0[letters.clone()]
            .iter()
            .map(|letter| if letter.shown == '\n' { ' ' } else { letter.shown })
            .collect()
    }

    /// Where the same letters stand in another flow.
    fn place_in(&self, other: &Self, letters: &Range<usize>) -> Option<Range<usize>> {
        match other.all(&self.0[letters.clone()]).as_slice() {
            [] => None,
            [only] => Some(*only..*only + letters.len()),
            _ => {
                let from =
                    self.0[..letters.start].iter().rposition(|l| l.shown == '\n').map_or(0, |at| at + 1);
                let rest = self.0[letters.end..].iter().position(|l| l.shown == '\n');
                let to = rest.map_or(self.0.len(), |at| letters.end + at);
                let lines: Vec<usize> = other
                    .all(&self.0[from..to])
                    .into_iter()
                    .filter(|at| other.are_lines(*at, to - from))
                    .collect();
                let [only] = lines.as_slice() else { return None };
                let start = only + (letters.start - from);
                Some(start..start + letters.len())
            }
        }
    }

    /// Whether letters begin and end with a line.
    fn are_lines(&self, from: usize, length: usize) -> bool {
        let is_end = |letter: Option<&Letter>| letter.is_none_or(|letter| letter.shown == '\n');
        is_end(from.checked_sub(1).and_then(|before| self.0.get(before))) && is_end(self.0.get(from + length))
    }

    /// Where these letters begin in this flow.
    fn all(&self, letters: &[Letter]) -> Vec<usize> {
        let is_here = |at: &usize| {
            self.0[*at..*at + letters.len()].iter().zip(letters).all(|(a, b)| a.shown == b.shown)
        };
        let last = (self.0.len() + 1).saturating_sub(letters.len());
        if letters.is_empty() { Vec::new() } else { (0..last).filter(is_here).collect() }
    }

    /// The body, comments around these letters: never across a tag.
    fn with(&self, body: &str, places: &BTreeMap<usize, BTreeSet<&str>>) -> String {
        let (mut out, mut written) = (String::with_capacity(body.len()), 0);
        let mut rest = places.iter().filter(|(index, _)| !self.0[**index].at.is_empty()).peekable();
        while let Some((index, names)) = rest.next() {
            let at = &self.0[*index].at;
            let mut end = at.end;
            while let Some((next, _)) =
                rest.next_if(|(next, others)| self.0[**next].at.start == end && *others == names)
            {
                end = self.0[*next].at.end;
            }
            out.push_str(&body[written..at.start]);
            for name in names {
                out.push_str(&format!("<{COMMENT} ac:ref=\"{}\">", escape::value(name)));
            }
            out.push_str(&body[at.start..end]);
            out.push_str(&format!("</{COMMENT}>").repeat(names.len()));
            written = end;
        }
        out.push_str(&body[written..]);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(name: &str, words: &str) -> String {
        format!("<ac:inline-comment-marker ac:ref=\"{name}\">{words}</ac:inline-comment-marker>")
    }

    fn kept(stored: &str, new: &str) -> (String, Vec<String>) {
        let kept = keep(stored, new);
        (kept.body, kept.detached)
    }

    #[test]
    fn a_comment_stays_at_words_that_stand_once() {
        let before = format!("<p>The {} of it &amp; more.</p>", marked("r1", "second half"));
        let (body, detached) = kept(&before, "<p>Now: the first and the second half.</p>");
        assert_eq!(body, format!("<p>Now: the first and the {}.</p>", marked("r1", "second half")));
        assert_eq!(detached, [""; 0]);
    }

    #[test]
    fn words_that_stand_twice_are_told_apart_by_their_paragraph() {
        let before = format!("<p>one word</p><p>two {}</p>", marked("r1", "word"));
        let (body, _) = kept(&before, "<p>one word</p>\n<p>new</p>\n<p>two word</p>");
        assert_eq!(body, format!("<p>one word</p>\n<p>new</p>\n<p>two {}</p>", marked("r1", "word")));
        let (body, detached) = kept(&before, "<p>word</p><p>word</p>");
        assert_eq!((body.as_str(), detached), ("<p>word</p><p>word</p>", vec!["word".to_owned()]));
    }

    #[test]
    fn words_that_are_gone_are_told() {
        let before = format!("<p>{} stays</p>", marked("r1", "What &lsquo;was&rsquo;"));
        let (body, detached) = kept(&before, "<p>stays</p>");
        assert_eq!((body.as_str(), detached), ("<p>stays</p>", vec!["What ‘was’".to_owned()]));
    }

    #[test]
    fn a_comment_across_markup_is_in_pieces_and_overlapping_ones_nest() {
        let before = format!("<p>a {}<strong>{}</strong> d</p>", marked("r", "b "), marked("r", "c"));
        let (body, _) = kept(&before, "<p>a b <em>c</em> d</p>");
        assert_eq!(body, format!("<p>a {}<em>{}</em> d</p>", marked("r", "b "), marked("r", "c")));
        let before = format!("<p>{}</p>", marked("r", &format!("a {} c", marked("s", "b"))));
        let (body, _) = kept(&before, "<p>a b c</p>");
        let inner = marked("r", &marked("s", "b"));
        assert_eq!(body, format!("<p>{}{inner}{}</p>", marked("r", "a "), marked("r", " c")));
    }

    #[test]
    fn code_and_parameters_are_no_text() {
        let before = format!("<p>{}</p>", marked("r", "x"));
        let new = "<ac:structured-macro ac:name=\"code\"><ac:parameter ac:name=\"language\">x</ac:parameter><ac:plain-text-body><![CDATA[x]]></ac:plain-text-body></ac:structured-macro>";
        assert_eq!(kept(&before, new), (new.to_owned(), vec!["x".to_owned()]));
    }
}
