//! The stand-in on a port of this machine.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    http::Response,
};
use tokio::sync::oneshot;

use super::{
    login::{CLIENT, TENANT},
    state::{Fault, Page, Received, State},
};
use crate::{conformance::Held, harness::contract::Sent};

/// A running stand-in. It stops when it is dropped.
pub struct SharePoint {
    address: String,
    state: Arc<Mutex<State>>,
    stop: Option<oneshot::Sender<()>>,
}

impl SharePoint {
    /// Starts one, in a thread of its own, so that tests may block.
    pub fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("a socket that does not block");
        let address = format!("http://{}", listener.local_addr().expect("a bound socket"));
        let state = Arc::new(Mutex::new(State::new(address.clone())));
        let (stop, stopped) = oneshot::channel();
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).expect("a listening socket");
                let app = Router::new().fallback(move |request| respond(Arc::clone(&shared), request));
                tokio::select! {
                    served = axum::serve(listener, app).into_future() => served.expect("the stand-in serves"),
                    _ = stopped => {}
                }
            });
        });
        Self { address, state, stop: Some(stop) }
    }

    /// `http://127.0.0.1:PORT`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// A target's table without its heading.
    pub fn table(&self) -> String {
        let at = &self.address;
        format!(
            "kind = \"sharepoint\"\naudience = \"internal\"\nurl = \"{at}/sites/intranet\"\ntenant = \"{TENANT}\"\n\
             client = \"{CLIENT}\"\nlogin = \"{at}/\"\napi = \"{at}/v1.0\"\ntimeout = 2\n"
        )
    }

    /// What goes wrong with the next request of this method whose path ends so; told several times,
    /// with the next ones.
    pub fn fail(&self, method: &'static str, end: &'static str, fault: Fault) {
        self.state().faults.push_back((method, end, fault));
    }

    /// Holds the next change of a page back.
    pub fn hold_next_update(&self) -> Held<'static> {
        self.state().hold.clone().next()
    }

    /// Changes how it behaves.
    pub fn set(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state());
    }

    /// All pages, oldest first.
    pub fn pages(&self) -> Vec<Page> {
        self.state().pages.clone()
    }

    /// All requests, oldest first.
    pub fn log(&self) -> Vec<Received> {
        self.state().log.clone()
    }

    /// How many requests of this method had a path that ends so.
    pub fn count(&self, method: &str, end: &str) -> usize {
        self.state().log.iter().filter(|request| request.is(method, end)).count()
    }

    /// Those requests that the contract of site pages is about. What else is asked (the token, the
    /// site, the library) is of a known form, or this fails.
    pub fn sent_of_pages(&self) -> Vec<Sent> {
        let other = regex::Regex::new(
            r"^/(github\?|[^/]+/oauth2/v2\.0/token$|v1\.0/(sites/[^/]+(:/[^?]*)?\?|sites/[^/]+/drives?[/?]|drives/))",
        )
        .expect("a regex");
        let mut sent = Vec::new();
        for Received { method, path, headers, body } in self.log() {
            let Some(below) = path.strip_prefix("/v1.0").filter(|below| below.contains("/pages")) else {
                assert!(other.is_match(&path), "{method} {path}");
                continue;
            };
            // The address of a list's next part is the server's own, whatever is in it.
            let path = below.split("&$skiptoken").next().unwrap_or_default().to_owned();
            sent.push(Sent { method, path, headers, body });
        }
        sent
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for SharePoint {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}

async fn respond(state: Arc<Mutex<State>>, request: Request) -> Response<Body> {
    let received = receive(request).await;
    if received.method == "PATCH" {
        let hold = state.lock().unwrap_or_else(PoisonError::into_inner).hold.clone();
        hold.wait().await;
    }
    let reply = state.lock().unwrap_or_else(PoisonError::into_inner).answer(&received);
    match reply {
        Some(reply) => reply.into_response(),
        // An unwinding connection task closes its socket; this way says nothing about it.
        None => std::panic::resume_unwind(Box::new("cut")),
    }
}

async fn receive(request: Request) -> Received {
    let (parts, body) = request.into_parts();
    let headers = parts
        .headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())));
    Received {
        method: parts.method.to_string(),
        path: parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
        headers: headers.collect(),
        body: to_bytes(body, 64 << 20).await.unwrap_or_default().to_vec(),
    }
}
