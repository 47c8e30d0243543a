//! One site as its configured user. Nothing is asked ahead: the first request that is needed makes
//! sure who we are.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::{
    Method,
    header::{ACCEPT, AUTHORIZATION, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tokio::sync::OnceCell;
use url::Url;

use super::{
    config::Config,
    errors::{self, Outcome, Refusal},
    survey::Place,
    who::{self, Me},
    wire::Call,
};
use crate::{
    error::{Error, Result},
    targets::{
        Common, WriteError,
        client::{Answer, Body, Client, NoAnswer, Request},
    },
};

/// More parts than any answer has.
const MOST_PARTS: usize = 1000;

/// A site, as the configured user.
pub struct Connection {
    client: Client,
    config: Config,
    target: String,
    credentials: HeaderValue,
    me: OnceCell<Me>,
    place: OnceCell<Place>,
}

impl Connection {
    /// A connection that is not opened yet.
    ///
    /// # Errors
    /// Certificates or a proxy that cannot be used; a token with characters that no token has.
    pub fn new(common: &Common, config: &Config, token: &SecretString) -> Result<Self> {
        let token = token.expose_secret().trim();
        let words = match &config.user {
            Some(user) => format!("Basic {}", STANDARD.encode(format!("{user}:{token}"))),
            None => format!("Bearer {token}"),
        };
        let mut credentials = HeaderValue::from_str(&words).map_err(|_| {
            Error::invalid(format!("the token of `{}` has characters that no token has", common.name))
                .help("copy it anew")
        })?;
        credentials.set_sensitive(true);
        Ok(Self {
            client: Client::new(common)?,
            config: config.clone(),
            target: common.name.clone(),
            credentials,
            me: OnceCell::new(),
            place: OnceCell::new(),
        })
    }

    /// The target's table.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The target's name.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// As whom requests are answered.
    ///
    /// # Errors
    /// When the credentials do not count, or the site cannot be asked.
    pub async fn me(&self) -> Result<&Me> {
        self.me.get_or_try_init(|| who::ask(self)).await
    }

    /// Where pages go.
    ///
    /// # Errors
    /// When the site cannot be asked; a space or a parent page that is not there.
    pub async fn place(&self) -> Result<&Place> {
        self.place.get_or_try_init(|| super::survey::ask(self)).await
    }

    /// Takes what the ledger remembers of where pages go.
    pub fn hint(&self, place: Place) {
        // Whoever asked already knows better.
        let _ = self.place.set(place);
    }

    fn request(&self, call: &Call) -> Request {
        let mut url = self.url(&call.path);
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        let mut request = Request::new(call.method.clone(), url)
            .header(AUTHORIZATION, self.credentials.clone())
            .header(ACCEPT, HeaderValue::from_static("application/json"));
        for (name, value) in &call.headers {
            if let Ok(value) = HeaderValue::from_str(value) {
                request = request.header(name.clone(), value);
            }
        }
        request.body = call.body.clone();
        request
    }

    fn url(&self, path: &str) -> Url {
        let mut url = self.config.api.clone();
        url.set_path(&format!("{}{path}", self.config.api.path()));
        url
    }

    /// Asks something, whoever we are.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn ask_raw(&self, call: &Call) -> Result<Answer> {
        self.client.send(&self.request(call)).await.map_err(NoAnswer::into_error)
    }

    /// Asks something. `None` where it is not there: that is only told to those who are known.
    ///
    /// # Errors
    /// When the site cannot be asked, or refuses.
    pub async fn ask(&self, doing: &str, call: &Call) -> Result<Option<Value>> {
        self.me().await?;
        match errors::outcome(&self.ask_raw(call).await?) {
            Outcome::Done(body) => Ok(Some(body)),
            Outcome::Refused(Refusal::NotThere, _) => Ok(None),
            Outcome::Refused(refusal, words) => Err(errors::explain(self, doing, &refusal, &words)),
        }
    }

    /// Asks for a list, which may come in several parts.
    ///
    /// # Errors
    /// As for [`Connection::ask`]; where there is no such list; an answer that never ends.
    pub async fn list(&self, doing: &str, call: &Call) -> Result<Vec<Value>> {
        let refused =
            || errors::explain(self, doing, &Refusal::NotThere, &format!("HTTP 404: {}", call.path));
        self.list_of(doing, call).await?.ok_or_else(refused)
    }

    /// The same of a page, which may not be there, or in the trash. `None` then.
    ///
    /// # Errors
    /// As for [`Connection::ask`]; an answer that never ends.
    pub async fn list_of(&self, doing: &str, call: &Call) -> Result<Option<Vec<Value>>> {
        let (mut call, mut all) = (call.clone(), Vec::new());
        for _ in 0..MOST_PARTS {
            let Some(body) = self.ask(doing, &call).await? else { return Ok(None) };
            let results = body.get("results").and_then(Value::as_array);
            let results = results.ok_or_else(|| self.unreadable(doing, &body))?;
            all.extend(results.iter().cloned());
            match next(&body) {
                Some(query) if !results.is_empty() => call.query = query,
                _ => return Ok(Some(all)),
            }
        }
        Err(Error::failed(format!("the target `{}` did not {doing}: its answer does not end", self.target)))
    }

    /// Asks for something to be changed, once.
    ///
    /// # Errors
    /// [`WriteError::Unknown`] when it may have been received and there is no answer.
    pub async fn write(&self, call: &Call) -> Result<Outcome, WriteError> {
        self.me().await.map_err(WriteError::NotDone)?;
        let answer = self.client.send(&self.request(call)).await.map_err(|lost| match lost {
            NoAnswer::NotReceived(error) => WriteError::NotDone(error),
            NoAnswer::Lost(error) => WriteError::Unknown(error),
        })?;
        Ok(errors::outcome(&answer))
    }

    /// The error for an answer that is not what was asked for.
    #[must_use]
    pub fn unreadable(&self, doing: &str, body: &Value) -> Error {
        Error::failed(format!("the target `{}` did not {doing}: its answer cannot be read", self.target))
            .cause(errors::one_line(&body.to_string()))
    }
}

/// The query of a list's next part. Where the link leads is not followed: on Atlassian's gateway it is
/// another address than ours.
fn next(body: &Value) -> Option<Vec<(String, String)>> {
    let link = body.pointer("/_links/next")?.as_str()?;
    let (_, query) = link.split_once('?')?;
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    Some(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
}

impl Call {
    /// A call without query or body.
    #[must_use]
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), query: Vec::new(), headers: Vec::new(), body: Body::Empty }
    }
}
