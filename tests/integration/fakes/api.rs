//! A home-made intranet's API, with a state: posts with versions, a list to search, OAuth 2.0, and the
//! tricks that such APIs play.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderMap, Method, Response, header},
};
use base64::Engine;
use serde_json::{Value, json};
use tokio::sync::oneshot;

/// The client of OAuth 2.0.
pub const CLIENT: &str = "crosspost";
/// Its secret.
pub const SECRET: &str = "s3cret-of-the-lab";

/// The header in which it takes a token as well, behind `key=`.
pub const KEY_HEADER: &str = "x-intranet-key";

/// What goes wrong with a request.
#[derive(Debug, Clone)]
pub enum Trick {
    /// The post is created, and the answer does not say as what.
    NoId,
    /// Nothing is done, and the answer is 200 with an error in it.
    ErrorIn200,
    /// The post is created, and a page is answered.
    Page,
    /// Elsewhere, with this status.
    Redirect(u16, String),
    /// The list goes on elsewhere.
    Next(String),
    /// Somebody changes the post right before.
    EditFirst,
    /// The token is over.
    Revoke,
    /// The server fails.
    Fail,
}

/// A request that a trick is played on.
struct Played {
    method: Method,
    ending: String,
    trick: Trick,
}

/// What the server knows.
#[derive(Default)]
struct State {
    posts: BTreeMap<u64, Value>,
    log: Vec<String>,
    tokens: usize,
    token: Option<String>,
    open: bool,
    blind: bool,
    tricks: VecDeque<Played>,
}

/// A running server. It stops when it is dropped.
pub struct Api {
    /// `http://127.0.0.1:PORT`.
    pub address: String,
    state: Arc<Mutex<State>>,
    stop: Option<oneshot::Sender<()>>,
}

impl Api {
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
                    served = axum::serve(listener, app).into_future() => served.expect("the server serves"),
                    _ = stopped => {}
                }
            });
        });
        Self { address, state, stop: Some(stop) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets everybody in.
    pub fn open(&self) {
        self.state().open = true;
    }

    /// Lets the search find nothing.
    pub fn blind(&self) {
        self.state().blind = true;
    }

    /// Plays a trick on the next request of a method whose path ends so.
    pub fn play(&self, method: Method, ending: &str, trick: Trick) {
        self.state().tricks.push_back(Played { method, ending: ending.to_owned(), trick });
    }

    /// All posts.
    pub fn posts(&self) -> Vec<Value> {
        self.state().posts.values().cloned().collect()
    }

    /// The requests since the last call, as `POST /api/posts`.
    pub fn requests(&self) -> Vec<String> {
        std::mem::take(&mut self.state().log)
    }

    /// Makes a token on a page for people.
    pub fn make_token(&self) -> String {
        let token = "made-by-hand-0123456789".to_owned();
        self.state().token = Some(token.clone());
        token
    }

    /// How many tokens were given out.
    pub fn tokens(&self) -> usize {
        self.state().tokens
    }
}

impl Drop for Api {
    fn drop(&mut self) {
        drop(self.stop.take());
    }
}

async fn respond(state: Arc<Mutex<State>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap_or_default();
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    let path = parts.uri.path().to_owned();
    state.log.push(format!("{} {path}", parts.method));
    if path == "/oauth/token" {
        return token(&mut state, &parts.headers, &body);
    }
    let trick = state.trick(&parts.method, &path);
    if matches!(trick, Some(Trick::Revoke)) {
        state.token = None;
    }
    if !state.open && !state.knows(&parts.headers) {
        return answer(401, &json!({"message": "who are you?"}));
    }
    match trick {
        Some(Trick::ErrorIn200) => answer(200, &json!({"error": {"message": "the quota is used up"}})),
        Some(Trick::Fail) => answer(500, &json!({"message": "out of order"})),
        Some(Trick::Redirect(status, to)) => {
            let builder = Response::builder().status(status).header(header::LOCATION, to);
            builder.body(Body::empty()).expect("constant parts")
        }
        trick => {
            let body: Value = serde_json::from_slice(&body).unwrap_or_default();
            let query = parts.uri.query().unwrap_or_default().to_owned();
            route(&mut state, &parts.method, &path, &query, &body, trick.as_ref())
        }
    }
}

impl State {
    fn trick(&mut self, method: &Method, path: &str) -> Option<Trick> {
        let index = self.tricks.iter().position(|p| p.method == *method && path.ends_with(&p.ending))?;
        self.tricks.remove(index).map(|played| played.trick)
    }

    fn knows(&self, headers: &HeaderMap) -> bool {
        let given = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let Some(token) = &self.token else { return false };
        given(header::AUTHORIZATION.as_str()) == Some(&format!("Bearer {token}"))
            || given(KEY_HEADER) == Some(&format!("key={token}"))
    }
}

fn token(state: &mut State, headers: &HeaderMap, body: &[u8]) -> Response<Body> {
    let pair =
        base64::engine::general_purpose::STANDARD.encode(format!("{CLIENT}:{}", SECRET.replace('-', "%2D")));
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let form = String::from_utf8_lossy(body);
    if given != Some(&format!("Basic {pair}")) || !form.contains("grant_type=client_credentials") {
        return answer(401, &json!({"error": "invalid_client", "error_description": "no such client"}));
    }
    state.tokens += 1;
    let token = format!("token-{}", state.tokens);
    state.token = Some(token.clone());
    answer(200, &json!({"access_token": token, "token_type": "Bearer", "expires_in": 3600}))
}

fn route(
    state: &mut State,
    method: &Method,
    path: &str,
    query: &str,
    body: &Value,
    trick: Option<&Trick>,
) -> Response<Body> {
    let path = path.strip_prefix("/api").unwrap_or_default();
    match (method.as_str(), path) {
        ("GET", "/me") => answer(200, &json!({"user": {"name": CLIENT}})),
        ("GET", "/posts") => {
            let key = query.strip_prefix("key=").unwrap_or_default();
            let found = state.posts.values().filter(|post| !state.blind && post.to_string().contains(key));
            let next = if let Some(Trick::Next(to)) = trick { json!(to) } else { Value::Null };
            answer(200, &json!({"posts": found.collect::<Vec<_>>(), "next": next}))
        }
        ("POST", "/posts") => create(state, body, trick),
        _ => one(state, method, path, body, trick),
    }
}

fn create(state: &mut State, body: &Value, trick: Option<&Trick>) -> Response<Body> {
    let id = state.posts.keys().max().unwrap_or(&0) + 1;
    let mut post = body.clone();
    post["id"] = json!(id);
    post["version"] = json!(1);
    post["published"] = json!(false);
    state.posts.insert(id, post.clone());
    match trick {
        Some(Trick::NoId) => answer(201, &json!({"status": "created"})),
        Some(Trick::Page) => {
            let builder = Response::builder().status(200).header(header::CONTENT_TYPE, "text/html");
            builder.body(Body::from("<html><body>Log in</body></html>")).expect("constant parts")
        }
        _ => answer(201, &json!({ "post": post })),
    }
}

fn one(
    state: &mut State,
    method: &Method,
    path: &str,
    body: &Value,
    trick: Option<&Trick>,
) -> Response<Body> {
    let rest = path.strip_prefix("/posts/").unwrap_or_default();
    let (id, verb) = rest.split_once('/').unwrap_or((rest, ""));
    let id = id.parse().unwrap_or(0);
    let Some(post) = state.posts.get_mut(&id) else {
        return answer(404, &json!({"message": "no such post"}));
    };
    let version = post["version"].as_u64().unwrap_or_default();
    if matches!(trick, Some(Trick::EditFirst)) {
        post["html"] = json!("<p>A colleague was here.</p>");
        post["version"] = json!(version + 1);
    }
    match (method.as_str(), verb) {
        ("GET", "") => answer(200, &json!({ "post": post })),
        ("PUT", "") if body["version"] != json!(post["version"].as_u64().unwrap_or_default() + 1) => {
            answer(409, &json!({"message": "this is not the version that is here"}))
        }
        ("PUT", "") => {
            for (key, value) in body.as_object().into_iter().flatten() {
                post[key] = value.clone();
            }
            answer(200, &json!({ "post": post }))
        }
        ("POST", "publish") => {
            post["published"] = json!(true);
            answer(200, &json!({}))
        }
        ("DELETE", "") => {
            state.posts.remove(&id);
            answer(204, &Value::Null)
        }
        _ => answer(405, &json!({"message": "not so"})),
    }
}

fn answer(status: u16, body: &Value) -> Response<Body> {
    let text = if body.is_null() { String::new() } else { body.to_string() };
    let builder = Response::builder().status(status).header(header::CONTENT_TYPE, "application/json");
    builder.body(Body::from(text)).expect("constant parts")
}
