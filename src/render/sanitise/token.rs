//! HTML as a flat list of tags and texts: enough to pair tags, read attributes and write them
//! again, without a tree.

use std::cell::RefCell;

use html5ever::{
    buffer_queue::BufferQueue,
    tendril::StrTendril,
    tokenizer::{
        self, TagKind, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
        states::RawKind::{Rawtext, Rcdata, ScriptData},
    },
};

use crate::render::html::escape;

/// An opening tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The element's name, lower case.
    pub name: String,
    /// Names (lower case) and values, decoded, as they stand.
    pub attributes: Vec<(String, String)>,
}

impl Tag {
    /// An attribute's value.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether the element can hold nothing and so has no closing tag.
    #[must_use]
    pub fn is_void(&self) -> bool {
        is_void(&self.name)
    }
}

/// A piece of HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// `<name …>`
    Open(Tag),
    /// `</name>`
    Close(String),
    /// Text, decoded.
    Text(String),
    /// The inside of `<!-- … -->`; declarations and processing instructions end up here too.
    Comment(String),
}

/// A piece, and how many line ends stand before its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The piece.
    pub piece: Piece,
    /// Lines after the first, from 0.
    pub line: u32,
}

/// Elements without content (HTML 13.1.2, "void elements").
#[must_use]
pub fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Cuts HTML into its pieces, the way a browser would.
#[must_use]
pub fn pieces(html: &str) -> Vec<Placed> {
    if let Some(piece) = bare_tag(html) {
        return vec![Placed { piece, line: 0 }];
    }
    tokenized(html)
}

fn tokenized(html: &str) -> Vec<Placed> {
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(html));
    let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.pieces.into_inner()
}

/// A tag and nothing else, not even attributes (HTML 13.2.5.6 to 13.2.5.8): what most raw HTML within
/// text is.
fn bare_tag(html: &str) -> Option<Piece> {
    let inside = html.strip_prefix('<')?.strip_suffix('>')?;
    let name = inside.strip_prefix('/').unwrap_or(inside);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic())
        || !name.bytes().all(|b| b.is_ascii_alphanumeric())
    {
        return None;
    }
    let name = name.to_ascii_lowercase();
    Some(if inside.starts_with('/') {
        Piece::Close(name)
    } else {
        Piece::Open(Tag { name, attributes: Vec::new() })
    })
}

/// Writes pieces as HTML again.
#[must_use]
pub fn write<'a>(pieces: impl IntoIterator<Item = &'a Piece>) -> String {
    let mut out = String::new();
    for piece in pieces {
        write_piece(piece, &mut out);
    }
    out
}

fn write_piece(piece: &Piece, out: &mut String) {
    match piece {
        Piece::Open(tag) => write_tag(&tag.name, &tag.attributes, out),
        Piece::Close(name) => {
            out.push_str("</");
            out.push_str(name);
            out.push('>');
        }
        Piece::Text(text) => escape::text(text, out),
        Piece::Comment(text) => {
            out.push_str("<!--");
            out.push_str(text);
            out.push_str("-->");
        }
    }
}

/// Writes an opening tag. Names must be trusted, values need not be.
pub fn write_tag(name: &str, attributes: &[(String, String)], out: &mut String) {
    out.push('<');
    out.push_str(name);
    for (name, value) in attributes {
        escape::attribute(name, value, out);
    }
    out.push('>');
}

#[derive(Default)]
struct Sink {
    pieces: RefCell<Vec<Placed>>,
}

impl Sink {
    fn push(&self, piece: Piece, line: u64) {
        let line = u32::try_from(line.saturating_sub(1)).unwrap_or(u32::MAX);
        self.pieces.borrow_mut().push(Placed { piece, line });
    }

    /// Text comes in runs of any length: neighbours are joined.
    fn text(&self, text: &str, line: u64) {
        if let Some(Placed { piece: Piece::Text(before), .. }) = self.pieces.borrow_mut().last_mut() {
            before.push_str(text);
            return;
        }
        self.push(Piece::Text(text.to_owned()), line);
    }

    fn tag(&self, tag: &tokenizer::Tag, line: u64) -> TokenSinkResult<()> {
        let name = tag.name.to_string();
        match tag.kind {
            TagKind::EndTag => {
                self.push(Piece::Close(name), line);
                TokenSinkResult::Continue
            }
            TagKind::StartTag => {
                let state = content_of(&name);
                let attributes =
                    tag.attrs.iter().map(|a| (a.name.local.to_string(), a.value.to_string())).collect();
                self.push(Piece::Open(Tag { name, attributes }), line);
                state
            }
        }
    }
}

/// How the tokenizer must read on after an opening tag (HTML 13.4, parsing fragments).
fn content_of(name: &str) -> TokenSinkResult<()> {
    match name {
        "script" => TokenSinkResult::RawData(ScriptData),
        "title" | "textarea" => TokenSinkResult::RawData(Rcdata),
        "style" | "xmp" | "iframe" | "noembed" | "noframes" => TokenSinkResult::RawData(Rawtext),
        "plaintext" => TokenSinkResult::Plaintext,
        _ => TokenSinkResult::Continue,
    }
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: tokenizer::Token, line: u64) -> TokenSinkResult<()> {
        match token {
            tokenizer::Token::TagToken(tag) => return self.tag(&tag, line),
            tokenizer::Token::CharacterTokens(text) => self.text(&text, line),
            tokenizer::Token::CommentToken(text) => self.push(Piece::Comment(text.to_string()), line),
            tokenizer::Token::NullCharacterToken => self.text("\u{fffd}", line),
            tokenizer::Token::DoctypeToken(_)
            | tokenizer::Token::EOFToken
            | tokenizer::Token::ParseError(_) => {}
        }
        TokenSinkResult::Continue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_tag_is_what_the_tokenizer_takes_it_for() {
        for tag in ["<b>", "</KBD>", "<Br>", "<script>", "</p>", "<h1>"] {
            let bare = bare_tag(tag).map(|piece| vec![Placed { piece, line: 0 }]);
            assert_eq!(bare, Some(tokenized(tag)), "{tag}");
        }
        for other in ["", "<>", "</>", "<1>", "<a-b>", "<b/>", "<b >", "<b><i>", "< b>", "<\u{e4}>", "b"] {
            assert_eq!(bare_tag(other), None, "{other}");
        }
    }
}
