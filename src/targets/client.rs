//! The HTTP client that all drivers share: one connection pool and one pace for each target, no
//! redirects on writes, time-outs, and the retries that are safe.
//!
//! What is safe to repeat (DESIGN, "Exactly once"): anything that was never received (a connection
//! that failed), anything that the server says it did not take (429, and 503 with `Retry-After`),
//! and reads. A write that timed out, was cut or got a 5xx may have been done: it is never repeated
//! here.

mod address;
mod message;
mod pace;
mod retry;
mod tls;
mod trouble;
mod watch;

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use backon::{ExponentialBuilder, Retryable};
use reqwest::redirect;
use url::Url;

pub use address::{require_https, shown};
pub use message::{Answer, Body, NoAnswer, Request};
use pace::{Leave, Pace};
use retry::Again;
pub use watch::{Exchange, watch};

use super::Common;
use crate::error::{Error, Result};

/// More than any answer that crosspost asks for: a page of a hundred long posts has some 5 MB.
const MAX_ANSWER: usize = 64 * 1024 * 1024;
/// Longest `Retry-After` that is waited for.
const MAX_WAIT: Duration = Duration::from_secs(120);
/// How long the first wait is where the server names none; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// How long an unused connection is kept: less than the 5 s after which Apache closes its end, since
/// a write that meets a closing connection is lost in a way that cannot be told from "received".
const IDLE: Duration = Duration::from_secs(4);

/// A client for one target.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    pace: Arc<Pace>,
    timeout: Duration,
    first_wait: Duration,
    target: String,
    /// The configured proxy, without what may be secret in its address.
    proxy: Option<String>,
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
        let cannot = |cause: &dyn std::fmt::Display| {
            Error::failed(format!("cannot set up HTTPS for the target `{}`", common.name)).cause(cause)
        };
        // Installing fails when another client of this process did it already; either will do.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("crosspost/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .pool_idle_timeout(IDLE)
            .connect_timeout(common.timeout.min(Duration::from_secs(10)))
            .timeout(common.timeout);
        if common.ca_file.is_none() && common.client_certificate.is_none() {
            builder = builder.tls_backend_preconfigured(tls::shared().map_err(|e| cannot(&e))?);
        }
        if let Some(path) = &common.ca_file {
            builder = builder.tls_certs_merge(authorities(common, path)?);
        }
        if let Some(path) = &common.client_certificate {
            builder = builder.identity(identity(common, path)?);
        }
        if let Some(proxy) = &common.proxy {
            let proxy = reqwest::Proxy::all(proxy).map_err(|e| {
                Error::invalid(format!("the `proxy` of the target `{}` cannot be used", common.name)).cause(e)
            })?;
            builder = builder.proxy(proxy);
        }
        let http = builder.build().map_err(|e| cannot(&root_cause(&e)))?;
        Ok(Self {
            http,
            pace: Arc::new(Pace::new(common.concurrency)),
            timeout: common.timeout,
            first_wait: FIRST_WAIT,
            target: common.name.clone(),
            proxy: common.proxy.as_deref().and_then(|proxy| Some(shown(&Url::parse(proxy).ok()?))),
        })
    }

    /// Sends a request, again where that is safe, and returns the last answer whatever its status.
    ///
    /// # Errors
    /// When there is no answer: whether the request may have been received is in the error.
    pub async fn send(&self, request: &Request) -> Result<Answer, NoAnswer> {
        let began = Instant::now();
        let attempt = || async {
            let leave = self.pace.leave().await;
            self.attempt(request, began, &leave).await
        };
        let outcome = attempt
            .retry(
                ExponentialBuilder::default().with_min_delay(self.first_wait).with_max_times(4).with_jitter(),
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
        let leave = self.pace.leave().await;
        let outcome = self.once(request).await;
        if let Ok(answer) = &outcome {
            learn(&leave, answer);
        }
        outcome
    }

    async fn attempt(&self, request: &Request, began: Instant, leave: &Leave<'_>) -> Result<Answer, Attempt> {
        let outcome = self.once(request).await;
        if let Ok(answer) = &outcome {
            learn(leave, answer);
        }
        match outcome {
            Ok(answer) => match retry::again(request, &answer) {
                Again::No => Ok(answer),
                Again::Soon => Err(Attempt::Again { after: None, last: Ok(answer) }),
                Again::After(wait) => Err(Attempt::Again { after: Some(wait), last: Ok(answer) }),
            },
            // Trouble that has a name stays.
            Err(NoAnswer::NotReceived(e)) if e.name().is_some() => {
                Err(Attempt::Final(NoAnswer::NotReceived(e)))
            }
            Err(NoAnswer::NotReceived(e)) => {
                Err(Attempt::Again { after: None, last: Err(NoAnswer::NotReceived(e)) })
            }
            // A server that does not answer in time is asked once more, not four times.
            Err(lost) if request.is_read() && began.elapsed() < self.timeout * 3 / 2 => {
                Err(Attempt::Again { after: None, last: Err(lost) })
            }
            Err(lost) => Err(Attempt::Final(lost)),
        }
    }

    /// One exchange, told to whoever watches.
    async fn once(&self, request: &Request) -> Result<Answer, NoAnswer> {
        let began = Instant::now();
        let outcome = self.exchange(request).await;
        watch::tell(&self.target, request, &outcome, began.elapsed());
        outcome
    }

    async fn exchange(&self, request: &Request) -> Result<Answer, NoAnswer> {
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
                builder.multipart(reqwest::multipart::Form::new().part(field.clone(), part))
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
        let received = !(e.is_connect() || e.is_builder() || error.name().is_some());
        if received { NoAnswer::Lost(error) } else { NoAnswer::NotReceived(error) }
    }

    fn error(&self, request: &Request, e: &reqwest::Error) -> Error {
        if e.is_timeout() {
            return self.describe(request, &format!("no answer within {} s", self.timeout.as_secs_f64()));
        }
        self.describe(request, &root_cause(e))
    }

    fn describe(&self, request: &Request, cause: &str) -> Error {
        let message = format!("the target `{}` gave no answer", self.target);
        let mut error =
            Error::failed(message).cause(format!("{} {}: {cause}", request.method, shown(&request.url)));
        if let Some(proxy) = &self.proxy {
            error = error.detail("proxy", proxy.clone());
        }
        match trouble::of(cause) {
            Some(trouble) => error.code(trouble.code).help(trouble.help),
            None => error,
        }
    }
}

/// What an answer says of the pace.
fn learn(leave: &Leave<'_>, answer: &Answer) {
    match retry::too_much(answer) {
        // A pause that nobody waits for stops nobody: each request is told so.
        Some(pause) => leave.was_too_much(if pause <= MAX_WAIT { pause } else { Duration::ZERO }),
        None if !answer.status.is_server_error() => leave.went_well(),
        None => {}
    }
}

/// The certificate authorities in a PEM file.
fn authorities(common: &Common, path: &Path) -> Result<Vec<reqwest::Certificate>> {
    let pem = std::fs::read(path).map_err(|e| unusable(common, "ca_file", path, &e))?;
    let found =
        reqwest::Certificate::from_pem_bundle(&pem).map_err(|e| unusable(common, "ca_file", path, &e))?;
    if found.is_empty() {
        return Err(unusable(common, "ca_file", path, &"there is no PEM certificate in it"));
    }
    Ok(found)
}

/// The client's own certificate and key.
fn identity(common: &Common, path: &Path) -> Result<reqwest::Identity> {
    let pem = std::fs::read(path).map_err(|e| unusable(common, "client_certificate", path, &e))?;
    reqwest::Identity::from_pem(&pem).map_err(|e| unusable(common, "client_certificate", path, &e))
}

fn unusable(common: &Common, key: &str, path: &Path, cause: &dyn std::fmt::Display) -> Error {
    Error::invalid(format!("the `{key}` of the target `{}` cannot be used", common.name))
        .detail("file", path.display().to_string())
        .cause(cause)
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

#[cfg(test)]
mod tests;
