//! Where secrets come from: the environment, then the operating system's keyring. They are never
//! printed: [`SecretString`] shows as `[REDACTED]`, and what leaves the process as text goes
//! through nothing that holds one.

mod given;
mod keyring;

use std::{fmt, path::Path};

use secrecy::SecretString;
use url::Url;

use crate::error::{Error, Result};
use given::Given;

/// The service name under which secrets lie in the keyring.
pub const SERVICE: &str = "crosspost";

/// Looks secrets up for one project.
#[derive(Debug, Clone)]
pub struct Secrets {
    project: String,
    /// Where set, the only secrets there are.
    given: Option<Given>,
}

/// Where a secret is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// An environment variable.
    Variable(String),
    /// The file that an environment variable names.
    File(String),
    /// The operating system's keyring.
    Keyring,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "the environment variable `{name}`"),
            Self::File(name) => write!(f, "the file that `{name}` names"),
            Self::Keyring => f.write_str("the keyring"),
        }
    }
}

impl Secrets {
    /// The secrets of a project: two projects on one machine may call their targets the same.
    #[must_use]
    pub fn new(project: &str) -> Self {
        Self { project: project.to_owned(), given: None }
    }

    /// No secrets but those that are [given](Self::give): neither the environment nor the keyring is
    /// asked. For trying secrets before they are kept.
    #[must_use]
    pub fn handed_in(project: &str) -> Self {
        Self { project: project.to_owned(), given: Some(Given::default()) }
    }

    /// The project whose secrets they are.
    #[must_use]
    pub fn project(&self) -> &str {
        &self.project
    }

    /// Hands a secret in. Without effect on secrets that come from the machine.
    pub fn give(&self, target: &str, secret: &str, value: SecretString) {
        if let Some(given) = &self.given {
            given.give(target, secret, value);
        }
    }

    /// The secret of a target that was required last and is not handed in.
    #[must_use]
    pub fn wanting(&self, target: &str) -> Option<String> {
        self.given.as_ref()?.wanting(target)
    }

    /// `CROSSPOST_BLOG_PASSWORD`: the variable that a target's secret is read from.
    #[must_use]
    pub fn variable(target: &str, secret: &str) -> String {
        let upper = |text: &str| -> String {
            text.chars()
                .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' })
                .collect()
        };
        format!("CROSSPOST_{}_{}", upper(target), upper(secret))
    }

    /// The account name in the keyring.
    #[must_use]
    pub fn account(&self, target: &str, secret: &str) -> String {
        format!("{}/{target}/{secret}", self.project)
    }

    /// A secret, or `None` where none is set.
    ///
    /// # Errors
    /// A `_FILE` that cannot be read; an empty or non-Unicode value.
    pub fn find(&self, target: &str, secret: &str) -> Result<Option<SecretString>> {
        if let Some(given) = &self.given {
            return Ok(given.find(target, secret));
        }
        let variable = Self::variable(target, secret);
        if let Some(value) = std::env::var_os(&variable) {
            let value = value.into_string().map_err(|_| {
                Error::invalid(format!("the environment variable `{variable}` is not valid Unicode"))
            })?;
            return non_empty(&value, &variable).map(Some);
        }
        let file_variable = format!("{variable}_FILE");
        if let Some(path) = std::env::var_os(&file_variable) {
            return from_file(Path::new(&path), &file_variable).map(Some);
        }
        // A machine without a keyring (a CI runner) has no secrets in it: that is no error, and
        // found out in under a millisecond.
        Ok(keyring::read(&self.account(target, secret)).unwrap_or_default())
    }

    /// Where a secret comes from; `None` where there is none. The environment goes first.
    #[must_use]
    pub fn origin(&self, target: &str, secret: &str) -> Option<Origin> {
        let variable = Self::variable(target, secret);
        let file_variable = format!("{variable}_FILE");
        let is_set = |name: &str| std::env::var_os(name).is_some();
        match () {
            () if is_set(&variable) => Some(Origin::Variable(variable)),
            () if is_set(&file_variable) => Some(Origin::File(file_variable)),
            () => keyring::read(&self.account(target, secret)).ok()?.map(|_| Origin::Keyring),
        }
    }

    /// A secret that must be there.
    ///
    /// # Errors
    /// As for [`Secrets::find`], and where none is set: then the help says how to set it.
    pub fn require(&self, target: &str, secret: &str) -> Result<SecretString> {
        if let Some(found) = self.find(target, secret)? {
            return Ok(found);
        }
        if let Some(given) = &self.given {
            given.miss(target, secret);
            return Err(Error::invalid(format!("no {secret} was given for the target `{target}`")));
        }
        let variable = Self::variable(target, secret);
        let error = Error::invalid(format!("no {secret} for the target `{target}`"))
            .code("missing-secret")
            .help(format!(
                "set the environment variable `{variable}`, or `{variable}_FILE` to a file that holds it"
            ));
        Err(match keyring::read(&self.account(target, secret)) {
            Err(keyring::Trouble::Locked(cause)) => {
                error.detail("keyring", cause).help("or unlock the keyring, where it may be")
            }
            _ => error.help(format!(
                "or keep it in this machine's keyring: `crosspost login {target}` asks for it"
            )),
        })
    }

    /// Makes sure that there is a keyring before anybody is asked for what is to be kept in it.
    ///
    /// # Errors
    /// Where there is none that can be used: the help says which variable to set instead.
    pub fn expect_keyring(&self, target: &str, secret: &str) -> Result<()> {
        let read = keyring::read(&self.account(target, secret));
        read.map(drop).map_err(|trouble| unusable(target, secret, &trouble))
    }

    /// Keeps a secret in the keyring.
    ///
    /// # Errors
    /// As for [`Secrets::expect_keyring`].
    pub fn keep(&self, target: &str, secret: &str, value: &SecretString) -> Result<()> {
        keyring::write(&self.account(target, secret), value)
            .map_err(|trouble| unusable(target, secret, &trouble))
    }

    /// Takes a secret out of the keyring. Returns whether there was one.
    ///
    /// # Errors
    /// As for [`Secrets::expect_keyring`].
    pub fn forget(&self, target: &str, secret: &str) -> Result<bool> {
        keyring::remove(&self.account(target, secret)).map_err(|trouble| unusable(target, secret, &trouble))
    }
}

fn unusable(target: &str, secret: &str, trouble: &keyring::Trouble) -> Error {
    let variable = Secrets::variable(target, secret);
    let error = match trouble {
        keyring::Trouble::None(cause) => Error::failed("this machine has no keyring").cause(cause),
        keyring::Trouble::Locked(cause) => {
            Error::failed("this machine's keyring is locked, or was never set up").cause(cause)
        }
    };
    error
        .code("no-keyring")
        .help(format!("give the {secret} to crosspost in the environment variable `{variable}`"))
        .help(format!("or write it to a file that only you can read, and set `{variable}_FILE` to its path"))
}

/// Where a job of GitHub Actions is given a token that says which job it is (GitHub's
/// documentation, "Security hardening your deployments").
#[derive(Debug, Clone)]
pub struct JobIdentity {
    /// Where it asks.
    pub url: Url,
    /// With what.
    pub token: SecretString,
}

/// What GitHub Actions tells a job that has `permissions: id-token: write`; `None` elsewhere.
///
/// # Errors
/// An address that is none.
pub fn job_identity() -> Result<Option<JobIdentity>> {
    const URL: &str = "ACTIONS_ID_TOKEN_REQUEST_URL";
    const TOKEN: &str = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";
    let value = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    let (Some(url), Some(token)) = (value(URL), value(TOKEN)) else { return Ok(None) };
    let url = Url::parse(&url)
        .map_err(|e| Error::invalid(format!("the environment variable `{URL}` is no address")).cause(e))?;
    Ok(Some(JobIdentity { url, token: SecretString::from(token) }))
}

/// The token of a workload in Kubernetes (Microsoft Entra Workload ID), where the environment names
/// its file.
///
/// # Errors
/// A file that cannot be read, or is empty.
pub fn workload_token() -> Result<Option<SecretString>> {
    const FILE: &str = "AZURE_FEDERATED_TOKEN_FILE";
    std::env::var_os(FILE).map(|path| from_file(Path::new(&path), FILE)).transpose()
}

fn non_empty(value: &str, variable: &str) -> Result<SecretString> {
    let trimmed = value.trim_end_matches(['\r', '\n']);
    if trimmed.trim().is_empty() {
        return Err(Error::invalid(format!("the environment variable `{variable}` is empty"))
            .help("give it the secret, or unset it to use the keyring"));
    }
    Ok(SecretString::from(trimmed.to_owned()))
}

fn from_file(path: &Path, variable: &str) -> Result<SecretString> {
    let text = std::fs::read_to_string(path).map_err(|e| {
        Error::invalid(format!("cannot read the file that `{variable}` names"))
            .detail("file", path.display().to_string())
            .cause(e)
    })?;
    let trimmed = text.trim_end_matches(['\r', '\n']);
    if trimmed.is_empty() {
        return Err(Error::invalid(format!("the file that `{variable}` names is empty"))
            .detail("file", path.display().to_string()));
    }
    Ok(SecretString::from(trimmed.to_owned()))
}
