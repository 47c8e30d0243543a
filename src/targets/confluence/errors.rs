//! What an answer of Confluence means: one function, [`outcome`], decides. v2 tells errors as
//! `{"errors": [{status, code, title, detail}]}`, the older API as `{statusCode, message}`.

use serde_json::Value;

use super::connection::Connection;
use crate::{
    error::Error,
    targets::{WriteError, client::Answer},
};

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It was not answered as the configured user.
    Stranger,
    /// The user is known, and may not.
    Forbidden,
    /// There is none, or none that this user may see.
    NotThere,
    /// There is a page of that title, or an attachment of that name.
    Exists,
    /// It is not the version after the one that is there.
    Conflict,
    /// More than is taken.
    TooLarge,
    /// Not now.
    Busy,
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
    /// It was done; the answer's JSON, `null` where there is nothing to say.
    Done(Value),
    /// It was not, and the server's words.
    Refused(Refusal, String),
}

/// Decides what an answer means.
#[must_use]
pub fn outcome(answer: &Answer) -> Outcome {
    let status = answer.status.as_u16();
    let body: Option<Value> =
        serde_json::from_slice(&answer.body).ok().filter(|body: &Value| !body.is_null());
    let said = body.as_ref().and_then(said);
    let words = one_line(&match &said {
        Some(said) => format!("HTTP {status}: {said}"),
        None => format!("HTTP {status}: {}", answer.excerpt()),
    });
    let is_of_api = said.is_some();
    let refusal = match status {
        204 => return Outcome::Done(Value::Null),
        200..=299 => match body {
            Some(body) => return Outcome::Done(body),
            None => Refusal::NotApi { success: true },
        },
        300..=399 => Refusal::Redirect(answer.header("location").unwrap_or_default().to_owned()),
        401 => Refusal::Stranger,
        // A gate in front of the site speaks otherwise.
        403 if is_of_api => Refusal::Forbidden,
        404 if is_of_api => Refusal::NotThere,
        400 | 409 if is_taken(&words) => Refusal::Exists,
        400 if is_of_api => Refusal::Invalid,
        409 => Refusal::Conflict,
        413 => Refusal::TooLarge,
        429 => Refusal::Busy,
        503 if answer.header("retry-after").is_some() => Refusal::Busy,
        408 | 500..=599 => Refusal::Broken,
        _ => Refusal::NotApi { success: false },
    };
    Outcome::Refused(refusal, words)
}

/// What the server says is wrong, in either form.
fn said(body: &Value) -> Option<String> {
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let errors = body.get("errors").and_then(Value::as_array).into_iter().flatten();
    let told: Vec<String> = errors
        .map(|error| {
            [text(error, "title"), text(error, "detail")].into_iter().flatten().collect::<Vec<_>>().join(": ")
        })
        .collect();
    if !told.is_empty() {
        return Some(told.join("; "));
    }
    body.get("statusCode")?;
    Some(text(body, "message").unwrap_or_default())
}

/// The words for a title that another page of the space has, and for a name that another attachment of
/// the page has: there is no code for either.
fn is_taken(words: &str) -> bool {
    let words = words.to_lowercase();
    words.contains("title already exists")
        || words.contains("already exists with the same title")
        || words.contains("same file name")
}

/// A stranger's words must not move the cursor of a terminal, nor fill it.
#[must_use]
pub fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect()
}

/// The error for a refusal. `doing` is what was tried, as `create the page`.
#[must_use]
pub fn explain(connection: &Connection, doing: &str, refusal: &Refusal, words: &str) -> Error {
    let (target, space) = (connection.target(), &connection.config().space);
    let error = Error::failed(format!("the target `{target}` did not {doing}")).cause(words);
    match refusal {
        Refusal::Stranger => super::who::wrong_credentials(connection, words),
        Refusal::Forbidden => error.code("not-allowed").help(format!(
            "give the token's owner the permission in the space `{space}`, and the token the scope"
        )),
        Refusal::NotThere => error
            .code("not-found")
            .help("it is not there, or its restrictions do not let the token's owner see it or write it"),
        Refusal::Exists => exists(connection, words),
        Refusal::Conflict => Error::decision("somebody edited the page at the same moment")
            .code("drift")
            .cause(words)
            .help("run `crosspost publish` again: it shows what they changed"),
        Refusal::TooLarge => error.code("too-large").help("Confluence takes pages of up to 5 MB: split the note"),
        Refusal::Busy => error.code("busy-site").help("the site is busy: try again later"),
        Refusal::Broken => error.help("https://status.atlassian.com says whether others have the same trouble"),
        Refusal::Redirect(to) => {
            error.code("moved").help(format!("the site is elsewhere: correct `url` ({})", one_line(to)))
        }
        Refusal::NotApi { .. } => error.code("no-api").help(
            "that is no answer of Confluence's API: `url` or `edition` is wrong, or a proxy or a login page answered instead",
        ),
        Refusal::Invalid => error,
    }
}

fn exists(connection: &Connection, words: &str) -> Error {
    Error::decision(format!("the space `{}` already has a page of this title", connection.config().space))
        .code("title-taken")
        .cause(words)
        .help("if it is this note's: `crosspost adopt NOTE --target TARGET --url ADDRESS`")
        .help("if it is another (perhaps archived, or one you may not see): give the note another `title` there")
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
