//! Categories, tags and the terms of a site's own taxonomies: from names to ids. Looking them up
//! never writes; what is missing is created when a post is about to be sent.

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use serde::Deserialize;
use serde_json::json;
use tokio::sync::Mutex;

use super::{
    connection::Connection,
    errors::{self, Refusal},
    taxonomies, text, who,
};
use crate::{
    error::{Error, Result, nearest},
    targets::WriteError,
};

/// A taxonomy: one of core's two, or one of the site's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taxonomy {
    /// Its name in the ledger: for core's two WordPress's own (`post_tag`).
    name: Cow<'static, str>,
    /// The field of a post that holds its terms' ids (WordPress fact 23).
    field: Cow<'static, str>,
    route: Cow<'static, str>,
    /// How messages call one of its terms.
    word: Cow<'static, str>,
}

impl Taxonomy {
    /// Categories.
    pub const CATEGORIES: Self = Self::core("category", "categories", "wp/v2/categories", "category");
    /// Tags.
    pub const TAGS: Self = Self::core("post_tag", "tags", "wp/v2/tags", "tag");

    const fn core(name: &'static str, field: &'static str, route: &'static str, word: &'static str) -> Self {
        Self {
            name: Cow::Borrowed(name),
            field: Cow::Borrowed(field),
            route: Cow::Borrowed(route),
            word: Cow::Borrowed(word),
        }
    }

    /// One of the site's own, by its name in the API; `known` may tell where its terms are.
    #[must_use]
    pub fn own(field: &str, known: &BTreeMap<String, String>) -> Self {
        let route = known.get(&taxonomies::key(field)).cloned();
        Self {
            name: field.to_owned().into(),
            field: field.to_owned().into(),
            route: route.unwrap_or_else(|| format!("wp/v2/{field}")).into(),
            word: format!("`{field}` term").into(),
        }
    }

    /// The field of a post that holds the ids of its terms.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// The name under which a term's id is remembered.
    #[must_use]
    pub fn key(&self, name: &str) -> String {
        format!("term/{}/{name}", self.name)
    }
}

#[derive(Debug, Deserialize)]
struct Term {
    id: u64,
    name: String,
    #[serde(default)]
    parent: u64,
}

/// What a look at the site's terms found.
#[derive(Debug, Default)]
pub struct Found {
    /// Ids, by the name that was asked for.
    pub ids: BTreeMap<String, u64>,
    /// Names that the site has, for suggestions.
    pub seen: Vec<String>,
}

/// Most terms that one request may ask for.
const PAGE: &str = "100";

/// The hundred terms that are used most: listed once a run, since most notes need no others.
#[derive(Debug, Default)]
pub struct Usual(Mutex<BTreeMap<String, Arc<Listed>>>);

/// Terms, and whether they are all there are.
type Listed = (Vec<Term>, bool);

impl Usual {
    async fn get(&self, connection: &Connection, taxonomy: &Taxonomy) -> Result<Arc<Listed>> {
        let mut all = self.0.lock().await;
        if let Some(listed) = all.get(taxonomy.field()) {
            return Ok(listed.clone());
        }
        let query = [("orderby", "count"), ("order", "desc")];
        let listed = Arc::new(list(connection, taxonomy, &query).await?);
        all.insert(taxonomy.field().to_owned(), listed.clone());
        Ok(listed)
    }
}

/// Finds terms by name: among the usual ones, and where those are not all, the others one by one.
///
/// # Errors
/// When the site cannot be asked.
pub async fn look_up(
    connection: &Connection,
    usual: &Usual,
    taxonomy: &Taxonomy,
    names: &[&str],
) -> Result<Found> {
    let mut found = Found::default();
    let listed = usual.get(connection, taxonomy).await?;
    let (terms, all) = &*listed;
    take(&mut found, terms, names);
    if *all {
        return Ok(found);
    }
    for name in names {
        if !found.ids.contains_key(*name) {
            let (terms, _) = list(connection, taxonomy, &[("search", &text::escape(name))]).await?;
            take(&mut found, &terms, &[name]);
        }
    }
    Ok(found)
}

async fn list(connection: &Connection, taxonomy: &Taxonomy, query: &[(&str, &str)]) -> Result<Listed> {
    let query = [&[("per_page", PAGE), ("_fields", "id,name,parent")], query].concat();
    let answer = connection.get(&taxonomy.route, &query).await?;
    let doing = format!("list its {}", taxonomy.field);
    if !answer.status.is_success() {
        return Err(who::explain(connection, &doing, &answer).await);
    }
    let terms = errors::parse(&answer).map_err(|e| {
        Error::failed(format!("the target `{}` did not {doing}", connection.target())).cause(e)
    })?;
    let pages = answer.header("x-wp-totalpages").and_then(|pages| pages.parse::<u64>().ok());
    Ok((terms, pages.is_some_and(|pages| pages <= 1)))
}

/// Where several terms have the name (under different parents), the topmost and oldest is meant.
fn take(found: &mut Found, terms: &[Term], names: &[&str]) {
    for name in names {
        let key = text::term_key(name);
        let same = terms.iter().filter(|term| text::term_key(&term.name) == key);
        if let Some(term) = same.min_by_key(|term| (term.parent != 0, term.id)) {
            found.ids.insert((*name).to_owned(), term.id);
        }
    }
    found.seen.extend(terms.iter().map(|term| text::unescape(&term.name)));
}

/// Creates a term, or finds it by being told that it is there (WordPress fact 22).
///
/// # Errors
/// When the site refuses. A term twice is no harm, so there is no "unknown" here.
pub async fn create(connection: &Connection, taxonomy: &Taxonomy, name: &str) -> Result<u64> {
    let answer = connection
        .post(&taxonomy.route, &[("_fields", "id,name,parent")], json!({ "name": name }))
        .await
        .map_err(WriteError::into_error)?;
    if answer.status.is_success()
        && let Ok(Term { id, .. }) = errors::parse(&answer)
    {
        return Ok(id);
    }
    if let Refusal::TermExists(id) = errors::refusal(&answer) {
        return Ok(id);
    }
    let doing = format!("create the {} `{name}`", taxonomy.word);
    Err(who::explain(connection, &doing, &answer).await)
}

/// The ids of some names: those that are known, and else new terms, which are learned.
///
/// # Errors
/// As for [`create`].
pub async fn resolve(
    connection: &Connection,
    taxonomy: &Taxonomy,
    names: &[String],
    known: &BTreeMap<String, String>,
    learned: &mut BTreeMap<String, String>,
) -> Result<Vec<u64>> {
    let mut ids = Vec::new();
    for name in names {
        let key = taxonomy.key(name);
        let id = match learned.get(&key).or_else(|| known.get(&key)).and_then(|id| id.parse().ok()) {
            Some(id) => id,
            None => create(connection, taxonomy, name).await?,
        };
        if known.get(&key) != Some(&id.to_string()) {
            learned.insert(key, id.to_string());
        }
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// The error for a term that is not there and that this user may not create.
#[must_use]
pub fn missing(connection: &Connection, taxonomy: &Taxonomy, name: &str, seen: &[String]) -> Error {
    let error = Error::failed(format!(
        "the {} `{name}` does not exist at the target `{}`, and the user `{}` may not create it",
        taxonomy.word,
        connection.target(),
        connection.config().user
    ))
    .code(if *taxonomy == Taxonomy::CATEGORIES { "no-category" } else { "no-term" });
    match nearest(name, seen.iter().map(String::as_str)) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error.help("create it on the site, or give the user the role Editor"),
    }
}
