//! Looking for pages: by title, which the site's database answers, and then among all pages that this
//! user wrote, which its search answers, a little late.
//!
//! So "no" means no: a page that was just made has the title under which it is looked for, since no
//! other page of the space can have it; one that somebody renamed was made long enough ago to be
//! searched.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::try_join_all;
use serde_json::Value;

use super::{
    connection::Connection,
    labels,
    pages::{self, Page},
    property,
    wire::{self, Pages},
};
use crate::{
    error::{Error, Result},
    note::Marker,
    targets::{Fetched, Found, RemoteId, Wanted, seen::Seen},
};

/// How many pages are asked for with their text.
const TEXTS: usize = 25;

/// Looks for pages by marker, and for others that have their titles.
///
/// # Errors
/// When the site cannot be asked, or does not take us for the configured user.
pub async fn find(connection: &Connection, seen: &Seen<Page>, wanted: &[Wanted]) -> Result<Vec<Found>> {
    let titled = try_join_all(wanted.iter().map(|wanted| by_title(connection, &wanted.title))).await?;
    let markers: BTreeSet<Marker> = wanted.iter().map(|wanted| wanted.marker).collect();
    let marked = marked(connection, &markers).await?;
    let all = titled.iter().flatten().chain(&marked).map(|page| (page.id.clone(), page.clone()));
    let mut all: BTreeMap<String, Page> = all.collect();
    for page in all.values_mut().filter(|page| markers.iter().any(|marker| page.carries(*marker))) {
        page.labels = Some(labels::of(connection, &page.id).await?);
    }
    for page in all.values() {
        seen.note(&page.id, page);
    }
    let config = connection.config();
    let found = wanted.iter().zip(&titled).map(|(wanted, titled)| {
        let ours = all.values().filter(|page| page.carries(wanted.marker));
        // A page in the trash leaves its title to others.
        let others = titled.iter().filter(|page| !page.carries(wanted.marker) && page.status != "trashed");
        Found {
            ours: ours.map(|page| page.remote(config)).collect(),
            lookalikes: others.map(|page| page.remote(config)).collect(),
        }
    });
    Ok(found.collect())
}

/// The pages of this title, at most one of them not in the trash, with their markers.
///
/// # Errors
/// As for [`find`].
pub async fn by_title(connection: &Connection, title: &str) -> Result<Vec<Page>> {
    let mut pages = titled(connection, &connection.place().await?.space, title).await?;
    for page in pages.iter_mut().filter(|page| page.markers().is_empty()) {
        page.property = property::marker(connection, &page.id).await?;
    }
    Ok(pages)
}

/// The pages of this title in a space whose id is known, without their properties.
///
/// # Errors
/// As for [`find`].
pub async fn titled(connection: &Connection, space: &str, title: &str) -> Result<Vec<Page>> {
    let rows = connection.list("look for a title", &wire::titled(connection.config(), space, title)).await?;
    read(connection, &rows)
}

/// The pages that this user wrote and that carry one of these markers.
async fn marked(connection: &Connection, markers: &BTreeSet<Marker>) -> Result<Vec<Page>> {
    let rows = connection.list("list its pages", &wire::contributed(connection.config())).await?;
    // One without a property was left by a run that ended in between, or is another's.
    let candidates: BTreeMap<String, Option<Marker>> = rows
        .iter()
        .filter_map(|row| Some((row.get("id")?.as_str()?.to_owned(), property::marker_of_hit(row))))
        .filter(|(id, marker)| pages::is_id(id) && marker.is_none_or(|marker| markers.contains(&marker)))
        .collect();
    let ids: Vec<String> = candidates.keys().cloned().collect();
    let mut found = Vec::new();
    for some in ids.chunks(TEXTS) {
        for mut page in by_ids(connection, some).await? {
            page.property = candidates.get(&page.id).copied().flatten();
            found.extend(markers.iter().any(|marker| page.carries(*marker)).then_some(page));
        }
    }
    Ok(found)
}

/// The pages of these ids that are there.
async fn by_ids(connection: &Connection, ids: &[String]) -> Result<Vec<Page>> {
    const DOING: &str = "show a page";
    let mut rows = Vec::new();
    match wire::pages(connection.config(), ids) {
        Pages::Listed(call) => rows = connection.list(DOING, &call).await?,
        Pages::OneByOne(calls) => {
            for call in calls {
                rows.extend(connection.ask(DOING, &call).await?);
            }
        }
    }
    read(connection, &rows)
}

/// Looks at a page whose id is known.
///
/// # Errors
/// As for [`find`].
pub async fn fetch(connection: &Connection, seen: &Seen<Page>, id: &RemoteId) -> Result<Fetched> {
    let Some(page) = page(connection, id).await? else { return Ok(Fetched::Gone) };
    seen.note(&page.id, &page);
    Ok(Fetched::Present(Box::new(page.remote(connection.config()))))
}

/// The page of this id with its labels, if there is one: the site was asked as the configured user.
///
/// # Errors
/// As for [`find`].
pub async fn page(connection: &Connection, id: &RemoteId) -> Result<Option<Page>> {
    let Some(mut page) = bare(connection, number(id)?).await? else { return Ok(None) };
    page.labels = Some(labels::of(connection, &page.id).await?);
    if page.markers().is_empty() {
        page.property = property::marker(connection, &page.id).await?;
    }
    Ok(Some(page))
}

/// The page of this id without its labels and its property.
///
/// # Errors
/// As for [`find`].
pub async fn bare(connection: &Connection, id: &str) -> Result<Option<Page>> {
    Ok(by_ids(connection, &[id.to_owned()]).await?.into_iter().next())
}

fn read(connection: &Connection, rows: &[Value]) -> Result<Vec<Page>> {
    let page = |row: &Value| Page::read(row).ok_or_else(|| connection.unreadable("show a page", row));
    rows.iter().map(page).collect()
}

/// An id that names nothing but a page.
///
/// # Errors
/// One that is no number.
pub fn number(id: &RemoteId) -> Result<&str> {
    let RemoteId(text) = id;
    if pages::is_id(text) {
        return Ok(text);
    }
    Err(Error::invalid(format!("`{text}` is no id of a page")).help("it is the number in the page's address"))
}
