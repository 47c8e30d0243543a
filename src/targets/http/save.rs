//! Creating, updating, publishing and deleting a post.

use super::{
    connection::Connection,
    errors::{self, Outcome, Said},
    find,
    names::Values,
    operation::Operation,
    post::{PUBLISHED, Shown, carries},
};
use crate::{
    error::{Error, Result, Warning},
    note::Status,
    render::Rendering,
    targets::{RemoteId, Sending, Wanted, WriteError, Written, seen::Seen},
};

/// Creates a post.
///
/// # Errors
/// [`WriteError::Unknown`] whenever the server may have stored it, and when it does not say as what.
pub async fn create(
    connection: &Connection,
    seen: &Seen<Shown>,
    rendering: &Rendering,
    sending: Sending<'_>,
) -> Result<Written, WriteError> {
    connection.check().await.map_err(WriteError::NotDone)?;
    let values = Values::note(rendering, sending.marker);
    let doing = "create the post";
    let said = match send(connection, &connection.config().create, &values).await? {
        Outcome::Done(said) => said,
        Outcome::Exists(words) => return Err(exists(connection, rendering, sending, &words).await),
        other => return Err(errors::unsaved(connection, doing, &other)),
    };
    let Some(shown) = Shown::read(connection.config(), &said, None) else {
        let error = errors::explain(connection, "say the id of the post that it took", &Outcome::Done(said));
        return Err(WriteError::Unknown(
            error.code("no-id").help("correct `id` in `post`, or `at` in `create`"),
        ));
    };
    let mut written = settle(connection, seen, *said, &shown.remote.id, rendering, sending).await?;
    written.warnings.extend(lost_from_sight(connection, rendering, sending).await);
    Ok(written)
}

/// The server says that the post is there: perhaps it is ours, from a run that was interrupted.
async fn exists(
    connection: &Connection,
    rendering: &Rendering,
    sending: Sending<'_>,
    words: &str,
) -> WriteError {
    let error =
        Error::decision(format!("the target `{}` says that the post is there already", connection.target()))
            .code("exists")
            .cause(words)
            .help("if it is this note's: `crosspost adopt NOTE --target TARGET --id ID`");
    match find::is_there(connection, &wanted(rendering, sending)).await {
        Ok(false) => WriteError::NotDone(error),
        Ok(true) | Err(_) => WriteError::Unknown(error),
    }
}

/// A description of `find` that does not find what was just created would create it again, were the
/// ledger ever lost.
async fn lost_from_sight(
    connection: &Connection,
    rendering: &Rendering,
    sending: Sending<'_>,
) -> Option<Warning> {
    connection.config().find.as_ref()?;
    let found = find::is_there(connection, &wanted(rendering, sending)).await;
    (!matches!(found, Ok(true))).then(|| {
        let message = "`find` does not find the post that was just created: after a lost answer or ledger it \
                       could be created again";
        Warning::new("not-found-again", 0, message)
    })
}

fn wanted(rendering: &Rendering, sending: Sending<'_>) -> Wanted {
    Wanted {
        marker: sending.marker,
        title: rendering.title.clone(),
        slug: rendering.slug.clone(),
        canonical: None,
    }
}

/// Brings a post to a rendering, based on the state that was looked at.
///
/// # Errors
/// As for [`create`]; an edit that somebody made meanwhile.
pub async fn update(
    connection: &Connection,
    seen: &Seen<Shown>,
    id: &RemoteId,
    rendering: &Rendering,
    sending: Sending<'_>,
) -> Result<Written, WriteError> {
    let doing = "update the post";
    let base = base(connection, seen, id).await.map_err(WriteError::NotDone)?;
    if let Some(lock) = connection.config().post.lock.as_ref().filter(|_| base.lock.is_none()) {
        let error = Error::failed(format!("the post at the target `{}` has no lock", connection.target()))
            .cause(format!("there is nothing at `{}`", lock.shown()))
            .help("correct `lock` in `post`: without it an edit could be overwritten");
        return Err(WriteError::NotDone(error));
    }
    let values = of_post(Values::note(rendering, sending.marker), &base);
    let operation = connection.config().update.as_ref().ok_or_else(|| undescribed(doing))?;
    let said = match send(connection, operation, &values).await? {
        Outcome::Done(said) => said,
        Outcome::Absent(_) => return Err(WriteError::NotDone(deleted())),
        other => return Err(errors::unsaved(connection, doing, &other)),
    };
    settle(connection, seen, *said, id, rendering, sending).await
}

/// The state that an update is based on: what was looked at when it was planned. Without a lock it
/// is compared with how the post is now.
async fn base(connection: &Connection, seen: &Seen<Shown>, id: &RemoteId) -> Result<Shown> {
    let planned = seen.take(id);
    if let Some(planned) = &planned
        && connection.config().post.lock.is_some()
    {
        return Ok(planned.clone());
    }
    let now = find::look(connection, seen, id).await?.ok_or_else(deleted)?;
    match planned {
        Some(planned) if planned.remote.parts != now.remote.parts => Err(errors::explain(
            connection,
            "keep the post as it was",
            &Outcome::Conflict("it has changed since it was looked at".to_owned()),
        )),
        _ => Ok(now),
    }
}

fn deleted() -> Error {
    Error::failed("the post was deleted there").help("run `crosspost publish` again")
}

fn undescribed(doing: &str) -> WriteError {
    WriteError::NotDone(Error::invalid(format!("the configuration does not describe how to {doing}")))
}

fn of_post(values: Values, shown: &Shown) -> Values {
    let lock = shown.lock.clone().unwrap_or_default();
    values.with_text("id", &shown.remote.id.0).with("lock", &lock).with("post", &shown.json)
}

async fn send(
    connection: &Connection,
    operation: &Operation,
    values: &Values,
) -> Result<Outcome, WriteError> {
    let request = connection.request(operation, values).map_err(WriteError::NotDone)?;
    connection.write(operation, &request).await
}

/// What follows a write that went well: the post is made public where that is a step of its own, and
/// looked at where the answer did not show all of it.
async fn settle(
    connection: &Connection,
    seen: &Seen<Shown>,
    said: Said,
    id: &RemoteId,
    rendering: &Rendering,
    sending: Sending<'_>,
) -> Result<Written, WriteError> {
    let config = connection.config();
    let mut shown = Shown::read(config, &said, Some(id)).filter(|shown| shown.is_complete(&config.post));
    if let Some(publish) = config.publish.as_ref().filter(|_| rendering.status == Status::Publish) {
        let values = Values::note(rendering, sending.marker);
        // The post is changed by now: whatever goes wrong here leaves it half done.
        shown = Some(
            make_public(connection, seen, publish, id, values)
                .await
                .map_err(WriteError::into_error)
                .map_err(WriteError::Unknown)?,
        );
    }
    let shown = match shown {
        Some(shown) => shown,
        None if config.fetch.is_none() => {
            Shown::read(config, &said, Some(id)).ok_or_else(|| WriteError::Unknown(deleted()))?
        }
        None => look_again(connection, seen, id).await.map_err(WriteError::Unknown)?,
    };
    seen.note(&shown.remote.id.0, &shown);
    let mut written =
        Written { remote: shown.remote, learned: std::collections::BTreeMap::new(), warnings: Vec::new() };
    if config.fetch.is_some() && !carries(&shown.json, sending.marker) {
        let message =
            "the server did not keep the marker: after a lost answer the post could not be found again";
        written.warnings.push(Warning::new("marker-removed", 0, message));
    }
    Ok(written)
}

async fn make_public(
    connection: &Connection,
    seen: &Seen<Shown>,
    publish: &Operation,
    id: &RemoteId,
    values: Values,
) -> Result<Shown, WriteError> {
    let shown = look_again(connection, seen, id).await.map_err(WriteError::NotDone)?;
    if shown.remote.parts.get(PUBLISHED).is_some_and(|published| published == "yes") {
        return Ok(shown);
    }
    match send(connection, publish, &of_post(values, &shown)).await? {
        Outcome::Done(_) => look_again(connection, seen, id).await.map_err(WriteError::Unknown),
        other => Err(errors::unsaved(connection, "publish the post", &other)),
    }
}

async fn look_again(connection: &Connection, seen: &Seen<Shown>, id: &RemoteId) -> Result<Shown> {
    let shown = find::look(connection, seen, id).await?;
    shown.ok_or_else(|| Error::failed("the post that was just written is not there"))
}

/// Takes a post down. One that is gone already counts.
///
/// # Errors
/// As for [`create`].
pub async fn delete(connection: &Connection, id: &RemoteId) -> Result<(), WriteError> {
    let doing = "delete the post";
    connection.check().await.map_err(WriteError::NotDone)?;
    let operation = connection.config().delete.as_ref().ok_or_else(|| undescribed(doing))?;
    let mut values = Values::default().with_text("id", &id.0);
    if operation.names("lock") || operation.names("post") {
        let now = find::look(connection, &Seen::default(), id).await.map_err(WriteError::NotDone)?;
        let Some(now) = now else { return Ok(()) };
        values = of_post(values, &now);
    }
    match send(connection, operation, &values).await? {
        Outcome::Done(_) | Outcome::Absent(_) => Ok(()),
        other => Err(errors::unsaved(connection, doing, &other)),
    }
}
