//! Creating and updating a post: one request, whose answer shows what became of it.

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan};
use serde_json::{Map, Value, json};

use super::{
    connection::Connection,
    errors::{self, Refusal},
    fields, find,
    posts::{self, Ids, Post},
    survey,
    terms::{self, Taxonomy},
    who,
};
use crate::{
    error::{Error, Result, Warning},
    note::Status,
    render::Rendering,
    targets::{RemoteId, Sending, WriteError, Written, client::Answer},
};

type Known = BTreeMap<String, String>;

/// Sends a post: a new one, or all that the rendering sets of the one with this id.
///
/// # Errors
/// [`WriteError::Unknown`] whenever the site may have stored it and did not say so.
pub async fn save(
    connection: &Connection,
    id: Option<&RemoteId>,
    rendering: &Rendering,
    sending: Sending<'_>,
) -> Result<Written, WriteError> {
    let known = sending.site;
    connection.hint(known);
    never_early(rendering, Timestamp::now()).map_err(WriteError::NotDone)?;
    connection.prepare().await.map_err(WriteError::NotDone)?;
    let mut learned = Known::new();
    let ids = resolve(connection, rendering, sending, &mut learned).await.map_err(WriteError::NotDone)?;
    let mut sent = posts::fields(rendering, sending.marker, &ids);
    let mut post = send(connection, id, &sent).await?;
    let mut warnings = Vec::new();
    let taxonomies = posts::terms(rendering, known);
    if let Some(repaired) = repair(connection, &taxonomies, &post, &mut sent, known, &mut learned).await {
        match repaired {
            Ok(again) => post = again,
            Err(error) => warnings.push(Warning::new("terms-dropped", 0, error.message().to_owned())),
        }
    }
    if let Some(refused) = set_fields(connection, rendering, &mut post, &mut sent).await? {
        warnings.push(refused);
    }
    let taxonomies: Vec<Taxonomy> = taxonomies.into_iter().map(|(taxonomy, _)| taxonomy).collect();
    warnings.extend(posts::differences(rendering, &taxonomies, &sent, &post));
    warnings.extend(author_warning(connection, rendering, &ids));
    if !post.markers().contains(&sending.marker) {
        let message = "the site removed the marker from the text: after a lost answer the post could not be found again";
        warnings.push(Warning::new("marker-removed", 0, message));
    }
    learned.extend(connection.learned(known));
    Ok(Written { remote: post.echo(&sent), learned, warnings })
}

/// WordPress publishes at once what is due within a minute (WordPress fact 5): that is refused
/// here, since what is published early cannot be taken back.
fn never_early(rendering: &Rendering, now: Timestamp) -> Result<()> {
    let Some(date) = rendering.date.filter(|_| rendering.status == Status::Publish) else { return Ok(()) };
    let soon = now.checked_add(61.seconds()).is_ok_and(|soon| now < date && date < soon);
    if !soon {
        return Ok(());
    }
    Err(Error::failed(format!(
        "the post is due at {date}, in less than a minute, and WordPress would publish it now"
    ))
    .code("due-soon")
    .help("run the same command again in a minute"))
}

/// The ids of everything that the rendering calls by name.
async fn resolve(
    connection: &Connection,
    rendering: &Rendering,
    sending: Sending<'_>,
    learned: &mut Known,
) -> Result<Ids> {
    let mut ids = Ids::default();
    for (taxonomy, names) in posts::terms(rendering, sending.site) {
        let of_names = terms::resolve(connection, &taxonomy, &names, sending.site, learned).await?;
        ids.terms.insert(taxonomy.field().to_owned(), of_names);
    }
    let remote = rendering.featured.as_ref().and_then(|featured| sending.pictures.get(&featured.src));
    ids.featured = remote.and_then(|(_, remote)| remote?.id.as_deref()?.parse().ok());
    let author = rendering.author.as_deref().map(survey::author_key);
    ids.author = author.and_then(|key| sending.site.get(&key)?.parse().ok());
    Ok(ids)
}

async fn send(
    connection: &Connection,
    id: Option<&RemoteId>,
    fields: &Map<String, Value>,
) -> Result<Post, WriteError> {
    let route = connection.posts(id).map_err(WriteError::NotDone)?;
    let asked = posts::asked(connection.config());
    let answer = connection.post(&route, &[("_fields", &asked)], Value::Object(fields.clone())).await?;
    let doing = if id.is_some() { "update the post" } else { "create the post" };
    // Not only the status: a page in the place of the API answers with 200 too (WordPress fact 30).
    if answer.status.is_success() {
        return find::post(&answer).map_err(|cause| unreadable(connection, cause));
    }
    Err(unsaved(connection, doing, &answer).await)
}

/// Writes the fields of the site's own that the post does not have yet. What the site refuses is a
/// warning, since all the rest is done; the post is then looked at again, for it may have taken some.
async fn set_fields(
    connection: &Connection,
    rendering: &Rendering,
    post: &mut Post,
    sent: &mut Map<String, Value>,
) -> Result<Option<Warning>, WriteError> {
    if fields::of(rendering).next().is_none() {
        return Ok(None);
    }
    let lacking = fields::lacking(rendering, &post.remote().parts);
    let all = fields::of(rendering).map(|(field, value)| (field.to_owned(), value.clone()));
    let meta = sent.entry("meta").or_insert_with(|| json!({}));
    if let Some(meta) = meta.as_object_mut() {
        meta.extend(all);
    }
    if lacking.is_empty() {
        return Ok(None);
    }
    let id = RemoteId(post.id.to_string());
    let names = lacking.keys().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let route = connection.posts(Some(&id)).map_err(WriteError::Unknown)?;
    let query = [("_fields", &*posts::asked(connection.config()))];
    // The post is there by now, even where this request was never received.
    let answer = connection.post(&route, &query, json!({ "meta": lacking })).await;
    let answer = answer.map_err(|error| WriteError::Unknown(error.into_error()))?;
    if answer.status.is_success() {
        *post = find::post(&answer).map_err(|cause| unreadable(connection, cause))?;
    } else if matches!(errors::refusal(&answer), Refusal::AfterTheInsert | Refusal::Invalid) {
        let query = [("context", "edit"), query[0]];
        let answer = connection.get(&route, &query).await.map_err(WriteError::Unknown)?;
        *post = find::post(&answer).map_err(|cause| unreadable(connection, cause))?;
    } else {
        let error = who::explain(connection, "set the post's fields", &answer).await;
        return Err(WriteError::Unknown(error));
    }
    let refused = fields::lacking(rendering, &post.remote().parts);
    if refused.is_empty() {
        return Ok(None);
    }
    let words =
        if answer.status.is_success() { String::new() } else { format!(": {}", errors::words(&answer)) };
    Ok(Some(Warning::new("fields-refused", 0, format!("the site did not take all of {names}{words}"))))
}

fn unreadable(connection: &Connection, cause: String) -> WriteError {
    let message =
        format!("the target `{}` may have taken the post; its answer cannot be read", connection.target());
    WriteError::Unknown(Error::failed(message).cause(cause))
}

/// Sorts a write's refusal: whether it can have been done in spite of it.
pub async fn unsaved(connection: &Connection, doing: &str, answer: &Answer) -> WriteError {
    let error = who::explain(connection, doing, answer).await;
    match errors::refusal(answer) {
        Refusal::Broken | Refusal::AfterTheInsert => WriteError::Unknown(error),
        Refusal::NotRest if answer.status.is_success() => WriteError::Unknown(error),
        _ => WriteError::NotDone(error),
    }
}

/// A remembered id of a term that was deleted since is dropped without a word (WordPress fact 14).
/// Such terms are resolved anew and the post updated once. `None` where nothing was dropped.
async fn repair(
    connection: &Connection,
    taxonomies: &[(Taxonomy, Vec<String>)],
    post: &Post,
    sent: &mut Map<String, Value>,
    known: &Known,
    learned: &mut Known,
) -> Option<Result<Post>> {
    let mut changes = Map::new();
    for (taxonomy, names) in taxonomies {
        let field = taxonomy.field();
        let Some(got) = post.terms(taxonomy).filter(|got| posts::dropped(sent, field, got)) else { continue };
        let still_good = |key: &String, id: &String| {
            !key.starts_with(&taxonomy.key("")) || id.parse().is_ok_and(|id| got.contains(&id))
        };
        let fresh: Known = known
            .iter()
            .filter(|(key, id)| still_good(key, id))
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect();
        learned.retain(|key, id| still_good(key, id));
        match terms::resolve(connection, taxonomy, names, &fresh, learned).await {
            Ok(ids) => changes.insert(field.to_owned(), json!(ids)),
            Err(error) => return Some(Err(error)),
        };
    }
    if changes.is_empty() {
        return None;
    }
    sent.extend(changes.clone());
    let id = RemoteId(post.id.to_string());
    Some(send(connection, Some(&id), &changes).await.map_err(WriteError::into_error))
}

fn author_warning(connection: &Connection, rendering: &Rendering, ids: &Ids) -> Option<Warning> {
    let user = &connection.config().user;
    let name = rendering.author.as_ref().filter(|name| *name != user && ids.author.is_none())?;
    Some(Warning::new(
        "author-ignored",
        0,
        format!(
            "the post is not under the name of `{name}`: the site has no author of that login, or `{user}` may not post for others"
        ),
    ))
}
