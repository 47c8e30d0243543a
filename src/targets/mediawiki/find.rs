//! Looking for pages: ours by the hidden link in them, and by the title that they would have.
//!
//! A wiki writes down links a moment after the page (its deferred updates), and a server that dies in
//! between does so much later. A page that was just created is found by its title then; so "no" means
//! no.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use super::{
    api::Seen,
    connection::Connection,
    pages::{self, PROPERTIES, Page},
};
use crate::{
    error::{Error, Result},
    note::Marker,
    render::wikitext::{MARKER_HOST, hidden_link},
    targets::{Fetched, Found, RemoteId, Wanted},
};

/// Up to so many notes are looked for one by one; more by listing all pages with any marker.
const SINGLY: usize = 3;
/// How many titles one address can hold, at up to 255 bytes each, percent-encoded.
const TITLES: usize = 8;
/// How many pages are asked for with their text (MediaWiki's limit for those who are no bots).
const IDS: usize = 50;
/// More pages of a list than any wiki has: one that never ends is not followed for ever.
const MOST_LISTS: usize = 1000;

/// Looks for pages by marker. With `lookalikes`, also for others of the same title.
///
/// # Errors
/// When the wiki cannot be asked, or does not take us for the configured user.
pub async fn find(
    connection: &Connection,
    seen: &Seen,
    wanted: &[Wanted],
    lookalikes: bool,
) -> Result<Vec<Found>> {
    let mut pages: BTreeMap<u64, Page> = BTreeMap::new();
    for page in marked(connection, wanted).await? {
        pages.insert(page.pageid, page);
    }
    let titles: Vec<String> = wanted.iter().map(|wanted| full_title(connection, &wanted.title)).collect();
    let mut titled: HashMap<String, u64> = HashMap::new();
    for batch in titles.chunks(TITLES) {
        let (found, names) = by_titles(connection, batch).await?;
        for page in found {
            titled.insert(page.title.clone(), page.pageid);
            pages.insert(page.pageid, page);
        }
        let renamed: Vec<(String, u64)> =
            names.iter().filter_map(|(from, to)| Some((from.clone(), *titled.get(to)?))).collect();
        titled.extend(renamed);
    }
    pages.values().for_each(|page| seen.note(page));
    let config = connection.config();
    Ok(wanted
        .iter()
        .zip(&titles)
        .map(|(wanted, title)| {
            let is_ours = |page: &&Page| page.markers().contains(&wanted.marker);
            let ours = pages.values().filter(is_ours).map(|page| page.remote(config)).collect();
            let other = titled.get(title).and_then(|id| pages.get(id)).filter(|page| !is_ours(page));
            let lookalikes = other.filter(|_| lookalikes).map(|page| page.remote(config));
            Found { ours, lookalikes: lookalikes.into_iter().collect() }
        })
        .collect())
}

/// The whole title of a page.
#[must_use]
pub fn full_title(connection: &Connection, title: &str) -> String {
    format!("{}{title}", connection.config().before_title())
}

/// The pages that link to where the markers of these notes lead.
async fn marked(connection: &Connection, wanted: &[Wanted]) -> Result<Vec<Page>> {
    let mut ids = BTreeSet::new();
    if wanted.len() <= SINGLY {
        for wanted in wanted {
            let link = hidden_link(wanted.marker);
            ids.extend(linking(connection, &link).await?.into_iter().map(|(id, _)| id));
        }
    } else {
        let links: BTreeSet<String> = wanted.iter().map(|wanted| hidden_link(wanted.marker)).collect();
        let all = linking(connection, &format!("https://{MARKER_HOST}/")).await?;
        ids.extend(all.into_iter().filter(|(_, url)| links.contains(url)).map(|(id, _)| id));
    }
    let ids: Vec<u64> = ids.into_iter().collect();
    let mut pages = Vec::new();
    for batch in ids.chunks(IDS) {
        let batch = batch.iter().map(u64::to_string).collect::<Vec<_>>().join("|");
        let query = [&[("action", "query"), ("pageids", batch.as_str())][..], &PROPERTIES].concat();
        pages.extend(pages::all(&connection.query("show its pages", &query).await?));
    }
    Ok(pages)
}

/// Ids of the pages that link to what begins so, with the link.
async fn linking(connection: &Connection, link: &str) -> Result<Vec<(u64, String)>> {
    let address = link.trim_start_matches("https://");
    let mut found = Vec::new();
    let mut next: Vec<(String, String)> = Vec::new();
    for _ in 0..MOST_LISTS {
        let mut query = vec![
            ("action", "query"),
            ("list", "exturlusage"),
            ("euprotocol", "https"),
            ("euquery", address),
            ("euprop", "ids|url"),
            ("eulimit", "max"),
        ];
        query.extend(next.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let body = connection.query("list the pages with a link", &query).await?;
        let rows = body.pointer("/query/exturlusage").and_then(Value::as_array);
        let rows = rows.ok_or_else(|| unreadable(connection, &body))?;
        found
            .extend(rows.iter().filter_map(|row| {
                Some((row.get("pageid")?.as_u64()?, row.get("url")?.as_str()?.to_owned()))
            }));
        match body.get("continue").and_then(Value::as_object) {
            Some(more) => next = more.iter().map(|(name, value)| (name.clone(), plain(value))).collect(),
            None => break,
        }
    }
    Ok(found)
}

/// A value of `continue`, which may be a number.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The pages of these titles, and how the wiki writes the titles that it writes otherwise.
async fn by_titles(
    connection: &Connection,
    titles: &[String],
) -> Result<(Vec<Page>, HashMap<String, String>)> {
    let titles = titles.join("|");
    let query = [&[("action", "query"), ("titles", titles.as_str())][..], &PROPERTIES].concat();
    let body = connection.query("show its pages", &query).await?;
    if body.get("query").is_none() {
        return Err(unreadable(connection, &body));
    }
    let names = body.pointer("/query/normalized").and_then(Value::as_array);
    let text = |entry: &Value, key: &str| entry.get(key).and_then(Value::as_str).map(str::to_owned);
    let names =
        names.into_iter().flatten().filter_map(|entry| Some((text(entry, "from")?, text(entry, "to")?)));
    Ok((pages::all(&body), names.collect()))
}

/// The page of this title.
///
/// # Errors
/// As for [`find`].
pub async fn titled(connection: &Connection, title: &str) -> Result<Option<Page>> {
    let (pages, _) = by_titles(connection, &[title.to_owned()]).await?;
    Ok(pages.into_iter().next())
}

/// Looks at a page whose id is known.
///
/// # Errors
/// As for [`find`].
pub async fn fetch(connection: &Connection, seen: &Seen, id: &RemoteId) -> Result<Fetched> {
    let Some(page) = page(connection, id).await? else { return Ok(Fetched::Gone) };
    seen.note(&page);
    Ok(Fetched::Present(Box::new(page.remote(connection.config()))))
}

/// The page of this id, if there is one: the wiki was asked as the configured user.
///
/// # Errors
/// As for [`find`].
pub async fn page(connection: &Connection, id: &RemoteId) -> Result<Option<Page>> {
    let id = number(id)?;
    let query = [&[("action", "query"), ("pageids", id)][..], &PROPERTIES].concat();
    let body = connection.query("show the page", &query).await?;
    let there = body.pointer("/query/pages/0");
    match (there, pages::all(&body).into_iter().next()) {
        (_, Some(page)) => Ok(Some(page)),
        (Some(page), None) if page.get("missing") == Some(&Value::Bool(true)) => Ok(None),
        _ => Err(unreadable(connection, &body)),
    }
}

/// A page as a revision of it left it, under the title that it has now.
///
/// # Errors
/// As for [`find`].
pub async fn at_revision(connection: &Connection, revision: u64) -> Result<Option<Page>> {
    let revision = revision.to_string();
    let query = [&[("action", "query"), ("revids", revision.as_str())][..], &PROPERTIES].concat();
    Ok(pages::all(&connection.query("show the page", &query).await?).into_iter().next())
}

/// An id that names nothing but a page.
///
/// # Errors
/// One that is no number.
pub fn number(id: &RemoteId) -> Result<&str> {
    let RemoteId(text) = id;
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(text);
    }
    Err(Error::invalid(format!("`{text}` is no id of a wiki's page")).help("it is a number: `123`"))
}

fn unreadable(connection: &Connection, body: &Value) -> Error {
    Error::failed(format!(
        "the target `{}` gave an answer about pages that cannot be read",
        connection.target()
    ))
    .cause(super::errors::one_line(&body.to_string()))
}

/// Whether a page carries a marker.
#[must_use]
pub fn carries(page: &Page, marker: Marker) -> bool {
    page.markers().contains(&marker)
}
