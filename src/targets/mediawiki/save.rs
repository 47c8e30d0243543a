//! Creating, updating and deleting a page.
//!
//! An edit tells the number of its revision but not what was stored, so each is followed by a look.

use serde_json::Value;

use super::{
    connection::Connection,
    errors::{self, Outcome, Refusal, TAKEN},
    find,
    forms::Fields,
    pages::{CONTENT, Page},
};
use crate::{
    error::{Error, Result, Warning},
    render::{Rendering, stamp},
    targets::{RemoteId, Sending, WriteError, Written},
};

/// Creates a page, only where there is none of its title.
///
/// # Errors
/// [`WriteError::Unknown`] whenever the wiki may have stored it and did not say so.
pub async fn create(
    connection: &Connection,
    rendering: &Rendering,
    sending: Sending<'_>,
) -> Result<Written, WriteError> {
    connection.hint(sending.site);
    let mut fields = edit(connection, stamp::stamped(rendering, sending.marker));
    let title = find::full_title(connection, &rendering.title);
    fields.push(("title", title.clone()));
    fields.push(("createonly", "1".to_owned()));
    let edited = match send(connection, "create the page", &fields).await {
        Err(WriteError::NotDone(error)) if error.name() == Some(TAKEN) => {
            return Err(taken(connection, &title, sending, error).await);
        }
        edited => edited?,
    };
    let page = look(connection, &edited).await.map_err(WriteError::Unknown)?;
    written(connection, &page, sending, Vec::new()).await
}

/// The title is taken: by this note's own page, where an earlier attempt was received after all.
async fn taken(connection: &Connection, title: &str, sending: Sending<'_>, error: Error) -> WriteError {
    match find::by_title(connection, title).await {
        Ok(page) if !page.as_ref().is_some_and(|page| page.carries(sending.marker)) => {
            WriteError::NotDone(error)
        }
        _ => WriteError::Unknown(error),
    }
}

/// Brings a page to a rendering: its text, and then its title.
///
/// The text goes first and says under which title it was sent, so that a run that ends in between
/// leaves a page that reads as sent and not yet named: the next one names it.
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
    connection.hint(sending.site);
    let base = match base {
        Some(page) => page,
        None => find::page(connection, id)
            .await
            .and_then(|page| page.ok_or_else(deleted))
            .map_err(WriteError::NotDone)?,
    };
    let title = base.own_title(connection.config());
    let mut fields = edit(connection, stamp::stamped_under(rendering, &title, sending.marker));
    fields.extend([
        ("pageid", base.pageid.to_string()),
        ("nocreate", "1".to_owned()),
        ("baserevid", base.revision().to_string()),
    ]);
    if connection.config().minor {
        fields.push(("minor", "1".to_owned()));
    }
    let edited = send(connection, "update the page", &fields).await?;
    let mut warnings = Vec::new();
    if title != rendering.title {
        warnings.extend(rename(connection, &base, &rendering.title).await?);
    }
    let page = look(connection, &edited).await.map_err(WriteError::Unknown)?;
    let meanwhile = edited.based_on.is_some_and(|revision| revision != base.revision());
    let mut written = written(connection, &page, sending, warnings).await?;
    if meanwhile {
        // What was sent is the base that the next update compares with: so their edit shows as one.
        let sent = stamp::stamped_under(rendering, &title, sending.marker);
        written.remote.parts.insert(CONTENT.to_owned(), sent);
        written.warnings.push(Warning::new(
            "edited-meanwhile",
            0,
            "somebody edited the page at the same moment: look at its history",
        ));
    }
    Ok(written)
}

fn deleted() -> Error {
    Error::failed("the page was deleted on the wiki").help("run `crosspost publish` again")
}

/// What every edit says.
fn edit(connection: &Connection, text: String) -> Fields {
    let config = connection.config();
    let mut fields: Fields =
        vec![("action", "edit".to_owned()), ("summary", config.summary.clone()), ("text", text)];
    if config.bot {
        fields.push(("bot", "1".to_owned()));
    }
    fields
}

/// What an edit's answer tells.
struct Edited {
    page: u64,
    /// `None` where the page was as it was to be.
    revision: Option<u64>,
    /// The revision before it.
    based_on: Option<u64>,
}

async fn send(connection: &Connection, doing: &str, fields: &Fields) -> Result<Edited, WriteError> {
    let body = match connection.write(fields, None).await? {
        Outcome::Done(body) => body,
        Outcome::Refused(refusal, words) => {
            return Err(errors::unsaved(connection, doing, &refusal, &words));
        }
    };
    let edit = body.get("edit").cloned().unwrap_or_default();
    let number = |key: &str| edit.get(key).and_then(Value::as_u64);
    match (edit.get("result").and_then(Value::as_str), number("pageid")) {
        (Some("Success"), Some(page)) => {
            Ok(Edited { page, revision: number("newrevid"), based_on: number("oldrevid") })
        }
        (Some("Failure"), _) => Err(WriteError::NotDone(not_taken(connection, doing, &edit))),
        _ => Err(WriteError::Unknown(
            Error::failed(format!(
                "the target `{}` may have taken the page; its answer cannot be read",
                connection.target()
            ))
            .cause(errors::one_line(&body.to_string())),
        )),
    }
}

/// A filter of the wiki's own turned the edit away.
fn not_taken(connection: &Connection, doing: &str, edit: &Value) -> Error {
    let error = Error::failed(format!("the target `{}` did not {doing}", connection.target()))
        .code("edit-refused")
        .cause(errors::one_line(&edit.to_string()));
    if edit.get("captcha").is_some() {
        return error.help("the wiki asks for a captcha: give the account the right `skipcaptcha`");
    }
    error.help("a filter of the wiki (spam, abuse) turned it away: its administrators can say which")
}

/// The page as the edit left it.
async fn look(connection: &Connection, edited: &Edited) -> Result<Page> {
    let page = match edited.revision {
        Some(revision) => find::at_revision(connection, revision).await?,
        None => find::page(connection, &RemoteId(edited.page.to_string())).await?,
    };
    page.ok_or_else(|| Error::failed("the page that was just written is not there"))
}

async fn written(
    connection: &Connection,
    page: &Page,
    sending: Sending<'_>,
    mut warnings: Vec<Warning>,
) -> Result<Written, WriteError> {
    if !page.carries(sending.marker) {
        let message = "the wiki removed the marker from the text: after a lost answer the page could not be found again";
        warnings.push(Warning::new("marker-removed", 0, message));
    }
    Ok(Written {
        remote: page.remote(connection.config()),
        learned: connection.learned(sending.site).await,
        warnings,
    })
}

/// Gives a page its new title; the old one leads there. Where that may not be, the page keeps the old
/// one, and that is told.
async fn rename(connection: &Connection, page: &Page, title: &str) -> Result<Option<Warning>, WriteError> {
    let to = find::full_title(connection, title);
    let fields: Fields = vec![
        ("action", "move".to_owned()),
        ("fromid", page.pageid.to_string()),
        ("to", to),
        ("movetalk", "1".to_owned()),
        ("reason", connection.config().summary.clone()),
    ];
    match connection.write(&fields, None).await? {
        Outcome::Done(_) => Ok(None),
        Outcome::Refused(Refusal::Broken | Refusal::NotApi { success: true }, words) => {
            Err(errors::unsaved(connection, "rename the page", &Refusal::Broken, &words))
        }
        Outcome::Refused(_, words) => {
            let message = format!("the page is still called \"{}\": {words}", page.title);
            Ok(Some(Warning::new("title-kept", 0, message)))
        }
    }
}

/// Deletes a page. One that is gone already counts.
///
/// # Errors
/// As for [`create`]; what the user may not do.
pub async fn delete(connection: &Connection, id: &RemoteId) -> Result<(), WriteError> {
    let number = find::number(id).map_err(WriteError::NotDone)?;
    let fields: Fields = vec![
        ("action", "delete".to_owned()),
        ("pageid", number.to_owned()),
        ("reason", connection.config().summary.clone()),
    ];
    match connection.write(&fields, None).await? {
        Outcome::Done(body) if body.get("delete").is_some() => Ok(()),
        Outcome::Refused(Refusal::NotThere, _) => Ok(()),
        Outcome::Done(body) => {
            let words = errors::one_line(&body.to_string());
            Err(errors::unsaved(connection, "delete the page", &Refusal::Broken, &words))
        }
        Outcome::Refused(Refusal::Forbidden, words) => Err(WriteError::NotDone(
            errors::explain(connection, "delete the page", &Refusal::Forbidden, &words)
                .help("or ask an administrator of the wiki to delete it"),
        )),
        Outcome::Refused(refusal, words) => {
            Err(errors::unsaved(connection, "delete the page", &refusal, &words))
        }
    }
}
