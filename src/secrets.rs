//! Where secrets come from: the environment, then the operating system's keyring. They are never
//! printed: [`SecretString`] shows as `[REDACTED]`, and what leaves the process as text goes
//! through nothing that holds one.

use std::path::Path;

use secrecy::SecretString;
use url::Url;

use crate::error::{Error, Result};

/// The service name under which secrets lie in the keyring.
pub const SERVICE: &str = "crosspost";

/// Looks secrets up for one project.
#[derive(Debug, Clone)]
pub struct Secrets {
    project: String,
}

impl Secrets {
    /// The secrets of a project: two projects on one machine may call their targets the same.
    #[must_use]
    pub fn new(project: &str) -> Self {
        Self { project: project.to_owned() }
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
        Ok(self.in_keyring(target, secret))
    }

    /// A secret that must be there.
    ///
    /// # Errors
    /// As for [`Secrets::find`], and where none is set: then the help says how to set it.
    pub fn require(&self, target: &str, secret: &str) -> Result<SecretString> {
        self.find(target, secret)?.ok_or_else(|| {
            let variable = Self::variable(target, secret);
            Error::invalid(format!("no {secret} for the target `{target}`"))
                .code("missing-secret")
                .help(format!(
                    "set the environment variable `{variable}`, or `{variable}_FILE` to a file that holds it"
                ))
                .help(format!(
                    "or keep it in this machine's keyring: service `{SERVICE}`, account `{}`",
                    self.account(target, secret)
                ))
        })
    }

    /// From the keyring. A machine without one (a CI runner) has no secrets in it; that is no
    /// error, and found out in under a millisecond.
    fn in_keyring(&self, target: &str, secret: &str) -> Option<SecretString> {
        let entry = keyring::Entry::new(SERVICE, &self.account(target, secret)).ok()?;
        entry.get_password().ok().filter(|p| !p.is_empty()).map(SecretString::from)
    }
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
