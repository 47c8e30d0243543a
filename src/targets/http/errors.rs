//! What an answer means: one function, [`outcome`], decides, by what the description says and else by
//! what HTTP says.

use reqwest::header::HeaderMap;
use serde_json::Value as Json;

use super::{connection::Connection, names::Values, operation::Operation};
use crate::{
    error::Error,
    targets::{WriteError, client::Answer},
};

/// Where servers usually put their words, the best first.
const WORDS: &[&str] = &[
    "/message",
    "/error/message",
    "/error/info",
    "/errors/0/detail",
    "/errors/0/title",
    "/errors/0/message",
    "/error_description",
    "/detail",
    "/title",
    "/error",
];

/// What a server says that went well.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// The post in the answer (`at`); null where there is none.
    pub post: Json,
    /// The whole answer; null where it was empty.
    pub whole: Json,
    /// The headers.
    pub headers: HeaderMap,
}

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Whoever asked is not known: wrong credentials.
    Stranger,
    /// Whoever asked is known, and may not.
    Forbidden,
    /// Elsewhere.
    Redirect {
        /// The `Location`.
        to: String,
        /// A write that was redirected so may have been done before.
        perhaps_done: bool,
    },
    /// Not now.
    Busy,
    /// The server failed, perhaps after the work.
    Broken,
    /// The status says that it went well, and the answer is no JSON.
    NoJson,
    /// Refused for what was sent.
    Invalid,
}

/// What an answer means.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It was done.
    Done(Box<Said>),
    /// It is there already.
    Exists(String),
    /// It is not there.
    Absent(String),
    /// Somebody else changed it.
    Conflict(String),
    /// It was not done, and the server's words.
    Refused(Refusal, String),
}

/// Decides what an answer means.
#[must_use]
pub fn outcome(operation: &Operation, answer: &Answer) -> Outcome {
    let status = answer.status.as_u16();
    let json: Option<Json> = serde_json::from_slice(&answer.body).ok();
    let words = words(answer, json.as_ref());
    if operation.exists_on.contains(&status) {
        return Outcome::Exists(words);
    }
    if operation.absent_on.contains(&status) {
        return Outcome::Absent(words);
    }
    if operation.conflict_on.contains(&status) {
        return Outcome::Conflict(words);
    }
    let refusal = match status {
        200..=299 => return success(operation, answer, json, words),
        300..=399 => Refusal::Redirect {
            to: answer.header("location").unwrap_or_default().to_owned(),
            perhaps_done: matches!(status, 302 | 303),
        },
        401 => Refusal::Stranger,
        403 => Refusal::Forbidden,
        429 => Refusal::Busy,
        503 if answer.header("retry-after").is_some() => Refusal::Busy,
        408 | 500.. => Refusal::Broken,
        _ => Refusal::Invalid,
    };
    Outcome::Refused(refusal, words)
}

fn success(operation: &Operation, answer: &Answer, json: Option<Json>, words: String) -> Outcome {
    let whole = match json {
        Some(json) => json,
        None if answer.body.is_empty() => Json::Null,
        None => return Outcome::Refused(Refusal::NoJson, words),
    };
    let sign = |source: &super::source::Source| source.value(&whole, &answer.headers, &Values::default());
    if operation.error_if.as_ref().and_then(sign).is_some_and(|value| is_true(&value)) {
        return Outcome::Refused(Refusal::Invalid, words);
    }
    let post = whole.pointer(&operation.at).cloned().unwrap_or_default();
    Outcome::Done(Box::new(Said { post, whole, headers: answer.headers.clone() }))
}

/// Whether there is something in a value.
#[must_use]
pub fn is_true(value: &Json) -> bool {
    match value {
        Json::Null | Json::Bool(false) => false,
        Json::Bool(true) => true,
        Json::Number(number) => number.as_f64() != Some(0.0),
        Json::String(text) => !text.is_empty(),
        Json::Array(items) => !items.is_empty(),
        Json::Object(entries) => !entries.is_empty(),
    }
}

fn words(answer: &Answer, json: Option<&Json>) -> String {
    let said = json.and_then(|json| WORDS.iter().find_map(|at| json.pointer(at)?.as_str()));
    let said = said.map_or_else(|| answer.excerpt(), str::to_owned);
    one_line(&format!("HTTP {}: {said}", answer.status.as_u16()))
}

/// A stranger's words must not move the cursor of a terminal, nor fill it.
#[must_use]
pub fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect()
}

/// The error for what was not done. `doing` is what was tried, as `create the post`.
#[must_use]
pub fn explain(connection: &Connection, doing: &str, outcome: &Outcome) -> Error {
    let target = connection.target();
    let error = |words: &str| Error::failed(format!("the target `{target}` did not {doing}")).cause(words);
    match outcome {
        Outcome::Done(said) => {
            error(&one_line(&said.whole.to_string())).help("the answer is not as the description expects")
        }
        Outcome::Exists(words) => error(words).code("exists").help("it says that there is one already"),
        Outcome::Absent(words) => error(words).help("it says that there is no such thing: check `path`"),
        Outcome::Conflict(words) => Error::decision("somebody edited the post at the same moment")
            .code("drift")
            .cause(words)
            .help("run `crosspost publish` again: it shows what they changed"),
        Outcome::Refused(refusal, words) => refused(connection, error(words), refusal, words),
    }
}

fn refused(connection: &Connection, error: Error, refusal: &Refusal, words: &str) -> Error {
    match refusal {
        Refusal::Stranger => wrong_credentials(connection, words),
        Refusal::Forbidden => error.code("not-allowed").help(match connection.account() {
            Some(account) => format!("give `{account}` the right to do so there"),
            None => "give the account the right to do so there".to_owned(),
        }),
        Refusal::Redirect { to, .. } => error
            .code("moved")
            .help(format!("the server sends elsewhere ({}): correct `url` or `path`", one_line(to))),
        Refusal::Busy => error.code("busy-site").help("the server is busy: try again later"),
        Refusal::Broken => error.help("the server's own log says more"),
        Refusal::NoJson => {
            error.help("that is no answer of the API: a proxy or a login page answered instead")
        }
        Refusal::Invalid => error,
    }
}

/// The error for credentials that the server does not take.
#[must_use]
pub fn wrong_credentials(connection: &Connection, words: &str) -> Error {
    let target = connection.target();
    let who = connection.account().map(|account| format!(" of `{account}`")).unwrap_or_default();
    let error = Error::failed(format!("the target `{target}` does not take the credentials{who}"))
        .code("wrong-credentials")
        .cause(words);
    match connection.secret() {
        Some(secret) => error
            .help(format!("check {}", crate::secrets::Secrets::variable(target, secret)))
            .help("nothing is known of what is there as long as they are wrong"),
        None => error.help("say in `auth` who asks"),
    }
}

/// The same for a write: whether it can have been done in spite of the answer.
#[must_use]
pub fn unsaved(connection: &Connection, doing: &str, outcome: &Outcome) -> WriteError {
    let error = explain(connection, doing, outcome);
    match outcome {
        Outcome::Done(_)
        | Outcome::Refused(
            Refusal::Broken | Refusal::NoJson | Refusal::Redirect { perhaps_done: true, .. },
            _,
        ) => WriteError::Unknown(error),
        _ => WriteError::NotDone(error),
    }
}
