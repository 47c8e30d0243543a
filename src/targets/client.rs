//! The HTTP client that all drivers share: one connection pool and one limit for each target, no
//! redirects on writes, time-outs, and the retries that are safe.
//!
//! What is safe to repeat (DESIGN, "Exactly once"): anything that was never received (a connection
//! that failed), anything that the server says it did not take (429, and 503 with `Retry-After`),
//! and reads. A write that timed out, was cut or got a 5xx may have been done: it is never repeated
//! here.

use std::{sync::Arc, time::Duration};

use backon::{ExponentialBuilder, Retryable};
use reqwest::{
    Method, StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
    redirect,
};
use tokio::sync::Semaphore;
use url::Url;

use super::Common;
use crate::error::{Error, Result};

/// More than any answer that crosspost asks for: a page of a hundred long posts has some 5 MB.
const MAX_ANSWER: usize = 64 * 1024 * 1024;
/// Longest `Retry-After` that is waited for.
const MAX_WAIT: Duration = Duration::from_secs(120);

/// A client for one target.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    permits: Arc<Semaphore>,
    timeout: Duration,
    target: String,
}

/// A request, kept whole so that it can be sent again where that is safe.
#[derive(Clone)]
pub struct Request {
    /// `GET`, `POST`, …
    pub method: Method,
    /// Where to.
    pub url: Url,
    /// Headers; those with secrets are marked sensitive.
    pub headers: HeaderMap,
    /// The body.
    pub body: Body,
}

/// A request's body.
#[derive(Clone)]
pub enum Body {
    /// None.
    Empty,
    /// JSON.
    Json(serde_json::Value),
    /// Bytes, their type in the headers.
    Bytes(Vec<u8>),
    /// One file as `multipart/form-data`.
    File {
        /// The form's field.
        field: &'static str,
        /// The file's name.
        name: String,
        /// `image/png`.
        media_type: String,
        /// The bytes.
        bytes: Vec<u8>,
    },
}

/// An answer, whatever its status.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, whole.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    ///
    /// # Errors
    /// When it is something else: a page of a proxy, a PHP warning in front.
    pub fn json(&self) -> Result<serde_json::Value, String> {
        serde_json::from_slice(&self.body).map_err(|_| {
            let kind = self.header("content-type").unwrap_or("no content type");
            format!("the answer is not JSON ({kind}): {}", self.excerpt())
        })
    }

    /// A header as text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }

    /// The first words of the body, on one line, for messages.
    #[must_use]
    pub fn excerpt(&self) -> String {
        let text = String::from_utf8_lossy(&self.body[..self.body.len().min(400)]);
        let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let line: String = line.chars().filter(|c| !c.is_control()).take(160).collect();
        if line.is_empty() { "(empty)".to_owned() } else { line }
    }
}

/// Why there is no answer.
#[derive(Debug, Clone)]
pub enum NoAnswer {
    /// The request was not received: nothing can have happened.
    NotReceived(Error),
    /// It may have been received and carried out.
    Lost(Error),
}

impl NoAnswer {
    /// The error in it.
    #[must_use]
    pub fn into_error(self) -> Error {
        match self {
            Self::NotReceived(error) | Self::Lost(error) => error,
        }
    }
}

impl Request {
    /// A request without body or headers.
    #[must_use]
    pub fn new(method: Method, url: Url) -> Self {
        Self { method, url, headers: HeaderMap::new(), body: Body::Empty }
    }

    /// With a JSON body.
    #[must_use]
    pub fn json(mut self, body: serde_json::Value) -> Self {
        self.body = Body::Json(body);
        self
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    fn is_read(&self) -> bool {
        matches!(self.method, Method::GET | Method::HEAD | Method::OPTIONS)
    }
}

/// What one attempt came to, before it is decided whether there is another.
enum Attempt {
    Final(NoAnswer),
    Again { after: Option<Duration>, last: Result<Answer, NoAnswer> },
}

impl Client {
    /// A client for a target.
    ///
    /// # Errors
    /// Certificates or a proxy that cannot be used.
    pub fn new(common: &Common) -> Result<Self> {
        // Installing fails when another client of this process did it already; either will do.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("crosspost/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .connect_timeout(common.timeout.min(Duration::from_secs(10)))
            .timeout(common.timeout);
        let unusable = |what: &str, path: &std::path::Path, e: &dyn std::fmt::Display| {
            Error::invalid(format!("the {what} of the target `{}` cannot be used", common.name))
                .detail("file", path.display().to_string())
                .cause(e)
        };
        if let Some(path) = &common.ca_file {
            let pem = std::fs::read(path).map_err(|e| unusable("`ca_file`", path, &e))?;
            let certificates =
                reqwest::Certificate::from_pem_bundle(&pem).map_err(|e| unusable("`ca_file`", path, &e))?;
            if certificates.is_empty() {
                return Err(unusable("`ca_file`", path, &"there is no PEM certificate in it"));
            }
            builder = builder.tls_certs_merge(certificates);
        }
        if let Some(path) = &common.client_certificate {
            let pem = std::fs::read(path).map_err(|e| unusable("`client_certificate`", path, &e))?;
            let identity =
                reqwest::Identity::from_pem(&pem).map_err(|e| unusable("`client_certificate`", path, &e))?;
            builder = builder.identity(identity);
        }
        if let Some(proxy) = &common.proxy {
            let proxy = reqwest::Proxy::all(proxy).map_err(|e| {
                Error::invalid(format!("the `proxy` of the target `{}` cannot be used", common.name)).cause(e)
            })?;
            builder = builder.proxy(proxy);
        }
        let http = builder.build().map_err(|e| {
            Error::failed(format!("cannot set up HTTPS for the target `{}`", common.name))
                .cause(root_cause(&e))
        })?;
        Ok(Self {
            http,
            permits: Arc::new(Semaphore::new(common.concurrency)),
            timeout: common.timeout,
            target: common.name.clone(),
        })
    }

    /// Sends a request, again where that is safe, and returns the last answer whatever its status.
    ///
    /// # Errors
    /// When there is no answer: whether the request may have been received is in the error.
    pub async fn send(&self, request: &Request) -> Result<Answer, NoAnswer> {
        let attempt = || async {
            let _permit = self.permits.acquire().await;
            self.attempt(request).await
        };
        let outcome = attempt
            .retry(
                ExponentialBuilder::default()
                    .with_min_delay(Duration::from_millis(500))
                    .with_max_times(4)
                    .with_jitter(),
            )
            .when(|attempt| matches!(attempt, Attempt::Again { .. }))
            .adjust(|attempt, delay| match (attempt, delay) {
                (Attempt::Again { after: Some(after), .. }, Some(_)) if *after <= MAX_WAIT => Some(*after),
                (Attempt::Again { after: Some(_), .. }, _) => None,
                (_, delay) => delay,
            })
            .await;
        match outcome {
            Ok(answer) => Ok(answer),
            Err(Attempt::Final(no_answer)) => Err(no_answer),
            Err(Attempt::Again { last, .. }) => last,
        }
    }

    /// Sends a request exactly once, whatever comes of it: for a target where even an answer that
    /// invites another attempt does not prove that nothing was done, or where waiting is vain.
    ///
    /// # Errors
    /// As for [`Client::send`].
    pub async fn send_once(&self, request: &Request) -> Result<Answer, NoAnswer> {
        let _permit = self.permits.acquire().await;
        self.once(request).await
    }

    async fn attempt(&self, request: &Request) -> Result<Answer, Attempt> {
        match self.once(request).await {
            Ok(answer) => match again_after(request, &answer) {
                Some(after) => Err(Attempt::Again { after, last: Ok(answer) }),
                None => Ok(answer),
            },
            Err(NoAnswer::NotReceived(e)) => {
                Err(Attempt::Again { after: None, last: Err(NoAnswer::NotReceived(e)) })
            }
            Err(lost) if request.is_read() => Err(Attempt::Again { after: None, last: Err(lost) }),
            Err(lost) => Err(Attempt::Final(lost)),
        }
    }

    async fn once(&self, request: &Request) -> Result<Answer, NoAnswer> {
        let mut builder =
            self.http.request(request.method.clone(), request.url.clone()).headers(request.headers.clone());
        builder = match &request.body {
            Body::Empty => builder,
            Body::Json(value) => builder.json(value),
            Body::Bytes(bytes) => builder.body(bytes.clone()),
            Body::File { field, name, media_type, bytes } => {
                let part = reqwest::multipart::Part::bytes(bytes.clone())
                    .file_name(name.clone())
                    .mime_str(media_type)
                    .map_err(|e| NoAnswer::NotReceived(self.error(request, &e)))?;
                builder.multipart(reqwest::multipart::Form::new().part(*field, part))
            }
        };
        let mut response = builder.send().await.map_err(|e| self.no_answer(request, &e))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|e| NoAnswer::Lost(self.error(request, &e)))? {
            if body.len() + chunk.len() > MAX_ANSWER {
                return Err(NoAnswer::Lost(self.describe(request, "the answer is larger than 64 MiB")));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, headers, body })
    }

    fn no_answer(&self, request: &Request, e: &reqwest::Error) -> NoAnswer {
        let error = self.error(request, e);
        if e.is_connect() || e.is_builder() { NoAnswer::NotReceived(error) } else { NoAnswer::Lost(error) }
    }

    fn error(&self, request: &Request, e: &reqwest::Error) -> Error {
        if e.is_timeout() {
            return self.describe(request, &format!("no answer within {} s", self.timeout.as_secs_f64()));
        }
        self.describe(request, &root_cause(e))
    }

    fn describe(&self, request: &Request, cause: &str) -> Error {
        Error::failed(format!("the target `{}` gave no answer", self.target)).cause(format!(
            "{} {}: {cause}",
            request.method,
            shown(&request.url)
        ))
    }
}

/// Whether the answer invites another attempt, and after how long.
fn again_after(request: &Request, answer: &Answer) -> Option<Option<Duration>> {
    let after = answer.header("retry-after").and_then(retry_after);
    match answer.status {
        StatusCode::TOO_MANY_REQUESTS => Some(after),
        // Without Retry-After a 503 can come from a proxy after the server did the work.
        StatusCode::SERVICE_UNAVAILABLE if after.is_some() => Some(after),
        status if status.is_server_error() && request.is_read() => Some(None),
        _ => None,
    }
}

/// `Retry-After` in seconds (RFC 9110, 10.2.3); its other form, a date, is read too.
fn retry_after(value: &str) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let at = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(value).ok()?;
    let wait = at.duration_since(jiff::Timestamp::now());
    Some(Duration::try_from(wait).unwrap_or(Duration::ZERO))
}

/// The innermost cause, without the address (which may carry a query).
fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    if std::ptr::addr_eq(cause, error as &dyn std::error::Error) {
        return error.to_string().replace(error.url().map_or("\0", Url::as_str), "the address");
    }
    cause.to_string()
}

/// An address without credentials, query and fragment.
#[must_use]
pub fn shown(url: &Url) -> String {
    let mut url = url.clone();
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.to_string()
}

/// Refuses plain HTTP to another machine, where a password would travel in the open.
///
/// # Errors
/// When `url` is such an address and `insecure_http` does not allow it.
pub fn require_https(url: &Url, common: &Common) -> Result<()> {
    let local = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    match url.scheme() {
        "https" => Ok(()),
        "http" if local || common.insecure_http => Ok(()),
        "http" => Err(Error::invalid(format!(
            "the target `{}` would send its password over plain HTTP",
            common.name
        ))
        .detail("url", shown(url))
        .help("use https://")
        .help("or, where nobody can listen, set `insecure_http = true` in its table")),
        other => Err(Error::invalid(format!("`{other}` is no address of a web site"))
            .detail("url", shown(url))
            .help("use https://…")),
    }
}
