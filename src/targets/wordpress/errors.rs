//! What an answer of WordPress that is no success means: one function, [`refusal`], decides.

use serde_json::Value;

use crate::targets::client::Answer;

/// What an answer that is no success means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It was answered as a stranger would be: the credentials did not count (WordPress fact 28),
    /// or something in front of WordPress closes the API.
    Unauthorised,
    /// WordPress knows the user, and the user may not.
    Forbidden,
    /// There is no post, picture or term of that id.
    NotThere,
    /// The post is in the trash already (WordPress fact 2).
    AlreadyTrashed,
    /// The term is there already, under this id (WordPress fact 22).
    TermExists(u64),
    /// Refused **after** the post was inserted (WordPress fact 21).
    AfterTheInsert,
    /// The API is there and has no such route: another post type, a plugin that removed it.
    NoRoute,
    /// Elsewhere: the `Location`.
    Redirect(String),
    /// No answer of the REST API at all: a page of the site, of a proxy, of a firewall.
    NotRest,
    /// Too much to take.
    TooLarge,
    /// Not now (429, or 503 with `Retry-After`).
    Busy,
    /// The server failed.
    Broken,
    /// Refused for what was sent.
    Invalid,
}

/// Decides what an answer that is no success means.
#[must_use]
pub fn refusal(answer: &Answer) -> Refusal {
    let status = answer.status.as_u16();
    if answer.status.is_redirection() {
        return Refusal::Redirect(answer.header("location").unwrap_or_default().to_owned());
    }
    if status == 429 || (status == 503 && answer.header("retry-after").is_some()) {
        return Refusal::Busy;
    }
    let Some(body) = rest_error(answer) else { return without_a_code(status) };
    match body.code.as_str() {
        "term_exists" => body.term.map_or(Refusal::Invalid, Refusal::TermExists),
        "rest_already_trashed" => Refusal::AlreadyTrashed,
        "rest_post_invalid_id" | "rest_term_invalid" | "rest_user_invalid_id" => Refusal::NotThere,
        "rest_no_route" => Refusal::NoRoute,
        // With status 500, though it is the picture that is not taken (WordPress fact 27).
        "rest_upload_sideload_error" => Refusal::Invalid,
        // Only the writing of meta answers so, and meta is written after the insert.
        "rest_cannot_update" | "rest_cannot_delete" if status == 403 => Refusal::AfterTheInsert,
        // A stranger who asks for `status=any` (WordPress fact 15).
        "rest_invalid_param" if body.forbidden_status => Refusal::Unauthorised,
        _ => match status {
            401 => Refusal::Unauthorised,
            403 => Refusal::Forbidden,
            _ => without_a_code(status),
        },
    }
}

fn without_a_code(status: u16) -> Refusal {
    match status {
        401 | 403 => Refusal::Unauthorised,
        413 => Refusal::TooLarge,
        // A time-out of the server while it received, or of a proxy while it waited.
        408 | 500.. => Refusal::Broken,
        200..=299 | 404 | 405 => Refusal::NotRest,
        _ => Refusal::Invalid,
    }
}

struct RestError {
    code: String,
    message: String,
    term: Option<u64>,
    forbidden_status: bool,
}

/// The body as WordPress writes errors: `{"code", "message", "data": {"status"}}`.
fn rest_error(answer: &Answer) -> Option<RestError> {
    let body: Value = parse(answer).ok()?;
    let text = |key: &str| body.get(key).and_then(Value::as_str);
    Some(RestError {
        code: text("code")?.to_owned(),
        message: text("message").unwrap_or_default().to_owned(),
        term: body.pointer("/data/term_id").and_then(Value::as_u64),
        forbidden_status: body.pointer("/data/details/status/code").and_then(Value::as_str)
            == Some("rest_forbidden_status"),
    })
}

/// WordPress's own code for an error, where the answer has one.
#[must_use]
pub fn code(answer: &Answer) -> Option<String> {
    rest_error(answer).map(|error| error.code)
}

/// The server's words, on one line, for a message: `HTTP 403, rest_cannot_create: Sorry, …`.
#[must_use]
pub fn words(answer: &Answer) -> String {
    let status = answer.status.as_u16();
    match rest_error(answer) {
        Some(error) => {
            let message = super::text::unescape(&super::text::without_tags(&error.message));
            one_line(&format!("HTTP {status}, {}: {}", error.code, message.trim()))
        }
        None => format!("HTTP {status}: {}", answer.excerpt()),
    }
}

/// A stranger's words must not move the cursor of a terminal, nor fill it.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect()
}

/// How many places a JSON text is looked for from, behind what a server printed before it.
const MAX_STARTS: usize = 64;

/// The answer's JSON. A PHP warning printed before it is passed over: what counts is that a whole
/// JSON text reaches to the end of the answer.
///
/// # Errors
/// What the answer is instead.
pub fn parse<T: serde::de::DeserializeOwned>(answer: &Answer) -> Result<T, String> {
    let first = match serde_json::from_slice(&answer.body) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    for at in starts(&answer.body).take(MAX_STARTS) {
        if let Some(Ok(value)) = answer.body.get(at..).map(serde_json::from_slice) {
            return Ok(value);
        }
    }
    match serde_json::from_slice::<Value>(&answer.body) {
        Ok(_) => Err(format!("the answer's JSON is not what WordPress sends: {first}")),
        Err(_) => Err(format!(
            "the answer is not JSON ({}): {}",
            answer.header("content-type").unwrap_or("no content type"),
            answer.excerpt()
        )),
    }
}

/// Where a JSON text may begin. Never within another one: the end of an answer that was cut off
/// must not pass for a whole one.
fn starts(body: &[u8]) -> impl Iterator<Item = usize> {
    body.iter().enumerate().filter_map(|(at, byte)| {
        let before = body.get(..at)?.iter().rev().find(|byte| !byte.is_ascii_whitespace());
        let inside = matches!(before, Some(b':' | b',' | b'[' | b'{' | b'"'));
        (matches!(byte, b'{' | b'[') && !inside).then_some(at)
    })
}

#[cfg(test)]
mod tests;
