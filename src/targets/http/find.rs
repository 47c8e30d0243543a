//! Looking for posts: one by one, by an address that the marker makes or by a search; or all at once,
//! in a list that does not depend on the note.

use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::Value as Json;

use super::{
    config::{Config, Find},
    connection::{Connection, row},
    errors::{self, Outcome, Said},
    names::{Values, WANTED},
    post::{Shown, TITLE, carries},
};
use crate::{
    error::{Error, Result},
    note::Marker,
    targets::{Fetched, Found, Remote, RemoteId, Wanted, seen::Seen},
};

/// More parts than any list has.
const MOST_PARTS: usize = 1000;

/// Looks for posts by marker. Posts of others with the same title are only seen where all posts are
/// listed.
///
/// # Errors
/// When the server cannot be asked, or takes us for somebody else; an answer that the description
/// does not fit.
pub async fn find(
    connection: &Connection,
    seen: &Seen<Shown>,
    wanted: &[Wanted],
    lookalikes: bool,
) -> Result<Vec<Found>> {
    connection.check().await?;
    let config = connection.config();
    let Some(find) = &config.find else { return Ok(vec![Found::default(); wanted.len()]) };
    if !WANTED.iter().any(|name| find.operation.names(name)) {
        let rows = rows(connection, find, &Values::default()).await?;
        let mut found = Vec::with_capacity(wanted.len());
        for wanted in wanted {
            let mut one = of(connection, seen, wanted.marker, &rows).await?;
            if lookalikes && one.ours.is_empty() {
                one.lookalikes = alike(config, &rows, &wanted.title);
            }
            found.push(one);
        }
        return Ok(found);
    }
    stream::iter(wanted.to_vec())
        .map(|wanted| async move {
            let rows = rows(connection, find, &values(&wanted)).await?;
            of(connection, seen, wanted.marker, &rows).await
        })
        .buffered(config.concurrency)
        .try_collect()
        .await
}

/// What is known of a note that is looked for.
#[must_use]
pub fn values(wanted: &Wanted) -> Values {
    let slug = wanted.slug.as_ref().map_or(Json::Null, |slug| Json::String(slug.clone()));
    Values::default()
        .with_text("marker", &wanted.marker.to_string())
        .with_text("title", &wanted.title)
        .with("slug", &slug)
}

/// Whether a post with this marker is there.
///
/// # Errors
/// As for [`find`].
pub async fn is_there(connection: &Connection, wanted: &Wanted) -> Result<bool> {
    let Some(find) = &connection.config().find else { return Ok(false) };
    let rows = rows(connection, find, &values(wanted)).await?;
    Ok(rows.iter().any(|said| carries(&said.post, wanted.marker)))
}

/// The posts in the answers to `find`.
///
/// # Errors
/// As for [`find`].
pub async fn rows(connection: &Connection, find: &Find, values: &Values) -> Result<Vec<Said>> {
    let operation = &find.operation;
    let mut request = connection.request(operation, values)?;
    let mut outcome = connection.read(operation, values).await?;
    let mut rows = Vec::new();
    for part in 0..MOST_PARTS {
        let said = match outcome {
            Outcome::Done(said) => said,
            // A list that breaks off says nothing about what is not in it.
            Outcome::Absent(_) if part == 0 => return Ok(rows),
            other => return Err(errors::explain(connection, "look for the post", &other)),
        };
        let Some(list) = &find.list else {
            return one(connection, find, values, *said);
        };
        let items = said
            .whole
            .pointer(list)
            .and_then(Json::as_array)
            .ok_or_else(|| no_list(connection, list, &said))?;
        rows.extend(items.iter().map(row));
        let next =
            find.next.as_ref().and_then(|next| next.text(&said.whole, &said.headers, &Values::default()));
        let Some(next) = next.filter(|next| !next.is_empty()) else { return Ok(rows) };
        (request, outcome) = connection.read_next(operation, &request, &next).await?;
    }
    Err(Error::failed(format!("the target `{}` gave a list that does not end", connection.target())))
}

/// The answer to a question for one post: it must be ours, or the description is wrong, and believing
/// it would create the post again with every run.
fn one(connection: &Connection, find: &Find, values: &Values, said: Said) -> Result<Vec<Said>> {
    let marker = values.text("marker").and_then(|text| Marker::parse(&text));
    if marker.is_some_and(|marker| carries(&said.post, marker)) {
        return Ok(vec![said]);
    }
    let at = if find.operation.at.is_empty() { "in it" } else { &find.operation.at };
    Err(errors::explain(connection, "show the post that was looked for", &Outcome::Done(Box::new(said)))
        .help(format!("the marker does not stand {at}: correct `at`, or the statuses in `absent_on`"))
        .help("if the answer is a list, say in `list` where its posts are"))
}

fn no_list(connection: &Connection, list: &str, said: &Said) -> Error {
    let error = errors::explain(connection, "give a list of posts", &Outcome::Done(Box::new(said.clone())));
    error.help(format!("there is no list at `{list}`: correct `list` in `find`"))
}

async fn of(connection: &Connection, seen: &Seen<Shown>, marker: Marker, rows: &[Said]) -> Result<Found> {
    let mut found = Found::default();
    for said in rows.iter().filter(|said| carries(&said.post, marker)) {
        let shown = Shown::read(connection.config(), said, None).ok_or_else(|| no_id(connection, said))?;
        found.ours.extend(whole(connection, seen, shown).await?);
    }
    Ok(found)
}

/// A post with all its parts, looked at again where a list shows only some.
async fn whole(connection: &Connection, seen: &Seen<Shown>, shown: Shown) -> Result<Option<Remote>> {
    let config = connection.config();
    if config.fetch.is_none() || shown.is_complete(&config.post) {
        seen.note(&shown.remote.id.0, &shown);
        return Ok(Some(shown.remote));
    }
    Ok(look(connection, seen, &shown.remote.id).await?.map(|shown| shown.remote))
}

fn alike(config: &Config, rows: &[Said], title: &str) -> Vec<Remote> {
    let same = |remote: &Remote| {
        remote
            .parts
            .get(TITLE)
            .is_some_and(|theirs| theirs.trim().to_lowercase() == title.trim().to_lowercase())
    };
    let all = rows.iter().filter_map(|said| Shown::read(config, said, None));
    all.map(|shown| shown.remote).filter(same).collect()
}

/// Looks at a post whose id is known.
///
/// # Errors
/// As for [`find`].
pub async fn fetch(connection: &Connection, seen: &Seen<Shown>, id: &RemoteId) -> Result<Fetched> {
    if connection.config().fetch.is_none() {
        return Ok(Fetched::Unseen);
    }
    let shown = look(connection, seen, id).await?;
    Ok(shown.map_or(Fetched::Gone, |shown| Fetched::Present(Box::new(shown.remote))))
}

/// A post as it is now; `None` where there is none.
///
/// # Errors
/// As for [`find`].
pub async fn look(connection: &Connection, seen: &Seen<Shown>, id: &RemoteId) -> Result<Option<Shown>> {
    connection.check().await?;
    let config = connection.config();
    let Some(operation) = &config.fetch else { return Ok(None) };
    let said = match connection.read(operation, &Values::default().with_text("id", &id.0)).await? {
        Outcome::Done(said) if said.post.is_object() => said,
        Outcome::Absent(_) => return Ok(None),
        other => {
            let error = errors::explain(connection, "show the post", &other);
            return Err(error.help("correct `at` in `fetch`: where in the answer the post is"));
        }
    };
    let shown = Shown::read(config, &said, Some(id)).ok_or_else(|| no_id(connection, &said))?;
    if let Some(missing) =
        config.post.parts.keys().find(|name| is_core(name) && !shown.remote.parts.contains_key(*name))
    {
        let error = errors::explain(connection, "show the whole post", &Outcome::Done(said));
        return Err(
            error.help(format!("there is nothing at `parts.{missing}`: correct it, or `at` in `fetch`"))
        );
    }
    seen.note(&shown.remote.id.0, &shown);
    Ok(Some(shown))
}

/// Parts that every post has: without them an edit would not be seen.
fn is_core(part: &str) -> bool {
    matches!(part, TITLE | super::post::CONTENT)
}

fn no_id(connection: &Connection, said: &Said) -> Error {
    let error = errors::explain(connection, "say the post's id", &Outcome::Done(Box::new(said.clone())));
    error.help("correct `id` in `post`")
}
