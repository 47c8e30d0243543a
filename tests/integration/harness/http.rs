//! A plain blocking HTTP client for tests: no retries, no redirects, no proxy of the environment.

use std::{sync::OnceLock, time::Duration};

use reqwest::{Method, header::HeaderMap};
use serde_json::Value;

/// What a server answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status, as a number.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, whole.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is something else.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|e| panic!("status {}, not JSON ({e}): {}", self.status, self.text()))
    }

    /// The body as JSON, of an answer that must have this status.
    ///
    /// # Panics
    /// When the status is another one.
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "unexpected answer: {}", self.text());
        self.json()
    }
}

/// A user name and a password, for HTTP Basic.
pub type Login<'a> = (&'a str, &'a str);

/// Sends a request; `Err` is the whole chain of causes.
pub fn send(
    method: Method,
    url: &str,
    login: Option<Login<'_>>,
    json: Option<&Value>,
) -> Result<Answer, String> {
    let mut request = client().request(method, url);
    if let Some((user, password)) = login {
        request = request.basic_auth(user, Some(password));
    }
    if let Some(json) = json {
        request = request.json(json);
    }
    answer_of(request)
}

/// Sends a request of the test's own making; `Err` is the whole chain of causes.
pub fn answer_of(request: reqwest::RequestBuilder) -> Result<Answer, String> {
    super::wait(async move { answer(request).await.map_err(|e| format!("{e:?}")) })
}

async fn answer(request: reqwest::RequestBuilder) -> reqwest::Result<Answer> {
    let response = request.send().await?;
    Ok(Answer {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        body: response.bytes().await?.to_vec(),
    })
}

/// The client of tests and proxies. It leaves bodies as they are: a proxy passes them on.
pub fn client() -> &'static reqwest::Client {
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    CLIENT.get_or_init(|| {
        // Installing fails when another client of this process did it already; either will do.
        let _ = rustls::crypto::ring::default_provider().install_default();
        reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .no_gzip()
            // A kept connection that the server closes just then would look like a fault.
            .pool_max_idle_per_host(0)
            .timeout(Duration::from_secs(60))
            .build()
            .expect("a client")
    })
}
