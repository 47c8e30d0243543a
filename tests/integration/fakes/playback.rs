//! A stand-in that plays recorded answers, in their order, to the requests that were recorded with
//! them: what comes otherwise is told, and answered with 500.

use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    http::{Response, header},
};
use serde_json::Value;
use tokio::sync::oneshot;

/// Any text, in a recorded request.
const ANY: &str = "*";
/// In a recorded answer: what was last sent at a JSON pointer.
const SENT: &str = "SENT:";

#[derive(Default)]
struct State {
    exchanges: Vec<Value>,
    next: usize,
    sent: Value,
    wrong: Vec<String>,
}

/// A running stand-in. It stops when it is dropped.
pub struct Playback {
    /// `http://127.0.0.1:PORT`.
    pub address: String,
    state: Arc<Mutex<State>>,
    stop: Option<oneshot::Sender<()>>,
}

impl Playback {
    /// Plays a file of `tests/fixtures/intranets`, with `marker` in place of `MARKER`.
    ///
    /// # Panics
    /// When it cannot be read.
    pub fn of(name: &str, marker: &str) -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/intranets").join(name);
        let text = std::fs::read_to_string(&file).expect("the recording").replace("MARKER", marker);
        let exchanges = serde_json::from_str(&text).expect("a list of exchanges");
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("a socket that does not block");
        let address = format!("http://{}", listener.local_addr().expect("a bound socket"));
        let state = Arc::new(Mutex::new(State { exchanges, ..State::default() }));
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

    /// What came otherwise than recorded, and what of the recording never came.
    pub fn wrong(&self) -> Vec<String> {
        let state = lock(&self.state);
        let rest = state.exchanges.iter().skip(state.next).map(|e| format!("never came: {}", e["request"]));
        state.wrong.iter().cloned().chain(rest).collect()
    }
}

impl Drop for Playback {
    fn drop(&mut self) {
        drop(self.stop.take());
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn respond(state: Arc<Mutex<State>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body: Value =
        serde_json::from_slice(&to_bytes(body, 1 << 20).await.unwrap_or_default()).unwrap_or_default();
    let mut state = lock(&state);
    let came = format!("{} {}", parts.method, parts.uri);
    let Some(exchange) = state.exchanges.get(state.next).cloned() else {
        state.wrong.push(format!("came after the end: {came}"));
        return Response::builder().status(500).body(Body::empty()).expect("constant parts");
    };
    state.next += 1;
    let recorded = &exchange["request"];
    let line =
        format!("{} {}", recorded["method"].as_str().unwrap_or(""), recorded["uri"].as_str().unwrap_or(""));
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let headers = recorded["headers"].as_object().into_iter().flatten();
    let mut bad: Vec<String> = headers
        .filter(|(name, value)| header(name) != value.as_str())
        .map(|(name, value)| format!("{name}: {:?} in place of {value}", header(name)))
        .collect();
    if came != line {
        bad.push(format!("{came} in place of {line}"));
    }
    if !recorded["body"].is_null() && !is_like(&body, &recorded["body"]) {
        bad.push(format!("{body} in place of {}", recorded["body"]));
    }
    if !body.is_null() {
        state.sent = body;
    }
    if !bad.is_empty() {
        state.wrong.extend(bad);
        return Response::builder().status(500).body(Body::empty()).expect("constant parts");
    }
    let answer = &exchange["answer"];
    let status = answer["status"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or(500);
    let text = if answer["body"].is_null() {
        String::new()
    } else {
        filled(&answer["body"], &state.sent).to_string()
    };
    let builder = Response::builder().status(status).header(header::CONTENT_TYPE, "application/json");
    builder.body(Body::from(text)).expect("constant parts")
}

fn is_like(came: &Value, recorded: &Value) -> bool {
    match (came, recorded) {
        (Value::String(_), Value::String(any)) if any == ANY => true,
        (Value::Object(came), Value::Object(recorded)) => {
            came.len() == recorded.len()
                && came.iter().all(|(key, value)| recorded.get(key).is_some_and(|r| is_like(value, r)))
        }
        (Value::Array(came), Value::Array(recorded)) => {
            came.len() == recorded.len() && came.iter().zip(recorded).all(|(c, r)| is_like(c, r))
        }
        _ => came == recorded,
    }
}

fn filled(recorded: &Value, sent: &Value) -> Value {
    match recorded {
        Value::String(text) => match text.strip_prefix(SENT) {
            Some(at) => sent.pointer(at).cloned().unwrap_or_default(),
            None => recorded.clone(),
        },
        Value::Array(items) => items.iter().map(|item| filled(item, sent)).collect(),
        Value::Object(entries) => {
            Value::Object(entries.iter().map(|(key, value)| (key.clone(), filled(value, sent))).collect())
        }
        other => other.clone(),
    }
}
