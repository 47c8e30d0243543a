//! A WordPress target's own table.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use toml::Spanned;
use url::Url;

use crate::{
    config::Table,
    error::{Error, Result},
    targets::{Common, client::require_https},
};

/// The dialect that a post's content is written in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// The block editor's markup.
    #[default]
    Blocks,
    /// Plain HTML, for sites that keep the classic editor.
    Html,
}

/// What `[targets.NAME]` says of a WordPress site.
#[derive(Debug, Clone)]
pub struct Config {
    /// `url`: the blog's front page, ending in `/`. In a network it has a path.
    pub url: Url,
    /// `user`: the login (or e-mail address) that the application password belongs to.
    pub user: String,
    /// `format`.
    pub format: Format,
    /// `embeds`: whether a link alone on its line becomes a player or a card of the other site.
    pub embeds: bool,
    /// `post_type`: `post`, `page`, or a type of the site's own, as `news`.
    pub post_type: String,
    /// `categories`: put on every post, besides the note's own.
    pub categories: Vec<String>,
    /// `tags`: put on every post, besides the note's own.
    pub tags: Vec<String>,
    /// `taxonomies`: the site's own that notes may set, by their names in its API, each with the
    /// terms that are put on every post.
    pub taxonomies: BTreeMap<String, Vec<String>>,
    /// `meta`: fields of the site's own that are set on every post. Text, a number, a boolean, or a
    /// list of these.
    pub meta: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    url: Option<String>,
    user: Option<String>,
    #[serde(default)]
    format: Format,
    embeds: Option<bool>,
    post_type: Option<String>,
    #[serde(default)]
    categories: Vec<String>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    taxonomies: BTreeMap<String, Spanned<Vec<String>>>,
    #[serde(default)]
    meta: BTreeMap<String, Spanned<Value>>,
}

impl Config {
    /// Reads the table.
    ///
    /// # Errors
    /// Unknown keys, a missing `url` or `user`, an address that is none or not safe.
    pub fn read(common: &Common, table: Table<'_>) -> Result<Self> {
        let name = &common.name;
        let no_url = table
            .error(format!("the target `{name}` does not say its `url`"))
            .help("add the blog's front page, as `url = \"https://blogs.example.org/hackit\"`");
        let no_user = table
            .error(format!("the target `{name}` does not say its `user`"))
            .help("add the login name of the account that posts, as `user = \"crosspost-bot\"`");
        let place = no_url.place().cloned();
        let placed = |error: Error| match place.clone() {
            Some(place) => error.at(place),
            None => error,
        };
        let places = table.places();
        let raw: Raw = table.read()?;
        for (name, terms) in &raw.taxonomies {
            check_taxonomy(name).map_err(|error| error.at(places.of(terms)))?;
        }
        for (key, value) in &raw.meta {
            check_field(key, value.get_ref()).map_err(|error| error.at(places.of(value)))?;
        }
        let post_type = raw.post_type.unwrap_or_else(|| "post".to_owned());
        check_post_type(&post_type).map_err(placed)?;
        Ok(Self {
            url: front_page(&raw.url.ok_or(no_url)?, common).map_err(placed)?,
            user: raw.user.filter(|user| !user.trim().is_empty()).ok_or(no_user)?,
            format: raw.format,
            embeds: raw.embeds.unwrap_or(true),
            post_type,
            categories: raw.categories,
            tags: raw.tags,
            taxonomies: raw.taxonomies.into_iter().map(|(k, v)| (k, v.into_inner())).collect(),
            meta: raw.meta.into_iter().map(|(k, v)| (k, v.into_inner())).collect(),
        })
    }
}

/// The address of the front page, in one form however it was written.
fn front_page(text: &str, common: &Common) -> Result<Url> {
    let mut url = Url::parse(text.trim()).map_err(|e| {
        Error::invalid("`url` is no address of a web site")
            .cause(e)
            .help("write it in full, as `https://blogs.example.org/hackit`")
    })?;
    require_https(&url, common)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::invalid("`url` carries a user name or a password")
            .help("put the user name in `user`, and keep the password out of this file"));
    }
    url.set_query(None);
    url.set_fragment(None);
    let path = url.path().trim_end_matches('/').trim_end_matches("/wp-json").trim_end_matches("/wp-admin");
    let path = format!("{}/", path.trim_end_matches('/'));
    url.set_path(&path);
    Ok(url)
}

/// A post type's name is what WordPress allows (`sanitize_key`): so it cannot change the path.
fn check_post_type(name: &str) -> Result<()> {
    if is_key(name) {
        return Ok(());
    }
    Err(Error::invalid(format!("`{name}` cannot be a post type"))
        .help("use its name as WordPress knows it (`post`, `page`, `news`), not its label"))
}

fn is_key(name: &str) -> bool {
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    !name.is_empty() && name.chars().all(fine)
}

/// A taxonomy's name becomes a part of the path and a field of the post.
fn check_taxonomy(name: &str) -> Result<()> {
    match name {
        "categories" | "category" => {
            Err(Error::invalid("categories are not among the `taxonomies`").help("they are `categories`"))
        }
        "tags" | "post_tag" => {
            Err(Error::invalid("tags are not among the `taxonomies`").help("they are `tags`"))
        }
        name if is_key(name) => Ok(()),
        name => Err(Error::invalid(format!("`{name}` cannot be a taxonomy"))
            .help("use its name in the site's API (`news-types`), not its label")),
    }
}

/// A field is written as it stands here, so its value must be one that the API takes.
fn check_field(key: &str, value: &Value) -> Result<()> {
    let is_plain = |value: &Value| value.is_string() || value.is_number() || value.is_boolean();
    let is_list = value.as_array().is_some_and(|items| items.iter().all(is_plain));
    if key == "footnotes" {
        return Err(Error::invalid("the field `footnotes` is the notes' own")
            .help("write footnotes in the note (`[^1]`), and leave the field out here"));
    }
    if key.is_empty() || key.contains([',', '.']) || key.contains(char::is_control) {
        return Err(Error::invalid(format!("`{}` cannot be a field", key.escape_default())));
    }
    if is_plain(value) || is_list {
        return Ok(());
    }
    Err(Error::invalid(format!("the field `{key}` cannot have such a value"))
        .help("write text, a number, `true` or `false`, or a list of these"))
}

#[cfg(test)]
mod tests;
