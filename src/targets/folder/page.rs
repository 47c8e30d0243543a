//! A page: one note as a complete HTML document.

use serde::Serialize;

use super::{
    card::Card,
    config::Settings,
    seal::{Comment, sealed},
    template::{Day, fill},
};
use crate::{error::Result, note::Marker};

/// What a page shows.
pub struct Page<'a> {
    /// Whose it is.
    pub marker: Marker,
    /// Its own address; `None` where it is not known where the folder will be served from.
    pub address: Option<String>,
    /// The address of the original.
    pub canonical: Option<String>,
    /// What the list and the feed say of it.
    pub card: Card,
    /// The picture that stands for it.
    pub picture: Option<Featured<'a>>,
    /// The text as HTML.
    pub body: &'a str,
}

/// The picture that stands for a page.
pub struct Featured<'a> {
    /// Its address from the page.
    pub url: &'a str,
    /// Its alternative text.
    pub alt: &'a str,
    /// Width and height in pixels, where they are known.
    pub size: Option<(u32, u32)>,
}

#[derive(Serialize)]
struct Values<'a> {
    language: &'a str,
    site: &'a str,
    marker: String,
    title: &'a str,
    description: &'a str,
    author: Option<&'a str>,
    status: Option<&'a str>,
    date: Option<Day>,
    topics: &'a [String],
    address: Option<&'a str>,
    canonical: Option<&'a str>,
    share_image: Option<String>,
    share_image_alt: Option<&'a str>,
    hero: Option<Hero<'a>>,
    card: String,
    body: &'a str,
}

#[derive(Serialize)]
struct Hero<'a> {
    url: &'a str,
    alt: &'a str,
    width: u32,
    height: u32,
}

impl Page<'_> {
    /// The page's bytes, the same for the same note on every machine and at every time.
    ///
    /// # Errors
    /// None in practice: see [`fill`].
    pub fn html(&self, settings: &Settings) -> Result<String> {
        let card = &self.card;
        let values = Values {
            language: &settings.language,
            site: &settings.title,
            marker: self.marker.token(),
            title: &card.headline,
            description: &card.description,
            author: card.author.as_ref().map(|person| person.name.as_str()),
            status: card.creative_work_status.as_deref(),
            date: card.date_published.map(|at| Day::new(at, &settings.timezone, &settings.language)),
            topics: &card.keywords,
            address: self.address.as_deref(),
            canonical: self.canonical.as_deref(),
            share_image: self.picture.as_ref().and_then(|picture| absolute(settings, picture.url)),
            share_image_alt: self.picture.as_ref().map(|picture| picture.alt),
            hero: self.hero(),
            card: card.element(),
            body: self.body.trim_end(),
        };
        Ok(sealed(fill("page.html", &values)?, Comment::Markup))
    }

    /// The picture above the text, unless the text shows it itself.
    fn hero(&self) -> Option<Hero<'_>> {
        let Featured { url, alt, size } = self.picture.as_ref()?;
        let (width, height) = size.unwrap_or_default();
        let shown = self.body.contains(&format!("src=\"{url}\""));
        (!shown).then_some(Hero { url, alt, width, height })
    }
}

/// Open Graph wants absolute addresses.
fn absolute(settings: &Settings, address: &str) -> Option<String> {
    match &settings.url {
        Some(base) => base.join(address).ok().map(String::from),
        None => address.contains("://").then(|| address.to_owned()),
    }
}
