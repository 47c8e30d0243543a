//! The templates.

use std::sync::LazyLock;

use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

use crate::{
    error::Result,
    render::template::{self, Templates, templates},
};

static TEMPLATES: LazyLock<Templates> = LazyLock::new(|| {
    templates(&[("page.html", include_str!("page.html")), ("index.html", include_str!("index.html"))])
});

/// Fills a template in.
///
/// # Errors
/// None in practice: see [`template::fill`].
pub fn fill(template: &str, values: &impl Serialize) -> Result<String> {
    template::fill(&TEMPLATES, template, values)
}

/// A date for machines and for people.
#[derive(Debug, Serialize)]
pub struct Day {
    machine: String,
    words: String,
}

impl Day {
    /// A date on a calendar, in words of the language where it is English, and else in figures that
    /// every language can read (ISO 8601).
    #[must_use]
    pub fn new(at: Timestamp, timezone: &TimeZone, language: &str) -> Self {
        let here = at.to_zoned(timezone.clone());
        let english = language.split('-').next().is_some_and(|first| first.eq_ignore_ascii_case("en"));
        let words = if english { "%-d %B %Y" } else { "%Y-%m-%d" };
        Self {
            machine: here.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            words: here.strftime(words).to_string(),
        }
    }
}
