//! A Confluence target's own table.

use serde::Deserialize;
use url::Url;

use crate::{
    config::Table,
    error::{Error, Result},
    render::storage::Edition,
    targets::{Common, client::require_https},
};

/// What `[targets.NAME]` says of a space.
#[derive(Debug, Clone)]
pub struct Config {
    /// `url`: where people read, ending in `/`; on Cloud in `/wiki/`.
    pub site: Url,
    /// `api`: where the API is, if elsewhere (Atlassian's gateway), ending likewise.
    pub api: Url,
    /// `edition`: which Confluence it is.
    pub edition: Edition,
    /// `space`: the key of the space.
    pub space: String,
    /// `user`: the e-mail address of the token's owner. `None`: the token is sent alone.
    pub user: Option<String>,
    /// `parent`: title or id of the page below which pages are made. `None`: the space's home page.
    pub parent: Option<String>,
    /// `labels`: those of every page, besides the note's own.
    pub labels: Vec<String>,
    /// `notify`: whether those who watch a page are told of an update.
    pub notify: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    url: Option<String>,
    api: Option<String>,
    edition: Option<String>,
    space: Option<String>,
    user: Option<String>,
    parent: Option<String>,
    #[serde(default)]
    labels: Vec<String>,
    #[serde(default)]
    notify: bool,
}

impl Config {
    /// Reads the table.
    ///
    /// # Errors
    /// Unknown keys; a missing `url` or `space`; an address that is none or not safe; a `space` that is
    /// no key; an unknown `edition`.
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
            Error::invalid(format!("the target `{}` does not say its `url`", common.name))
                .help("add the site's address, as `url = \"https://example.atlassian.net/wiki\"`")
        })?;
        let space = raw.space.ok_or_else(|| {
            Error::invalid(format!("the target `{}` does not say its `space`", common.name))
                .help("add the space's key, which stands in its addresses: `space = \"DIGITAL\"`")
        })?;
        let url = address("url", &url, common)?;
        let edition = edition(raw.edition.as_deref(), &url)?;
        let site = home(url, edition);
        let api = raw.api.map(|api| address("api", &api, common)).transpose()?;
        Ok(Self {
            api: api.map_or_else(|| site.clone(), |api| gateway(api, edition)),
            site,
            edition,
            space: key(&space)?,
            user: raw.user.map(|user| user.trim().to_owned()).filter(|user| !user.is_empty()),
            parent: raw.parent.map(|parent| parent.trim().to_owned()).filter(|parent| !parent.is_empty()),
            labels: raw.labels,
            notify: raw.notify,
        })
    }

    /// The site record's key for the space's id.
    #[must_use]
    pub fn space_key(&self) -> String {
        format!("space {}", self.space)
    }

    /// The site record's key for the page that pages are made below and pictures attached to.
    #[must_use]
    pub fn home_key(&self) -> String {
        format!("home {} {}", self.space, self.parent.as_deref().unwrap_or_default())
    }
}

fn address(name: &str, text: &str, common: &Common) -> Result<Url> {
    let mut url = Url::parse(text.trim()).map_err(|e| {
        Error::invalid(format!("`{name}` is no address of a web site"))
            .cause(e)
            .help("write it in full, as `https://example.atlassian.net/wiki`")
    })?;
    require_https(&url, common)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::invalid(format!("`{name}` carries a user name or a password"))
            .help("put the e-mail address in `user`, and keep the token out of this file"));
    }
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

fn edition(said: Option<&str>, url: &Url) -> Result<Edition> {
    let is_cloud = url.host_str().is_some_and(|host| host.ends_with(".atlassian.net"));
    match said {
        Some("cloud") => Ok(Edition::Cloud),
        Some("data-center") => Ok(Edition::DataCenter),
        Some(other) => Err(Error::invalid(format!("`{other}` is no edition of Confluence"))
            .help("it is `cloud` (addresses that end in `.atlassian.net`) or `data-center`")),
        None if is_cloud => Ok(Edition::Cloud),
        None => Ok(Edition::DataCenter),
    }
}

/// A site's address, without what follows when people copy that of any page.
fn home(mut url: Url, edition: Edition) -> Url {
    let path = format!("{}/", url.path().trim_end_matches('/'));
    let path = match edition {
        Edition::Cloud => "/wiki/".to_owned(),
        Edition::DataCenter => {
            let ends = ["/display/", "/spaces/", "/pages/", "/rest/", "/x/"];
            let end = ends.iter().filter_map(|part| path.find(part)).min();
            format!("{}/", path.get(..end.unwrap_or(path.len())).unwrap_or_default().trim_end_matches('/'))
        }
    };
    url.set_path(&path);
    url
}

/// Atlassian's gateway has the site's own addresses below `/ex/confluence/CLOUDID`.
fn gateway(mut url: Url, edition: Edition) -> Url {
    let path = url.path().trim_end_matches('/').to_owned();
    let wiki = if edition == Edition::Cloud && !path.ends_with("/wiki") { "/wiki" } else { "" };
    url.set_path(&format!("{path}{wiki}/"));
    url
}

fn key(space: &str) -> Result<String> {
    let space = space.trim();
    let is_key =
        |key: &str| !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || "~_.-".contains(c));
    if is_key(space) {
        return Ok(space.to_owned());
    }
    Err(Error::invalid(format!("`{space}` is no key of a space"))
        .help("it stands in the addresses of the space's pages, after `/spaces/` or `/display/`"))
}

#[cfg(test)]
mod tests;
