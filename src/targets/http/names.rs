//! The names that templates may use, by what they are a part of.

use std::collections::BTreeMap;

use minijinja::Value;
use serde_json::{Value as Json, json};

use super::template::value;
use crate::{
    note::Marker,
    render::{Picture, Rendering, stamp},
};

/// Of a note. What a note does not have is `none`.
pub const NOTE: &[&str] = &[
    "title",
    "body",
    "slug",
    "excerpt",
    "status",
    "date",
    "tags",
    "categories",
    "author",
    "canonical",
    "featured",
    "marker",
    "mark",
];
/// Of a note whose post is looked for.
pub const WANTED: &[&str] = &["marker", "title", "slug"];
/// Of a post that is asked for.
pub const ID: &[&str] = &["id"];
/// Of a post that is there.
pub const POST: &[&str] = &["id", "lock", "post"];
/// Of a picture.
pub const PICTURE: &[&str] = &["file_name", "media_type", "alt", "digest", "width", "height", "data"];
/// Of an answer.
pub const ANSWER: &[&str] = &["answer"];
/// Of an answer and the post whose it is.
pub const ANSWER_AND_ID: &[&str] = &["answer", "id"];

/// Values by name.
#[derive(Debug, Clone, Default)]
pub struct Values(BTreeMap<String, Value>);

impl Values {
    /// One more value.
    #[must_use]
    pub fn with(mut self, name: &str, json: &Json) -> Self {
        self.0.insert(name.to_owned(), value(json));
        self
    }

    /// One more text.
    #[must_use]
    pub fn with_text(self, name: &str, text: &str) -> Self {
        self.with(name, &Json::String(text.to_owned()))
    }

    /// One of them, as text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        self.0.get(name).and_then(|value| value.as_str().map(str::to_owned))
    }

    /// All of them, as a template takes them.
    pub(super) fn all(&self) -> Value {
        Value::from(self.0.clone())
    }

    /// A note's.
    #[must_use]
    pub fn note(rendering: &Rendering, marker: Marker) -> Self {
        let featured = rendering.featured.as_ref().map(|f| json!({"url": f.url, "alt": f.alt}));
        let all = json!({
            "title": rendering.title,
            "body": stamp::stamped(rendering, marker),
            "slug": rendering.slug,
            "excerpt": rendering.excerpt,
            "status": rendering.status.as_str(),
            "date": rendering.date.map(|date| date.to_string()),
            "tags": rendering.tags,
            "categories": rendering.categories,
            "author": rendering.author,
            "canonical": rendering.canonical,
            "featured": featured,
            "marker": marker.to_string(),
            "mark": stamp::words(rendering, marker),
        });
        Self::of(&all)
    }

    /// A picture's; its bytes as `data`, in Base64.
    #[must_use]
    pub fn picture(picture: &Picture, alt: &str, data: &str) -> Self {
        Self::of(&json!({
            "file_name": picture.file_name,
            "media_type": picture.media_type,
            "alt": alt,
            "digest": picture.digest,
            "width": picture.width,
            "height": picture.height,
            "data": data,
        }))
    }

    fn of(object: &Json) -> Self {
        let pairs = object.as_object().into_iter().flatten();
        Self(pairs.map(|(name, json)| (name.clone(), value(json))).collect())
    }

    /// Values of every name that there is, to try templates with. A lock that is read from JSON may
    /// be a number, which templates count on with.
    #[must_use]
    pub fn sample() -> Self {
        Self::of(&json!({
            "title": "A title", "body": "<p>Text</p>", "slug": "a-title", "excerpt": "A summary",
            "status": "publish", "date": "2026-03-02T09:00:00Z", "tags": ["tag"],
            "categories": ["category"], "author": "author", "canonical": "https://example.org/a",
            "featured": {"url": "https://example.org/a.png", "alt": "A picture"},
            "marker": "6c1f4f0e-8a55-5d0b-9f3c-2b7e51d8a9e4",
            "mark": "crosspost:6c1f4f0e-8a55-5d0b-9f3c-2b7e51d8a9e4 0123456789abcdef 0123456789abcdef",
            "id": "1", "lock": 1, "post": {}, "answer": {}, "file_name": "a.png",
            "media_type": "image/png", "alt": "A picture", "digest": "0123456789abcdef",
            "width": 1, "height": 1, "data": "iVBORw0K",
        }))
    }
}
