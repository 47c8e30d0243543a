//! A recording reverse proxy for one test, in front of any server: it tells what was asked, and
//! makes chosen requests fail before or after the server has done the work.
//!
//! The server sees its own address, and its answers carry the proxy's: a site writes its own
//! address into its answers (links, discovery), and a client that follows them must not slip past
//! the proxy.

mod fault;
mod forward;
mod seen;
#[cfg(test)]
mod tests;

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
};

use hyper::{body::Bytes, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use regex::Regex;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;
use url::Url;

pub use fault::{Fault, Reply, Rule};
pub use seen::Seen;

/// A proxy on a port of its own; it ends when dropped.
pub struct Proxy {
    /// The server's address (path and all) with the proxy's host and port.
    pub url: String,
    shared: Arc<Shared>,
    server: JoinHandle<Infallible>,
}

/// What the proxy and its connections know.
struct Shared {
    /// `http://127.0.0.1:8080`, without a path.
    upstream: String,
    /// The same of the proxy.
    own: String,
    test: String,
    log: Mutex<Vec<Seen>>,
    rules: Mutex<Vec<Rule>>,
}

impl Proxy {
    /// A proxy in front of the server at `upstream`, an `http` address, as `http://127.0.0.1:80/blog`.
    ///
    /// # Panics
    /// When `upstream` is no such address, or no port is free.
    pub fn in_front_of(upstream: &str) -> Self {
        Self::start(upstream, None)
    }

    /// The same with encryption, at `https://localhost`: what stands in front of an intranet.
    ///
    /// # Panics
    /// As for [`Proxy::in_front_of`].
    pub fn encrypted(upstream: &str, acceptor: TlsAcceptor) -> Self {
        Self::start(upstream, Some(acceptor))
    }

    fn start(upstream: &str, acceptor: Option<TlsAcceptor>) -> Self {
        let upstream = Url::parse(upstream).expect("an address");
        let listener = super::wait(TcpListener::bind(("127.0.0.1", 0))).expect("a free port");
        let address: SocketAddr = listener.local_addr().expect("a bound port");
        let shared = Arc::new(Shared {
            upstream: upstream.origin().ascii_serialization(),
            own: match &acceptor {
                Some(_) => format!("https://localhost:{}", address.port()),
                None => format!("http://{address}"),
            },
            test: super::unique("test"),
            log: Mutex::default(),
            rules: Mutex::default(),
        });
        Self {
            url: format!("{}{}", shared.own, upstream.path().trim_end_matches('/')),
            server: super::runtime().spawn(serve(listener, acceptor, shared.clone())),
            shared,
        }
    }

    /// Makes requests fail by a rule. The first rule that matches a request decides.
    pub fn fail(&self, rule: Rule) {
        lock(&self.shared.rules).push(rule);
    }

    /// Takes all rules back.
    pub fn heal(&self) {
        lock(&self.shared.rules).clear();
    }

    /// All requests so far, in the order of their arrival.
    pub fn requests(&self) -> Vec<Seen> {
        lock(&self.shared.log).clone()
    }

    /// Those that are no reads: POST, PUT, PATCH, DELETE.
    pub fn writes(&self) -> Vec<Seen> {
        self.requests().into_iter().filter(Seen::is_write).collect()
    }

    /// How many requests of this method had a path and query that match the expression.
    ///
    /// # Panics
    /// When it is no regular expression.
    pub fn count(&self, method: &str, path: &str) -> usize {
        let path = Regex::new(path).expect("a regular expression");
        self.requests().iter().filter(|seen| seen.method == method && path.is_match(&seen.path)).count()
    }

    /// Forgets the requests so far.
    pub fn forget(&self) {
        lock(&self.shared.log).clear();
    }

    /// The name that the proxy tells the server in `X-Lab-Test`, for the server's own faults.
    pub fn test_name(&self) -> &str {
        &self.shared.test
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(listener: TcpListener, acceptor: Option<TlsAcceptor>, shared: Arc<Shared>) -> Infallible {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let (acceptor, shared) = (acceptor.clone(), shared.clone());
        tokio::spawn(async move {
            match acceptor {
                None => serve_one(stream, shared).await,
                // A client that does not trust this server goes away here.
                Some(acceptor) => {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        serve_one(stream, shared).await;
                    }
                }
            }
        });
    }
}

async fn serve_one(stream: impl AsyncRead + AsyncWrite + Unpin, shared: Arc<Shared>) {
    let service = service_fn(|request| forward::handle(shared.clone(), request));
    // An error here is a fault at work, or a client that went away.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

impl Shared {
    /// The fault for this request, by the first rule that matches it.
    fn fault(&self, seen: &Seen) -> Option<Fault> {
        lock(&self.rules).iter_mut().find_map(|rule| rule.apply(seen))
    }

    /// Notes a request, and returns its place in the log.
    fn note(&self, seen: Seen) -> usize {
        let mut log = lock(&self.log);
        log.push(seen);
        log.len() - 1
    }

    fn note_answer(&self, place: usize, status: u16, body: &Bytes) {
        // The log may have been emptied meanwhile.
        if let Some(seen) = lock(&self.log).get_mut(place) {
            seen.status = Some(status);
            seen.answer_size = body.len();
        }
    }
}

/// A test that failed while it held a lock is no reason for the proxy to fail too.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
