//! Looking for pages: ours by the hidden link in them, and by the title that they would have.
//!
//! A wiki writes down links a moment after the page (its deferred updates), and a server that dies in
//! between does so much later. A page that was just created is found by its title then; so "no" means
//! no.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use super::{
    connection::Connection,
    pages::{PROPERTIES, Page, Pages},
};
use crate::{
    error::{Error, Result},
    render::wikitext::{MARKER_HOST, hidden_link},
    targets::{Fetched, Found, RemoteId, Wanted, seen::Seen},
};

/// Up to so many notes are looked for one by one; more by listing all pages with any marker.
const SINGLY: usize = 3;
/// How many titles one address can hold, at up to 255 bytes each, percent-encoded.
const TITLES: usize = 8;
/// How many pages are asked for with their text (MediaWiki's limit for those who are no bots).
const IDS: usize = 50;

/// Looks for pages by marker. With `lookalikes`, also for others of the same title.
///
/// # Errors
/// When the wiki cannot be asked, or does not take us for the configured user.
pub async fn find(
    connection: &Connection,
    seen: &Seen<Page>,
    wanted: &[Wanted],
    lookalikes: bool,
) -> Result<Vec<Found>> {
    let titles: Vec<String> = wanted.iter().map(|wanted| full_title(connection, &wanted.title)).collect();
    let titled = titled(connection, &titles).await?;
    let marked = marked(connection, wanted).await?;
    let pages: BTreeMap<u64, &Page> =
        marked.iter().chain(titled.values()).map(|page| (page.pageid, page)).collect();
    for page in pages.values() {
        seen.note(&page.pageid.to_string(), page);
    }
    let config = connection.config();
    let found = wanted.iter().zip(&titles).map(|(wanted, title)| {
        let ours = pages.values().filter(|page| page.carries(wanted.marker));
        let other = titled.get(title).filter(|page| lookalikes && !page.carries(wanted.marker));
        Found {
            ours: ours.map(|page| page.remote(config)).collect(),
            lookalikes: other.into_iter().map(|page| page.remote(config)).collect(),
        }
    });
    Ok(found.collect())
}

/// The whole title of a page.
#[must_use]
pub fn full_title(connection: &Connection, title: &str) -> String {
    format!("{}{title}", connection.config().before_title())
}

/// The pages that link to where the markers of these notes lead.
async fn marked(connection: &Connection, wanted: &[Wanted]) -> Result<Vec<Page>> {
    let links: BTreeSet<String> = wanted.iter().map(|wanted| hidden_link(wanted.marker)).collect();
    let mut ids = BTreeSet::new();
    if links.len() <= SINGLY {
        for link in &links {
            ids.extend(linking(connection, link).await?.into_iter().map(|(id, _)| id));
        }
    } else {
        let all = linking(connection, &format!("https://{MARKER_HOST}/")).await?;
        ids.extend(all.into_iter().filter(|(_, link)| links.contains(link)).map(|(id, _)| id));
    }
    let ids: Vec<String> = ids.iter().map(u64::to_string).collect();
    let mut found = Vec::new();
    for some in ids.chunks(IDS) {
        found.extend(pages(connection, ("pageids", &some.join("|"))).await?.pages);
    }
    Ok(found)
}

/// Ids of the pages that link to what begins so, with the link.
async fn linking(connection: &Connection, link: &str) -> Result<Vec<(u64, String)>> {
    let query = [
        ("action", "query"),
        ("list", "exturlusage"),
        ("euprotocol", "https"),
        ("euquery", link.trim_start_matches("https://")),
        ("euprop", "ids|url"),
        ("eulimit", "max"),
    ];
    let mut found = Vec::new();
    for body in connection.query_all("list the pages with a link", &query).await? {
        let rows = body.pointer("/query/exturlusage").and_then(Value::as_array);
        let rows = rows.ok_or_else(|| unreadable(connection, &body))?;
        let row = |row: &Value| Some((row.get("pageid")?.as_u64()?, row.get("url")?.as_str()?.to_owned()));
        found.extend(rows.iter().filter_map(row));
    }
    Ok(found)
}

/// Pages by the title that they were asked for with: the wiki may write it otherwise.
async fn titled(connection: &Connection, titles: &[String]) -> Result<HashMap<String, Page>> {
    let mut found = HashMap::new();
    for some in titles.chunks(TITLES) {
        let answer = pages(connection, ("titles", &some.join("|"))).await?;
        for title in some {
            let written = answer.normalised.get(title).unwrap_or(title);
            let page = answer.pages.iter().find(|page| page.title == *written);
            found.extend(page.map(|page| (title.clone(), page.clone())));
        }
    }
    Ok(found)
}

/// The page of this title.
///
/// # Errors
/// As for [`find`].
pub async fn by_title(connection: &Connection, title: &str) -> Result<Option<Page>> {
    Ok(titled(connection, &[title.to_owned()]).await?.into_values().next())
}

/// Asks for pages with their text.
async fn pages(connection: &Connection, which: (&str, &str)) -> Result<Pages> {
    let query = [&[("action", "query"), which][..], &PROPERTIES].concat();
    let bodies = connection.query_all("show its pages", &query).await?;
    let pages = Pages::read(&bodies);
    // Large texts come in several answers: a page without its text would seem to be without marker.
    match pages.pages.iter().find(|page| page.revision() == 0) {
        None => Ok(pages),
        Some(page) => Err(unreadable(connection, &Value::String(page.title.clone()))),
    }
}

/// Looks at a page whose id is known.
///
/// # Errors
/// As for [`find`].
pub async fn fetch(connection: &Connection, seen: &Seen<Page>, id: &RemoteId) -> Result<Fetched> {
    let Some(page) = page(connection, id).await? else { return Ok(Fetched::Gone) };
    seen.note(&page.pageid.to_string(), &page);
    Ok(Fetched::Present(Box::new(page.remote(connection.config()))))
}

/// The page of this id, if there is one: the wiki was asked as the configured user.
///
/// # Errors
/// As for [`find`].
pub async fn page(connection: &Connection, id: &RemoteId) -> Result<Option<Page>> {
    let answer = pages(connection, ("pageids", number(id)?)).await?;
    match answer.pages.into_iter().next() {
        Some(page) => Ok(Some(page)),
        None if answer.missing => Ok(None),
        None => Err(unreadable(connection, &Value::Null)),
    }
}

/// A page as a revision of it left it, under the title that it has now.
///
/// # Errors
/// As for [`find`].
pub async fn at_revision(connection: &Connection, revision: u64) -> Result<Option<Page>> {
    Ok(pages(connection, ("revids", &revision.to_string())).await?.pages.into_iter().next())
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
