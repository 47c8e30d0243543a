//! What the stand-in knows: the pages, the files, and every request.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use serde_json::Value;

use super::{answers::Reply, login, site};
use crate::fakes::hold::Hold;

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Received {
    pub method: String,
    /// Path and query, as sent.
    pub path: String,
    /// The headers, by name in small letters.
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Received {
    /// The path's parts, decoded, without the query.
    pub fn parts(&self) -> Vec<String> {
        let path = self.path.split('?').next().unwrap_or_default();
        let decoded =
            |part: &str| percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned();
        path.split('/').filter(|part| !part.is_empty()).map(decoded).collect()
    }

    /// A parameter of the query.
    pub fn query(&self, name: &str) -> Option<String> {
        let (_, query) = self.path.split_once('?')?;
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Whether it is of this method and its path ends so.
    pub fn is(&self, method: &str, end: &str) -> bool {
        self.method == method && self.path.split('?').next().unwrap_or_default().ends_with(end)
    }
}

/// What goes wrong with a request.
#[derive(Debug, Clone)]
pub enum Fault {
    /// It is done, and the connection is cut before a byte of the answer.
    Lost,
    /// It is not done, and refused.
    Refuse { status: u16, code: &'static str },
    /// It is not done: too many requests, try again at once.
    Busy,
    /// It is done, and the answer is a failure of the server's.
    Failed,
    /// A colleague edits and publishes the page first.
    EditedFirst,
}

/// A page.
#[derive(Debug, Clone, Default)]
pub struct Page {
    pub id: String,
    pub name: String,
    pub title: String,
    pub description: String,
    pub canvas: Value,
    pub promotion: String,
    pub thumbnail: Option<String>,
    /// `draft` or `published`.
    pub level: &'static str,
    pub major: u32,
    pub minor: u32,
    pub changes: u32,
    /// Who has it checked out.
    pub holder: Option<String>,
}

/// Everything.
#[allow(clippy::struct_excessive_bools, reason = "each is a way in which sites differ")]
pub struct State {
    /// `http://127.0.0.1:PORT`.
    pub address: String,
    pub pages: Vec<Page>,
    /// Files by path in the library, with their size.
    pub files: BTreeMap<String, usize>,
    pub log: Vec<Received>,
    pub faults: VecDeque<(&'static str, &'static str, Fault)>,
    /// What holds the next update back.
    pub hold: Arc<Hold>,
    /// How many tokens were given out: only the newest counts.
    pub tokens: usize,
    /// Whether the application may see the site.
    pub visible: bool,
    /// Whether `If-Match` is looked at.
    pub locks: bool,
    /// Whether lists can be filtered.
    pub filters: bool,
    /// Whether ids of web parts are kept as they are sent.
    pub keeps_ids: bool,
    /// How many pages one part of a list holds.
    pub part: usize,
}

impl State {
    pub fn new(address: String) -> Self {
        Self {
            address,
            pages: Vec::new(),
            hold: Arc::default(),
            files: BTreeMap::new(),
            log: Vec::new(),
            faults: VecDeque::new(),
            tokens: 0,
            visible: true,
            locks: true,
            filters: true,
            keeps_ids: true,
            part: 100,
        }
    }

    /// The answer to a request; `None` where the connection is cut.
    pub fn answer(&mut self, request: &Received) -> Option<Reply> {
        self.log.push(request.clone());
        let at = self.faults.iter().position(|(method, end, _)| request.is(method, end));
        let fault = at.and_then(|at| self.faults.remove(at)).map(|(.., fault)| fault);
        match fault {
            Some(Fault::Refuse { status, code }) => return Some(Reply::error(status, code)),
            Some(Fault::Busy) => {
                return Some(Reply { retry_after: true, ..Reply::error(429, "activityLimitReached") });
            }
            Some(Fault::EditedFirst) => {
                for page in &mut self.pages {
                    page.edit("first", "second");
                }
            }
            Some(Fault::Lost | Fault::Failed) | None => {}
        }
        let reply = self.route(request);
        match fault {
            Some(Fault::Lost) => None,
            Some(Fault::Failed) => Some(Reply::error(500, "generalException")),
            _ => Some(reply),
        }
    }

    fn route(&mut self, request: &Received) -> Reply {
        let parts = request.parts();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        match (request.method.as_str(), parts.as_slice()) {
            ("POST", [tenant, "oauth2", "v2.0", "token"]) => login::token(self, request, tenant),
            ("GET", ["github"]) => login::job(request),
            (_, ["v1.0", rest @ ..]) if self.is_known(request) => site::answer(self, request, rest),
            (_, ["v1.0", ..]) => Reply::error(401, "InvalidAuthenticationToken"),
            _ => Reply::json(404, Value::Null),
        }
    }

    fn is_known(&self, request: &Received) -> bool {
        let bearer = request.headers.get("authorization").and_then(|value| value.strip_prefix("Bearer "));
        self.tokens > 0 && bearer.is_some_and(|token| token.ends_with(&format!(".{}", self.tokens)))
    }
}
