//! The stand-in on a port of this machine.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{FromRequest, Multipart, Request},
    http::{HeaderMap, Response, header},
};
use serde_json::Value;
use tokio::sync::oneshot;

use super::{
    Edition, Fault, Kind, Page, Strangers, reply,
    state::{Attachment, Received, State},
};
use crate::{conformance::Held, harness::contract::Sent};

/// Every request, oldest first; several stand-ins may share one.
pub type Log = Arc<Mutex<Vec<Sent>>>;

/// A running stand-in. It stops when it is dropped.
pub struct Confluence {
    address: String,
    below: &'static str,
    state: Arc<Mutex<State>>,
    log: Log,
    stop: Option<oneshot::Sender<()>>,
}

impl Confluence {
    /// Starts one.
    pub fn start(edition: Edition) -> Self {
        Self::with_log(edition, Log::default())
    }

    /// Starts one that writes down its requests here, in a thread of its own, so that tests may block.
    pub fn with_log(edition: Edition, log: Log) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("a socket that does not block");
        let address = format!("http://{}", listener.local_addr().expect("a bound socket"));
        let below = if edition == Edition::Cloud { "/wiki" } else { "/confluence" };
        let state = Arc::new(Mutex::new(State::new(edition)));
        let (stop, stopped) = oneshot::channel();
        let shared = (Arc::clone(&state), Arc::clone(&log));
        std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).expect("a listening socket");
                let app = Router::new().fallback(move |request| {
                    let (state, log) = shared.clone();
                    async move { respond(&state, &log, below, request).await }
                });
                tokio::select! {
                    served = axum::serve(listener, app).into_future() => served.expect("the stand-in serves"),
                    _ = stopped => {}
                }
            });
        });
        Self { address, below, state, log, stop: Some(stop) }
    }

    /// The site's address.
    pub fn url(&self) -> String {
        format!("{}{}", self.address, self.below)
    }

    /// What goes wrong with the next request of a kind.
    pub fn fail(&self, kind: Kind, fault: Fault) {
        self.state().faults.push_back((kind, fault));
    }

    /// Holds the next change of a page back.
    pub fn hold_next_update(&self) -> Held<'static> {
        self.state().hold.clone().next()
    }

    /// How wrong credentials are answered from here on.
    pub fn treat_strangers(&self, strangers: Strangers) {
        self.state().strangers = strangers;
    }

    /// Whether the search knows pages as soon as they are made.
    pub fn index_at_once(&self, indexes: bool) {
        self.state().indexes = indexes;
    }

    /// Lets the account only read.
    pub fn make_read_only(&self) {
        self.state().read_only = true;
    }

    /// All pages but the home page, oldest first.
    pub fn pages(&self) -> Vec<Page> {
        self.state().pages.iter().skip(1).cloned().collect()
    }

    /// The pages that readers find.
    pub fn current(&self) -> Vec<Page> {
        self.pages().into_iter().filter(|page| page.status == "current").collect()
    }

    /// The attachments.
    pub fn attachments(&self) -> Vec<Attachment> {
        self.state().attachments.clone()
    }

    /// Makes a page of somebody else's.
    pub fn add(&self, title: &str, body: &str) -> String {
        let mut state = self.state();
        let page = state.page(title, body);
        state.pages.push(page.clone());
        page.id
    }

    /// Changes a page as somebody else would; a new version where it is an edit.
    pub fn change(&self, id: &str, change: impl FnOnce(&mut Page)) {
        let mut state = self.state();
        let at = state.find(id).expect("the page is there");
        change(&mut state.pages[at]);
    }

    /// Edits a page as somebody else would.
    pub fn edit(&self, id: &str, change: impl FnOnce(&mut Page)) {
        self.change(id, |page| {
            change(page);
            page.version += 1;
        });
    }

    /// All requests, oldest first.
    pub fn log(&self) -> Vec<Sent> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// All requests as `GET /rest/api/…`, without their queries.
    pub fn requests(&self) -> Vec<String> {
        let path = |sent: &Sent| sent.path.split('?').next().unwrap_or_default().to_owned();
        self.log().iter().map(|sent| format!("{} {}", sent.method, path(sent))).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Confluence {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}

async fn respond(state: &Mutex<State>, log: &Log, below: &str, request: Request) -> Response<Body> {
    let Some(received) = receive(log, below, request).await else { return reply::page(404) };
    if Kind::of(&received) == Some(Kind::Update) {
        let hold = state.lock().unwrap_or_else(PoisonError::into_inner).hold.clone();
        hold.wait().await;
    }
    let (reply, fault) = state.lock().unwrap_or_else(PoisonError::into_inner).answer(&received);
    match fault {
        None => reply.into_response(),
        // An unwinding connection task closes its socket; this way says nothing about it.
        Some(Fault::Drop { .. }) => std::panic::resume_unwind(Box::new("cut")),
        Some(Fault::Status { status, .. }) => reply::page(status),
        Some(Fault::Page) => reply::page(200),
    }
}

/// Reads a request, and writes it down.
async fn receive(log: &Log, below: &str, request: Request) -> Option<Received> {
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, 64 << 20).await.unwrap_or_default();
    let whole = parts.uri.path_and_query()?.as_str().strip_prefix(below)?.to_owned();
    let text = |value: &axum::http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let headers: BTreeMap<String, String> =
        parts.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    log.lock().unwrap_or_else(PoisonError::into_inner).push(Sent {
        method: parts.method.to_string(),
        path: whole.clone(),
        headers: headers.clone(),
        body: bytes.to_vec(),
    });
    let query = parts.uri.query().unwrap_or_default().as_bytes();
    Some(Received {
        method: parts.method.to_string(),
        path: whole.split('?').next().unwrap_or_default().to_owned(),
        query: url::form_urlencoded::parse(query).into_owned().collect(),
        authorization: headers.get("authorization").cloned(),
        json: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        file: file(&parts.headers, bytes).await,
        xsrf: headers.get("x-atlassian-token").cloned(),
    })
}

/// The file of a form, and whether the form says to tell nobody.
async fn file(headers: &HeaderMap, bytes: Bytes) -> Option<(String, bool)> {
    let kind = headers.get(header::CONTENT_TYPE)?;
    let request = Request::builder().header(header::CONTENT_TYPE, kind).body(Body::from(bytes)).ok()?;
    let mut form = Multipart::from_request(request, &()).await.ok()?;
    let (mut file, mut is_minor) = (None, false);
    while let Ok(Some(field)) = form.next_field().await {
        let name = field.file_name().map(str::to_owned);
        let field_name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.ok()?;
        match (field_name.as_str(), name) {
            ("file", Some(name)) if !bytes.is_empty() => file = Some(name),
            ("minorEdit", None) => is_minor = bytes.as_ref() == b"true",
            _ => {}
        }
    }
    file.map(|name| (name, is_minor))
}
