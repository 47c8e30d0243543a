//! What must be known of a site before a rendering can be planned: the ids of its categories, tags
//! and other terms, which fields it has, whether it has footnotes, the author's id. A survey never writes. What is missing today may
//! be there tomorrow, so only for footnotes is a "no" remembered in the ledger.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
};

use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::OnceCell;

use super::{
    connection::Connection,
    errors, fields, posts,
    render::has_footnotes,
    taxonomies::{self, Taxonomies},
    terms::{self, Taxonomy, Usual},
    who::{self, User},
};
use crate::{
    error::Result,
    render::{Rendering, blocks::FOOTNOTES},
};

/// The name under which it is remembered that the user may create terms of a taxonomy.
fn may_key(taxonomy: &Taxonomy) -> String {
    format!("can/{}", taxonomy.field())
}

/// The name under which an author's id is remembered.
#[must_use]
pub fn author_key(name: &str) -> String {
    format!("author/{name}")
}

/// What this run has seen of the site, so that it is not asked again for each note.
#[derive(Debug, Default)]
pub struct Seen {
    terms: Usual,
    taxonomies: OnceCell<Taxonomies>,
    meta: OnceCell<Value>,
    absent: Mutex<BTreeSet<String>>,
}

impl Seen {
    fn lacks(&self, key: &str) -> bool {
        self.absent.lock().unwrap_or_else(PoisonError::into_inner).contains(key)
    }

    fn note_absent(&self, key: String) {
        self.absent.lock().unwrap_or_else(PoisonError::into_inner).insert(key);
    }

    async fn taxonomies(&self, connection: &Connection) -> Result<&Taxonomies> {
        self.taxonomies.get_or_try_init(|| taxonomies::ask(connection)).await
    }

    /// The schema of the fields that the post type has.
    async fn meta(&self, connection: &Connection) -> Result<&Value> {
        self.meta.get_or_try_init(|| ask_meta(connection)).await
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
    for (name, _) in
        posts::own_terms(rendering).filter(|(name, _)| !known.contains_key(&taxonomies::key(name)))
    {
        let route = seen.taxonomies(connection).await?.route(connection, name)?;
        learned.insert(taxonomies::key(name), route);
    }
    let places = known.iter().chain(&learned).map(|(key, value)| (key.clone(), value.clone())).collect();
    for (taxonomy, names) in posts::terms(rendering, &places) {
        terms(connection, seen, &taxonomy, &names, known, &mut learned).await?;
    }
    let fields = fields::unsure(rendering, known);
    if !fields.is_empty() {
        learned.extend(fields::check(connection, &fields, seen.meta(connection).await?)?);
    }
    if has_footnotes(rendering) && !known.contains_key(FOOTNOTES) {
        let takes = seen.meta(connection).await?.get(FOOTNOTES).is_some();
        learned.insert(FOOTNOTES.to_owned(), takes.to_string());
    }
    author(connection, seen, rendering, known, &mut learned).await?;
    learned.extend(connection.learned(known));
    Ok(learned)
}

async fn terms(
    connection: &Connection,
    seen: &Seen,
    taxonomy: &Taxonomy,
    names: &[String],
    known: &Known,
    learned: &mut Known,
) -> Result<()> {
    let unknown = |name: &&str| !known.contains_key(&taxonomy.key(name)) && !seen.lacks(&taxonomy.key(name));
    let names: Vec<&str> = names.iter().map(String::as_str).filter(unknown).collect();
    if names.is_empty() {
        return Ok(());
    }
    let found = terms::look_up(connection, &seen.terms, taxonomy, &names).await?;
    learned.extend(found.ids.iter().map(|(name, id)| (taxonomy.key(name), id.to_string())));
    let missing: Vec<&&str> = names.iter().filter(|name| !found.ids.contains_key(**name)).collect();
    let Some(first) = missing.first() else { return Ok(()) };
    // Everybody who may post may create tags.
    if *taxonomy != Taxonomy::TAGS && !known.contains_key(&may_key(taxonomy)) {
        if !may_create(connection, seen, taxonomy).await? {
            return Err(terms::missing(connection, taxonomy, first, &found.seen));
        }
        learned.insert(may_key(taxonomy), "true".to_owned());
    }
    missing.iter().for_each(|name| seen.note_absent(taxonomy.key(name)));
    Ok(())
}

async fn may_create(connection: &Connection, seen: &Seen, taxonomy: &Taxonomy) -> Result<bool> {
    let user = who::me(connection).await?;
    if *taxonomy == Taxonomy::CATEGORIES {
        return Ok(user.may("manage_categories"));
    }
    Ok(seen.taxonomies(connection).await?.may_create(&user, taxonomy.field()))
}

/// What the type's schema says of its fields: `footnotes` is among them from WordPress 6.3 on.
async fn ask_meta(connection: &Connection) -> Result<Value> {
    let answer =
        connection.read_posts(Method::OPTIONS, None, &[("_fields", "schema.properties.meta")]).await?;
    if !answer.status.is_success() {
        return Err(who::explain(connection, "describe its posts", &answer).await);
    }
    let schema: Value = errors::parse(&answer).unwrap_or_default();
    Ok(schema.pointer("/schema/properties/meta/properties").cloned().unwrap_or_default())
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
