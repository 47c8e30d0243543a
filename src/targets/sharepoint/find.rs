//! Looking for pages: ours by their names, others' by their titles.

use serde_json::Value;

use super::{
    connection::Connection,
    errors::{self, Outcome, Refusal},
    pages::{self, Page, WITH_CANVAS},
};
use crate::{
    error::{Error, Result},
    targets::{Fetched, Found, Remote, RemoteId, Wanted, seen::Seen},
};

/// Up to so many notes are looked for one by one; more by listing all pages.
const SINGLY: usize = 3;
/// What is asked of the pages in a list.
const SELECT: (&str, &str) = ("$select", "id,name,title,webUrl");

/// Looks for pages by marker. With `lookalikes`, also for others of the same title.
///
/// # Errors
/// When the site cannot be asked.
pub async fn find(
    connection: &Connection,
    seen: &Seen<Page>,
    wanted: &[Wanted],
    lookalikes: bool,
) -> Result<Vec<Found>> {
    let listed = if wanted.len() > SINGLY { Some(list(connection).await?) } else { None };
    let mut found = Vec::with_capacity(wanted.len());
    for wanted in wanted {
        let name = pages::name(wanted.marker);
        let mut all = Found::default();
        for page in select(connection, listed.as_deref(), "name", &name).await? {
            // The list says nothing of the text.
            if let Fetched::Present(remote) = fetch(connection, seen, &RemoteId(page.id)).await? {
                all.ours.push(*remote);
            }
        }
        if lookalikes {
            let others = select(connection, listed.as_deref(), "title", &wanted.title).await?;
            let others = others.into_iter().filter(|page| page.name != name);
            all.lookalikes = others.map(|page| page.remote()).collect::<Vec<Remote>>();
        }
        found.push(all);
    }
    Ok(found)
}

/// The pages whose `name` or `title` is this: from a list that is there, or else asked for.
async fn select(
    connection: &Connection,
    listed: Option<&[Value]>,
    property: &str,
    text: &str,
) -> Result<Vec<Page>> {
    let is_it = |page: &&Value| {
        page.get(property).and_then(Value::as_str).is_some_and(|value| value.eq_ignore_ascii_case(text))
    };
    let read = |all: &[Value]| all.iter().filter(is_it).filter_map(Page::read).collect();
    match listed {
        Some(all) => Ok(read(all)),
        None => Ok(read(&filtered(connection, property, text).await?)),
    }
}

/// The pages that a filter lets through; all pages where the site does not take it.
async fn filtered(connection: &Connection, property: &str, text: &str) -> Result<Vec<Value>> {
    // A quote within a string is written twice (OData 4.01, ABNF).
    let filter = format!("{property} eq '{}'", text.replace('\'', "''"));
    let url = connection.page_address(None, "", &[("$filter", &filter), SELECT]).await?;
    match connection.try_list("list its pages", url).await? {
        Some(pages) => Ok(pages),
        None => list(connection).await,
    }
}

async fn list(connection: &Connection) -> Result<Vec<Value>> {
    let url = connection.page_address(None, "", &[SELECT, ("$top", "100")]).await?;
    connection.list("list its pages", url).await
}

/// The page of this name, if there is one.
///
/// # Errors
/// As for [`find`].
pub async fn by_name(connection: &Connection, name: &str) -> Result<Option<Page>> {
    Ok(select(connection, None, "name", name).await?.into_iter().next())
}

/// Looks at a page whose id is known.
///
/// # Errors
/// As for [`find`].
pub async fn fetch(connection: &Connection, seen: &Seen<Page>, id: &RemoteId) -> Result<Fetched> {
    let Some(page) = page(connection, id).await? else { return Ok(Fetched::Gone) };
    seen.note(&page.id, &page);
    Ok(Fetched::Present(Box::new(page.remote())))
}

/// The page of this id, if there is one. Graph says "not found" also of a site that may not be seen
/// any more: a page only counts as missing where the site shows its pages.
///
/// # Errors
/// As for [`find`].
pub async fn page(connection: &Connection, id: &RemoteId) -> Result<Option<Page>> {
    let doing = "show the page";
    let url = connection.page_address(Some(&id.0), "", &WITH_CANVAS).await?;
    match connection.ask(url).await? {
        Outcome::Done(body) => match Page::read(&body) {
            Some(page) => Ok(Some(page)),
            None => Err(unreadable(connection, &body)),
        },
        Outcome::Refused(Refusal::NotThere, _) => {
            can_see_pages(connection).await?;
            Ok(None)
        }
        Outcome::Refused(refusal, words) => Err(errors::explain(connection, doing, &refusal, &words)),
    }
}

/// Makes sure that the site shows its pages to the application.
///
/// # Errors
/// When it does not.
pub async fn can_see_pages(connection: &Connection) -> Result<()> {
    let url = connection.page_address(None, "", &[SELECT, ("$top", "1")]).await?;
    connection.query("list its pages", url).await.map(|_| ())
}

/// The answer is about a page and cannot be read.
#[must_use]
pub fn unreadable(connection: &Connection, body: &Value) -> Error {
    Error::failed(format!(
        "the target `{}` gave an answer about a page that cannot be read",
        connection.target()
    ))
    .cause(errors::one_line(&body.to_string()))
}
