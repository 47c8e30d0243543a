//! What must be known of a site before a rendering can be planned: the ids of its categories and
//! tags, whether it has footnotes, the author's id. A survey never writes. What is missing today may
//! be there tomorrow, so only for footnotes is a "no" remembered in the ledger.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
};

use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;

use super::{
    connection::Connection,
    errors,
    render::has_footnotes,
    terms::{self, Taxonomy, Usual},
    who::{self, User},
};
use crate::{
    error::Result,
    render::{Rendering, blocks::FOOTNOTES},
};

/// Whether the user may create categories.
const CATEGORIES: &str = "can/categories";

/// The name under which an author's id is remembered.
#[must_use]
pub fn author_key(name: &str) -> String {
    format!("author/{name}")
}

/// What this run has seen of the site, so that it is not asked again for each note.
#[derive(Debug, Default)]
pub struct Seen {
    terms: Usual,
    absent: Mutex<BTreeSet<String>>,
}

impl Seen {
    fn lacks(&self, key: &str) -> bool {
        self.absent.lock().unwrap_or_else(PoisonError::into_inner).contains(key)
    }

    fn note_absent(&self, key: String) {
        self.absent.lock().unwrap_or_else(PoisonError::into_inner).insert(key);
    }
}

type Known = BTreeMap<String, String>;

/// Asks what the rendering needs and `known` lacks.
///
/// # Errors
/// When the site cannot be asked; a category that is missing and that the user may not create.
pub async fn survey(
    connection: &Connection,
    seen: &Seen,
    rendering: &Rendering,
    known: &Known,
) -> Result<Known> {
    connection.hint(known);
    let mut learned = Known::new();
    categories(connection, seen, rendering, known, &mut learned).await?;
    tags(connection, seen, rendering, known, &mut learned).await?;
    if has_footnotes(rendering) && !known.contains_key(FOOTNOTES) {
        learned.insert(FOOTNOTES.to_owned(), takes_footnotes(connection).await?.to_string());
    }
    author(connection, seen, rendering, known, &mut learned).await?;
    learned.extend(connection.learned(known));
    Ok(learned)
}

fn unknown<'a>(names: Option<&'a Vec<String>>, taxonomy: Taxonomy, known: &Known) -> Vec<&'a str> {
    names
        .into_iter()
        .flatten()
        .map(String::as_str)
        .filter(|name| !known.contains_key(&taxonomy.key(name)))
        .collect()
}

fn learn(taxonomy: Taxonomy, found: &terms::Found, learned: &mut Known) {
    learned.extend(found.ids.iter().map(|(name, id)| (taxonomy.key(name), id.to_string())));
}

async fn categories(
    connection: &Connection,
    seen: &Seen,
    rendering: &Rendering,
    known: &Known,
    learned: &mut Known,
) -> Result<()> {
    let names = unknown(rendering.categories.as_ref(), Taxonomy::Category, known);
    if names.is_empty() {
        return Ok(());
    }
    let found = terms::look_up(connection, &seen.terms, Taxonomy::Category, &names).await?;
    learn(Taxonomy::Category, &found, learned);
    let Some(missing) = names.iter().find(|name| !found.ids.contains_key(**name)) else { return Ok(()) };
    if !known.contains_key(CATEGORIES) {
        if !who::me(connection).await?.may("manage_categories") {
            return Err(terms::no_category(connection, missing, &found.seen));
        }
        learned.insert(CATEGORIES.to_owned(), "true".to_owned());
    }
    Ok(())
}

/// Everybody who may post may create tags, so a missing one is no error.
async fn tags(
    connection: &Connection,
    seen: &Seen,
    rendering: &Rendering,
    known: &Known,
    learned: &mut Known,
) -> Result<()> {
    let mut names = unknown(rendering.tags.as_ref(), Taxonomy::Tag, known);
    names.retain(|name| !seen.lacks(&Taxonomy::Tag.key(name)));
    if names.is_empty() {
        return Ok(());
    }
    let found = terms::look_up(connection, &seen.terms, Taxonomy::Tag, &names).await?;
    learn(Taxonomy::Tag, &found, learned);
    for name in names.iter().filter(|name| !found.ids.contains_key(**name)) {
        seen.note_absent(Taxonomy::Tag.key(name));
    }
    Ok(())
}

/// The schema names the meta that the type has: `footnotes` from WordPress 6.3 on.
async fn takes_footnotes(connection: &Connection) -> Result<bool> {
    let answer =
        connection.read_posts(Method::OPTIONS, None, &[("_fields", "schema.properties.meta")]).await?;
    if !answer.status.is_success() {
        return Err(who::explain(connection, "describe its posts", &answer).await);
    }
    let schema: Value = errors::parse(&answer).unwrap_or_default();
    Ok(schema.pointer("/schema/properties/meta/properties/footnotes").is_some())
}

#[derive(Deserialize)]
struct Author {
    id: u64,
}

/// An author is set where the site has one of that login and the user may post for others.
async fn author(
    connection: &Connection,
    seen: &Seen,
    rendering: &Rendering,
    known: &Known,
    learned: &mut Known,
) -> Result<()> {
    let Some(name) = rendering.author.as_deref().filter(|name| *name != connection.config().user) else {
        return Ok(());
    };
    let key = author_key(name);
    if known.contains_key(&key) || seen.lacks(&key) {
        return Ok(());
    }
    let slug = name.trim().to_lowercase().replace([' ', '.', '@'], "-");
    let query = [("who", "authors"), ("slug", slug.as_str()), ("_fields", "id,slug")];
    let answer = connection.get("wp/v2/users", &query).await?;
    let found: Vec<Author> = errors::parse(&answer).unwrap_or_default();
    let may = |user: User, author: &Author| user.id == author.id || user.may("edit_others_posts");
    match found.as_slice() {
        [author] if who::me(connection).await.is_ok_and(|user| may(user, author)) => {
            learned.insert(key, author.id.to_string());
        }
        _ => seen.note_absent(key),
    }
    Ok(())
}
