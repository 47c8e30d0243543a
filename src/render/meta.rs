//! A note's values at one target.

use std::collections::BTreeMap;

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    error::{Error, Result},
    note::{Note, Status},
};

/// A note's values at one target, with everything decided that can be without asking it.
#[derive(Debug, Clone, Default)]
pub struct Meta {
    /// The title.
    pub title: String,
    /// The slug, if the author chose one.
    pub slug: Option<String>,
    /// The note's file name without its ending, for targets that must have a name.
    pub stem: String,
    /// When it is to appear.
    pub date: Option<Timestamp>,
    /// In which state.
    pub status: Status,
    /// Tags; `None` where the note says nothing of them, so that the site's own are left alone.
    pub tags: Option<Vec<String>>,
    /// Categories; `None` as for the tags.
    pub categories: Option<Vec<String>>,
    /// Terms of the site's own taxonomies, by the taxonomy's name there; `None` as for the tags.
    pub taxonomies: Option<BTreeMap<String, Vec<String>>>,
    /// A summary.
    pub excerpt: Option<String>,
    /// `src` of the featured picture.
    pub image: Option<String>,
    /// Its alternative text.
    pub image_alt: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// The address of the original, or [`PENDING_LINK`](super::PENDING_LINK) and the target that will give it.
    pub canonical: Option<String>,
}

impl Meta {
    /// The values of a note at a target. `heading` is the title that its text gives, `canonical` the
    /// address of the original where the note itself names none, `zone` that of dates without one.
    ///
    /// # Errors
    /// A note without a title; a date that is on no calendar.
    pub fn of(
        note: &Note,
        target: &str,
        heading: Option<&str>,
        canonical: Option<String>,
        zone: &TimeZone,
    ) -> Result<Self> {
        let own = note.meta.at(target);
        let title = own.title.or(heading.map(str::to_owned)).filter(|title| !title.trim().is_empty());
        let date = own.date.map(|date| date.instant(zone)).transpose().map_err(|e| {
            Error::invalid("the date cannot be told").code("bad-value").at(place(note, "date")).cause(e)
        })?;
        Ok(Self {
            title: title.ok_or_else(|| untitled(note))?,
            slug: own.slug,
            stem: stem(note.path()).to_owned(),
            date,
            status: own.status.unwrap_or(Status::Publish),
            tags: own.tags,
            categories: own.categories,
            taxonomies: own.taxonomies,
            excerpt: own.excerpt,
            image: own.image,
            image_alt: own.image_alt,
            author: note.meta.author.clone(),
            canonical: own.canonical.or(canonical),
        })
    }
}

fn untitled(note: &Note) -> Error {
    Error::invalid("the note has no title")
        .code("no-title")
        .at(place(note, "title"))
        .help("add `title: …` to its front matter, or begin its text with `# Title`")
}

/// Where a key of the front matter stands; the note's first line where it does not.
fn place(note: &Note, key: &str) -> crate::error::Place {
    note.meta.places.get(key).cloned().unwrap_or_else(|| note.source.line(1))
}

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
