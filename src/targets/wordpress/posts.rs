//! Posts as the REST API shows them: reading one, what is sent, and what a site did with it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{config::Config, terms::Taxonomy, text};
use crate::{
    error::Warning,
    note::{Marker, Status},
    render::{Rendering, stamp},
    targets::{Remote, RemoteId},
};

/// What is asked of a post besides what is the site's own ([`asked`]): nothing that is not used.
const FIELDS: &str = "id,link,slug,status,date_gmt,title.raw,content.raw,excerpt.raw,categories,tags,featured_media,author,meta.footnotes,permalink_template";
/// The same of posts that may belong to others, who do not show their raw text.
pub const PUBLIC_FIELDS: &str = "id,link,slug,status,title.rendered,content.rendered";

/// Begins the name of the part that holds a taxonomy of the site's own.
pub const TAXONOMIES: &str = "taxonomies";
/// Begins the name of the part that holds a field of the site's own.
pub const META: &str = "meta";

/// The name of the part that holds something of the site's own.
#[must_use]
pub fn part(group: &str, name: &str) -> String {
    format!("{group}.{name}")
}

/// What is asked of a post at a site, as `_fields` takes it.
#[must_use]
pub fn asked(config: &Config) -> String {
    let taxonomies = config.taxonomies.keys().map(|name| format!(",{name}"));
    let fields = config.meta.keys().map(|key| format!(",{}", part(META, key)));
    std::iter::once(FIELDS.to_owned()).chain(taxonomies).chain(fields).collect()
}

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
    /// The site's own taxonomies: nothing else is asked for.
    #[serde(flatten)]
    own: Map<String, Value>,
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
        remote.parts.retain(|part, _| is_sent(part, sent));
        remote
    }

    /// The ids of its terms; `None` where posts of its type have no such taxonomy.
    #[must_use]
    pub fn terms(&self, taxonomy: &Taxonomy) -> Option<Vec<u64>> {
        match taxonomy.field() {
            "categories" => self.categories.clone(),
            "tags" => self.tags.clone(),
            own => Vec::deserialize(self.own.get(own)?).ok(),
        }
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
        for (name, value) in &self.own {
            put(&part(TAXONOMIES, name), Vec::deserialize(value).ok().map(|terms: Vec<u64>| ids(&terms)));
        }
        for (key, value) in self.meta.as_object().into_iter().flatten().filter(|(key, _)| *key != "footnotes")
        {
            put(&part(META, key), Some(value.to_string()));
        }
        parts
    }
}

/// Whether a part is among what was sent.
fn is_sent(part: &str, sent: &Map<String, Value>) -> bool {
    let meta = |key: &str| sent.get("meta").is_some_and(|meta| meta.get(key).is_some());
    match (part, part.split_once('.')) {
        ("date", _) => sent.contains_key("date_gmt"),
        ("featured", _) => sent.contains_key("featured_media"),
        ("footnotes", _) => meta("footnotes"),
        (_, Some((META, key))) => meta(key),
        (_, Some((TAXONOMIES, name))) => sent.contains_key(name),
        (same, _) => sent.contains_key(same),
    }
}

/// The taxonomies that a rendering sets, each with its terms by name.
#[must_use]
pub fn terms(rendering: &Rendering, known: &BTreeMap<String, String>) -> Vec<(Taxonomy, Vec<String>)> {
    let core = [(Taxonomy::CATEGORIES, &rendering.categories), (Taxonomy::TAGS, &rendering.tags)];
    let core = core.into_iter().filter_map(|(taxonomy, names)| Some((taxonomy, names.clone()?)));
    core.chain(own_terms(rendering).map(|(name, names)| (Taxonomy::own(name, known), names))).collect()
}

/// The same of the site's own taxonomies, by their names in the API.
pub fn own_terms(rendering: &Rendering) -> impl Iterator<Item = (&str, Vec<String>)> {
    rendering.extra.iter().filter_map(|(part, names)| {
        let name = part.strip_prefix(TAXONOMIES)?.strip_prefix('.')?;
        Some((name, Vec::deserialize(names).ok()?))
    })
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
    /// Of the terms, by the field that they are sent in.
    pub terms: BTreeMap<String, Vec<u64>>,
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
    for (field, ids) in &ids.terms {
        put(field, Some(json!(ids)));
    }
    put("featured_media", ids.featured.map(|id| json!(id)));
    put("author", ids.author.map(|id| json!(id)));
    // Never a key that is not known to be writable: its refusal would come after the insert
    // (WordPress fact 21). `footnotes` is only in a rendering where the site has it.
    put("meta", rendering.extra.get("footnotes").map(|notes| json!({ "footnotes": notes })));
    fields
}

/// What the site did otherwise than asked, and needs no repair.
#[must_use]
pub fn differences(
    rendering: &Rendering,
    taxonomies: &[Taxonomy],
    sent: &Map<String, Value>,
    post: &Post,
) -> Vec<Warning> {
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
    let asked = |part: &str| is_sent(part, sent);
    let absent = [
        ("featured picture", asked("featured") && post.featured_media.is_none()),
        ("footnotes", asked("footnotes") && post.meta.get("footnotes").is_none()),
    ];
    for (name, _) in absent.into_iter().filter(|(_, absent)| *absent) {
        warn("not-supported", format!("posts of this type take no {name} at the site"));
    }
    for taxonomy in taxonomies {
        let name = taxonomy.field();
        let asked = sent.get(name).is_some_and(|value| value != &json!([]));
        match post.terms(taxonomy) {
            None if asked => warn("not-supported", format!("posts of this type take no {name} at the site")),
            Some(got) if dropped(sent, name, &got) => {
                warn("terms-dropped", format!("the site did not take all {name}"));
            }
            _ => {}
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
