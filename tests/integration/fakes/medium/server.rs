//! The stand-in on a port of this machine.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{FromRequest, Multipart, Request},
    http::{HeaderMap, Response, header},
};
use tokio::sync::oneshot;
use url::Url;

use super::{
    CATE, Fault, Received, Story, posts,
    state::{File, State},
};

/// A running stand-in. It stops when it is dropped.
pub struct Medium {
    address: String,
    state: Arc<Mutex<State>>,
    stop: Option<oneshot::Sender<()>>,
}

impl Medium {
    /// Starts one, in a thread of its own, so that tests may block.
    pub fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("a socket that does not block");
        let address = format!("http://{}", listener.local_addr().expect("a bound socket"));
        let state = Arc::new(Mutex::new(State::default()));
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

    /// Where its API is.
    pub fn api(&self) -> Url {
        self.url("/v1")
    }

    /// Where an author's feed is.
    pub fn feed(&self, username: &str) -> Url {
        self.url(&format!("/feed/@{username}"))
    }

    fn url(&self, path: &str) -> Url {
        Url::parse(&format!("{}{path}", self.address)).expect("an address")
    }

    /// What goes wrong with the next story; told several times, with the next ones.
    pub fn fail(&self, fault: Fault) {
        self.state().faults.push_back(fault);
    }

    /// Lets time pass.
    pub fn pass_hours(&self, hours: i64) {
        self.state().now += hours * 3_600_000;
    }

    /// Shows only the beginnings of stories in the feed.
    pub fn show_snippets(&self) {
        self.state().snippets = true;
    }

    /// Does what an author does in Medium's own pages, without the API: makes a public story. Returns
    /// its address.
    pub fn bring(&self, title: &str, content: &str, tags: &[String]) -> String {
        let mut state = self.state();
        let story = posts::by_hand(&CATE, title, content, tags).into_story(state.stories.len(), state.now);
        let url = story.url.clone();
        state.stories.push(story);
        url
    }

    /// All stories, oldest first.
    pub fn stories(&self) -> Vec<Story> {
        self.state().stories.clone()
    }

    /// All requests, oldest first.
    pub fn log(&self) -> Vec<Received> {
        self.state().log.clone()
    }

    /// How many requests to make a story came in, whatever became of them.
    pub fn posts(&self) -> usize {
        self.state().log.iter().filter(|request| request.is_story()).count()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Medium {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}

async fn respond(state: Arc<Mutex<State>>, request: Request) -> Response<Body> {
    let received = receive(request).await;
    let (reply, fault) = state.lock().unwrap_or_else(PoisonError::into_inner).answer(&received);
    match fault {
        None => reply.into_response(),
        Some(fault) => fault.answer(reply).await,
    }
}

async fn receive(request: Request) -> Received {
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, 64 << 20).await.unwrap_or_default();
    let files = files(&parts.headers, bytes.clone()).await;
    let bearer = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let is_json = content_type(&parts.headers).starts_with("application/json");
    Received {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        token: bearer.and_then(|value| value.strip_prefix("Bearer ")).map(str::to_owned),
        json: if is_json { serde_json::from_slice(&bytes).ok() } else { None },
        files,
    }
}

fn content_type(headers: &HeaderMap) -> &str {
    headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The files of a form.
async fn files(headers: &HeaderMap, bytes: Bytes) -> Vec<File> {
    let request =
        Request::builder().header(header::CONTENT_TYPE, content_type(headers)).body(Body::from(bytes));
    let request = request.expect("a header that came in can go out");
    let Ok(mut form) = Multipart::from_request(request, &()).await else { return Vec::new() };
    let mut files = Vec::new();
    while let Ok(Some(field)) = form.next_field().await {
        let name = field.name().unwrap_or_default().to_owned();
        let media_type = field.content_type().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.unwrap_or_default().to_vec();
        files.push(File { field: name, media_type, bytes });
    }
    files
}
