//! Logging in: where the API is, and the cookies of whoever is logged in.

use std::collections::BTreeMap;

use reqwest::{
    Method,
    header::{AUTHORIZATION, COOKIE, HeaderValue, SET_COOKIE},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use super::{
    connection::Connection,
    errors::{self, Outcome, Refusal},
    forms,
};
use crate::{
    error::{Error, Result},
    targets::client::{Answer, Request, shown},
};

/// Who publishes.
pub enum Credentials {
    /// A bot password (MediaWiki's `Special:BotPasswords`).
    Password {
        /// `Name@bot`.
        user: String,
        /// The password.
        password: SecretString,
    },
    /// The access token of an owner-only OAuth 2.0 consumer.
    Token(HeaderValue),
}

impl Credentials {
    /// A bot password.
    #[must_use]
    pub fn password(user: &str, password: SecretString) -> Self {
        Self::Password { user: user.to_owned(), password }
    }

    /// A token.
    ///
    /// # Errors
    /// One with characters that no token has.
    pub fn token(target: &str, token: &SecretString) -> Result<Self> {
        let mut value =
            HeaderValue::from_str(&format!("Bearer {}", token.expose_secret().trim())).map_err(|_| {
                Error::invalid(format!("the token of `{target}` has characters that no token has"))
                    .help("copy it anew")
            })?;
        value.set_sensitive(true);
        Ok(Self::Token(value))
    }

    /// The account as whom every request must be answered, where it is known.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        match self {
            Self::Password { user, .. } => user.split_once('@').map(|(name, _)| name),
            Self::Token(_) => None,
        }
    }
}

/// A wiki as somebody who is logged in there.
#[derive(Debug, Clone)]
pub struct Session {
    /// Where the API is.
    pub api: Url,
    cookies: BTreeMap<String, String>,
}

impl Session {
    fn at(api: Url) -> Self {
        Self { api, cookies: BTreeMap::new() }
    }

    /// Keeps what the server wants to be told again. All requests go to one address, so that name
    /// and value are all that counts.
    pub fn keep_cookies(&mut self, answer: &Answer) {
        let told = answer.headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
        for cookie in told.filter_map(|cookie| cookie.split(';').next()) {
            match cookie.split_once('=') {
                Some((name, "" | "deleted")) => {
                    self.cookies.remove(name.trim());
                }
                Some((name, value)) => {
                    self.cookies.insert(name.trim().to_owned(), value.trim().to_owned());
                }
                None => {}
            }
        }
    }

    /// A request with what shows who asks.
    #[must_use]
    pub fn signed(&self, request: Request, credentials: &Credentials) -> Request {
        if let Credentials::Token(token) = credentials {
            return request.header(AUTHORIZATION, token.clone());
        }
        let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        match HeaderValue::from_str(&pairs.join("; ")) {
            Ok(mut cookies) if !pairs.is_empty() => {
                cookies.set_sensitive(true);
                request.header(COOKIE, cookies)
            }
            _ => request,
        }
    }
}

/// Opens a session at the first address that is an API.
///
/// # Errors
/// When there is no API, it does not answer, or the credentials do not count.
pub async fn open(connection: &Connection) -> Result<Session> {
    let mut said = None;
    for api in connection.candidates() {
        let mut session = Session::at(api);
        let (query, name) = match connection.credentials() {
            Credentials::Password { .. } => (vec![("meta", "tokens"), ("type", "login")], "logintoken"),
            Credentials::Token(_) => (vec![("meta", "tokens"), ("assert", "user")], "csrftoken"),
        };
        match first_token(connection, &mut session, &query, name).await? {
            Ok(token) => return log_in(connection, session, token).await,
            Err((Refusal::Stranger, words)) => return Err(wrong_credentials(connection, &words)),
            Err((_, words)) => said = said.or(Some(format!("{}: {words}", shown(&session.api)))),
        }
    }
    Err(Error::failed(format!("there is no API of MediaWiki at the target `{}`", connection.target()))
        .code("no-api")
        .cause(said.unwrap_or_default())
        .help("say where it is: `api = \"https://wiki.example.org/w/api.php\"` (Special:Version names it)"))
}

async fn first_token(
    connection: &Connection,
    session: &mut Session,
    query: &[(&str, &str)],
    name: &str,
) -> Result<Result<String, (Refusal, String)>> {
    let request = session.signed(reading(&session.api, query), connection.credentials());
    let answer = connection.send_raw(&request).await?;
    session.keep_cookies(&answer);
    Ok(match errors::outcome(&answer) {
        Outcome::Done(body) => match body.pointer(&format!("/query/tokens/{name}")).and_then(Value::as_str) {
            Some(token) => Ok(token.to_owned()),
            None => Err((Refusal::NotApi { success: true }, answer.excerpt())),
        },
        Outcome::Refused(refusal, words) => Err((refusal, words)),
    })
}

fn reading(api: &Url, query: &[(&str, &str)]) -> Request {
    let mut url = api.clone();
    url.query_pairs_mut().extend_pairs(query).extend_pairs([
        ("action", "query"),
        ("format", "json"),
        ("formatversion", "2"),
    ]);
    Request::new(Method::GET, url)
}

async fn log_in(connection: &Connection, mut session: Session, token: String) -> Result<Session> {
    let Credentials::Password { user, password } = connection.credentials() else {
        return Ok(session);
    };
    let fields = vec![
        ("action", "login".to_owned()),
        ("format", "json".to_owned()),
        ("formatversion", "2".to_owned()),
        ("lgname", user.clone()),
        ("lgpassword", password.expose_secret().trim().to_owned()),
        ("lgtoken", token),
    ];
    let request = forms::with_fields(Request::new(Method::POST, session.api.clone()), &fields);
    let request = session.signed(request, connection.credentials());
    let answer = connection.send_raw(&request).await?;
    session.keep_cookies(&answer);
    let body = match errors::outcome(&answer) {
        Outcome::Done(body) => body,
        Outcome::Refused(refusal, words) => {
            return Err(errors::explain(connection, "log in", &refusal, &words));
        }
    };
    match body.pointer("/login/result").and_then(Value::as_str) {
        Some("Success") => Ok(session),
        result => {
            let reason = body.pointer("/login/reason").and_then(Value::as_str).unwrap_or_default();
            let words = errors::one_line(&format!("{}: {reason}", result.unwrap_or("no result")));
            Err(wrong_credentials(connection, &words))
        }
    }
}

/// The credentials do not count.
#[must_use]
pub fn wrong_credentials(connection: &Connection, words: &str) -> Error {
    let target = connection.target();
    let what = match connection.credentials() {
        Credentials::Password { user, .. } => format!("the user `{user}` and its password"),
        Credentials::Token(_) => "the token".to_owned(),
    };
    Error::failed(format!("the target `{target}` does not accept {what}"))
        .code("wrong-credentials")
        .cause(words)
        .help("check it at Special:BotPasswords (or Special:OAuthConsumerRegistration) on the wiki")
        .help("a bot password may be limited to certain addresses of the network")
}
