//! YAML front matter → tree, from the parser's events, so that each scalar stays as typed and
//! knows its place. Anchors, aliases and tags are refused: no note needs them, and without them
//! no few lines can grow into a million.

use std::{borrow::Cow, ops::Range};

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput, Tag};

use super::tree::{Data, Entry, Value};
use crate::{error::Error, note::Source};

/// Lists and tables within each other, at most. The deepest that means anything is 3.
const MAX_DEPTH: usize = 32;

/// Reads the YAML in `range` of the file.
pub(super) fn parse(source: &Source, range: Range<usize>) -> Result<Vec<Entry>, Vec<Error>> {
    let text = source.text.get(range.clone()).unwrap_or_default();
    let mut reader =
        Reader { source, text, offset: range.start, events: Parser::new_from_str(text), ends: (0, 0) };
    reader.document().map_err(|error| vec![error])
}

struct Reader<'a> {
    source: &'a Source,
    text: &'a str,
    /// Where the text begins in the file.
    offset: usize,
    events: Parser<'a, StrInput<'a>>,
    /// Where the last event and the one before it end in the text.
    ends: (usize, usize),
}

type Next<'a> = (Event<'a>, Span);

impl<'a> Reader<'a> {
    fn document(&mut self) -> Result<Vec<Entry>, Error> {
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamStart | Event::DocumentStart(..) => {}
                Event::StreamEnd => return Ok(Vec::new()),
                Event::DocumentEnd => break,
                node => {
                    let root = self.value(node, span, 0)?;
                    let entries = self.root(root)?;
                    self.end()?;
                    return Ok(entries);
                }
            }
        }
        self.end()?;
        Ok(Vec::new())
    }

    /// Nothing may come after the one document.
    fn end(&mut self) -> Result<(), Error> {
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(()),
                Event::DocumentEnd => {}
                _ => return Err(self.error("the front matter holds more than one YAML document", span)),
            }
        }
    }

    fn root(&self, root: Value) -> Result<Vec<Entry>, Error> {
        match root.data {
            Data::Empty => Ok(Vec::new()),
            Data::Table(entries) => Ok(entries),
            other => Err(Error::invalid(format!(
                "the front matter is {} and not `key: value` lines",
                other.kind()
            ))
            .code("front-matter-syntax")
            .at(self.source.place(root.at))
            .help("write each key on a line of its own, as `title: Week 12`, with a space after the colon")
            .help("where `---` is to be a line across the page, write `***` instead")),
        }
    }

    fn next(&mut self) -> Result<Next<'a>, Error> {
        match self.events.next_event() {
            Some(Ok((event, span))) => {
                let end = span.byte_range().map_or(self.ends.0, |range| range.end);
                self.ends = (end, self.ends.0);
                Ok((event, span))
            }
            Some(Err(error)) => Err(self.syntax_error(&error)),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn value(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Value, Error> {
        if depth > MAX_DEPTH {
            return Err(self.error("the front matter is nested too deeply", span));
        }
        let at = self.at(span);
        let data = match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.plain_node(anchor, tag.as_ref(), span)?;
                self.refuse_comment_trap(style, &text)?;
                scalar(text, style)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.plain_node(anchor, tag.as_ref(), span)?;
                Data::List(self.list(depth)?)
            }
            Event::MappingStart(_, anchor, tag) => {
                self.plain_node(anchor, tag.as_ref(), span)?;
                Data::Table(self.table(depth)?)
            }
            _ => {
                return Err(self
                    .error("YAML aliases (`*name`) are not understood in front matter", span)
                    .help("put text that begins with `*` between quotes"));
            }
        };
        Ok(Value { at, data })
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Value>, Error> {
        let mut values = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::SequenceEnd) {
                return Ok(values);
            }
            values.push(self.value(event, span, depth + 1)?);
        }
    }

    fn table(&mut self, depth: usize) -> Result<Vec<Entry>, Error> {
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let (event, span) = self.next()?;
            let Event::Scalar(key, _, anchor, tag) = event else {
                return match event {
                    Event::MappingEnd => Ok(entries),
                    _ => Err(self
                        .error("a key of the front matter is not plain text", span)
                        .help("text that begins with `[`, `{` or `*` must stand between quotes")),
                };
            };
            self.plain_node(anchor, tag.as_ref(), span)?;
            self.refuse_duplicate(&entries, &key, span)?;
            let (event, value_span) = self.next()?;
            let value = self.value(event, value_span, depth + 1)?;
            entries.push(Entry { key: key.into_owned(), at: self.at(span), value });
        }
    }

    fn refuse_duplicate(&self, entries: &[Entry], key: &str, span: Span) -> Result<(), Error> {
        let Some(first) = entries.iter().find(|entry| entry.key == key) else { return Ok(()) };
        let line = self.source.place(first.at).line;
        Err(Error::invalid(format!("the key `{key}` stands twice in the front matter"))
            .code("duplicate-key")
            .at(self.source.place(self.at(span)))
            .help(format!("the first one is on line {line}: keep one of them")))
    }

    fn plain_node(&self, anchor: usize, tag: Option<&Cow<'a, Tag>>, span: Span) -> Result<(), Error> {
        if anchor == 0 && tag.is_none() {
            return Ok(());
        }
        Err(self
            .error("YAML anchors (`&name`) and tags (`!name`) are not understood in front matter", span)
            .help("put text that begins with `&` or `!` between quotes"))
    }

    /// `title: Issue #4` is `Issue` to YAML, and `title: #4` is nothing: a comment that begins
    /// without a space after the `#`, right behind a value or its key, was hardly meant as one.
    fn refuse_comment_trap(&self, style: ScalarStyle, text: &str) -> Result<(), Error> {
        let (end, before) = self.ends;
        let start = if text.is_empty() { before } else { end };
        let rest = self.text.get(start..).unwrap_or_default().split('\n').next().unwrap_or_default();
        let after = rest.trim_start_matches(':').trim_start_matches([' ', '\t']);
        let glued = after.chars().nth(1).is_some_and(|c| !c.is_whitespace() && c != '#');
        if style != ScalarStyle::Plain || !after.starts_with('#') || !glued {
            return Ok(());
        }
        Err(Error::invalid("to YAML, everything from this ` #` on is a comment")
            .code("front-matter-syntax")
            .at(self.source.place(self.offset + start + rest.len() - after.len()))
            .help("put the value between quotes, or a space after the `#` of a real comment"))
    }

    fn at(&self, span: Span) -> usize {
        self.offset + span.start.byte_offset().unwrap_or(0)
    }

    fn error(&self, message: &str, span: Span) -> Error {
        Error::invalid(message).code("front-matter-syntax").at(self.source.place(self.at(span)))
    }

    fn syntax_error(&self, error: &ScanError) -> Error {
        let offset = self.byte_offset(error);
        let place = self.source.place(self.offset + offset);
        let said = Error::invalid("the front matter is not valid YAML")
            .code("front-matter-syntax")
            .at(place)
            .cause(error.info());
        if error.info().contains("tab") {
            return said.help("YAML does not allow tabs for indentation: use spaces");
        }
        said.help("a value that holds `: ` or ` #`, or begins with one of ``@ ` * & ! % [ { > | \" '``, must stand between quotes")
    }

    /// The parser's errors count characters.
    fn byte_offset(&self, error: &ScanError) -> usize {
        let marker = error.marker();
        marker.byte_offset().unwrap_or_else(|| {
            self.text.char_indices().nth(marker.index()).map_or(self.text.len(), |(at, _)| at)
        })
    }
}

fn scalar(text: Cow<'_, str>, style: ScalarStyle) -> Data {
    match style {
        ScalarStyle::Plain if matches!(&*text, "" | "~" | "null" | "Null" | "NULL") => Data::Empty,
        ScalarStyle::Plain => Data::Word(text.into_owned()),
        _ => Data::Text(text.into_owned()),
    }
}
