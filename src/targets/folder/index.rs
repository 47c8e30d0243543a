//! `index.html`: all published pages, newest first.

use std::cmp::Reverse;

use serde::Serialize;

use super::{
    card::Card,
    config::Settings,
    seal::{Comment, sealed},
    template::{Day, fill},
};
use crate::{error::Result, note::Marker};

/// The list's file, which no page may have.
pub const FILE: &str = "index.html";

/// A page as the list and the feed know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its file in the folder.
    pub file: String,
    /// Its marker.
    pub marker: Marker,
    /// What it says of itself.
    pub card: Card,
}

#[derive(Serialize)]
struct Index<'a> {
    language: &'a str,
    site: &'a str,
    address: Option<String>,
    entries: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    file: &'a str,
    title: &'a str,
    date: Option<Day>,
    author: Option<&'a str>,
    summary: &'a str,
    topics: &'a [String],
}

/// The pages in the order in which they are listed: newest first, those without a date last, by
/// title; what is the same in both, by file.
pub fn in_order(pages: &mut [Listed]) {
    pages.sort_by(|a, b| {
        let key = |p: &Listed| (p.card.date_published.is_none(), Reverse(p.card.date_published));
        let name = |p: &Listed| (p.card.headline.to_lowercase(), p.file.clone());
        key(a).cmp(&key(b)).then_with(|| name(a).cmp(&name(b)))
    });
}

/// The list. `pages` are in order.
///
/// # Errors
/// None in practice: see [`fill`].
pub fn index(settings: &Settings, pages: &[Listed]) -> Result<String> {
    let values = Index {
        language: &settings.language,
        site: &settings.title,
        address: settings.url.as_ref().map(ToString::to_string),
        entries: pages.iter().map(|page| entry(settings, page)).collect(),
    };
    Ok(sealed(fill("index.html", &values)?, Comment::Markup))
}

fn entry<'a>(settings: &Settings, page: &'a Listed) -> Entry<'a> {
    let card = &page.card;
    Entry {
        file: &page.file,
        title: &card.headline,
        date: card.date_published.map(|at| Day::new(at, &settings.timezone, &settings.language)),
        author: card.author.as_ref().map(|person| person.name.as_str()),
        summary: &card.description,
        topics: &card.keywords,
    }
}
