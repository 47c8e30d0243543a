//! A stand-in for the part of GitHub's API that the action uses: the comments of a pull request, in
//! pages, for whoever has the token.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::{
    Json, Router,
    extract::{Path, Query, Request, State},
    http::{StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, patch},
};
use serde_json::{Value, json};
use tokio::sync::oneshot;

/// The token that may comment.
pub const TOKEN: &str = "ghs_fake0fake0fake0fake";
/// The repository.
pub const REPOSITORY: &str = "council/notes";

/// A running stand-in. It stops when it is dropped.
pub struct GitHub {
    /// `GITHUB_API_URL`.
    pub url: String,
    state: Shared,
    stop: Option<oneshot::Sender<()>>,
}

type Shared = Arc<Mutex<Known>>;

#[derive(Default)]
struct Known {
    comments: Vec<Value>,
    requests: Vec<String>,
}

impl GitHub {
    /// Starts one, in a thread of its own, so that tests may block.
    pub fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("a socket that does not block");
        let url = format!("http://{}", listener.local_addr().expect("a bound socket"));
        let state = Shared::default();
        let (stop, stopped) = oneshot::channel();
        let app = app(Arc::clone(&state));
        std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).expect("a listening socket");
                tokio::select! {
                    served = axum::serve(listener, app).into_future() => served.expect("the stand-in serves"),
                    _ = stopped => {}
                }
            });
        });
        Self { url, state, stop: Some(stop) }
    }

    /// The texts of all comments, oldest first.
    pub fn comments(&self) -> Vec<String> {
        let text = |comment: &Value| comment["body"].as_str().unwrap_or_default().to_owned();
        self.state().comments.iter().map(text).collect()
    }

    /// A person comments.
    pub fn comment(&self, text: &str) {
        self.state().add("User", text);
    }

    /// All requests, as `POST /issues/7/comments`, oldest first.
    pub fn requests(&self) -> Vec<String> {
        self.state().requests.clone()
    }

    fn state(&self) -> MutexGuard<'_, Known> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for GitHub {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}

impl Known {
    fn add(&mut self, kind: &str, text: &str) -> Value {
        let comment = json!({"id": 1000 + self.comments.len(), "user": {"type": kind}, "body": text});
        self.comments.push(comment.clone());
        comment
    }
}

fn app(state: Shared) -> Router {
    let routes = Router::new()
        .route("/issues/{number}/comments", get(list).post(create))
        .route("/issues/comments/{id}", patch(update))
        .with_state(Arc::clone(&state));
    Router::new()
        .nest(&format!("/repos/{REPOSITORY}"), routes)
        .layer(middleware::from_fn_with_state(state, admit))
}

/// Notes each request, and lets in who has the token.
async fn admit(State(state): State<Shared>, request: Request, next: Next) -> Response {
    let path = request.uri().path().replace(&format!("/repos/{REPOSITORY}"), "");
    let line = format!("{} {path}", request.method());
    state.lock().unwrap_or_else(PoisonError::into_inner).requests.push(line);
    let token = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if token != Some(&format!("Bearer {TOKEN}")) {
        return (StatusCode::FORBIDDEN, Json(json!({"message": "Resource not accessible"}))).into_response();
    }
    next.run(request).await
}

#[derive(serde::Deserialize)]
struct Page {
    per_page: usize,
    page: usize,
}

async fn list(State(state): State<Shared>, Query(Page { per_page, page }): Query<Page>) -> Json<Value> {
    let state = state.lock().unwrap_or_else(PoisonError::into_inner);
    let shown = state.comments.iter().skip((page - 1) * per_page).take(per_page.min(100));
    Json(shown.cloned().collect())
}

async fn create(State(state): State<Shared>, Json(sent): Json<Value>) -> Response {
    let text = sent["body"].as_str().unwrap_or_default();
    if text.is_empty() || text.len() > 65_536 {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    }
    let comment = state.lock().unwrap_or_else(PoisonError::into_inner).add("Bot", text);
    (StatusCode::CREATED, Json(comment)).into_response()
}

async fn update(State(state): State<Shared>, Path(id): Path<u64>, Json(sent): Json<Value>) -> Response {
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    match state.comments.iter_mut().find(|comment| comment["id"] == id) {
        None => StatusCode::NOT_FOUND.into_response(),
        Some(comment) => {
            comment["body"] = sent["body"].clone();
            Json(comment.clone()).into_response()
        }
    }
}
