//! What an answer of Microsoft Graph means: one function, [`outcome`], decides. Errors come as
//! `{"error": {"code", "message"}}`.

use serde_json::Value;

use super::connection::Connection;
use crate::{
    error::Error,
    targets::{WriteError, client::Answer},
};

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The token does not count, or not any more.
    Stranger,
    /// The application is known, and may not.
    Forbidden,
    /// There is no such thing, or it may not be seen.
    NotThere,
    /// There is a page of that name.
    Exists,
    /// It was changed since it was read.
    Conflict,
    /// Somebody has it checked out, or open for editing.
    Locked,
    /// Not now.
    Busy,
    /// The server failed, perhaps after the work.
    Broken,
    /// Elsewhere: the `Location`.
    Redirect(String),
    /// No answer of Graph.
    NotApi {
        /// With a status that says it went well.
        success: bool,
    },
    /// Refused for what was sent.
    Invalid,
}

/// What an answer means.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It was done; the answer's JSON, or null where there is none to be.
    Done(Value),
    /// It was not, and the server's words.
    Refused(Refusal, String),
}

/// Decides what an answer means.
#[must_use]
pub fn outcome(answer: &Answer) -> Outcome {
    let status = answer.status.as_u16();
    let body: Option<Value> = serde_json::from_slice(&answer.body).ok().filter(Value::is_object);
    let code = body.as_ref().and_then(|body| body.pointer("/error/code")).and_then(Value::as_str);
    let refusal = match (status, &body) {
        (200..=299, Some(_)) if code.is_none() => return Outcome::Done(body.unwrap_or_default()),
        // Accepted and nothing to say: a publication, a removal.
        (202 | 204, None) => return Outcome::Done(Value::Null),
        (300..=399, _) => Refusal::Redirect(answer.header("location").unwrap_or_default().to_owned()),
        (401, _) => Refusal::Stranger,
        (408 | 500 | 502 | 504.., _) => Refusal::Broken,
        (429 | 503, _) => Refusal::Busy,
        _ => {
            code.map_or(Refusal::NotApi { success: answer.status.is_success() }, |code| by_code(status, code))
        }
    };
    let message = body.as_ref().and_then(|body| body.pointer("/error/message")).and_then(Value::as_str);
    let words = match code {
        Some(code) => format!("HTTP {status}, {code}: {}", message.unwrap_or_default()),
        None => format!("HTTP {status}: {}", answer.excerpt()),
    };
    Outcome::Refused(refusal, one_line(&words))
}

fn by_code(status: u16, code: &str) -> Refusal {
    match (status, code) {
        (_, "nameAlreadyExists") => Refusal::Exists,
        (423, _) | (_, "resourceLocked" | "lockMismatch" | "resourceCheckedOut") => Refusal::Locked,
        (409 | 412, _) | (_, "resourceModified") => Refusal::Conflict,
        (_, "unauthenticated" | "InvalidAuthenticationToken") => Refusal::Stranger,
        (403, _) | (_, "accessDenied") => Refusal::Forbidden,
        (404 | 410, _) | (_, "itemNotFound") => Refusal::NotThere,
        _ => Refusal::Invalid,
    }
}

/// A stranger's words must not move the cursor of a terminal, nor fill it.
#[must_use]
pub fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect()
}

/// The error for a refusal. `doing` is what was tried, as `create the page`.
#[must_use]
pub fn explain(connection: &Connection, doing: &str, refusal: &Refusal, words: &str) -> Error {
    let target = connection.target();
    let error = Error::failed(format!("the target `{target}` did not {doing}")).cause(words);
    match refusal {
        Refusal::Stranger => error
            .code("wrong-credentials")
            .help("the application's token does not count there: check `tenant`, `client` and `api`"),
        Refusal::Forbidden => not_allowed(error),
        Refusal::NotThere => {
            not_allowed(error).help("SharePoint says \"not found\" also of what the application may not see")
        }
        Refusal::Exists => Error::decision(format!("`{target}` already has a page of this note's name"))
            .code("title-taken")
            .cause(words)
            .help("run `crosspost publish` again: it looks for the page first"),
        Refusal::Conflict => Error::decision("somebody edited the page at the same moment")
            .code("drift")
            .cause(words)
            .help("run `crosspost publish` again: it shows what they changed"),
        Refusal::Locked => locked(None, words),
        Refusal::Busy => error.code("busy-site").help("SharePoint is busy: try again later"),
        Refusal::Broken => error.help("try again later: the failure is SharePoint's own"),
        Refusal::Redirect(to) => {
            error.code("moved").help(format!("Graph is elsewhere: correct `api` ({})", one_line(to)))
        }
        Refusal::NotApi { .. } => {
            error.help("that is no answer of Microsoft Graph: a proxy or a firewall answered instead")
        }
        Refusal::Invalid => error,
    }
}

fn not_allowed(error: Error) -> Error {
    error
        .code("not-allowed")
        .help("give the application `Sites.Selected` with the role `write` on this site, or `Sites.ReadWrite.All`")
        .help("and let an administrator consent to it")
}

/// A page that somebody else holds.
#[must_use]
pub fn locked(holder: Option<&str>, words: &str) -> Error {
    let who = holder.unwrap_or("somebody");
    Error::decision(format!("the page is checked out by {who}"))
        .code("checked-out")
        .cause(words)
        .help(format!(
            "ask {who} to publish the page, or to discard the changes (\"Discard changes\" above the page)"
        ))
        .help("an owner of the site can do it for them: Site pages → … → More → Discard check out")
}

/// The same as [`explain`] for a write: whether it can have been done in spite of the refusal.
#[must_use]
pub fn unsaved(connection: &Connection, doing: &str, refusal: &Refusal, words: &str) -> WriteError {
    let error = explain(connection, doing, refusal, words);
    match refusal {
        Refusal::Broken | Refusal::NotApi { success: true } => WriteError::Unknown(error),
        _ => WriteError::NotDone(error),
    }
}

#[cfg(test)]
mod tests;
