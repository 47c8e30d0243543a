//! What the stand-in knows: one space, its pages and attachments, and every request.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::Arc,
};

use serde_json::{Value, json};

use super::{Fault, Kind, cloud, older, reply::Reply, storing};
use crate::fakes::hold::Hold;

/// Whose token it is.
pub const USER: &str = "bot@example.org";
/// The token.
pub const TOKEN: &str = "ATATT3xFfake0token0of0the0stand0in";
/// The space's key.
pub const SPACE: &str = "DIGITAL";
/// The space's id.
pub const SPACE_ID: &str = "98305";
/// The title of its home page.
pub const HOME: &str = "Digital’s home & more";
/// The id of its home page.
pub const HOME_ID: &str = "98400";

/// Which Confluence it stands in for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edition {
    Cloud,
    DataCenter,
}

/// How wrong credentials are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strangers {
    /// With 401.
    Refused,
    /// As if there were none: nothing is there for them.
    Anonymous,
}

/// A page.
#[derive(Debug, Clone)]
pub struct Page {
    pub id: String,
    pub title: String,
    pub parent: Option<String>,
    pub status: &'static str,
    pub version: u64,
    pub body: String,
    pub labels: BTreeSet<String>,
    /// Id, key, value, version.
    pub properties: Vec<(String, String, Value, u64)>,
    /// Whether the token's owner has made or changed it.
    pub ours: bool,
    /// Whether the search knows it by now.
    pub indexed: bool,
    /// Whether the last change told nobody.
    pub minor: bool,
}

/// An attachment.
#[derive(Debug, Clone)]
pub struct Attachment {
    pub page: String,
    pub name: String,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Received {
    pub method: String,
    /// Below `/wiki` or whatever the site is at.
    pub path: String,
    pub query: Vec<(String, String)>,
    pub authorization: Option<String>,
    pub json: Value,
    /// A form's file by name, and whether the form says to tell nobody.
    pub file: Option<(String, bool)>,
    /// `X-Atlassian-Token`.
    pub xsrf: Option<String>,
}

impl Received {
    pub fn asked(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn all(&self, name: &str) -> Vec<&str> {
        self.query.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
    }

    pub fn parts(&self) -> Vec<&str> {
        self.path.split('/').filter(|part| !part.is_empty()).collect()
    }
}

/// Everything.
pub struct State {
    pub edition: Edition,
    pub pages: Vec<Page>,
    pub attachments: Vec<Attachment>,
    pub faults: VecDeque<(Kind, Fault)>,
    /// What holds the next update back.
    pub hold: Arc<Hold>,
    pub strangers: Strangers,
    /// Whether new pages are searched at once.
    pub indexes: bool,
    /// Whether our account may only read.
    pub read_only: bool,
    next: u64,
}

impl State {
    pub fn new(edition: Edition) -> Self {
        let mut state = Self {
            edition,
            pages: Vec::new(),
            attachments: Vec::new(),
            faults: VecDeque::new(),
            hold: Arc::default(),
            strangers: Strangers::Refused,
            indexes: true,
            read_only: false,
            next: 200_000,
        };
        let mut home = state.page(HOME, "<p>Welcome.</p>");
        HOME_ID.clone_into(&mut home.id);
        state.pages.push(home);
        state
    }

    pub fn next_id(&mut self) -> String {
        self.next += 1;
        self.next.to_string()
    }

    /// A page of somebody else's, not yet among the others.
    pub fn page(&mut self, title: &str, body: &str) -> Page {
        Page {
            id: self.next_id(),
            title: title.to_owned(),
            parent: None,
            status: "current",
            version: 1,
            body: body.to_owned(),
            labels: BTreeSet::new(),
            properties: Vec::new(),
            ours: false,
            indexed: self.indexes,
            minor: false,
        }
    }

    /// The answer to a request, and what goes wrong with it.
    pub fn answer(&mut self, request: &Received) -> (Reply, Option<Fault>) {
        let kind = Kind::of(request);
        let fault = match self.faults.front() {
            Some((wanted, fault)) if kind == Some(*wanted) => Some(*fault),
            _ => None,
        };
        if fault.is_some() {
            self.faults.pop_front();
        }
        if fault.is_some_and(|fault| !fault.is_done()) {
            return (Reply::nothing(), fault);
        }
        (self.work(request), fault)
    }

    fn work(&mut self, request: &Received) -> Reply {
        let is_older = request.path.starts_with("/rest/api/");
        let known = Self::knows(request);
        if !known && self.strangers == Strangers::Refused {
            let reply = Reply::refused(401, "Unauthorized");
            return if is_older { reply.older() } else { reply };
        }
        match (request.path.as_str(), known) {
            ("/rest/api/user/current", true) => Reply::ok(self.me()),
            ("/rest/api/user/current", false) => {
                Reply::ok(json!({ "type": "anonymous", "displayName": "Anonymous" }))
            }
            (_, false) if request.method == "GET" && !is_older => Reply::list(Vec::new()),
            (_, false) => Reply::refused(404, "Not Found").older(),
            (_, true) if is_older => older::answer(self, request).older(),
            (_, true) if self.edition == Edition::Cloud => cloud::answer(self, request),
            (_, true) => Reply::refused(404, "Not Found"),
        }
    }

    fn knows(request: &Received) -> bool {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        let basic = format!("Basic {}", STANDARD.encode(format!("{USER}:{TOKEN}")));
        let bearer = format!("Bearer {TOKEN}");
        request.authorization.as_ref().is_some_and(|said| *said == basic || *said == bearer)
    }

    fn me(&self) -> Value {
        match self.edition {
            Edition::Cloud => {
                json!({ "type": "known", "accountId": "557058:1", "displayName": "Publishing bot" })
            }
            Edition::DataCenter => {
                json!({ "type": "known", "username": "bot", "userKey": "8a", "displayName": "Publishing bot" })
            }
        }
    }

    /// Makes a page, whatever the form of the request.
    pub fn create(&mut self, title: &str, body: &str, parent: Option<String>) -> Result<usize, Reply> {
        if self.read_only {
            return Err(Reply::refused(
                if self.edition == Edition::Cloud { 404 } else { 403 },
                "Not permitted",
            ));
        }
        self.title_is_free(title, None)?;
        let body = storing::stored(body).map_err(|error| Reply::refused(400, &error))?;
        let page = Page { parent, ours: true, ..self.page(title, &body) };
        self.pages.push(page);
        Ok(self.pages.len() - 1)
    }

    fn title_is_free(&self, title: &str, except: Option<&str>) -> Result<(), Reply> {
        let has_it = |page: &&Page| {
            page.status != "trashed"
                && page.title.eq_ignore_ascii_case(title)
                && Some(page.id.as_str()) != except
        };
        match self.pages.iter().find(has_it) {
            Some(_) => Err(Reply::refused(
                400,
                "A page with this title already exists: A page already exists with the same TITLE in this space",
            )),
            None => Ok(()),
        }
    }

    /// Makes a new version of a page, or takes it out of the trash.
    pub fn update(&mut self, at: usize, title: &str, body: &str, version: &Value) -> Result<(), Reply> {
        let current = self.pages[at].version;
        if version["number"].as_u64() != Some(current + 1) {
            let said = format!("Version must be incremented on update. Current version is: {current}");
            return Err(Reply::refused(409, &said));
        }
        self.title_is_free(title, Some(&self.pages[at].id.clone()))?;
        let body = storing::stored(body).map_err(|error| Reply::refused(400, &error))?;
        let page = &mut self.pages[at];
        page.version += 1;
        page.ours = true;
        page.minor = version["minorEdit"] == true;
        if page.status == "current" {
            title.clone_into(&mut page.title);
            page.body = body;
        } else {
            // Only the status is changed then.
            page.status = "current";
        }
        Ok(())
    }

    pub fn find(&self, id: &str) -> Result<usize, Reply> {
        self.pages.iter().position(|page| page.id == id).ok_or_else(|| Reply::refused(404, "Not Found"))
    }

    pub fn webui(page: &Page) -> String {
        let title: String =
            page.title.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '+' }).collect();
        format!("/spaces/{SPACE}/pages/{}/{title}", page.id)
    }
}
