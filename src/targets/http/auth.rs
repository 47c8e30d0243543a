//! Who asks: a password, a token, a header of the site's own, or OAuth 2.0 client credentials, whose
//! token is fetched when it is needed, kept for the run, and renewed once when it is refused.

use std::time::{Duration, Instant};

use base64::Engine;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{
    Method,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value as Json;
use url::Url;

use crate::{
    error::{Error, Result},
    secrets::Secrets,
    targets::client::{Answer, Body, Client, NoAnswer, Request, shown},
};

/// The secret of `basic`.
pub const PASSWORD: &str = "password";
/// The secret of `bearer` and `header`.
pub const TOKEN: &str = "token";
/// The secret of `oauth2`.
pub const CLIENT_SECRET: &str = "client_secret";

/// How long a token is used where the server does not say: what most servers give.
const USUAL_LIFE: Duration = Duration::from_secs(3600);
/// How long before its end a token is renewed.
const MARGIN: Duration = Duration::from_secs(30);

/// `auth = { … }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Auth {
    /// `none`: a client certificate says who asks, or nobody asks.
    None,
    /// `bearer`: a token.
    Bearer,
    /// `basic`: a user and a password.
    Basic {
        /// `user`.
        user: String,
    },
    /// `header`: a token in a header of the site's own.
    Header {
        /// `header`.
        name: HeaderName,
        /// `prefix`: what stands before the token, as `Token `.
        prefix: String,
    },
    /// `oauth2`: client credentials (RFC 6749, 4.4).
    OAuth2 {
        /// `token_url`.
        token_url: Url,
        /// `client_id`.
        client_id: String,
        /// `scope`.
        scope: Option<String>,
    },
}

impl Auth {
    /// The header that says who asks; its value is never shown.
    #[must_use]
    pub fn header(&self) -> Option<HeaderName> {
        match self {
            Self::None => None,
            Self::Header { name, .. } => Some(name.clone()),
            _ => Some(AUTHORIZATION),
        }
    }

    /// Who asks, for messages.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        match self {
            Self::Basic { user } => Some(user),
            Self::OAuth2 { client_id, .. } => Some(client_id),
            _ => None,
        }
    }

    /// The secret that it takes.
    #[must_use]
    pub fn secret(&self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Basic { .. } => Some(PASSWORD),
            Self::Bearer | Self::Header { .. } => Some(TOKEN),
            Self::OAuth2 { .. } => Some(CLIENT_SECRET),
        }
    }
}

/// Credentials with their secret.
pub struct Credentials {
    auth: Auth,
    target: String,
    secret: Option<SecretString>,
    token: tokio::sync::Mutex<Option<Token>>,
}

/// A token of an OAuth 2.0 server.
struct Token {
    value: HeaderValue,
    until: Instant,
}

impl Credentials {
    /// Takes the secret.
    ///
    /// # Errors
    /// When there is none.
    pub fn load(auth: &Auth, target: &str, secrets: &Secrets) -> Result<Self> {
        let secret = auth.secret().map(|name| secrets.require(target, name)).transpose()?;
        Ok(Self {
            auth: auth.clone(),
            target: target.to_owned(),
            secret,
            token: tokio::sync::Mutex::default(),
        })
    }

    /// A request with who asks in it.
    ///
    /// # Errors
    /// A secret that cannot be sent; a token that is not given.
    pub async fn sign(&self, client: &Client, mut request: Request) -> Result<Request> {
        let Some(name) = self.auth.header() else { return Ok(request) };
        let mut value = match &self.auth {
            Auth::OAuth2 { .. } => self.token(client).await?,
            Auth::Basic { user } => self.value(&basic(user, self.secret()))?,
            Auth::Header { prefix, .. } => self.value(&format!("{prefix}{}", self.secret()))?,
            Auth::Bearer | Auth::None => self.value(&format!("Bearer {}", self.secret()))?,
        };
        value.set_sensitive(true);
        request = request.header(name, value);
        Ok(request)
    }

    /// Forgets a token that was refused, so that the next request fetches another. `false` where that
    /// would change nothing.
    pub async fn renew(&self) -> bool {
        self.token.lock().await.take().is_some()
    }

    fn secret(&self) -> &str {
        self.secret.as_ref().map(|secret| secret.expose_secret().trim()).unwrap_or_default()
    }

    fn value(&self, text: &str) -> Result<HeaderValue> {
        HeaderValue::from_str(text).map_err(|_| {
            Error::invalid(format!("the secret of the target `{}` cannot be sent", self.target))
                .help("it has a line end or another control character in it")
        })
    }

    async fn token(&self, client: &Client) -> Result<HeaderValue> {
        let mut kept = self.token.lock().await;
        if let Some(token) = kept.as_ref().filter(|token| token.until > Instant::now()) {
            return Ok(token.value.clone());
        }
        let token = self.fetch(client).await?;
        let value = token.value.clone();
        *kept = Some(token);
        Ok(value)
    }

    async fn fetch(&self, client: &Client) -> Result<Token> {
        let Auth::OAuth2 { token_url, client_id, scope } = &self.auth else {
            return Err(Error::failed("no token is to be fetched"));
        };
        // RFC 6749, 2.3.1: every server takes them so, encoded as in a form.
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let mut authorization = self.value(&basic(&encoded(client_id), &encoded(self.secret())))?;
        authorization.set_sensitive(true);
        let form_type = HeaderValue::from_static("application/x-www-form-urlencoded");
        let mut request = Request::new(Method::POST, token_url.clone())
            .header(AUTHORIZATION, authorization)
            .header(CONTENT_TYPE, form_type);
        request.body = Body::Bytes(form(scope.as_deref()).into_bytes());
        let began = Instant::now();
        let answer = client.send(&request).await.map_err(NoAnswer::into_error)?;
        self.read_token(token_url, &answer, began)
    }

    fn read_token(&self, token_url: &Url, answer: &Answer, began: Instant) -> Result<Token> {
        let json = answer.json().unwrap_or_default();
        let text = |name: &str| json.get(name).and_then(Json::as_str);
        let Some(token) = text("access_token").filter(|_| answer.status.is_success()) else {
            // What is no error of OAuth might be anything, a token in it too.
            let words = [text("error"), text("error_description")].into_iter().flatten();
            let words = super::errors::one_line(&words.collect::<Vec<_>>().join(": "));
            return Err(Error::failed(format!("the target `{}` gets no token", self.target))
                .code("wrong-credentials")
                .detail("from", shown(token_url))
                .cause(format!("HTTP {}: {words}", answer.status.as_u16()))
                .help("check `token_url`, `client_id`, `scope` and the client secret"));
        };
        let life = json.get("expires_in").and_then(Json::as_u64).map_or(USUAL_LIFE, Duration::from_secs);
        let value = self.value(&format!("Bearer {token}"))?;
        Ok(Token { value, until: began + life.saturating_sub(MARGIN) })
    }
}

/// What the token is asked for with (RFC 6749, 4.4.2).
fn form(scope: Option<&str>) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "client_credentials");
    if let Some(scope) = scope {
        form.append_pair("scope", scope);
    }
    form.finish()
}

fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}")))
}
