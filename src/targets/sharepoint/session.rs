//! Who publishes: an application of the organisation, by a secret or by a token of the CI service
//! that says which job this is; and the access token that it gets for either (OAuth 2.0 client
//! credentials, RFC 6749 section 4.4; RFC 7523 for the latter).

use std::time::{Duration, Instant};

use reqwest::{
    Method,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use super::{ID_TOKEN, SECRET, connection::Connection, errors::one_line};
use crate::{
    error::{Error, Result},
    secrets::{JobIdentity, Secrets, job_identity, workload_token},
    targets::{
        Common,
        client::{Answer, Body, Request, require_https},
    },
};

/// Whom a job's token must be meant for, to be exchanged (Microsoft Entra, "Workload identity
/// federation").
const AUDIENCE: &str = "api://AzureADTokenExchange";
/// How an assertion is announced (RFC 7523, section 2.2).
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// A token is renewed so long before it ends.
const MARGIN: Duration = Duration::from_secs(120);

/// Who publishes.
pub enum Credentials {
    /// A client secret.
    Secret(SecretString),
    /// A token of a CI service.
    Assertion(SecretString),
    /// Where GitHub Actions gives out such a token.
    Job(JobIdentity),
}

impl Credentials {
    /// The first of these that there is: a secret, a token, GitHub Actions, the token of a workload
    /// in Kubernetes.
    ///
    /// # Errors
    /// When there is none, or one that cannot be read.
    pub fn load(common: &Common, secrets: &Secrets) -> Result<Self> {
        if let Some(secret) = secrets.find(&common.name, SECRET)? {
            return Ok(Self::Secret(secret));
        }
        if let Some(token) = secrets.find(&common.name, ID_TOKEN)? {
            return Ok(Self::Assertion(token));
        }
        if let Some(job) = job_identity()? {
            require_https(&job.url, common)?;
            return Ok(Self::Job(job));
        }
        if let Some(token) = workload_token()? {
            return Ok(Self::Assertion(token));
        }
        // There is none: this says how to set it.
        let secret = secrets.require(&common.name, SECRET).map_err(|error| {
            let variable = Secrets::variable(&common.name, ID_TOKEN);
            error
                .help("on GitHub Actions no secret is needed: give the job `permissions: id-token: write`")
                .help(format!("on GitLab put a token for `{AUDIENCE}` (`id_tokens`) into `{variable}`"))
        })?;
        Ok(Self::Secret(secret))
    }
}

/// A token that opens Graph, and until when.
#[derive(Clone)]
pub struct Token {
    /// The header's value, marked as a secret.
    pub bearer: HeaderValue,
    /// When it is renewed.
    pub until: Instant,
}

/// Gets a token.
///
/// # Errors
/// When there is no answer, or the credentials do not count.
pub async fn token(connection: &Connection) -> Result<Token> {
    let config = connection.config();
    let url = config.login.join(&format!("{}/oauth2/v2.0/token", config.tenant));
    let url = url.map_err(|e| Error::invalid("`login` cannot be used").cause(e))?;
    let scope = format!("{}/.default", config.api.origin().ascii_serialization());
    let mut fields = vec![
        ("client_id", config.client.clone()),
        ("scope", scope),
        ("grant_type", "client_credentials".to_owned()),
    ];
    match connection.credentials() {
        Credentials::Secret(secret) => {
            fields.push(("client_secret", secret.expose_secret().trim().to_owned()));
        }
        Credentials::Assertion(token) => fields.extend(assertion(token.expose_secret())),
        Credentials::Job(job) => fields.extend(assertion(job_token(connection, job).await?.expose_secret())),
    }
    let answer = connection.send_raw(&form(url, &fields)).await?;
    read(connection, &answer)
}

fn assertion(token: &str) -> [(&'static str, String); 2] {
    [("client_assertion_type", ASSERTION.to_owned()), ("client_assertion", token.trim().to_owned())]
}

fn form(url: Url, fields: &[(&str, String)]) -> Request {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    let mut request = Request::new(Method::POST, url)
        .header(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    request.body = Body::Bytes(form.finish().into_bytes());
    request
}

fn read(connection: &Connection, answer: &Answer) -> Result<Token> {
    let body = answer.json().unwrap_or_default();
    let Some(token) = body.get("access_token").and_then(Value::as_str).filter(|_| answer.status.is_success())
    else {
        return Err(refused(connection, answer, &body));
    };
    let seconds = body.get("expires_in").and_then(Value::as_u64).unwrap_or(3600);
    let until = Instant::now() + Duration::from_secs(seconds).saturating_sub(MARGIN);
    Ok(Token { bearer: bearer(token)?, until })
}

/// `Bearer …`, marked as a secret.
fn bearer(token: &str) -> Result<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("Bearer {token}"))
        .map_err(|_| Error::failed("the token that was given out has characters that no token has"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Why there is no token: Microsoft Entra names each reason by a number.
fn refused(connection: &Connection, answer: &Answer, body: &Value) -> Error {
    let target = connection.target();
    let text = |key: &str| body.get(key).and_then(Value::as_str).unwrap_or_default();
    let described = text("error_description");
    // What follows are ids and the time, each on a line of its own.
    let first = described.lines().next().unwrap_or_default();
    let words = match text("error") {
        // JSON that says no error may hold a token all the same.
        "" if body.is_object() => format!("HTTP {}", answer.status.as_u16()),
        "" => format!("HTTP {}: {}", answer.status.as_u16(), answer.excerpt()),
        error => format!("{error}: {first}"),
    };
    let is = |number: &str| described.contains(&format!("AADSTS{number}:"));
    let error = Error::failed(format!("the target `{target}` does not accept the application's credentials"))
        .code("wrong-credentials")
        .cause(one_line(&words));
    if is("7000222") {
        error.help("the client secret has expired: make a new one in Microsoft Entra, Certificates & secrets")
    } else if is("7000215") {
        error.help("copy the secret's value, not its id, from Microsoft Entra, Certificates & secrets")
    } else if is("700016") {
        error.help("there is no application `client` in this `tenant`: compare both with its page in Microsoft Entra")
    } else if is("90002") || is("900023") {
        error.help("there is no such `tenant`: it stands on the application's page in Microsoft Entra")
    } else if is("70021") || is("700211") || is("700213") {
        error
            .help("no federated credential of the application fits this job: compare issuer and subject in Microsoft Entra")
            .help("the subject names the repository and its branch or environment, letter for letter")
    } else if answer.status.is_server_error() || answer.status.as_u16() == 429 {
        Error::failed(format!("the target `{target}` gets no token"))
            .cause(one_line(&words))
            .help("try again later")
    } else {
        error.help("check `tenant`, `client` and the secret on the application's page in Microsoft Entra")
    }
}

/// The token by which GitHub Actions says which job this is.
async fn job_token(connection: &Connection, job: &JobIdentity) -> Result<SecretString> {
    let mut url = job.url.clone();
    url.query_pairs_mut().append_pair("audience", AUDIENCE);
    let request = Request::new(Method::GET, url).header(AUTHORIZATION, bearer(job.token.expose_secret())?);
    let answer = connection.send_raw(&request).await?;
    let body = answer.json().unwrap_or_default();
    match body.get("value").and_then(Value::as_str).filter(|_| answer.status.is_success()) {
        Some(token) => Ok(SecretString::from(token.to_owned())),
        None => Err(Error::failed("GitHub Actions gave no token that says which job this is")
            .code("wrong-credentials")
            .cause(format!("HTTP {}", answer.status.as_u16()))
            .help("give the job `permissions: id-token: write`")),
    }
}
