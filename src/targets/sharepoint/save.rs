//! Creating, updating, publishing and deleting a page.
//!
//! A page is written, then published, then looked at: the answer to a write does not say what
//! readers see. A run that ends in between leaves a page that reads as sent and not published: the
//! next one publishes it.

use std::collections::BTreeMap;

use reqwest::{
    Method,
    header::{CONTENT_LENGTH, HeaderValue, IF_MATCH},
};
use serde_json::{Map, Value, json};

use super::{
    canvas,
    connection::Connection,
    errors::{self, Outcome, Refusal},
    find,
    pages::{self, CONTENT, Page},
};
use crate::{
    error::{Error, Warning},
    note::Status,
    render::Rendering,
    targets::{RemoteId, Sending, WriteError, Written, client::Request},
};

/// Creates a page, only where there is none of its name.
///
/// # Errors
/// [`WriteError::Unknown`] whenever SharePoint may have stored it.
pub async fn create(
    connection: &Connection,
    rendering: &Rendering,
    sending: Sending<'_>,
) -> Result<Written, WriteError> {
    let mut body = fields(rendering, sending);
    let kind = if connection.config().news { "newsPost" } else { "page" };
    body.insert("name".to_owned(), json!(pages::name(sending.marker)));
    body.insert("pageLayout".to_owned(), json!("article"));
    body.insert("promotionKind".to_owned(), json!(kind));
    let url = connection.page_address(None, "", &[]).await.map_err(WriteError::NotDone)?;
    let request = Request::new(Method::POST, url).json(Value::Object(body));
    let doing = "create the page";
    let page = match connection.send(&request).await? {
        Outcome::Done(body) => read(connection, &body)?,
        Outcome::Refused(refusal, words) => {
            return Err(errors::unsaved(connection, doing, &refusal, &words));
        }
    };
    // A page whose publication is refused is found by the next run, and published then.
    finish(connection, &page.id, rendering, sending, Vec::new()).await.map(|(written, _)| written)
}

/// Brings a page to a rendering, against the version of it that was looked at.
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
    let url = connection.page_address(Some(&id.0), "", &[]).await.map_err(WriteError::NotDone)?;
    let mut request = Request::new(Method::PATCH, url).json(Value::Object(fields(rendering, sending)));
    if let Some(version) = base.e_tag.as_deref().and_then(|tag| HeaderValue::from_str(tag).ok()) {
        request = request.header(IF_MATCH, version);
    }
    match connection.send(&request).await? {
        Outcome::Done(_) => {}
        Outcome::Refused(refusal, words) => {
            return Err(held(connection, id, "update the page", &refusal, &words).await);
        }
    }
    let mut warnings = Vec::new();
    if base.is_published() && rendering.status != Status::Publish {
        let message = "readers still see the version before: SharePoint takes a page back only with `crosspost unpublish`";
        warnings.push(Warning::new("still-public", 0, message));
    }
    // The text is written by now, also where its publication was refused.
    let finished = finish(connection, &id.0, rendering, sending, warnings).await;
    let (mut written, publications) = finished.map_err(|error| WriteError::Unknown(error.into_error()))?;
    let before = base.publications().filter(|_| rendering.status == Status::Publish);
    if before.zip(publications).is_some_and(|(before, now)| now > before + 1) {
        // What was sent is the base that the next update compares with: so their edit shows as one.
        written.remote.parts.insert(CONTENT.to_owned(), rendering.body.clone());
        let message = "somebody published the page at the same moment: look at its version history";
        written.warnings.push(Warning::new("edited-meanwhile", 0, message));
    }
    Ok(written)
}

fn deleted() -> Error {
    Error::failed("the page was deleted on the site").help("run `crosspost publish` again")
}

/// What a page is sent with, new or not.
fn fields(rendering: &Rendering, sending: Sending<'_>) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert("@odata.type".to_owned(), json!("#microsoft.graph.sitePage"));
    fields.insert("title".to_owned(), json!(rendering.title));
    if let Some(excerpt) = &rendering.excerpt {
        fields.insert("description".to_owned(), json!(excerpt));
    }
    if let Some(featured) = &rendering.featured {
        fields.insert("thumbnailWebUrl".to_owned(), json!(featured.url));
        let area = json!({
            "layout": "imageAndTitle",
            "imageWebUrl": featured.url,
            "alternativeText": featured.alt,
        });
        fields.insert("titleArea".to_owned(), area);
    }
    fields.insert("canvasLayout".to_owned(), canvas::layout(rendering, sending.marker));
    fields
}

fn read(connection: &Connection, body: &Value) -> Result<Page, WriteError> {
    Page::read(body).ok_or_else(|| WriteError::Unknown(find::unreadable(connection, body)))
}

/// Publishes what was written, unless it is a draft, and looks at it; also how often the page was
/// published by now.
async fn finish(
    connection: &Connection,
    id: &str,
    rendering: &Rendering,
    sending: Sending<'_>,
    mut warnings: Vec<Warning>,
) -> Result<(Written, Option<u64>), WriteError> {
    if rendering.status == Status::Publish {
        publish(connection, id).await?;
    }
    let page = find::page(connection, &RemoteId(id.to_owned()))
        .await
        .and_then(|page| page.ok_or_else(deleted))
        .map_err(WriteError::Unknown)?;
    if pages::marker(&page.name) != Some(sending.marker) {
        let message = format!(
            "the page is called `{}` there: after a lost answer it could not be found again",
            errors::one_line(&page.name)
        );
        warnings.push(Warning::new("marker-removed", 0, message));
    }
    let publications = page.publications();
    Ok((Written { remote: page.remote(), learned: BTreeMap::new(), warnings }, publications))
}

async fn publish(connection: &Connection, id: &str) -> Result<(), WriteError> {
    let url = connection.page_address(Some(id), "/publish", &[]).await.map_err(WriteError::NotDone)?;
    // Over HTTP/1.1 a POST that does not say that it is empty is refused (411).
    let request = Request::new(Method::POST, url).header(CONTENT_LENGTH, HeaderValue::from_static("0"));
    match connection.send(&request).await? {
        Outcome::Done(_) => Ok(()),
        Outcome::Refused(refusal, words) => {
            let id = RemoteId(id.to_owned());
            Err(held(connection, &id, "publish the page", &refusal, &words).await)
        }
    }
}

/// The error for a page that was not written. Where somebody holds it, it says who.
async fn held(
    connection: &Connection,
    id: &RemoteId,
    doing: &str,
    refusal: &Refusal,
    words: &str,
) -> WriteError {
    if matches!(refusal, Refusal::Locked | Refusal::Conflict) {
        let page = find::page(connection, id).await.ok().flatten();
        let holder = page.and_then(|page| page.holder());
        if *refusal == Refusal::Locked || holder.is_some() {
            return WriteError::NotDone(errors::locked(holder.as_deref(), words));
        }
    }
    errors::unsaved(connection, doing, refusal, words)
}

/// Deletes a page. One that is gone already counts.
///
/// # Errors
/// As for [`create`]; what the application may not do.
pub async fn delete(connection: &Connection, id: &RemoteId) -> Result<(), WriteError> {
    let url = connection.page_address(Some(&id.0), "", &[]).await.map_err(WriteError::NotDone)?;
    match connection.send(&Request::new(Method::DELETE, url)).await? {
        Outcome::Done(_) => Ok(()),
        Outcome::Refused(Refusal::NotThere, _) => {
            find::can_see_pages(connection).await.map_err(WriteError::NotDone)
        }
        Outcome::Refused(refusal, words) => {
            Err(held(connection, id, "delete the page", &refusal, &words).await)
        }
    }
}
