//! A SharePoint target's own table.

use std::path::Path;

use serde::Deserialize;
use url::Url;

use crate::{
    config::Table,
    error::{Error, Result},
    targets::{Common, client::require_https},
};

/// Where Microsoft's own cloud gives out tokens.
const LOGIN: &str = "https://login.microsoftonline.com/";
/// Where its Graph is.
const API: &str = "https://graph.microsoft.com/v1.0/";

/// What `[targets.NAME]` says of a site.
#[derive(Debug, Clone)]
pub struct Config {
    /// `url`: the site's address, ending in `/`.
    pub url: Url,
    /// `tenant`: the organisation's id or domain in Microsoft Entra.
    pub tenant: String,
    /// `client`: the application's id.
    pub client: String,
    /// `news`: pages are news posts.
    pub news: bool,
    /// `library`: the document library that pictures go to; the site's first if it says nothing.
    pub library: Option<String>,
    /// `login`: where tokens are given out, ending in `/`.
    pub login: Url,
    /// `api`: where Graph is, version and all, ending in `/`.
    pub api: Url,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    url: Option<String>,
    tenant: Option<String>,
    client: Option<String>,
    #[serde(default)]
    news: bool,
    library: Option<String>,
    login: Option<String>,
    api: Option<String>,
}

impl Config {
    /// Reads the table.
    ///
    /// # Errors
    /// Unknown keys; a missing `url`, `tenant` or `client`; an address that is none or not safe.
    pub fn read(common: &Common, table: Table<'_>) -> Result<Self> {
        // The table is used up by reading it; its place is wanted for what is wrong with a value.
        let wrong = table.error("");
        let raw: Raw = table.read()?;
        Self::check(common, raw).map_err(|error| match wrong.place() {
            Some(place) => error.at(place.clone()),
            None => error,
        })
    }

    fn check(common: &Common, raw: Raw) -> Result<Self> {
        let url = raw.url.ok_or_else(|| {
            missing(
                common,
                "url",
                "add the site's address, as `url = \"https://contoso.sharepoint.com/sites/intranet\"`",
            )
        })?;
        let tenant = raw.tenant.ok_or_else(|| {
            missing(
                common,
                "tenant",
                "it is the organisation's domain, as `contoso.onmicrosoft.com`, or its tenant id",
            )
        })?;
        let client = raw.client.ok_or_else(|| {
            missing(common, "client", "it is the \"Application (client) ID\" in Microsoft Entra")
        })?;
        Ok(Self {
            url: site(address("url", &url, common)?),
            tenant: word("tenant", &tenant)?,
            client: word("client", &client)?,
            news: raw.news,
            library: raw.library.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()),
            login: address("login", raw.login.as_deref().unwrap_or(LOGIN), common)?,
            api: address("api", raw.api.as_deref().unwrap_or(API), common)?,
        })
    }

    /// What stands after `sites/` to ask for the site by its address (Graph, "Get site by path").
    #[must_use]
    pub fn path(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        match self.url.path().trim_end_matches('/') {
            "" => host.to_owned(),
            path => format!("{host}:{path}"),
        }
    }
}

fn missing(common: &Common, key: &str, help: &str) -> Error {
    Error::invalid(format!("the target `{}` does not say its `{key}`", common.name)).help(help)
}

/// An address that ends in `/`.
fn address(key: &str, text: &str, common: &Common) -> Result<Url> {
    let mut url = Url::parse(text.trim()).map_err(|e| {
        Error::invalid(format!("`{key}` is no address of a web site"))
            .cause(e)
            .help("write it in full, as `https://contoso.sharepoint.com/sites/intranet`")
    })?;
    require_https(&url, common)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::invalid(format!("`{key}` carries a user name or a password"))
            .help("keep secrets out of this file"));
    }
    url.set_query(None);
    url.set_fragment(None);
    url.set_path(&format!("{}/", url.path().trim_end_matches('/')));
    Ok(url)
}

/// The site of an address: people copy the address of any of its pages or lists.
fn site(mut url: Url) -> Url {
    const BELOW: [&str; 6] = ["SitePages", "Lists", "Shared Documents", "SiteAssets", "_layouts", "Pages"];
    let path = url.path().to_owned();
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let is_below = |part: &&str| {
        BELOW.iter().any(|name| part.replace("%20", " ").eq_ignore_ascii_case(name))
            || Path::new(part).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("aspx"))
    };
    let own: Vec<&str> = parts.into_iter().take_while(|part| !is_below(part)).collect();
    url.set_path(&format!("{}/", own.join("/")));
    url
}

/// An id or a domain: it becomes a part of an address.
fn word(key: &str, text: &str) -> Result<String> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b)) {
        return Ok(text.to_owned());
    }
    Err(Error::invalid(format!("`{key}` is neither an id nor a domain"))
        .help("copy it from the application's page in Microsoft Entra"))
}

#[cfg(test)]
mod tests;
