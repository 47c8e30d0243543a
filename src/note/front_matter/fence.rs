//! Where the front matter begins and ends. Strict, because what is not recognised as front matter
//! is text, and text gets published: everything that nearly is a fence is an error.

use std::ops::Range;

use super::keys;
use crate::{
    error::{Error, Place},
    note::Source,
};

/// The two languages of front matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    /// Between `---`.
    Yaml,
    /// Between `+++`.
    Toml,
}

impl Syntax {
    fn fence(self) -> &'static str {
        match self {
            Self::Yaml => "---",
            Self::Toml => "+++",
        }
    }

    fn of(line: &str) -> Option<Self> {
        [Self::Yaml, Self::Toml].into_iter().find(|syntax| line == syntax.fence())
    }
}

/// A block of front matter.
#[derive(Debug)]
pub(super) struct Block {
    /// Its language.
    pub syntax: Syntax,
    /// The bytes between the fences.
    pub inner: Range<usize>,
    /// Byte offset of the line after the closing fence.
    pub body_start: usize,
    /// That line's number, from 1.
    pub body_line: u32,
}

/// Finds the front matter, if there is any.
///
/// An opening `---` or `+++` alone on the first line is always front matter.
pub(super) fn find(source: &Source) -> Result<Option<Block>, Error> {
    let first = source.text.split('\n').next().unwrap_or_default();
    match Syntax::of(first) {
        Some(syntax) => close(source, syntax).map(Some),
        None => refuse_lookalike(source).map(|()| None),
    }
}

fn close(source: &Source, syntax: Syntax) -> Result<Block, Error> {
    let start = syntax.fence().len() + 1;
    let mut at = start;
    for (line, number) in source.text.get(start..).unwrap_or_default().split('\n').zip(2..) {
        if line == syntax.fence() {
            let body_start = (at + line.len() + 1).min(source.text.len());
            return Ok(Block { syntax, inner: start..at, body_start, body_line: number + 1 });
        }
        refuse_near_close(source, syntax, line, number)?;
        at += line.len() + 1;
    }
    let fence = syntax.fence();
    Err(Error::invalid("the front matter is never closed")
        .code("front-matter-unclosed")
        .at(Place::new(&*source.path, 1, 1))
        .help(format!("end it with a line that is exactly `{fence}`"))
        .help(format!("where `{fence}` is to be a line across the page, write `***` instead")))
}

fn refuse_near_close(source: &Source, syntax: Syntax, line: &str, number: u32) -> Result<(), Error> {
    let bare = visible(line);
    let yaml_end = syntax == Syntax::Yaml && bare == "...";
    if !yaml_end && !is_rule(bare) {
        return Ok(());
    }
    let fence = syntax.fence();
    Err(Error::invalid(format!("this line looks like the end of the front matter and is not `{fence}`"))
        .code("front-matter-fence")
        .at(Place::new(&*source.path, number, 1))
        .help(format!("make it exactly `{fence}`, from the first column and with nothing after it")))
}

/// What a first line of text must not look like, so that no front matter is taken for text.
fn refuse_lookalike(source: &Source) -> Result<(), Error> {
    let lines = source.text.split('\n').zip(1u32..);
    let Some((line, number)) = lines.into_iter().find(|(line, _)| !visible(line).is_empty()) else {
        return Ok(());
    };
    let bare = visible(line);
    let error = |message: String| {
        Error::invalid(message).code("front-matter-fence").at(Place::new(&*source.path, number, 1))
    };
    if Syntax::of(bare).is_some() {
        let help = if number > 1 {
            "delete what stands before it"
        } else {
            "delete the invisible characters and spaces around it"
        };
        return Err(error(format!("the front matter must begin with exactly `{bare}` on the first line"))
            .help(help)
            .help("where it is to be a line across the page, write `***` instead"));
    }
    if is_rule(bare) || bare.starts_with("---") || bare.starts_with("+++") {
        return Err(error("this first line looks like the start of front matter and is not".to_owned())
            .help("write exactly `---` (YAML) or `+++` (TOML) to begin front matter")
            .help("write `***` for a line across the page"));
    }
    if bare == "{" || bare.starts_with("{\"") || bare.starts_with(";;;") {
        return Err(error(
            "this first line looks like front matter in JSON, which is not understood".to_owned(),
        )
        .help("write it in YAML between lines of `---`, or in TOML between lines of `+++`"));
    }
    refuse_unopened(source, line, number)
}

/// `title: …` on the first line and a `---` below: the opening fence was forgotten, and Markdown
/// would make a heading of it all.
fn refuse_unopened(source: &Source, line: &str, number: u32) -> Result<(), Error> {
    let key = line.split([':', '=']).next().unwrap_or_default().trim();
    if key.len() == line.len() || !keys::is_known(key) {
        return Ok(());
    }
    let rest = source.text.split('\n').skip(number as usize);
    let fence = rest.take_while(|line| !line.trim().is_empty()).find_map(|line| Syntax::of(line.trim()));
    match fence {
        None => Ok(()),
        Some(syntax) => Err(Error::invalid("the front matter has an end and no beginning")
            .code("front-matter-fence")
            .at(Place::new(&*source.path, number, 1))
            .help(format!("put a line `{}` before this one", syntax.fence()))),
    }
}

/// A line without what the eye cannot see at its ends.
fn visible(line: &str) -> &str {
    line.trim_matches(|c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{ad}')
    })
}

/// Two or more dashes or pluses of any kind and nothing else: `----`, `—`, `- - -`.
fn is_rule(bare: &str) -> bool {
    let dash = |c: char| {
        matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}')
    };
    let plus = |c: char| matches!(c, '+' | '\u{ff0b}');
    let long = bare.chars().nth(1).is_some() || bare.chars().any(|c| matches!(c, '\u{2014}' | '\u{2015}'));
    let made_of =
        |part: &dyn Fn(char) -> bool| bare.chars().all(|c| part(c) || c == ' ') && bare.chars().any(part);
    long && (made_of(&dash) || made_of(&plus))
}
