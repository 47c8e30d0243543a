//! One site as an application. Nothing is asked ahead: the first request that is needed gets a
//! token, which then serves the whole run.

use std::time::Instant;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{
    Method,
    header::{AUTHORIZATION, HeaderValue},
};
use serde_json::Value;
use url::Url;

use super::{
    config::Config,
    errors::{self, Outcome, Refusal},
    session::{self, Credentials, Token},
    survey,
};
use crate::{
    error::{Error, Result},
    targets::{
        Common, WriteError,
        client::{Answer, Client, NoAnswer, Request},
    },
};

/// What stands as it is in an address (RFC 3986, section 2.3).
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// More parts than any answer has.
const MOST_PARTS: usize = 1000;

/// A site, as the configured application.
pub struct Connection {
    client: Client,
    config: Config,
    target: String,
    credentials: Credentials,
    token: tokio::sync::Mutex<Option<Token>>,
    site: tokio::sync::OnceCell<String>,
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
            token: tokio::sync::Mutex::default(),
            site: tokio::sync::OnceCell::new(),
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

    /// Sends a request as it is.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn send_raw(&self, request: &Request) -> Result<Answer> {
        self.client.send(request).await.map_err(NoAnswer::into_error)
    }

    /// The token, got where there is none that still counts.
    ///
    /// # Errors
    /// When the credentials do not count.
    pub async fn bearer(&self) -> Result<HeaderValue> {
        let mut token = self.token.lock().await;
        if let Some(token) = token.as_ref().filter(|token| token.until > Instant::now()) {
            return Ok(token.bearer.clone());
        }
        let new = session::token(self).await?;
        *token = Some(new.clone());
        Ok(new.bearer)
    }

    /// An address below Graph's own.
    ///
    /// # Errors
    /// Never for ids that Graph gave.
    pub fn address(&self, path: &str, query: &[(&str, &str)]) -> Result<Url> {
        let query: Vec<String> =
            query.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let mark = if query.is_empty() { "" } else { "?" };
        let text = format!("{}{path}{mark}{}", self.config.api, query.join("&"));
        Url::parse(&text).map_err(|e| Error::failed("an address of Microsoft Graph cannot be made").cause(e))
    }

    /// Where a page is; all pages without an id. `action` is what follows.
    ///
    /// # Errors
    /// When the site cannot be found.
    pub async fn page_address(&self, id: Option<&str>, action: &str, query: &[(&str, &str)]) -> Result<Url> {
        let site = encoded(self.site().await?);
        match id {
            None => self.address(&format!("sites/{site}/pages"), query),
            Some(id) => self.address(
                &format!("sites/{site}/pages/{}/microsoft.graph.sitePage{action}", encoded(id)),
                query,
            ),
        }
    }

    /// The site's id, asked for once in a run.
    ///
    /// # Errors
    /// When there is no such site, or the application may not see it.
    pub async fn site(&self) -> Result<&str> {
        let ask = || async { survey::ask(self).await.map(|(id, _)| id) };
        self.site.get_or_try_init(ask).await.map(String::as_str)
    }

    /// Asks something that changes nothing.
    ///
    /// # Errors
    /// When there is no answer, or the credentials do not count.
    pub async fn ask(&self, url: Url) -> Result<Outcome> {
        self.send(&Request::new(Method::GET, url)).await.map_err(WriteError::into_error)
    }

    /// Asks something that changes nothing and must be answered.
    ///
    /// # Errors
    /// As for [`Connection::ask`], and when Graph refuses; `doing` is what it then did not do.
    pub async fn query(&self, doing: &str, url: Url) -> Result<Value> {
        match self.ask(url).await? {
            Outcome::Done(body) => Ok(body),
            Outcome::Refused(refusal, words) => Err(errors::explain(self, doing, &refusal, &words)),
        }
    }

    /// All entries of a list, however many parts it comes in.
    ///
    /// # Errors
    /// As for [`Connection::query`]; a next part on another server.
    pub async fn list(&self, doing: &str, first: Url) -> Result<Vec<Value>> {
        let refused = || Error::failed(format!("the target `{}` did not {doing}", self.target));
        self.try_list(doing, first).await?.ok_or_else(refused)
    }

    /// The same; `None` where Graph does not take the question as it is put.
    ///
    /// # Errors
    /// As for [`Connection::list`].
    pub async fn try_list(&self, doing: &str, first: Url) -> Result<Option<Vec<Value>>> {
        let mut all = Vec::new();
        let mut next = Some(first);
        for _ in 0..MOST_PARTS {
            let Some(url) = next.take() else { return Ok(Some(all)) };
            let mut body = match self.ask(url).await? {
                Outcome::Done(body) => body,
                Outcome::Refused(Refusal::Invalid, _) => return Ok(None),
                Outcome::Refused(refusal, words) => {
                    return Err(errors::explain(self, doing, &refusal, &words));
                }
            };
            let Some(Value::Array(entries)) = body.get_mut("value").map(Value::take) else {
                let words = errors::one_line(&body.to_string());
                return Err(errors::explain(self, doing, &Refusal::NotApi { success: true }, &words));
            };
            all.extend(entries);
            let link = body.get("@odata.nextLink").and_then(Value::as_str);
            next = link.map(|link| self.next_part(doing, link)).transpose()?;
        }
        Err(Error::failed(format!("the target `{}` did not {doing}: its answer does not end", self.target)))
    }

    /// The token goes with every request: to Graph alone.
    fn next_part(&self, doing: &str, link: &str) -> Result<Url> {
        let url = Url::parse(link).ok().filter(|url| url.origin() == self.config.api.origin());
        url.ok_or_else(|| {
            Error::failed(format!("the target `{}` did not {doing}: the next part is elsewhere", self.target))
        })
    }

    /// Sends a request with the token; once more where the token had ended.
    ///
    /// # Errors
    /// [`WriteError::Unknown`] when it may have been received and there is no answer.
    pub async fn send(&self, request: &Request) -> Result<Outcome, WriteError> {
        let mut renewed = false;
        loop {
            let bearer = self.bearer().await.map_err(WriteError::NotDone)?;
            let signed = request.clone().header(AUTHORIZATION, bearer.clone());
            let answer = self.client.send(&signed).await.map_err(|lost| match lost {
                NoAnswer::NotReceived(error) => WriteError::NotDone(error),
                NoAnswer::Lost(error) => WriteError::Unknown(error),
            })?;
            match errors::outcome(&answer) {
                Outcome::Refused(Refusal::Stranger, _) if !renewed => {
                    renewed = true;
                    let mut token = self.token.lock().await;
                    *token = token.take().filter(|token| token.bearer != bearer);
                }
                outcome => return Ok(outcome),
            }
        }
    }
}

/// Text as a part of an address. The commas in a site's id too, as Microsoft's own libraries do.
#[must_use]
pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}
