//! The lines that begin and end an internal passage, and everything that looks like one of them.
//!
//! A passage is opened by a line that is exactly `:::internal` and closed by one that is exactly
//! `:::`, both from the first column, wherever they stand: also in a code block, in a table, in a
//! comment. A line that merely looks like one is an error, because the author may have believed
//! that it keeps something inside. Text *about* these lines escapes them with a backslash
//! (`\:::internal`), which the cut takes away.

use std::borrow::Cow;

use memchr::memchr2;

/// The line that opens a passage.
pub const OPEN: &str = ":::internal";
/// The line that closes it.
pub const CLOSE: &str = ":::";
/// The word in it.
const WORD: &str = "internal";

/// What a line of the body is.
#[derive(Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// Text, its escapes removed. Borrowed where there were none.
    Text(Cow<'a, str>),
    /// [`OPEN`].
    Open,
    /// [`CLOSE`].
    Close,
    /// Neither, though it looks like one.
    Suspect(Suspicion),
}

/// Why a line is not taken for text.
#[derive(Debug, PartialEq, Eq)]
pub struct Suspicion {
    /// Byte offset in the line.
    pub at: usize,
    /// A sentence.
    pub message: String,
}

/// Reads a line (without its `\n`).
#[must_use]
pub fn read(line: &str) -> Line<'_> {
    match line {
        OPEN => return Line::Open,
        CLOSE => return Line::Close,
        _ => {}
    }
    let mut escapes = Vec::new();
    for run in runs(line) {
        match run.before.strip_suffix('\\') {
            Some(before) if run.is_suspect() || run.count() >= 3 => escapes.push(before.len()),
            None if run.is_suspect() => {
                return Line::Suspect(Suspicion { at: run.before.len(), message: run.message() });
            }
            _ => {}
        }
    }
    Line::Text(unescape(line, &escapes))
}

/// Whether a line is, or looks like, one of the two.
#[must_use]
pub fn is_suspect(line: &str) -> bool {
    line == OPEN || line == CLOSE || runs(line).any(|run| run.is_suspect())
}

fn unescape<'a>(line: &'a str, escapes: &[usize]) -> Cow<'a, str> {
    if escapes.is_empty() {
        return Cow::Borrowed(line);
    }
    let kept = line.char_indices().filter(|(at, _)| !escapes.contains(at)).map(|(_, c)| c);
    Cow::Owned(kept.collect())
}

/// A run of colons, or of what looks like colons, and what stands around it.
struct Run<'a> {
    /// The line up to the run.
    before: &'a str,
    /// The run itself, invisible characters within it included.
    colons: &'a str,
    /// White space between the run and the word.
    gap: &'a str,
    /// The word after it.
    word: &'a str,
    /// The rest of the line.
    after: &'a str,
}

fn runs(line: &str) -> impl Iterator<Item = Run<'_>> {
    let mut from = 0;
    // Asked once for the line: it may be long, and hold many.
    let is_plain = line.is_ascii() || line.chars().all(|c| c.is_ascii() || colons_in(c) == 0);
    let next = if is_plain { next_plain_colon } else { next_colon };
    std::iter::from_fn(move || {
        let start = from + next(line.get(from..)?)?;
        let (before, rest) = line.split_at(start);
        let (colons, rest) = split_while(rest, |c| colons_in(c) > 0 || is_invisible(c));
        from = start + colons.len();
        let (gap, rest) = split_while(rest, |c| is_blank(c) && !is_line_end(c));
        let (word, after) = split_while(rest, |c| c.is_alphanumeric() || is_invisible(c));
        Some(Run { before, colons, gap, word, after })
    })
}

/// Where the first character stands that looks like a colon, in a text where only those of ASCII do.
fn next_plain_colon(text: &str) -> Option<usize> {
    memchr2(b':', b';', text.as_bytes())
}

/// Where the first character stands that looks like a colon.
fn next_colon(text: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        at += text.get(at..)?.bytes().position(|byte| matches!(byte, b':' | b';') || !byte.is_ascii())?;
        let c = text.get(at..)?.chars().next()?;
        if colons_in(c) > 0 {
            return Some(at);
        }
        at += c.len_utf8();
    }
}

fn split_while(text: &str, wanted: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !wanted(c)).unwrap_or(text.len()))
}

impl Run<'_> {
    fn count(&self) -> usize {
        self.colons.chars().map(colons_in).sum()
    }

    fn is_suspect(&self) -> bool {
        if !self.colons.contains(is_colon) {
            // `;;;internal` is a slip of the Shift key; `;;; a comment` is Lisp.
            return self.count() >= 3 && self.opens_line() && self.gap.is_empty() && self.is_near(2);
        }
        match self.count() {
            1 | 2 => self.is_inline_form() || self.is_short_form(),
            _ => self.opens_line() || self.is_near(2),
        }
    }

    /// `:internal[…]`, a form that other tools have.
    fn is_inline_form(&self) -> bool {
        let in_path = || self.before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '>'));
        self.gap.is_empty() && self.after.starts_with(['[', '{']) && !in_path() && self.is_near(1)
    }

    /// `::internal`, `:internal`, `:internal:` alone on the line.
    fn is_short_form(&self) -> bool {
        let colons_only = |text: &str| text.chars().all(|c| is_blank(c) || is_colon(c));
        // `: internal` describes a term.
        let described = self.count() == 1 && !self.gap.is_empty();
        let alone = || {
            let here = self.after.split(is_line_end).next().unwrap_or_default();
            colons_only(here) || (self.count() == 2 && here.starts_with(is_blank))
        };
        !described && !self.word.is_empty() && self.opens_line() && alone() && self.is_near(1)
    }

    /// Whether nothing stands before it on its line but white space, and the marks of quotations
    /// and lists. Characters that some editors show as line ends count as such.
    fn opens_line(&self) -> bool {
        let before = self.before.strip_suffix('\\').unwrap_or(self.before);
        let shown = before.rsplit(is_line_end).next().unwrap_or_default();
        let mark = |c: char| is_blank(c) || matches!(c, '>' | '-' | '*' | '+');
        let rest = shown.trim_start_matches(mark);
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let rest =
            if rest.len() < shown.len() { rest.strip_prefix(['.', ')']).unwrap_or(rest) } else { rest };
        rest.chars().all(mark)
    }

    fn is_near(&self, distance: usize) -> bool {
        let word = skeleton(self.word);
        let other_word = matches!(word.as_str(), "interval" | "external");
        !other_word && strsim::damerau_levenshtein(&word, WORD) <= distance
    }

    fn message(&self) -> String {
        if !self.word.is_empty() && !self.is_near(2) {
            // The word is not repeated: it may be internal, and logs public.
            return "crosspost knows no passage of this name".to_owned();
        }
        let exact = if self.word.is_empty() { CLOSE } else { OPEN };
        format!("this looks like `{exact}` and is not: {}", self.difference())
    }

    fn difference(&self) -> String {
        let whole = [self.before, self.colons, self.gap, self.word, self.after].concat();
        if let Some(c) = self.colons.chars().find(|c| colons_in(*c) > 0 && *c != ':') {
            return format!("it has the character U+{:04X} where `:` belongs", c as u32);
        }
        if let Some(c) = whole.chars().find(|c| is_invisible(*c) || is_line_end(*c)) {
            return format!("it holds the invisible character U+{:04X}", c as u32);
        }
        if self.count() != 3 {
            return format!("it has {} colons and not 3", self.count());
        }
        if !self.before.is_empty() {
            return "it does not begin in the first column".to_owned();
        }
        if !self.gap.is_empty() {
            return "white space follows the colons".to_owned();
        }
        if !self.word.is_empty() && self.word != WORD {
            return format!("the word is `{}`", printable(self.word));
        }
        "something follows it on its line".to_owned()
    }
}

/// A word in lower-case ASCII, as the eye reads it: look-alikes of other alphabets, full-width
/// letters and digits are folded, what cannot be seen is dropped.
fn skeleton(word: &str) -> String {
    word.chars().filter(|c| !is_invisible(*c)).flat_map(char::to_lowercase).map(lookalike).collect()
}

fn lookalike(c: char) -> char {
    match c {
        '\u{ff41}'..='\u{ff5a}' => char::from_u32(c as u32 - 0xff41 + u32::from('a')).unwrap_or(c),
        '\u{456}' | '\u{3b9}' | '\u{131}' | '\u{ed}' | '\u{ec}' | '\u{ee}' | '\u{ef}' | '1' | '|' => 'i',
        '\u{43f}' | '\u{578}' | '\u{3b7}' | '\u{f1}' => 'n',
        '\u{442}' | '\u{3c4}' => 't',
        '\u{435}' | '\u{3b5}' | '\u{e9}' | '\u{e8}' | '\u{ea}' | '3' => 'e',
        '\u{433}' => 'r',
        '\u{430}' | '\u{3b1}' | '\u{e1}' | '\u{e0}' | '\u{e2}' | '4' => 'a',
        '\u{4cf}' | '\u{26d}' => 'l',
        _ => c,
    }
}

fn printable(word: &str) -> String {
    word.chars().filter(|c| !is_invisible(*c)).collect()
}

/// How many colons a character looks like.
fn colons_in(c: char) -> usize {
    match c {
        ';' | '\u{ff1b}' => 1,
        '\u{2237}' => 2,
        '\u{205d}' => 3,
        _ => usize::from(is_colon(c)),
    }
}

/// A colon, or a character that can be taken for one (Unicode's confusables, UTS 39).
fn is_colon(c: char) -> bool {
    matches!(
        c,
        ':' | '\u{2d0}'
            | '\u{2f8}'
            | '\u{589}'
            | '\u{5c3}'
            | '\u{703}'
            | '\u{704}'
            | '\u{903}'
            | '\u{a83}'
            | '\u{1361}'
            | '\u{16ec}'
            | '\u{1803}'
            | '\u{1809}'
            | '\u{205a}'
            | '\u{205d}'
            | '\u{2236}'
            | '\u{2237}'
            | '\u{a4fd}'
            | '\u{a789}'
            | '\u{fe13}'
            | '\u{fe30}'
            | '\u{fe55}'
            | '\u{ff1a}'
    )
}

/// Takes no room on the screen (Unicode's `Default_Ignorable_Code_Point`, and controls).
fn is_invisible(c: char) -> bool {
    (c.is_control() && c != '\t' && !is_line_end(c))
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
                | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
                | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Shows as nothing or as room between words.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_invisible(c) || c == '\u{2800}'
}

/// Ends a line for some editor or other, though not for Markdown (or, CR, not in a decoded note).
fn is_line_end(c: char) -> bool {
    matches!(c, '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}
