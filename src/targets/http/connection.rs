//! A described API as a user of it. Nothing is asked ahead, but the first thing that is asked is who
//! asks: until that is answered, nothing else that the server says is believed.

use reqwest::header::HeaderMap;
use serde_json::Value as Json;
use tokio::sync::OnceCell;

use super::{
    address,
    auth::Credentials,
    config::Config,
    errors::{self, Outcome, Refusal, Said},
    names::Values,
    operation::Operation,
    source::text,
};
use crate::{
    error::{Error, Result},
    secrets::Secrets,
    targets::{
        Common, WriteError,
        client::{Answer, Body, Client, NoAnswer, Request},
    },
};

/// How often a read is redirected within the target's address.
const REDIRECTS: usize = 3;

/// An API, as the configured user.
pub struct Connection {
    client: Client,
    config: Config,
    target: String,
    credentials: Credentials,
    who: OnceCell<Option<String>>,
}

impl Connection {
    /// A connection that is not opened yet.
    ///
    /// # Errors
    /// Certificates or a proxy that cannot be used; a secret that is missing.
    pub fn new(common: &Common, config: &Config, secrets: &Secrets) -> Result<Self> {
        Ok(Self {
            client: Client::new(common)?,
            config: config.clone(),
            target: common.name.clone(),
            credentials: Credentials::load(&config.auth, &common.name, secrets)?,
            who: OnceCell::new(),
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

    /// Who asks, as far as the configuration says.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        self.config.auth.account()
    }

    /// The name of the secret in use.
    #[must_use]
    pub fn secret(&self) -> Option<&'static str> {
        self.config.auth.secret()
    }

    /// Asks, once in a run, who asks. Returns what the server calls them, where it says it.
    ///
    /// # Errors
    /// When it cannot be asked, or takes us for nobody.
    pub async fn check(&self) -> Result<Option<&str>> {
        let who = self.who.get_or_try_init(|| self.ask_who()).await?;
        Ok(who.as_deref())
    }

    async fn ask_who(&self) -> Result<Option<String>> {
        let doing = "say who asks";
        let said = match self.read(&self.config.check, &Values::default()).await? {
            Outcome::Done(said) => said,
            other => return Err(errors::explain(self, doing, &other)),
        };
        let Some(source) = &self.config.who else { return Ok(None) };
        match source.value(&said.whole, &said.headers, &Values::default()) {
            Some(who) if errors::is_true(&who) => Ok(Some(text(&who))),
            // Some servers answer a stranger like everybody else, only without saying who it is.
            _ => Err(errors::wrong_credentials(
                self,
                &format!("the answer to `check` has nothing at `{}`", source.shown()),
            )),
        }
    }

    /// Asks something that changes nothing; a redirect within the target's address is followed.
    ///
    /// # Errors
    /// When there is no answer; a redirect to anywhere else.
    pub async fn read(&self, operation: &Operation, values: &Values) -> Result<Outcome> {
        let request = self.request(operation, values)?;
        self.read_at(operation, request).await
    }

    /// The next part of a list that an answer names.
    ///
    /// # Errors
    /// As for [`Connection::read`]; an address outside of the target's.
    pub async fn read_next(
        &self,
        operation: &Operation,
        from: &Request,
        to: &str,
    ) -> Result<(Request, Outcome)> {
        let mut request = from.clone();
        request.url = address::follow(&self.config.url, &from.url, to)?;
        let outcome = self.read_at(operation, request.clone()).await?;
        Ok((request, outcome))
    }

    async fn read_at(&self, operation: &Operation, mut request: Request) -> Result<Outcome> {
        for _ in 0..REDIRECTS {
            let answer = self.send(&request).await.map_err(NoAnswer::into_error)?;
            let outcome = errors::outcome(operation, &answer);
            let Outcome::Refused(Refusal::Redirect { to, .. }, _) = &outcome else { return Ok(outcome) };
            request.url = address::follow(&self.config.url, &request.url, to)?;
        }
        Err(Error::failed(format!("the target `{}` redirects without end", self.target)))
    }

    /// Asks for something to be changed, once.
    ///
    /// # Errors
    /// [`WriteError::Unknown`] when it may have been received and there is no answer.
    pub async fn write(&self, operation: &Operation, request: &Request) -> Result<Outcome, WriteError> {
        let answer = self.send(request).await.map_err(|lost| match lost {
            NoAnswer::NotReceived(error) => WriteError::NotDone(error),
            NoAnswer::Lost(error) => WriteError::Unknown(error),
        })?;
        Ok(errors::outcome(operation, &answer))
    }

    /// A request that values make, its body in it.
    ///
    /// # Errors
    /// What a template lacks; an address outside of the target's.
    pub fn request(&self, operation: &Operation, values: &Values) -> Result<Request> {
        let mut request = operation.request(&self.config.url, &self.config.headers, values)?;
        if let Some(json) = operation.json(values)? {
            request.body = Body::Json(json);
        }
        Ok(request)
    }

    /// Sends a request as the configured user; once more with a new token where the old one is over.
    async fn send(&self, request: &Request) -> Result<Answer, NoAnswer> {
        let signed = self.signed(request).await?;
        let answer = self.client.send(&signed).await?;
        if answer.status.as_u16() == 401 && self.credentials.renew().await {
            return self.client.send(&self.signed(request).await?).await;
        }
        Ok(answer)
    }

    async fn signed(&self, request: &Request) -> Result<Request, NoAnswer> {
        self.credentials.sign(&self.client, request.clone()).await.map_err(NoAnswer::NotReceived)
    }
}

/// What a row of a list says: it has no headers of its own.
#[must_use]
pub fn row(json: &Json) -> Said {
    Said { post: json.clone(), whole: json.clone(), headers: HeaderMap::new() }
}
