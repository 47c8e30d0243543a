//! A MediaWiki target's own table.

use serde::Deserialize;
use url::Url;

use super::title;
use crate::{
    config::Table,
    error::{Error, Result},
    targets::{Common, client::require_https},
};

/// What the wiki's history says of an edit when the configuration says nothing.
const SUMMARY: &str = "Published with crosspost";

/// What `[targets.NAME]` says of a wiki.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub struct Config {
    /// `url`: the wiki's address, ending in `/`.
    pub url: Url,
    /// `api`: where `api.php` is, if not in one of the usual places.
    pub api: Option<Url>,
    /// `user`: a bot password's name, as `Publisher@crosspost`. `None` where a token is used.
    pub user: Option<String>,
    /// `namespace`: where the pages stand, as `News`; the main one if it says nothing.
    pub namespace: Option<String>,
    /// `prefix`: what all titles begin with, as `Weeknotes/`.
    pub prefix: String,
    /// `categories`: those of every page, besides the note's own.
    pub categories: Vec<String>,
    /// `minor`: updates are marked as minor edits.
    pub minor: bool,
    /// `bot`: edits are marked as a bot's, which recent changes leave out.
    pub bot: bool,
    /// `summary`: what the wiki's history says of each edit.
    pub summary: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    url: Option<String>,
    api: Option<String>,
    user: Option<String>,
    namespace: Option<String>,
    prefix: Option<String>,
    #[serde(default)]
    categories: Vec<String>,
    #[serde(default)]
    minor: bool,
    #[serde(default)]
    bot: bool,
    summary: Option<String>,
}

impl Config {
    /// Reads the table.
    ///
    /// # Errors
    /// Unknown keys; a missing `url`; an address that is none or not safe; a `user` that is no bot
    /// password's name; a `namespace` or `prefix` that cannot stand in a title.
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
                .help("add the wiki's address, as `url = \"https://wiki.example.org/\"`")
        })?;
        let (url, found_api) = wiki(address("url", &url, common)?);
        Ok(Self {
            url,
            api: raw.api.map(|api| address("api", &api, common)).transpose()?.or(found_api),
            user: raw.user.map(|user| bot(&user)).transpose()?,
            namespace: raw.namespace.map(|name| part("namespace", &name)).transpose()?,
            prefix: raw.prefix.map(|prefix| part("prefix", &prefix)).transpose()?.unwrap_or_default(),
            categories: raw.categories,
            minor: raw.minor,
            bot: raw.bot,
            summary: raw.summary.unwrap_or_else(|| SUMMARY.to_owned()),
        })
    }

    /// What stands before a page's own title: `News:Weeknotes/`.
    #[must_use]
    pub fn before_title(&self) -> String {
        let namespace = self.namespace.as_ref().map(|name| format!("{name}:")).unwrap_or_default();
        format!("{namespace}{}", self.prefix)
    }
}

fn address(key: &str, text: &str, common: &Common) -> Result<Url> {
    let mut url = Url::parse(text.trim()).map_err(|e| {
        Error::invalid(format!("`{key}` is no address of a web site"))
            .cause(e)
            .help("write it in full, as `https://wiki.example.org/`")
    })?;
    require_https(&url, common)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::invalid(format!("`{key}` carries a user name or a password"))
            .help("put the user name in `user`, and keep the password out of this file"));
    }
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

/// The folder of a wiki's address, and the API where that was what was written. People copy the
/// address of any page.
fn wiki(mut url: Url) -> (Url, Option<Url>) {
    let path = url.path().to_owned();
    let api = path.ends_with("/api.php").then(|| url.clone());
    let folder = ["/api.php", "/index.php"].iter().find_map(|file| Some(path.split_once(file)?.0));
    url.set_path(&format!("{}/", folder.unwrap_or(&path).trim_end_matches('/')));
    (url, api)
}

fn bot(user: &str) -> Result<String> {
    let user = user.trim();
    match user.split_once('@') {
        Some((name, bot)) if !name.is_empty() && !bot.is_empty() => Ok(user.to_owned()),
        _ => Err(Error::invalid(format!("`{user}` is no name of a bot password"))
            .help("make one at Special:BotPasswords on the wiki; its name is `Name@bot`")),
    }
}

/// A part of a title, in the form in which MediaWiki shows it.
fn part(key: &str, text: &str) -> Result<String> {
    let text = text.trim_end_matches(':');
    let normal = title::with_first_letter(&title::spaced(text));
    if normal.is_empty() || title::replaced(&normal) != normal {
        return Err(Error::invalid(format!("`{key}` cannot stand in the title of a wiki's page"))
            .help("it cannot have any of `#<>[]{}|`"));
    }
    let ends_in_blank = key == "prefix" && text.ends_with(' ');
    Ok(if ends_in_blank { format!("{normal} ") } else { normal })
}

#[cfg(test)]
mod tests;
