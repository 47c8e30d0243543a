//! `feed.xml`: the newest pages as Atom (RFC 4287).

use atom_syndication::{Category, Entry, Feed, FixedDateTime, Generator, Link, Person, Text, WriteConfig};
use jiff::Timestamp;
use uuid::Uuid;

use super::{
    config::Settings,
    index::Listed,
    seal::{Comment, sealed},
};
use crate::error::{Error, Result};

/// The feed's file.
pub const FILE: &str = "feed.xml";
/// How many pages it tells of: more than a reader who looks in once a month can miss.
const NEWEST: usize = 50;

/// The feed. `pages` are in order, newest first; those without a date are not in it, since Atom
/// wants one (RFC 4287, 4.1.2) and a date that nobody set would be made up.
///
/// # Errors
/// None in practice: the feed is written to memory.
pub fn feed(settings: &Settings, target: &str, pages: &[Listed]) -> Result<String> {
    let entries: Vec<Entry> = pages
        .iter()
        .filter_map(|page| page.card.date_published.map(|at| entry(settings, page, at)))
        .take(NEWEST)
        .collect();
    let feed = Feed {
        title: Text::plain(clean(&settings.title)),
        id: id(settings, target).urn().to_string(),
        updated: entries.first().map_or_else(|| date(Timestamp::UNIX_EPOCH), |newest| newest.updated),
        authors: vec![person(&settings.title)],
        generator: Some(Generator { value: "crosspost".to_owned(), ..Generator::default() }),
        links: links(settings),
        lang: Some(settings.language.clone()),
        entries,
        ..Feed::default()
    };
    let config = WriteConfig { write_document_declaration: true, indent_size: Some(2) };
    let xml = feed.write_with_config(Vec::new(), config).map_err(|e| unwritten(&e))?;
    Ok(sealed(String::from_utf8(xml).map_err(|e| unwritten(&e))?, Comment::Markup))
}

fn unwritten(cause: &dyn std::fmt::Display) -> Error {
    Error::failed("the feed could not be put together").cause(cause)
}

/// The feed's own id, which must never change (RFC 4287, 4.2.6): from its address where it has
/// one, and else from the target's name and title.
fn id(settings: &Settings, target: &str) -> Uuid {
    match &settings.url {
        Some(url) => Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("{url}{FILE}").as_bytes()),
        None => Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{target}\0{}", settings.title).as_bytes()),
    }
}

/// Without `url` the links are relative, which Atom allows (RFC 4287, 4.2.7.1).
fn links(settings: &Settings) -> Vec<Link> {
    let link = |rel: &str, file: &str, media_type: &str| Link {
        href: href(settings, file),
        rel: rel.to_owned(),
        mime_type: Some(media_type.to_owned()),
        ..Link::default()
    };
    let list = if settings.url.is_some() { "" } else { super::index::FILE };
    vec![link("self", FILE, "application/atom+xml"), link("alternate", list, "text/html")]
}

fn href(settings: &Settings, file: &str) -> String {
    settings.url.as_ref().map_or_else(|| file.to_owned(), |_| settings.address(file))
}

fn entry(settings: &Settings, page: &Listed, at: Timestamp) -> Entry {
    let card = &page.card;
    let summary = Some(&card.description).filter(|text| !text.is_empty());
    Entry {
        title: Text::plain(clean(&card.headline)),
        id: format!("urn:uuid:{}", page.marker),
        // Only the note's date is known here, and no clock is asked: a correction leaves it.
        updated: date(at),
        published: Some(date(at)),
        authors: card.author.iter().map(|author| person(&author.name)).collect(),
        categories: card.keywords.iter().map(|word| category(word)).collect(),
        links: vec![Link {
            href: href(settings, &page.file),
            rel: "alternate".to_owned(),
            mime_type: Some("text/html".to_owned()),
            ..Link::default()
        }],
        summary: summary.map(|text| Text::plain(clean(text))),
        ..Entry::default()
    }
}

fn person(name: &str) -> Person {
    Person { name: clean(name), ..Person::default() }
}

fn category(word: &str) -> Category {
    Category { term: clean(word), ..Category::default() }
}

/// An instant in the form of the feed's crate. Both write RFC 3339, so nothing can be lost; what
/// lies outside its years (0 to 9999) reads as 1970.
fn date(at: Timestamp) -> FixedDateTime {
    at.to_string().parse().unwrap_or_default()
}

/// Text without the characters that no XML document may hold (XML 1.0, 2.2).
fn clean(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}'))
        .collect()
}
