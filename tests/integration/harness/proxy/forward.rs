//! The way of one request: noted, perhaps spoilt, forwarded, and answered.

use std::{convert::Infallible, io, sync::Arc, time::Duration};

use http_body_util::{BodyExt, Full, channel::Channel, combinators::BoxBody};
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{
        ACCEPT_ENCODING, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue,
        TRANSFER_ENCODING,
    },
};

use super::{Fault, Reply, Seen, Shared};

type Answer = Response<BoxBody<Bytes, io::Error>>;

/// An answer of the server, whole.
struct Whole {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
}

/// An error of this closes the connection.
pub(super) async fn handle(shared: Arc<Shared>, request: Request<Incoming>) -> io::Result<Answer> {
    let (mut head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    let mut seen = Seen {
        method: head.method.to_string(),
        path: path.to_owned(),
        headers: names(&head.headers),
        body: body.to_vec(),
        status: None,
        answer_size: 0,
        faulty: false,
    };
    let fault = shared.fault(&seen);
    seen.faulty = fault.is_some();
    let place = shared.note(seen);

    match &fault {
        Some(Fault::DropBefore) => return Err(dropped()),
        Some(Fault::AnswerBefore(reply)) => return Ok(reply.answer()),
        Some(Fault::StripBefore(header)) => drop(head.headers.remove(*header)),
        _ => {}
    }
    let delay = if let Some(Fault::SlowBefore(time)) = &fault { *time } else { Duration::ZERO };
    let gate = if let Some(Fault::HoldBefore(gate)) = &fault { Some(gate.clone()) } else { None };
    // On a task of its own: a client that gives up does not undo what it has sent.
    let forwarding = tokio::spawn({
        let (shared, path) = (shared.clone(), path.to_owned());
        async move {
            tokio::time::sleep(delay).await;
            if let Some(gate) = gate {
                gate.notified().await;
            }
            let answer = shared.forward(&head.method, &path, &head.headers, body).await?;
            shared.note_answer(place, answer.status, &answer.body);
            Ok::<_, reqwest::Error>(answer)
        }
    });
    let answer = forwarding.await.map_err(io::Error::other)?.map_err(io::Error::other)?;
    spoilt(answer, fault).await
}

async fn spoilt(mut answer: Whole, fault: Option<Fault>) -> io::Result<Answer> {
    match fault {
        Some(Fault::DropAfter) => return Err(dropped()),
        Some(Fault::AnswerAfter(reply)) => return Ok(reply.answer()),
        Some(Fault::CutAfter) => return Ok(answer.cut()),
        Some(Fault::HalfAfter) => answer.body.truncate(answer.body.len() / 2),
        Some(Fault::WarningAfter) => {
            let warning = b"<br />\n<b>Warning</b>:  Undefined variable $x in <b>plugin.php</b> on line <b>3</b><br />\n";
            answer.body = [warning, &*answer.body].concat().into();
        }
        Some(Fault::SlowAfter(time)) => tokio::time::sleep(time).await,
        _ => {}
    }
    Ok(answer.whole())
}

impl Shared {
    async fn forward(
        &self,
        method: &hyper::Method,
        path: &str,
        headers: &HeaderMap,
        body: Bytes,
    ) -> reqwest::Result<Whole> {
        let tells_length = headers.contains_key(CONTENT_LENGTH);
        let mut headers = end_to_end(headers);
        headers.remove(HOST); // the client below sets the server's own
        headers.remove(ACCEPT_ENCODING); // a fault cuts the text, not its compressed form
        headers.insert(HeaderName::from_static("x-lab-test"), text(&self.test));
        let body = translate(&headers, body, &self.own, &self.upstream);
        // Some servers refuse an empty body of a length that they are not told.
        if tells_length {
            headers.insert(CONTENT_LENGTH, body.len().into());
        }
        let response = crate::harness::http::client()
            .request(method.clone(), format!("{}{path}", self.upstream))
            .headers(headers)
            .body(body)
            .send()
            .await?;
        let status = response.status().as_u16();
        let mut headers = end_to_end(response.headers());
        for value in headers.values_mut() {
            if let Ok(plain) = value.to_str() {
                *value = text(&plain.replace(&self.upstream, &self.own));
            }
        }
        let body = response.bytes().await?;
        let body = translate(&headers, body, &self.upstream, &self.own);
        Ok(Whole { status, headers, body })
    }
}

impl Whole {
    fn whole(self) -> Answer {
        response(self.status, self.headers, Full::new(self.body).map_err(never).boxed())
    }

    /// Promises the whole body, sends half of it, and closes the connection.
    fn cut(mut self) -> Answer {
        self.headers.insert(CONTENT_LENGTH, self.body.len().into());
        let half = self.body.slice(..self.body.len() / 2);
        let (mut sender, body) = Channel::new(1);
        tokio::spawn(async move {
            let _ = sender.send_data(half).await;
            // Time for the half to go out: what is not sent yet dies with the connection.
            tokio::time::sleep(Duration::from_millis(100)).await;
            sender.abort(dropped());
        });
        response(self.status, self.headers, body.boxed())
    }
}

impl Reply {
    fn answer(&self) -> Answer {
        let headers = self.headers.iter().map(|(name, value)| {
            (HeaderName::from_bytes(name.as_bytes()).expect("a header's name"), text(value))
        });
        let body = Full::new(Bytes::from(self.body.clone())).map_err(never).boxed();
        response(self.status, headers.collect(), body)
    }
}

fn response(status: u16, headers: HeaderMap, body: BoxBody<Bytes, io::Error>) -> Answer {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).expect("a status");
    *response.headers_mut() = headers;
    response
}

/// Headers without those of one connection, and without the length, which may change.
fn end_to_end(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    for name in [CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING, HeaderName::from_static("keep-alive")] {
        headers.remove(name);
    }
    headers
}

fn names(headers: &HeaderMap) -> Vec<String> {
    let mut names: Vec<_> = headers.keys().map(ToString::to_string).collect();
    names.sort();
    names
}

fn text(value: &str) -> HeaderValue {
    HeaderValue::from_str(value).expect("a header's value")
}

fn dropped() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "a fault of the test's proxy")
}

fn never(never: Infallible) -> io::Error {
    match never {}
}

/// Replaces an address in a text, plain and as PHP writes it into JSON (`http:\/\/…`).
fn translate(headers: &HeaderMap, body: Bytes, from: &str, to: &str) -> Bytes {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !["text/", "json", "xml"].iter().any(|part| kind.contains(part)) {
        return body;
    }
    match std::str::from_utf8(&body) {
        Ok(plain) => {
            let escaped = |address: &str| address.replace('/', "\\/");
            plain.replace(from, to).replace(&escaped(from), &escaped(to)).into()
        }
        Err(_) => body,
    }
}
