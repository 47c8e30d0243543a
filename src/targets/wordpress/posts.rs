//! Posts as the REST API shows them: reading one, what is sent, and what a site did with it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::text;
use crate::{
    error::Warning,
    note::{Marker, Status},
    render::{Rendering, stamp},
    targets::{Remote, RemoteId},
};

/// What is asked of a post: nothing that is not used.
pub const FIELDS: &str = "id,link,slug,status,date_gmt,title.raw,content.raw,excerpt.raw,categories,tags,featured_media,author,meta.footnotes,permalink_template";
/// The same of posts that may belong to others, who do not show their raw text.
pub const PUBLIC_FIELDS: &str = "id,link,slug,status,title.rendered,content.rendered";

/// A post as the API shows it. What a type does not have (`news` without categories) is absent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Post {
    /// Its id; 0 stands for none.
    pub id: u64,
    /// Its address; of a draft or a scheduled post only a preview's.
    pub link: Option<String>,
    /// Its slug; empty for drafts that never had one.
    pub slug: String,
    /// publish, future, draft, pending, private, trash.
    pub status: String,
    /// UTC, without offset.
    pub date_gmt: Option<String>,
    title: Text,
    content: Text,
    excerpt: Text,
    /// Ids.
    pub categories: Option<Vec<u64>>,
    /// Ids.
    pub tags: Option<Vec<u64>>,
    /// An attachment's id; 0 for none.
    pub featured_media: Option<u64>,
    /// A user's id.
    pub author: Option<u64>,
    meta: Value,
    permalink_template: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Text {
    raw: Option<String>,
    rendered: Option<String>,
}

impl Text {
    fn text(&self) -> &str {
        self.raw.as_deref().or(self.rendered.as_deref()).unwrap_or_default()
    }
}

impl Post {
    /// The markers in its content.
    #[must_use]
    pub fn markers(&self) -> Vec<Marker> {
        Marker::all_in(self.content.text())
    }

    /// As targets in general show a post; all its parts.
    #[must_use]
    pub fn remote(&self) -> Remote {
        let (url, permanent) = self.address();
        Remote {
            id: RemoteId(self.id.to_string()),
            url,
            permanent,
            trashed: self.status == "trash",
            stamp: self
                .markers()
                .first()
                .and_then(|m| stamp::read(self.title.text(), self.content.text(), *m)),
            markers: self.markers(),
            parts: self.parts(),
        }
    }

    /// As [`Post::remote`], with only the parts that were sent.
    #[must_use]
    pub fn echo(&self, sent: &Map<String, Value>) -> Remote {
        let mut remote = self.remote();
        remote.parts.retain(|part, _| sent.contains_key(field(part)));
        remote
    }

    /// Its address, and whether it keeps it. A scheduled post's link is a preview's; the template
    /// tells the one that it will have.
    fn address(&self) -> (Option<String>, bool) {
        let link = self.link.clone();
        match self.status.as_str() {
            "publish" | "private" => (link, true),
            "future" => {
                let filled = self.permalink_template.as_deref().and_then(|t| fill(t, &self.slug));
                // Plain permalinks: `?p=12` stays, but types of the site's own get another.
                let stays = filled.as_ref().or(link.as_ref()).is_some_and(|url| !url.contains("post_type="));
                (filled.or(link), stays)
            }
            _ => (link, false),
        }
    }

    fn parts(&self) -> BTreeMap<String, String> {
        let mut parts = BTreeMap::new();
        let mut put = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                parts.insert(name.to_owned(), value);
            }
        };
        put("title", Some(self.title.text().to_owned()));
        put("content", Some(self.content.text().to_owned()));
        put("excerpt", self.excerpt.raw.clone());
        put("slug", Some(self.slug.clone()));
        // Time alone turns one into the other.
        put("status", Some(if self.status == "future" { "publish" } else { &self.status }.to_owned()));
        put("date", self.date_gmt.as_ref().map(|date| format!("{date}Z")));
        put("categories", self.categories.as_deref().map(ids));
        put("tags", self.tags.as_deref().map(ids));
        put("featured", self.featured_media.map(|id| id.to_string()));
        put("author", self.author.map(|id| id.to_string()));
        put("footnotes", self.meta.get("footnotes").and_then(Value::as_str).map(str::to_owned));
        parts
    }
}

/// The field of the API that a part is sent in.
fn field(part: &str) -> &str {
    match part {
        "date" => "date_gmt",
        "featured" => "featured_media",
        "footnotes" => "meta",
        same => same,
    }
}

fn ids(ids: &[u64]) -> String {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.iter().map(u64::to_string).collect::<Vec<_>>().join(",")
}

/// A permalink template with the slug filled in.
fn fill(template: &str, slug: &str) -> Option<String> {
    ["%postname%", "%pagename%"]
        .into_iter()
        .find(|name| template.contains(name) && !slug.is_empty())
        .map(|name| template.replace(name, slug))
}

/// The ids that a rendering's names turned out to have.
#[derive(Debug, Clone, Default)]
pub struct Ids {
    /// Of the categories.
    pub categories: Option<Vec<u64>>,
    /// Of the tags.
    pub tags: Option<Vec<u64>>,
    /// Of the featured picture.
    pub featured: Option<u64>,
    /// Of the author.
    pub author: Option<u64>,
}

/// What is sent: only what the rendering sets, so that the rest stays the site's own.
#[must_use]
pub fn fields(rendering: &Rendering, marker: Marker, ids: &Ids) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            fields.insert(name.to_owned(), value);
        }
    };
    put("title", Some(json!(rendering.title)));
    put("content", Some(json!(stamp::stamped(rendering, marker))));
    put("status", Some(json!(rendering.status.as_str())));
    put("excerpt", rendering.excerpt.as_ref().map(|text| json!(text)));
    put("slug", rendering.slug.as_ref().map(|slug| json!(slug)));
    put("date_gmt", rendering.date.map(|at| json!(at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())));
    put("categories", ids.categories.as_ref().map(|ids| json!(ids)));
    put("tags", ids.tags.as_ref().map(|ids| json!(ids)));
    put("featured_media", ids.featured.map(|id| json!(id)));
    put("author", ids.author.map(|id| json!(id)));
    // Never a key that is not known to be writable: its refusal would come after the insert
    // (WordPress fact 21). `footnotes` is only in a rendering where the site has it.
    put("meta", rendering.extra.get("footnotes").map(|notes| json!({ "footnotes": notes })));
    fields
}

/// What the site did otherwise than asked, and needs no repair.
#[must_use]
pub fn differences(rendering: &Rendering, sent: &Map<String, Value>, post: &Post) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |code, message: String| warnings.push(Warning::new(code, 0, message));
    if let Some(asked) = &rendering.slug
        && let Some((code, message)) = slug_difference(asked, &post.slug)
    {
        warn(code, message);
    }
    let expected = rendering.status.as_str();
    let same = post.status == expected || (rendering.status == Status::Publish && post.status == "future");
    if !same {
        warn("status-changed", format!("the site made it `{}` instead of `{expected}`", post.status));
    }
    let absent = [
        ("categories", post.categories.is_none()),
        ("tags", post.tags.is_none()),
        ("featured_media", post.featured_media.is_none()),
        ("meta", post.meta.get("footnotes").is_none()),
    ];
    for (name, absent) in absent {
        let asked = sent.get(name).is_some_and(|value| value != &json!([]));
        if absent && asked {
            let name = name.replace("featured_media", "featured picture").replace("meta", "footnotes");
            warn("not-supported", format!("posts of this type take no {name} at the site"));
        }
    }
    for (name, got) in [("categories", &post.categories), ("tags", &post.tags)] {
        if got.as_ref().is_some_and(|got| dropped(sent, name, got)) {
            warn("terms-dropped", format!("the site did not take all {name}"));
        }
    }
    let asked = sent.get("featured_media").and_then(Value::as_u64).unwrap_or(0);
    if asked != 0 && post.featured_media == Some(0) {
        warn(
            "featured-missing",
            format!("the site has no picture {asked} any more: the featured picture is not set"),
        );
    }
    warnings
}

/// Whether the site dropped some of the terms that were sent in this field.
#[must_use]
pub fn dropped(sent: &Map<String, Value>, field: &str, got: &[u64]) -> bool {
    let asked = sent.get(field).and_then(Value::as_array).into_iter().flatten();
    asked.filter_map(Value::as_u64).any(|id| !got.contains(&id))
}

fn slug_difference(asked: &str, got: &str) -> Option<(&'static str, String)> {
    let decoded = percent_encoding::percent_decode_str(got).decode_utf8_lossy();
    if decoded == asked || got == asked {
        return None;
    }
    if got.is_empty() {
        return Some((
            "slug-ignored",
            format!("the site did not take the slug `{asked}` yet: this user may only set it on publishing"),
        ));
    }
    let number = got.rsplit_once('-').filter(|(_, number)| number.bytes().all(|b| b.is_ascii_digit()));
    let taken = number.is_some_and(|(stem, _)| stem == asked || stem == text::slug_guess(asked));
    Some(if taken {
        ("slug-taken", format!("the slug `{asked}` is taken on the site: the post has `{got}`"))
    } else {
        ("slug-changed", format!("the site made the slug `{asked}` into `{got}`"))
    })
}

#[cfg(test)]
mod tests;
