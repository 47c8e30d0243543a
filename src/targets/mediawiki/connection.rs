//! One wiki as a user of it. Nothing is asked ahead: the first request that is needed logs in.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use reqwest::Method;
use serde_json::Value;
use url::Url;

use super::{
    config::Config,
    errors::{self, Outcome, Refusal},
    forms::{self, Fields, File},
    session::{self, Credentials, Session},
};
use crate::{
    error::{Error, Result},
    targets::{
        Common, WriteError,
        client::{Answer, Client, NoAnswer, Request},
    },
};

/// The name under which the API's address is remembered.
const API: &str = "api";
/// Where it usually is: below the wiki's address, or at the root of its server.
const PLACES: [&str; 4] = ["api.php", "w/api.php", "/w/api.php", "/api.php"];
/// How often a request is sent again to a wiki that says it is busy.
const MORE_TRIES: usize = 3;
/// How long is waited where a busy wiki names no time.
const WAIT: Duration = Duration::from_secs(5);
/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// More parts than any answer has.
const MOST_PARTS: usize = 1000;
/// Seconds that a wiki's copies may lag behind before a write waits (MediaWiki's manual, `maxlag`).
const MAX_LAG: &str = "5";

/// A wiki, as the configured user.
pub struct Connection {
    client: Client,
    config: Config,
    target: String,
    credentials: Credentials,
    /// Where the API was the last time.
    hint: Mutex<Option<Url>>,
    open: tokio::sync::Mutex<Open>,
}

/// What holds while a session lasts.
#[derive(Default)]
struct Open {
    session: Option<Arc<Session>>,
    csrf: Option<String>,
}

impl Connection {
    /// A connection that is not opened yet.
    ///
    /// # Errors
    /// Certificates or a proxy that cannot be used.
    pub fn new(common: &Common, config: &Config, credentials: Credentials) -> Result<Self> {
        Ok(Self {
            client: Client::new(common)?,
            config: config.clone(),
            target: common.name.clone(),
            credentials,
            hint: Mutex::default(),
            open: tokio::sync::Mutex::default(),
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

    /// Who publishes.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Who publishes, for messages.
    #[must_use]
    pub fn account(&self) -> String {
        self.credentials.account().map_or_else(|| "the token's owner".to_owned(), |name| format!("`{name}`"))
    }

    /// Takes what the ledger remembers as a hint: an address of the same server.
    pub fn hint(&self, known: &BTreeMap<String, String>) {
        let api = known.get(API).and_then(|api| Url::parse(api).ok());
        let api = api.filter(|api| api.origin() == self.config.url.origin());
        *self.hint.lock().unwrap_or_else(PoisonError::into_inner) = api;
    }

    /// Where the API is, if it is not where it is looked for first, and `known` does not say so.
    pub async fn learned(&self, known: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let api = self.open.lock().await.session.as_ref().map(|session| session.api.to_string());
        let usual = self.config.url.join(PLACES[0]).map(|url| url.to_string());
        let new = api.filter(|api| known.get(API).or(usual.as_ref().ok()) != Some(api));
        new.map(|api| (API.to_owned(), api)).into_iter().collect()
    }

    /// Where the API may be, the likeliest first.
    #[must_use]
    pub fn candidates(&self) -> Vec<Url> {
        if let Some(api) = &self.config.api {
            return vec![api.clone()];
        }
        let mut candidates: Vec<Url> =
            self.hint.lock().unwrap_or_else(PoisonError::into_inner).clone().into_iter().collect();
        for place in PLACES {
            let api = self.config.url.join(place).ok();
            candidates.extend(api.filter(|api| !candidates.contains(api)));
        }
        candidates
    }

    /// Sends a request that changes nothing, as it is.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn send_raw(&self, request: &Request) -> Result<Answer> {
        self.client.send(request).await.map_err(NoAnswer::into_error)
    }

    /// The session, opened where there is none.
    async fn session(&self) -> Result<Arc<Session>> {
        let mut open = self.open.lock().await;
        if let Some(session) = &open.session {
            return Ok(session.clone());
        }
        let session = Arc::new(session::open(self).await?);
        *open = Open { session: Some(session.clone()), csrf: None };
        Ok(session)
    }

    /// Forgets a session that is over, unless somebody else did already.
    async fn forget(&self, over: &Arc<Session>) {
        let mut open = self.open.lock().await;
        if open.session.as_ref().is_some_and(|session| Arc::ptr_eq(session, over)) {
            *open = Open::default();
        }
    }

    /// The token that a write must carry.
    async fn csrf(&self) -> Result<String> {
        if let Some(token) = self.open.lock().await.csrf.clone() {
            return Ok(token);
        }
        let doing = "give a token for writing";
        let body = self.query(doing, &[("action", "query"), ("meta", "tokens")]).await?;
        let token = body.pointer("/query/tokens/csrftoken").and_then(Value::as_str).ok_or_else(|| {
            errors::explain(self, doing, &Refusal::NotApi { success: true }, "no token in the answer")
        })?;
        self.open.lock().await.csrf = Some(token.to_owned());
        Ok(token.to_owned())
    }

    /// Asks something that changes nothing.
    ///
    /// # Errors
    /// When the wiki cannot be asked or refuses; `doing` is what it then did not do.
    pub async fn query(&self, doing: &str, query: &[(&str, &str)]) -> Result<Value> {
        let mut tries = Tries::default();
        loop {
            let session = self.session().await?;
            let mut url = session.api.clone();
            url.query_pairs_mut().extend_pairs(query).extend_pairs(self.envelope());
            let request = session.signed(Request::new(Method::GET, url), &self.credentials);
            match errors::outcome(&self.send_raw(&request).await?) {
                Outcome::Done(body) => return Ok(body),
                Outcome::Refused(refusal, words) => {
                    if !self.heal(&session, &refusal, &mut tries).await {
                        return Err(errors::explain(self, doing, &refusal, &words));
                    }
                }
            }
        }
    }

    /// Asks something whose answer may come in several parts.
    ///
    /// # Errors
    /// As for [`Connection::query`]; an answer that never ends.
    pub async fn query_all(&self, doing: &str, query: &[(&str, &str)]) -> Result<Vec<Value>> {
        let (mut parts, mut next) = (Vec::new(), Vec::<(String, String)>::new());
        for _ in 0..MOST_PARTS {
            let more = next.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            let body = self.query(doing, &query.iter().copied().chain(more).collect::<Vec<_>>()).await?;
            next = continued(&body);
            parts.push(body);
            if next.is_empty() {
                return Ok(parts);
            }
        }
        Err(Error::failed(format!("the target `{}` did not {doing}: its answer does not end", self.target)))
    }

    /// Asks for something to be changed, once: again only where the wiki says that it did not look
    /// at it, since the session had ended or it was busy.
    ///
    /// # Errors
    /// [`WriteError::Unknown`] when it may have been received and there is no answer.
    pub async fn write(&self, fields: &Fields, file: Option<&File>) -> Result<Outcome, WriteError> {
        let mut tries = Tries::default();
        loop {
            let token = self.csrf().await.map_err(WriteError::NotDone)?;
            let session = self.session().await.map_err(WriteError::NotDone)?;
            let request = session.signed(self.posting(&session, fields, token, file), &self.credentials);
            let answer = self.client.send(&request).await.map_err(|lost| match lost {
                NoAnswer::NotReceived(error) => WriteError::NotDone(error),
                NoAnswer::Lost(error) => WriteError::Unknown(error),
            })?;
            match errors::outcome(&answer) {
                Outcome::Refused(refusal, _) if self.heal(&session, &refusal, &mut tries).await => {}
                outcome => return Ok(outcome),
            }
        }
    }

    fn posting(&self, session: &Session, fields: &Fields, token: String, file: Option<&File>) -> Request {
        let mut all: Fields = fields.clone();
        all.extend(self.envelope().into_iter().map(|(name, value)| (name, value.to_owned())));
        all.push(("maxlag", MAX_LAG.to_owned()));
        // Last, so that a request that was cut off is refused (MediaWiki's manual, API:Edit).
        all.push(("token", token));
        let request = Request::new(Method::POST, session.api.clone());
        match file {
            None => forms::with_fields(request, &all),
            Some(file) => forms::with_file(request, &all, file),
        }
    }

    /// What every request says: in which form to answer, and as whom.
    fn envelope(&self) -> Vec<(&'static str, &str)> {
        let mut all = vec![("format", "json"), ("formatversion", "2"), ("assert", "user")];
        all.extend(self.credentials.account().map(|name| ("assertuser", name)));
        all
    }

    /// Whether what was refused is worth another try, by now.
    async fn heal(&self, session: &Arc<Session>, refusal: &Refusal, tries: &mut Tries) -> bool {
        match refusal {
            Refusal::Stranger | Refusal::Token if !tries.renewed => {
                tries.renewed = true;
                self.forget(session).await;
                true
            }
            Refusal::Busy(wait) if tries.waits < MORE_TRIES => {
                tries.waits += 1;
                tokio::time::sleep(wait.unwrap_or(WAIT).min(LONGEST_WAIT)).await;
                true
            }
            _ => false,
        }
    }
}

/// What the next part of an answer is asked for with.
fn continued(body: &Value) -> Vec<(String, String)> {
    let more = body.get("continue").and_then(Value::as_object);
    // Some of the values are numbers.
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    more.into_iter().flatten().map(|(name, value)| (name.clone(), text(value))).collect()
}

/// What has been tried for one request.
#[derive(Default)]
struct Tries {
    renewed: bool,
    waits: usize,
}
