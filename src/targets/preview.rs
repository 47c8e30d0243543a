//! How a note will look at a target, for previews: what drivers make, and small helps for making it.

use jiff::{Timestamp, tz::TimeZone};

use crate::render::{Context, Meta, Rendering, html::escape};

/// A note as a target's pages show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// What stands in the page's body: landmarks, the title as the one first-level heading, the text.
    /// It may hold whatever the note holds: whoever shows it lets no script of it run.
    pub html: String,
    /// The style sheet; it loads nothing. Colours for dark screens stand in
    /// `@media (prefers-color-scheme: dark)`, spelled so.
    pub style: &'static str,
    /// The language of the page, as a tag.
    pub language: String,
}

impl Preview {
    /// A rendering whose body is HTML, without a look of its own: what a new target begins with.
    #[must_use]
    pub fn plain(rendering: &Rendering) -> Self {
        let title = escape::escaped(&rendering.title);
        let html = format!("<main>\n<h1>{title}</h1>\n{}\n</main>", rendering.body);
        Self::new(html, include_str!("plain.css"))
    }

    /// A page in the default language.
    #[must_use]
    pub fn new(html: String, style: &'static str) -> Self {
        Self { html, style, language: "en".to_owned() }
    }
}

/// A date as blogs show it: `12 June 2026`.
#[must_use]
pub fn day(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%-d %B %Y").to_string()
}

/// The date and the author, as far as the note says them.
#[must_use]
pub fn byline(meta: &Meta, zone: &TimeZone) -> Vec<String> {
    let day = meta.date.map(|at| day(at, zone));
    day.into_iter().chain(meta.author.clone()).map(|text| escape::escaped(&text)).collect()
}

/// The featured picture as a figure; nothing where there is none. Only a file beside the note: sites
/// do not take one from elsewhere.
#[must_use]
pub fn featured(context: &Context<'_>) -> String {
    let src = context.meta.image.as_ref().filter(|src| context.pictures.get(src).is_some());
    let Some(src) = src else { return String::new() };
    let mut out = "<figure class=\"featured\"><img".to_owned();
    escape::attribute("src", &context.pictures.url(src), &mut out);
    escape::attribute("alt", context.meta.image_alt.as_deref().unwrap_or_default(), &mut out);
    out + "></figure>\n"
}

/// Words as the items of a list with a class; nothing where there are none.
#[must_use]
pub fn words(class: &str, words: &[String]) -> String {
    if words.is_empty() {
        return String::new();
    }
    let items: Vec<String> = words.iter().map(|word| format!("<li>{}</li>", escape::escaped(word))).collect();
    let items = items.concat();
    format!("<ul class=\"{class}\">{items}</ul>\n")
}
