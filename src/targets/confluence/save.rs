//! Creating, updating and taking down a page.
//!
//! The text goes first and carries the mark; labels and the property follow, and then a look at what was
//! stored. A run that ends in between leaves a page that is found, and that reads as not finished
//! where its labels are not those of the note.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    connection::Connection,
    errors::{self, Outcome, Refusal},
    find, labels,
    pages::{CONTENT, Page, TITLE},
    property,
    wire::{self, Call, Draught},
};
use crate::{
    error::{Error, Result, Warning},
    render::{Rendering, storage},
    targets::{RemoteId, Sending, WriteError, Written},
};

/// Creates a page, only where the space has none of its title: Confluence sees to that.
///
/// # Errors
/// [`WriteError::Unknown`] whenever the site may have stored it and did not say so.
pub async fn create(
    connection: &Connection,
    rendering: &Rendering,
    sending: Sending<'_>,
) -> Result<Written, WriteError> {
    let place = connection.place().await.map_err(WriteError::NotDone)?;
    let body = storage::stamped(rendering, sending.marker);
    let page = Draught { title: &rendering.title, body: &body };
    let parent = place.home.as_ref().map(|home| home.id.as_str());
    let call = wire::create(connection.config(), &place.space, parent, page);
    let saved = match connection.write(&call).await? {
        Outcome::Done(answer) => saved(connection, &answer)?,
        Outcome::Refused(Refusal::Exists, words) => {
            return Err(taken(connection, rendering, sending, &words).await);
        }
        Outcome::Refused(refusal, words) => {
            return Err(errors::unsaved(connection, "create the page", &refusal, &words));
        }
    };
    finish(connection, &saved, &body, rendering, sending, Vec::new()).await
}

/// The title is taken: by this note's own page, where an earlier attempt was received after all.
async fn taken(
    connection: &Connection,
    rendering: &Rendering,
    sending: Sending<'_>,
    words: &str,
) -> WriteError {
    let error = errors::explain(connection, "create the page", &Refusal::Exists, words);
    match find::by_title(connection, &rendering.title).await {
        Ok(pages) if !pages.iter().any(|page| page.carries(sending.marker)) => WriteError::NotDone(error),
        _ => WriteError::Unknown(error),
    }
}

/// Brings a page to a rendering: one version more than was looked at, or nothing.
///
/// # Errors
/// As for [`create`].
pub async fn update(
    connection: &Connection,
    id: &RemoteId,
    base: Option<Page>,
    rendering: &Rendering,
    sending: Sending<'_>,
) -> Result<Written, WriteError> {
    let base = match base {
        Some(page) => page,
        None => find::page(connection, id)
            .await
            .and_then(|page| page.ok_or_else(deleted))
            .map_err(WriteError::NotDone)?,
    };
    let mut version = base.version;
    if base.is_away() {
        version = restore(connection, &base).await?;
    }
    let kept = storage::keep_comments(&base.body, &storage::stamped(rendering, sending.marker));
    let page = Draught { title: &rendering.title, body: &kept.body };
    let call = wire::update(connection.config(), &base.id, version + 1, page);
    let saved = send(connection, "update the page", &call).await?;
    let warnings = kept.detached.iter().map(|words| detached(words)).collect();
    finish(connection, &saved, &kept.body, rendering, sending, warnings).await
}

fn deleted() -> Error {
    Error::failed("the page was deleted on the site").help("run `crosspost publish` again")
}

fn detached(words: &str) -> Warning {
    let shown: String = words.chars().take(80).collect();
    let message = format!(
        "a reader's comment on \"{shown}\" has no place in the new text: it is still among the page's comments"
    );
    Warning::new("comment-detached", 0, message)
}

/// Takes a page out of the trash: Confluence then changes nothing else of it.
async fn restore(connection: &Connection, page: &Page) -> Result<u64, WriteError> {
    let as_it_is = Draught { title: &page.title, body: &page.body };
    let call = wire::update(connection.config(), &page.id, page.version + 1, as_it_is);
    Ok(send(connection, "take the page out of the trash", &call).await?.version)
}

/// What the answer to a write tells.
struct Saved {
    id: RemoteId,
    version: u64,
}

async fn send(connection: &Connection, doing: &str, call: &Call) -> Result<Saved, WriteError> {
    match connection.write(call).await? {
        Outcome::Done(answer) => saved(connection, &answer),
        Outcome::Refused(refusal, words) => Err(errors::unsaved(connection, doing, &refusal, &words)),
    }
}

fn saved(connection: &Connection, answer: &Value) -> Result<Saved, WriteError> {
    let id = answer.get("id").and_then(Value::as_str);
    match (id, answer.pointer("/version/number").and_then(Value::as_u64)) {
        (Some(id), Some(version)) => Ok(Saved { id: RemoteId(id.to_owned()), version }),
        _ => Err(WriteError::Unknown(connection.unreadable("say what it stored", answer))),
    }
}

/// What follows the text: labels, the property, and a look. Labels and property cost a warning at most,
/// since the page is there.
async fn finish(
    connection: &Connection,
    saved: &Saved,
    sent: &str,
    rendering: &Rendering,
    sending: Sending<'_>,
    mut warnings: Vec<Warning>,
) -> Result<Written, WriteError> {
    let RemoteId(id) = &saved.id;
    if let Some(wanted) = &rendering.tags
        && let Err(error) = labels::set(connection, id, wanted).await
    {
        warnings.push(Warning::new(
            "labels-kept",
            0,
            format!("the page's labels are not the note's: {}", told(&error)),
        ));
    }
    if let Err(error) = property::set(connection, id, rendering, sending.marker).await {
        let message = format!("the page's property was not written: {}", told(&error));
        warnings.push(Warning::new("property-missing", 0, message));
    }
    let look = find::page(connection, &saved.id).await;
    let page = look
        .and_then(|page| page.ok_or_else(|| Error::failed("the page that was just written is not there")))
        .map_err(WriteError::Unknown)?;
    let mut remote = page.remote(connection.config());
    if page.version != saved.version {
        // Somebody has edited it since: what was sent is the base that the next update compares with.
        remote.parts.insert(TITLE.to_owned(), rendering.title.clone());
        remote.parts.insert(CONTENT.to_owned(), storage::essence(sent));
    } else if !page.carries(sending.marker) {
        let message =
            "the site removed the mark from the text: after a lost answer the page could not be found again";
        warnings.push(Warning::new("marker-removed", 0, message));
    }
    Ok(Written { remote, learned: BTreeMap::new(), warnings })
}

fn told(error: &Error) -> String {
    let causes = error.details().iter().map(|(_, text)| text.as_str());
    std::iter::once(error.message()).chain(causes).collect::<Vec<_>>().join(": ")
}

/// Puts a page into the trash. One that is gone already counts; one with pages below it stays, since
/// they would be left without a place.
///
/// # Errors
/// As for [`create`]; what the user may not do.
pub async fn trash(connection: &Connection, id: &RemoteId) -> Result<(), WriteError> {
    let number = find::number(id).map_err(WriteError::NotDone)?;
    let call = wire::children(connection.config(), number);
    let below = connection.list_of("list the pages below it", &call).await.map_err(WriteError::NotDone)?;
    if below.is_some_and(|below| !below.is_empty()) {
        return Err(WriteError::NotDone(
            Error::decision("the page has other pages below it")
                .code("has-children")
                .help("move them on the site, then run `crosspost unpublish` again"),
        ));
    }
    match connection.write(&wire::trash(connection.config(), number)).await? {
        Outcome::Done(_) | Outcome::Refused(Refusal::NotThere, _) => gone(connection, id).await,
        Outcome::Refused(refusal, words) => {
            Err(errors::unsaved(connection, "take the page down", &refusal, &words))
        }
    }
}

/// "Not found" is also said to those who may not delete a page that they can see.
async fn gone(connection: &Connection, id: &RemoteId) -> Result<(), WriteError> {
    let number = find::number(id).map_err(WriteError::NotDone)?;
    match find::bare(connection, number).await.map_err(WriteError::Unknown)? {
        Some(page) if !page.is_away() => Err(WriteError::NotDone(errors::explain(
            connection,
            "take the page down",
            &Refusal::Forbidden,
            "the page is still there",
        ))),
        _ => Ok(()),
    }
}
