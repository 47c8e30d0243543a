//! A post as an answer shows it.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{
    address,
    config::{Config, Post},
    errors::{Said, is_true},
    names::Values,
    source::Source,
};
use crate::{
    note::Marker,
    render::stamp::{self, Stamp},
    targets::{Remote, RemoteId},
};

/// The part that holds the title.
pub const TITLE: &str = "title";
/// The part that holds the body.
pub const CONTENT: &str = "content";
/// The part that says whether everybody sees it.
pub const PUBLISHED: &str = "published";

/// A post that an answer shows.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The post as all targets show theirs.
    pub remote: Remote,
    /// What an update must send back.
    pub lock: Option<Json>,
    /// The whole post.
    pub json: Json,
}

impl Shown {
    /// Reads a post. `id` is its id where it is known; else the answer must say it.
    #[must_use]
    pub fn read(config: &Config, said: &Said, id: Option<&RemoteId>) -> Option<Self> {
        let post = &config.post;
        let none = Values::default();
        let told = post.id.text(&said.post, &said.headers, &none).filter(|id| !id.is_empty());
        let id = id.cloned().or_else(|| told.map(RemoteId))?;
        let values = none.with_text("id", &id.0);
        let at = |source: &Source| source.text(&said.post, &said.headers, &values);
        let mut parts: BTreeMap<String, String> =
            post.parts.iter().filter_map(|(name, source)| Some((name.clone(), at(source)?))).collect();
        if let Some(source) = &post.published {
            let value = source.value(&said.post, &said.headers, &values).unwrap_or_default();
            parts.insert(PUBLISHED.to_owned(), if is_true(&value) { "yes" } else { "no" }.to_owned());
        }
        let words = post.mark.as_ref().and_then(at);
        let remote = Remote {
            id,
            url: post.url.as_ref().and_then(at).and_then(|url| address::for_people(&config.url, &url)),
            permanent: true,
            trashed: false,
            markers: Marker::all_in(&said.post.to_string()),
            stamp: stamp_of(&parts, words.as_deref(), post),
            parts,
        };
        let lock = post.lock.as_ref().and_then(|lock| lock.value(&said.post, &said.headers, &values));
        Some(Self { remote, lock, json: said.post.clone() })
    }

    /// Whether it says all that is wanted of a post, so that no second look is needed.
    #[must_use]
    pub fn is_complete(&self, post: &Post) -> bool {
        let there = post.parts.keys().all(|name| self.remote.parts.contains_key(name));
        there && (post.lock.is_none() || self.lock.is_some())
    }
}

fn stamp_of(parts: &BTreeMap<String, String>, words: Option<&str>, post: &Post) -> Option<Stamp> {
    let part = |name: &str| parts.get(name).map(String::as_str).unwrap_or_default();
    let (title, body) = (part(TITLE), part(CONTENT));
    if post.mark.is_some() {
        let words = words?;
        return stamp::read_words(title, body, words, *Marker::all_in(words).first()?);
    }
    stamp::read(title, body, *Marker::all_in(body).first()?)
}

/// Whether a post, as an answer shows it, carries a marker anywhere.
#[must_use]
pub fn carries(json: &Json, marker: Marker) -> bool {
    json.to_string().contains(&marker.to_string())
}
