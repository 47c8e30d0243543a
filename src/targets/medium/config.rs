//! A Medium target's own keys.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    config::Table,
    error::{Error, Result},
    note::Audience,
    render::medium::Tables,
    targets::{Common, client::require_https},
};

/// Medium's API, where nothing else is configured.
const API: &str = "https://api.medium.com/v1";

/// Where the pages for people go, where nothing else is configured.
const HANDOFF: &str = "crosspost-out/handoff";

/// What a target's table says for Medium.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `mode`: who creates the stories.
    pub mode: Mode,
    /// `handoff`: the folder of the pages that a person brings to Medium.
    pub handoff: PathBuf,
    /// `api`: where the API is.
    pub api: Url,
    /// `feed`, or the feed of `username`: where the newest public stories can be seen.
    pub feed: Option<Url>,
    /// `publication`: the id of the publication that the stories are for.
    pub publication: Option<String>,
    /// `visibility`: who sees a published note.
    pub visibility: Visibility,
    /// `license`; Medium takes `all-rights-reserved` where there is none.
    pub license: Option<License>,
    /// `notify`: whether the author's followers are told of a new story.
    pub notify: bool,
    /// `tables`: what a table becomes.
    pub tables: Tables,
}

/// Who creates the stories.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// crosspost, through the API, with a token.
    #[default]
    Api,
    /// Their author, by hand: Medium gives out no tokens any more.
    Handoff,
}

/// Who sees a note whose status is `publish`: Medium's `publishStatus`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Visibility {
    /// Everybody.
    #[default]
    Public,
    /// Who has the address.
    Unlisted,
    /// Its author, who publishes it by hand.
    Draft,
}

impl Visibility {
    /// Medium's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Unlisted => "unlisted",
            Self::Draft => "draft",
        }
    }
}

/// Medium's licences, in its API's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are Medium's and say what they are")]
pub enum License {
    AllRightsReserved,
    #[serde(rename = "cc-40-by")]
    Cc40By,
    #[serde(rename = "cc-40-by-sa")]
    Cc40BySa,
    #[serde(rename = "cc-40-by-nd")]
    Cc40ByNd,
    #[serde(rename = "cc-40-by-nc")]
    Cc40ByNc,
    #[serde(rename = "cc-40-by-nc-nd")]
    Cc40ByNcNd,
    #[serde(rename = "cc-40-by-nc-sa")]
    Cc40ByNcSa,
    #[serde(rename = "cc-40-zero")]
    Cc40Zero,
    PublicDomain,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(default)]
    mode: Mode,
    handoff: Option<PathBuf>,
    api: Option<Url>,
    feed: Option<Url>,
    username: Option<String>,
    publication: Option<String>,
    #[serde(default)]
    visibility: Visibility,
    license: Option<License>,
    #[serde(default)]
    notify: bool,
    #[serde(default)]
    tables: Tables,
}

/// Reads a target's own table.
///
/// # Errors
/// Unknown keys, wrong types, values that cannot be; an internal audience, since nothing on Medium
/// is internal.
pub(super) fn read(common: &Common, table: Table<'_>) -> Result<Settings> {
    let here = table.error("").place().cloned();
    let place = |error: Error| match &here {
        Some(place) => error.at(place.clone()),
        None => error,
    };
    let raw: Raw = table.read()?;
    settings(common, raw).map_err(place)
}

fn settings(common: &Common, raw: Raw) -> Result<Settings> {
    if common.audience == Audience::Internal {
        return Err(Error::invalid(format!(
            "the target `{}` cannot be internal: Medium is not",
            common.name
        ))
        .help("set `audience = \"public\"`, so that internal passages are cut from what is sent there"));
    }
    let api = match raw.api {
        Some(api) => api,
        None => address("api", API)?,
    };
    require_https(&api, common)?;
    let feed = match (raw.feed, &raw.username) {
        (Some(feed), _) => Some(feed),
        (None, Some(name)) => Some(feed_of(name)?),
        (None, None) => None,
    };
    if let Some(feed) = &feed {
        require_https(feed, common)?;
    }
    if let Some(id) = raw.publication.as_deref() {
        check_publication(id)?;
    }
    if raw.handoff.is_some() && raw.mode != Mode::Handoff {
        return Err(Error::invalid("`handoff` is the folder of the pages that you bring to Medium by hand")
            .help("set `mode = \"handoff\"` as well, or leave `handoff` out"));
    }
    Ok(Settings {
        mode: raw.mode,
        handoff: common.root.join(raw.handoff.unwrap_or_else(|| HANDOFF.into())),
        api,
        feed,
        publication: raw.publication,
        visibility: raw.visibility,
        license: raw.license,
        notify: raw.notify,
        tables: raw.tables,
    })
}

/// The feed of an author, whose name may be written with its `@`.
fn feed_of(username: &str) -> Result<Url> {
    let name = username.trim_start_matches('@');
    let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if name.is_empty() || !name.chars().all(fine) {
        return Err(Error::invalid(format!("`{username}` cannot be a user name at Medium"))
            .help("write `username` as in the address of your profile, https://medium.com/@NAME"));
    }
    address("username", &format!("https://medium.com/feed/@{name}"))
}

fn check_publication(id: &str) -> Result<()> {
    if !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Ok(());
    }
    Err(Error::invalid(format!("`{id}` cannot be the id of a publication"))
        .help("`publication` is the id that Medium's API gives it (as `b45573563f5a`), not its name"))
}

fn address(key: &str, text: &str) -> Result<Url> {
    Url::parse(text).map_err(|e| Error::invalid(format!("`{key}` is no address")).cause(e))
}
