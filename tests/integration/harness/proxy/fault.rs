//! Which requests fail, and how.

use std::time::Duration;

use regex::Regex;

use super::Seen;

/// What goes wrong with a request.
#[derive(Debug, Clone)]
pub enum Fault {
    /// The connection closes; the server never gets the request.
    DropBefore,
    /// The server gets the request without a header, as from a web server that withholds it.
    StripBefore(&'static str),
    /// The server does the work; the connection closes without an answer.
    DropAfter,
    /// Another answer; the server never gets the request.
    AnswerBefore(Reply),
    /// The server does the work; another answer is given.
    AnswerAfter(Reply),
    /// The server does the work; half of its answer's body arrives, then the connection closes.
    CutAfter,
    /// The server does the work; half of its answer's body arrives, as if it were all.
    HalfAfter,
    /// The server does the work; a PHP warning stands before its answer.
    WarningAfter,
    /// The request reaches the server late, even when the client has given up meanwhile.
    SlowBefore(Duration),
    /// The server does the work at once; the answer waits.
    SlowAfter(Duration),
}

/// An answer that the server did not give.
#[derive(Debug, Clone)]
pub struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Reply {
    /// This status with nothing in it.
    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: String::new() }
    }

    /// This status with a JSON error as WordPress words them.
    pub fn json_error(status: u16) -> Self {
        let body = serde_json::json!({
            "code": format!("lab_{status}"), "message": "Lab fault", "data": {"status": status}
        });
        Self::text(status, "application/json; charset=UTF-8", &body.to_string())
    }

    /// This status with a page, as gateways and security plugins send.
    pub fn html(status: u16) -> Self {
        let page = "<!DOCTYPE html><html><head><title>Blocked</title></head>\
                    <body><h1>Request blocked</h1></body></html>";
        Self::text(status, "text/html; charset=UTF-8", page)
    }

    /// A redirect to an address.
    pub fn redirect(status: u16, to: &str) -> Self {
        Self::empty(status).header("location", to)
    }

    /// Any text.
    pub fn text(status: u16, media_type: &str, body: &str) -> Self {
        Self { body: body.to_owned(), ..Self::empty(status).header("content-type", media_type) }
    }

    /// With one more header: `("retry-after", "1")`.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// Which requests meet which fault.
pub struct Rule {
    matches: Box<dyn FnMut(&Seen) -> bool + Send>,
    skip: usize,
    times: usize,
    fault: Fault,
}

impl Rule {
    /// Requests of a method (`*` for any) whose path and query match a regular expression.
    ///
    /// # Panics
    /// When it is no regular expression.
    pub fn on(method: &str, path: &str, fault: Fault) -> Self {
        let method = method.to_owned();
        let path = Regex::new(path).expect("a regular expression");
        Self::when(fault, move |seen| (method == "*" || method == seen.method) && path.is_match(&seen.path))
    }

    /// Requests that a closure picks.
    pub fn when(fault: Fault, matches: impl FnMut(&Seen) -> bool + Send + 'static) -> Self {
        Self { matches: Box::new(matches), skip: 0, times: usize::MAX, fault }
    }

    /// Only the first so many of them.
    pub fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    /// Not the first so many of them.
    pub fn skip(mut self, skip: usize) -> Self {
        self.skip = skip;
        self
    }

    /// Only the nth of them, counted from 1.
    ///
    /// # Panics
    /// When `nth` is 0.
    pub fn nth(self, nth: usize) -> Self {
        self.skip(nth.checked_sub(1).expect("requests are counted from 1")).times(1)
    }

    /// Counts the request, and tells its fault.
    pub(super) fn apply(&mut self, seen: &Seen) -> Option<Fault> {
        if !(self.matches)(seen) {
            return None;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return None;
        }
        self.times = self.times.checked_sub(1)?;
        Some(self.fault.clone())
    }
}
