//! What an answer of MediaWiki means: one function, [`outcome`], decides. The API answers nearly
//! everything with status 200, errors as `{"error": {"code", "info"}}`.

use std::time::Duration;

use serde_json::Value;

use super::connection::Connection;
use crate::{
    error::Error,
    targets::{WriteError, client::Answer},
};

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It was not answered as the configured user: wrong credentials, or a session that ended.
    Stranger,
    /// The token against forgery is old.
    Token,
    /// Not now; perhaps after so long.
    Busy(Option<Duration>),
    /// Nobody may write now.
    ReadOnly,
    /// There is a page of that title.
    Exists,
    /// Somebody else edited the page.
    Conflict,
    /// There is no such page.
    NotThere,
    /// The user is known, and may not.
    Forbidden,
    /// The server failed, perhaps after the work.
    Broken,
    /// Elsewhere: the `Location`.
    Redirect(String),
    /// No answer of the API.
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
    /// It was done; the answer's JSON.
    Done(Value),
    /// It was not, and the server's words.
    Refused(Refusal, String),
}

/// Decides what an answer means.
#[must_use]
pub fn outcome(answer: &Answer) -> Outcome {
    let status = answer.status.as_u16();
    let body: Option<Value> = serde_json::from_slice(&answer.body).ok().filter(Value::is_object);
    let error = body.as_ref().and_then(|body| body.get("error"));
    let refusal = match (error, body.is_some()) {
        _ if answer.status.is_redirection() => {
            Refusal::Redirect(answer.header("location").unwrap_or_default().to_owned())
        }
        (Some(error), _) => by_code(text(error, "code"), wait(answer)),
        (None, true) if answer.status.is_success() => return Outcome::Done(body.unwrap_or_default()),
        _ if status == 429 => Refusal::Busy(wait(answer)),
        _ if status == 503 && answer.header("retry-after").is_some() => Refusal::Busy(wait(answer)),
        _ if status == 401 => Refusal::Stranger,
        _ if answer.status.is_server_error() || status == 408 => Refusal::Broken,
        _ => Refusal::NotApi { success: answer.status.is_success() },
    };
    let words = match error {
        Some(error) => format!("HTTP {status}, {}: {}", text(error, "code"), text(error, "info")),
        None => format!("HTTP {status}: {}", answer.excerpt()),
    };
    Outcome::Refused(refusal, one_line(&words))
}

fn by_code(code: &str, wait: Option<Duration>) -> Refusal {
    match code {
        "assertuserfailed"
        | "assertnameduserfailed"
        | "assertbotfailed"
        | "notloggedin"
        | "readapidenied"
        | "badauth"
        | "mustbeloggedin" => Refusal::Stranger,
        _ if code.starts_with("mwoauth-") => Refusal::Stranger,
        "badtoken" | "notoken" => Refusal::Token,
        "maxlag" | "ratelimited" => Refusal::Busy(wait),
        "readonly" => Refusal::ReadOnly,
        "articleexists" => Refusal::Exists,
        "editconflict" | "pagedeleted" => Refusal::Conflict,
        "missingtitle" | "nosuchpageid" | "nosuchrevid" | "cantdelete" => Refusal::NotThere,
        "permissiondenied" | "protectedpage" | "protectedtitle" | "protectednamespace"
        | "cascadeprotected" | "blocked" | "autoblocked" | "cantcreate" | "cantmove" | "noedit"
        | "writeapidenied" => Refusal::Forbidden,
        _ if code.starts_with("internal_api_error") => Refusal::Broken,
        _ => Refusal::Invalid,
    }
}

fn wait(answer: &Answer) -> Option<Duration> {
    answer.header("retry-after")?.trim().parse().ok().map(Duration::from_secs)
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
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
        Refusal::Stranger => super::session::wrong_credentials(connection, words),
        Refusal::Forbidden => error.code("not-allowed").help(format!(
            "give {} the right on the wiki, and the bot password or token the grant for it",
            connection.account()
        )),
        Refusal::ReadOnly => error.code("read-only").help("the wiki takes no edits for now: try again later"),
        Refusal::Busy(_) => error.code("busy-site").help("the wiki is busy: try again later"),
        Refusal::Exists => exists(connection, words),
        Refusal::Conflict => Error::decision("somebody edited the page at the same moment")
            .code("drift")
            .cause(words)
            .help("run `crosspost publish` again: it shows what they changed"),
        Refusal::NotThere => error.help("the page was deleted on the wiki"),
        Refusal::Broken => error.help("the wiki's own error log says more"),
        Refusal::Redirect(to) => {
            error.code("moved").help(format!("the wiki is elsewhere: correct `url` ({})", one_line(to)))
        }
        Refusal::NotApi { .. } => {
            error.help("that is no answer of MediaWiki's API: a proxy or a firewall answered instead")
        }
        Refusal::Token | Refusal::Invalid => error,
    }
}

/// The code of the error that the wiki has a page of a new page's title.
pub const TAKEN: &str = "title-taken";

fn exists(connection: &Connection, words: &str) -> Error {
    Error::decision(format!("the wiki `{}` already has a page of this title", connection.target()))
        .code(TAKEN)
        .cause(words)
        .help("if it is this note's: `crosspost adopt NOTE --target TARGET --url ADDRESS`")
        .help("if it is another: give the note another `title` there")
}

/// The same for a write: whether it can have been done in spite of the refusal.
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
