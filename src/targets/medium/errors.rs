//! What Medium's answers mean: one function for all of them.

use reqwest::StatusCode;
use serde::Deserialize;

use crate::{
    error::Error,
    secrets::Secrets,
    targets::{
        WriteError,
        client::{Answer, NoAnswer},
    },
};

/// The name of a refusal of this author (as opposed to the token).
pub(super) const FORBIDDEN: &str = "author-forbidden";
/// Where a story is brought in by hand.
const IMPORT: &str = "https://medium.com/p/import";

/// `{"errors":[{"message","code"}]}`.
#[derive(Deserialize)]
struct Envelope {
    errors: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(default)]
    message: String,
    #[serde(default)]
    code: i64,
}

/// Whom an answer concerns, for its wording.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    /// The target's name.
    pub target: &'a str,
    /// `POST https://…/posts`.
    pub request: &'a str,
}

/// An answer to a create that is not the one hoped for. Only a refusal (4xx) is known to have made
/// no story; after anything else there may be one.
pub(super) fn of_write(asked: Asked<'_>, answer: &Answer) -> WriteError {
    // 408 is said by what stands between: the request may have been passed on.
    if answer.status.is_client_error() && answer.status != StatusCode::REQUEST_TIMEOUT {
        return WriteError::NotDone(refused(asked, answer));
    }
    WriteError::Unknown(
        Error::failed(format!("Medium's answer does not say whether `{}` has the story now", asked.target))
            .cause(said(asked, answer)),
    )
}

/// An answer to anything else that is not the one hoped for.
pub(super) fn of_read(asked: Asked<'_>, answer: &Answer) -> Error {
    if answer.status.is_client_error() {
        return refused(asked, answer);
    }
    Error::failed(format!("Medium did not answer `{}` as it should", asked.target)).cause(said(asked, answer))
}

/// A create that got no answer.
pub(super) fn no_answer(no_answer: NoAnswer) -> WriteError {
    match no_answer {
        NoAnswer::NotReceived(error) => WriteError::NotDone(error),
        NoAnswer::Lost(error) => WriteError::Unknown(error),
    }
}

/// The error of a 4xx, by Medium's own code where there is one.
fn refused(asked: Asked<'_>, answer: &Answer) -> Error {
    let target = asked.target;
    let error = match (answer.status.as_u16(), code(answer)) {
        (403, None) if is_html(answer) => Error::failed(format!(
            "`{target}` was not let through to Medium: its gate keeps this machine's address out"
        ))
        .help("run this from another network: addresses of cloud providers are often kept out"),
        (429, Some(_)) => Error::failed(format!("Medium takes no more stories by `{target}` today"))
            .help("it takes ten posts in 24 hours: publish again tomorrow, nothing was created"),
        (429, None) => Error::failed(format!("Medium asks `{target}` to slow down"))
            .help("run this again in some minutes, nothing was created"),
        (_, Some(6000 | 6001 | 6003)) | (401, _) => {
            Error::failed(format!("Medium does not accept the token of `{target}`"))
                .help(format!(
                    "check that it was copied whole, and set it anew: `{}`",
                    Secrets::variable(target, super::TOKEN)
                ))
                .help(format!(
                    "Medium has given out no new tokens since January 2025; without one, import the story by hand: {IMPORT}"
                ))
        }
        (_, Some(6002)) => Error::failed(format!("the token of `{target}` lacks a permission"))
            .help("it needs Medium's scopes `basicProfile`, `publishPost` and, for pictures, `uploadImage`"),
        (_, Some(6004)) => Error::failed(format!("Medium knows no user for the token of `{target}`")),
        (_, Some(6005)) => Error::failed(format!("Medium knows no application for the token of `{target}`")),
        (_, Some(6027)) => Error::failed(format!("Medium has switched its API off for the account of `{target}`"))
            .help(format!("import the story by hand: {IMPORT}")),
        (_, Some(2002)) => Error::failed(format!("Medium found no content in the story for `{target}`"))
            .help("a story needs some text below its title"),
        (_, Some(2012)) => Error::failed(format!("Medium could not read the text of the story for `{target}`")),
        (403, _) => Error::failed(format!("the author of `{target}` may not publish this there"))
            .code(FORBIDDEN)
            .help("in a publication, a writer may only hand in drafts: set `visibility = \"draft\"`, or become an editor"),
        (404, _) => Error::failed(format!("Medium knows no such address for `{target}`"))
            .help("check `api` and `publication` in its table"),
        _ => Error::failed(format!("Medium refused what `{target}` sent")),
    };
    error.cause(said(asked, answer))
}

/// Medium's code, where the answer has its envelope.
fn code(answer: &Answer) -> Option<i64> {
    first(answer).map(|entry| entry.code)
}

fn first(answer: &Answer) -> Option<Entry> {
    let envelope: Envelope = serde_json::from_slice(&answer.body).ok()?;
    envelope.errors.into_iter().next()
}

fn is_html(answer: &Answer) -> bool {
    answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html"))
}

/// The request, the status and Medium's own words.
fn said(asked: Asked<'_>, answer: &Answer) -> String {
    let words = match first(answer) {
        Some(entry) => {
            let message: String = entry.message.chars().filter(|c| !c.is_control()).take(160).collect();
            format!("{message} (code {})", entry.code)
        }
        None => answer.excerpt(),
    };
    format!("{}: {}: {words}", asked.request, answer.status)
}
