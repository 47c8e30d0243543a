//! From a cleared note to what a target would be sent. Pure: text in, text out; what a rendering
//! needs to know of the world (picture URLs, other notes' URLs) comes in a [`Context`].

pub mod document;
pub mod parse;

pub mod blocks;
pub mod canvas;
mod digest;
#[cfg(test)]
pub(crate) mod fixture;
pub mod frame;
pub mod html;
pub mod internal;
pub mod last_look;
pub mod links;
pub mod medium;
mod meta;
pub mod pins;
pub mod sanitise;
pub mod stamp;
pub mod storage;
pub mod template;
pub mod text;
pub mod wikitext;

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer, ser::SerializeStruct as _};

pub use digest::Digest;
pub use document::Document;
pub use meta::Meta;

use crate::{
    error::Warning,
    note::{Audience, Marker, Status},
};

/// A local picture: its bytes' digest and what is known from them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Picture {
    /// Digest of the bytes.
    pub digest: Digest,
    /// The file's own name, which a site may show: `team.png`.
    pub file_name: String,
    /// `image/png`.
    pub media_type: &'static str,
    /// Pixels; 0 where unknown (SVG).
    pub width: u32,
    /// Pixels; 0 where unknown (SVG).
    pub height: u32,
}

/// A picture as it stands on a site.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RemotePicture {
    /// The site's own id, where it has one (a WordPress attachment).
    #[serde(default)]
    pub id: Option<String>,
    /// Where it is shown from.
    pub url: String,
}

/// Where people read it, without what is not there.
impl Serialize for RemotePicture {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let whole = !serializer.is_human_readable();
        let mut picture = serializer.serialize_struct("RemotePicture", 2)?;
        if whole || self.id.is_some() {
            picture.serialize_field("id", &self.id)?;
        }
        picture.serialize_field("url", &self.url)?;
        picture.end()
    }
}

/// The local pictures of a note and where the site has them, by `src` as the note writes it.
#[derive(Debug, Clone, Default)]
pub struct Pictures {
    by_src: HashMap<String, (Picture, Option<RemotePicture>)>,
}

impl Pictures {
    /// Adds a picture.
    pub fn insert(&mut self, src: &str, picture: Picture, remote: Option<RemotePicture>) {
        self.by_src.insert(src.to_owned(), (picture, remote));
    }

    /// The picture that a `src` means, if it is a local one.
    #[must_use]
    pub fn get(&self, src: &str) -> Option<(&Picture, Option<&RemotePicture>)> {
        self.by_src.get(src).map(|(picture, remote)| (picture, remote.as_ref()))
    }

    /// The address to show a `src` from: itself where it is not a local picture, the site's where
    /// it is uploaded, and else a placeholder (`crosspost-picture:DIGEST`) that a plan may show and
    /// that is never sent.
    #[must_use]
    pub fn url(&self, src: &str) -> String {
        match self.get(src) {
            None => src.to_owned(),
            Some((_, Some(remote))) => remote.url.clone(),
            Some((picture, None)) => format!("{PENDING_PICTURE}{}", picture.digest.short()),
        }
    }
}

/// Scheme of a picture that is not uploaded yet.
pub const PENDING_PICTURE: &str = "crosspost-picture:";
/// Scheme of an address that only the canonical target's publication will tell.
pub const PENDING_LINK: &str = "crosspost-pending:";

/// What a link of the note becomes at a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkFate {
    /// A link to this address.
    To(String),
    /// No link, only its text.
    Unlink,
    /// No link: its text, then this label (`[internal link]`).
    Label(String),
}

/// Decides what becomes of the addresses in a note at one target.
///
/// A dialect asks for every address it is about to write: links, raw HTML's `href`, and pictures
/// that are not local (where [`LinkFate::Unlink`] and [`LinkFate::Label`] mean the alternative text).
pub trait Links {
    /// The fate of an address, which stands on this line of the note.
    fn fate(&self, href: &str, line: u32, warnings: &mut Vec<Warning>) -> LinkFate;
}

/// Links that all stay as they are.
#[derive(Debug, Clone, Copy)]
pub struct KeepLinks;

impl Links for KeepLinks {
    fn fate(&self, href: &str, _line: u32, _warnings: &mut Vec<Warning>) -> LinkFate {
        LinkFate::To(href.to_owned())
    }
}

/// Everything a target's rendering depends on besides the document and the target's own
/// configuration.
pub struct Context<'a> {
    /// The target's audience.
    pub audience: Audience,
    /// The note's values at this target.
    pub meta: &'a Meta,
    /// What a post is found by.
    pub marker: Marker,
    /// Where the local pictures are.
    pub pictures: &'a Pictures,
    /// What becomes of links.
    pub links: &'a dyn Links,
    /// What the ledger remembers of the site's abilities (`footnotes` = `true`).
    pub site: &'a BTreeMap<String, String>,
}

/// What a target would be sent, in the target's own dialect. Two equal renderings need no update.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rendering {
    /// The title, plain text.
    pub title: String,
    /// The slug; `None` leaves it to the site.
    pub slug: Option<String>,
    /// The summary, plain text.
    pub excerpt: Option<String>,
    /// The state.
    pub status: Status,
    /// When it is to appear.
    pub date: Option<Timestamp>,
    /// Tags by name; `None` leaves the site's alone.
    pub tags: Option<Vec<String>>,
    /// Categories by name; `None` leaves the site's alone.
    pub categories: Option<Vec<String>>,
    /// Who wrote it.
    pub author: Option<String>,
    /// The address of the original.
    pub canonical: Option<String>,
    /// `src` of the featured picture.
    pub featured: Option<Featured>,
    /// The body in the target's dialect, marker included.
    pub body: String,
    /// What else the target's own API takes (WordPress: `footnotes`), by the name of the part of
    /// [`crate::targets::Remote::parts`] that it sets. A name with a dot in it (`meta.expires`) is one
    /// of the site's own.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<String, serde_json::Value>,
    /// `src` and alternative text of the local pictures that must be on the site before this can
    /// be sent, without repetition.
    #[serde(skip)]
    pub needs: Vec<(String, String)>,
    /// What got lost or changed on the way.
    #[serde(skip)]
    pub warnings: Vec<Warning>,
}

/// The picture that stands for the whole post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Featured {
    /// `src` as the note writes it.
    pub src: String,
    /// The site's address for it, or a placeholder.
    pub url: String,
    /// Alternative text.
    pub alt: String,
}

impl Rendering {
    /// The digest by which a rendering is known to be the one that was sent.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of_json(self)
    }

    /// Whether this rendering sets a part of the post, named as in
    /// [`crate::targets::Remote::parts`]. What it leaves to the site, people may change there: that is
    /// no drift.
    #[must_use]
    pub fn sets(&self, part: &str) -> bool {
        match part {
            "slug" => self.slug.is_some(),
            "excerpt" => self.excerpt.is_some(),
            "date" => self.date.is_some(),
            "tags" => self.tags.is_some(),
            "categories" => self.categories.is_some(),
            "author" => self.author.is_some(),
            "featured" => self.featured.is_some(),
            "footnotes" => self.extra.contains_key(part),
            own if own.contains('.') => self.extra.contains_key(own),
            _ => true,
        }
    }

    /// Every text that would leave, for the last look at it.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let optional = [&self.slug, &self.excerpt, &self.author, &self.canonical];
        let lists = [&self.tags, &self.categories];
        let featured = self.featured.iter().flat_map(|f| [f.alt.as_str(), f.url.as_str()]);
        let extra = self.extra.values().flat_map(|value| match value {
            serde_json::Value::Array(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        });
        let extra = extra.filter_map(serde_json::Value::as_str);
        [self.title.as_str(), self.body.as_str()]
            .into_iter()
            .chain(optional.into_iter().flatten().map(String::as_str))
            .chain(lists.into_iter().flatten().flatten().map(String::as_str))
            .chain(featured)
            .chain(extra)
            .chain(self.needs.iter().flat_map(|(src, alt)| [src.as_str(), alt.as_str()]))
    }

    /// Whether it waits for a picture's or the canonical target's address, so that it must not be
    /// sent as it is.
    #[must_use]
    pub fn is_pending(&self, pictures: &Pictures) -> bool {
        let unknown = |src: &String| matches!(pictures.get(src), Some((_, None)));
        self.needs.iter().any(|(src, _)| unknown(src))
            || self.canonical.as_deref().is_some_and(|url| url.starts_with(PENDING_LINK))
    }
}

/// The local pictures that must be on a site before a rendering of this document can be sent, as
/// [`Rendering::needs`] takes them: the featured picture first, then those of the body.
#[must_use]
pub fn needs(document: &Document, context: &Context<'_>) -> Vec<(String, String)> {
    let featured = context.meta.image.iter().map(|src| {
        let alt = context.meta.image_alt.clone().unwrap_or_default();
        (src.clone(), alt)
    });
    let mut needs: Vec<(String, String)> = Vec::new();
    for (src, alt) in featured.chain(document.pictures()) {
        match needs.iter_mut().find(|(known, _)| *known == src) {
            Some((_, known)) if known.is_empty() => *known = alt,
            None if context.pictures.get(&src).is_some() => needs.push((src, alt)),
            Some(_) | None => {}
        }
    }
    needs
}
