//! `[targets.NAME]` with `kind = "folder"`: where the pages go and what the site is called.

use std::path::{Component, Path, PathBuf};

use jiff::tz::TimeZone;
use serde::Deserialize;
use url::Url;

use crate::{
    config::Table,
    error::{Error, Result},
    targets::Common,
};

/// Where the pages go when nothing is said.
const DEFAULT_PATH: &str = "crosspost-out";
/// What the site is called when nothing is said.
const DEFAULT_TITLE: &str = "Notes";
/// The language of the notes when nothing is said.
const DEFAULT_LANGUAGE: &str = "en";

/// The keys of the table, as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    path: Option<PathBuf>,
    url: Option<String>,
    title: Option<String>,
    language: Option<String>,
}

/// A folder's configuration, checked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The folder, from the working folder or absolute.
    pub folder: PathBuf,
    /// The folder as a person wrote it, with `/` and without a final one: what messages show, and
    /// what a page's address begins with where `url` is not set.
    pub shown: String,
    /// `url`: where the folder will be served from, ending in `/`.
    pub url: Option<Url>,
    /// `title`: the site's name.
    pub title: String,
    /// `language`: a BCP 47 tag.
    pub language: String,
    /// On whose calendar dates are shown.
    pub timezone: TimeZone,
}

impl Settings {
    /// Reads a table.
    ///
    /// # Errors
    /// Unknown keys; a `path` that is the notes' own folder or holds it; a `url` that is no place
    /// for a site; a `title` without text; a `language` that is no language tag.
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
        let path = raw.path.unwrap_or_else(|| PathBuf::from(DEFAULT_PATH));
        refuse_own_folder(&common.root, &path)?;
        Ok(Self {
            folder: common.root.join(&path),
            shown: shown(&path),
            url: raw.url.as_deref().map(base_url).transpose()?,
            title: title(raw.title)?,
            language: language(raw.language)?,
            timezone: common.timezone.clone(),
        })
    }

    /// The address of a file of the folder: on the site where `url` is set, and else its path from
    /// the configuration's folder, which a person can open.
    #[must_use]
    pub fn address(&self, file: &str) -> String {
        format!("{}{file}", self.address_of_folder())
    }

    /// What every address in the folder begins with.
    #[must_use]
    pub fn address_of_folder(&self) -> String {
        self.url.as_ref().map_or_else(|| format!("{}/", self.shown), Url::to_string)
    }
}

/// A folder of pages inside the notes' folder is fine; one that is that folder, or holds it, is a
/// slip (`path = "."`) that would mix pages with notes.
fn refuse_own_folder(root: &Path, path: &Path) -> Result<()> {
    let folder = normalised(&root.join(path));
    // Where the root is relative, only the way up can be told.
    let above = folder.components().all(|part| part == Component::ParentDir);
    if path.as_os_str().is_empty() || above || normalised(root).starts_with(&folder) {
        return Err(Error::invalid(format!("`path` is {}", holder(path)))
            .help("name a folder of its own for the pages, as `path = \"crosspost-out\"`"));
    }
    Ok(())
}

fn holder(path: &Path) -> String {
    if path.as_os_str().is_empty() {
        return "empty".to_owned();
    }
    format!("the folder of the notes, or one around it: {}", path.display())
}

/// A path without `.` and, where that can be told from the text alone, without `..`.
fn normalised(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

fn shown(path: &Path) -> String {
    let text = normalised(path).to_string_lossy().replace('\\', "/");
    text.trim_end_matches('/').to_owned()
}

fn base_url(text: &str) -> Result<Url> {
    let wrong = |cause: &str| {
        Error::invalid(format!("`url` is no address of a site: {cause}"))
            .help("write where the folder will be served from, as `url = \"https://notes.example.gov.uk/\"`")
    };
    let mut url = Url::parse(text).map_err(|e| wrong(&e.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong("it must begin with https:// or http://"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("it has a `?` or a `#`"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("it holds a name or a password"));
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

fn title(title: Option<String>) -> Result<String> {
    let title = title.unwrap_or_else(|| DEFAULT_TITLE.to_owned());
    if title.trim().is_empty() {
        return Err(Error::invalid("`title` is empty").help("leave it out, or say what the site is called"));
    }
    Ok(title.trim().to_owned())
}

/// The shape of a language tag (RFC 5646, 2.1): subtags of letters and digits, a language first.
fn language(language: Option<String>) -> Result<String> {
    let language = language.unwrap_or_else(|| DEFAULT_LANGUAGE.to_owned());
    let subtag =
        |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    let first = language.split('-').next().unwrap_or_default();
    let named = (2..=8).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_alphabetic());
    if named && language.split('-').all(subtag) {
        return Ok(language);
    }
    Err(Error::invalid(format!("`{language}` is no language tag")).help("write one as `en`, `en-GB` or `cy`"))
}
