//! A stored body in pieces. What Confluence gives back is XML but for two things: it has no root, and
//! it names characters as HTML does (`&rsquo;`).

use std::ops::Range;

use quick_xml::{Reader, events::BytesStart, events::Event};

use crate::render::sanitise::token::{self, Piece as Html};

/// A piece of a stored body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// `<name …>`, or `<name …/>` where it is empty.
    Open { name: String, attributes: Vec<(String, String)>, empty: bool },
    /// `</name>`
    Close(String),
    /// Text as it stands.
    Text(String),
    /// What `&…;` means.
    Reference(String),
    /// The inside of `<![CDATA[…]]>`.
    Data(String),
}

/// A piece, and its bytes in the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) piece: Piece,
    pub(super) at: Range<usize>,
}

/// The pieces of a body; `None` where it is no XML. Comments and instructions are left out.
pub(super) fn pieces(body: &str) -> Option<Vec<Placed>> {
    let mut reader = Reader::from_str(body);
    let mut pieces = Vec::new();
    loop {
        let from = position(&reader)?;
        let event = reader.read_event().ok()?;
        let at = from..position(&reader)?;
        let piece = match event {
            Event::Start(tag) => open(&tag, false)?,
            Event::Empty(tag) => open(&tag, true)?,
            Event::End(tag) => Piece::Close(text(tag.name().as_ref())?),
            Event::Text(words) => Piece::Text(text(&words)?),
            Event::GeneralRef(_) => Piece::Reference(meaning(body.get(at.clone())?)),
            Event::CData(data) => Piece::Data(text(&data)?),
            Event::Eof => return Some(pieces),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => continue,
        };
        pieces.push(Placed { piece, at });
    }
}

fn position(reader: &Reader<&[u8]>) -> Option<usize> {
    usize::try_from(reader.buffer_position()).ok()
}

fn text(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok().map(str::to_owned)
}

fn open(tag: &BytesStart<'_>, empty: bool) -> Option<Piece> {
    let mut attributes = Vec::new();
    for attribute in tag.attributes() {
        let attribute = attribute.ok()?;
        attributes.push((text(attribute.key.as_ref())?, meaning(&text(&attribute.value)?)));
    }
    Some(Piece::Open { name: text(tag.name().as_ref())?, attributes, empty })
}

/// What text with references means: as in HTML, which has all of XML's.
fn meaning(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let words = token::pieces(text).into_iter().filter_map(|placed| match placed.piece {
        Html::Text(words) => Some(words),
        _ => None,
    });
    words.collect()
}
