//! A request as the proxy saw it.

use serde_json::Value;

/// A request, and what the server (not the fault) answered.
#[derive(Debug, Clone)]
pub struct Seen {
    /// `POST`.
    pub method: String,
    /// Path and query, as sent: `/wp-json/wp/v2/posts?context=edit`.
    pub path: String,
    /// The headers' names, in small letters, sorted.
    pub headers: Vec<String>,
    /// The body, whole.
    pub body: Vec<u8>,
    /// The server's status. `None` when it never got the request, or gave no answer.
    pub status: Option<u16>,
    /// How long the server's answer was, in bytes.
    pub answer_size: usize,
    /// Whether a rule made it fail.
    pub faulty: bool,
}

impl Seen {
    /// Whether it asks for a change.
    pub fn is_write(&self) -> bool {
        !matches!(self.method.as_str(), "GET" | "HEAD" | "OPTIONS")
    }

    /// The body as JSON; null when it is something else.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}
