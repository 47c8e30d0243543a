//! `crosspost.toml`: strict TOML, every mistake told with its line and the nearest known key. A
//! target's own table is read by its driver.

mod frames;

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use jiff::tz::TimeZone;
use serde::Deserialize;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{
    error::{Error, Place, Result, nearest},
    note::Audience,
    pictures::Limits,
    render::{
        frame::Frame,
        links::{InternalHosts, InternalLinks, InternalPolicy},
    },
    targets::{Common, DRIVERS, Target},
};

/// The file's name, looked for from the working folder upwards.
pub const FILE_NAME: &str = "crosspost.toml";

/// A configuration, read and checked.
pub struct Config {
    /// The folder that paths start from: the file's own, or the working folder.
    pub root: PathBuf,
    /// The file; `None` where the embedded `folder` target stands in.
    pub file: Option<PathBuf>,
    /// `project`: part of every marker.
    pub project: String,
    /// `notes`: globs that say what `publish` means without a path.
    pub notes: Vec<String>,
    /// `state`: where the ledger is.
    pub state: String,
    /// `timezone`: of dates that name none.
    pub timezone: TimeZone,
    /// `[internal]`.
    pub internal: InternalPolicy,
    /// `[pictures]`.
    pub pictures: Limits,
    /// `[front_matter] ignore`.
    pub ignored_keys: Vec<String>,
    /// `author`: of new notes.
    pub author: Option<String>,
    /// `[templates]`: of new notes, by name, each with its path from `root`.
    pub templates: Vec<(String, String)>,
    /// The targets, in the order of the file.
    pub targets: Vec<Arc<dyn Target>>,
}

/// `[internal]`: what is inside, and what public targets show in its place.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Internal {
    /// Hosts (globs) of the inside.
    hosts: Vec<String>,
    /// What becomes of a link to one of them in a public target.
    links: InternalLinks,
    /// The label of `links = "label"`.
    label: String,
}

impl Internal {
    fn policy(self) -> Result<InternalPolicy, String> {
        Ok(InternalPolicy { hosts: InternalHosts::new(&self.hosts)?, links: self.links, label: self.label })
    }
}

impl Default for Internal {
    fn default() -> Self {
        Self { hosts: Vec::new(), links: InternalLinks::default(), label: "[internal link]".to_owned() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTop {
    project: Option<Spanned<String>>,
    notes: Option<Vec<String>>,
    state: Option<Spanned<String>>,
    timezone: Option<Spanned<String>>,
    author: Option<String>,
    #[serde(default)]
    templates: std::collections::BTreeMap<String, String>,
    #[serde(default)]
    internal: Internal,
    #[serde(default)]
    pictures: RawPictures,
    #[serde(default)]
    front_matter: RawFrontMatter,
}

/// `[pictures]`: what pictures are brought to before they go out.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct RawPictures {
    max_width: Option<Spanned<u32>>,
}

impl RawPictures {
    fn limits(&self, text: &ConfigText) -> Result<Limits> {
        let Some(value) = &self.max_width else { return Ok(Limits::default()) };
        let max_width = *value.get_ref();
        if (200..=16_000).contains(&max_width) {
            return Ok(Limits { max_width });
        }
        Err(at(text, value, Error::invalid("`max_width` must lie between 200 and 16000 pixels")))
    }
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct RawFrontMatter {
    ignore: Vec<String>,
}

/// The keys that every target's table may have; the rest is its driver's.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCommon {
    audience: Option<Audience>,
    canonical: Option<Spanned<String>>,
    #[serde(default)]
    authors: Vec<String>,
    timeout: Option<Spanned<f64>>,
    concurrency: Option<Spanned<usize>>,
    #[serde(default)]
    insecure_http: bool,
    ca_file: Option<PathBuf>,
    client_certificate: Option<PathBuf>,
    proxy: Option<Spanned<String>>,
    header: Option<Spanned<String>>,
    footer: Option<Spanned<String>>,
}

/// The keys that the table of every kind of target may have, besides `kind`.
pub const COMMON_KEYS: &[&str] = &[
    "audience",
    "canonical",
    "authors",
    "timeout",
    "concurrency",
    "insecure_http",
    "ca_file",
    "client_certificate",
    "proxy",
    "header",
    "footer",
];

/// Words for secrets; a key that is one of them, or ends in one, is refused.
const SECRET_WORDS: &[&str] =
    &["password", "passwd", "token", "secret", "api_key", "apikey", "client_secret"];

/// A table of the configuration that is still to be read, knowing where it stands.
pub struct Table<'a> {
    file: &'a ConfigText,
    /// As `targets.blog`.
    path: String,
    entries: DeTable<'a>,
    span: std::ops::Range<usize>,
}

/// The configuration's text, for places in it.
struct ConfigText {
    shown: String,
    text: String,
}

impl ConfigText {
    fn place(&self, offset: usize) -> Place {
        let source =
            crate::note::Source { path: self.shown.as_str().into(), text: self.text.as_str().into() };
        source.place(offset)
    }

    fn error(&self, error: &toml::de::Error) -> Error {
        let message = error.message().trim();
        let unknown =
            message.strip_prefix("unknown field `").and_then(|rest| rest.split_once("`, expected "));
        let mut out = match unknown {
            Some((key, expected)) => {
                let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
                unknown_key(key, &known)
            }
            None => Error::invalid(message.lines().collect::<Vec<_>>().join("; ")),
        };
        if let Some(span) = error.span() {
            out = out.at(self.place(span.start));
        } else {
            out = out.at(Place::file(&self.shown));
        }
        out
    }
}

fn unknown_key(key: &str, known: &[&str]) -> Error {
    let error = Error::invalid(format!("unknown key `{key}`")).code("unknown-key");
    match nearest(key, known.iter().copied()) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error.help(format!("known here: {}", known.join(", "))),
    }
}

/// Tells where the values of a table stand, also after the table was read: a driver whose values
/// need more than their type to be right (templates, say) names the place of each mistake.
#[derive(Clone, Copy)]
pub struct Places<'a>(&'a ConfigText);

impl Places<'_> {
    /// Where a value begins.
    #[must_use]
    pub fn of<T>(&self, value: &Spanned<T>) -> Place {
        self.0.place(value.span().start)
    }

    /// Where a line of a text stands, from 1: with its column only where it is the value's own line.
    #[must_use]
    pub fn line_of(&self, value: &Spanned<String>, line: u32) -> Place {
        let start = self.of(value);
        let raw = self.0.text.get(value.span()).unwrap_or_default();
        // TOML leaves out a line end right behind the opening quotes of a text of several lines.
        let opened = raw.trim_start_matches(['"', '\'']);
        let first = start.line + u32::from(opened.starts_with('\n') || opened.starts_with("\r\n"));
        match line {
            0 | 1 if first == start.line => start,
            line => Place::new(&*self.0.shown, first + line.saturating_sub(1), 0),
        }
    }
}

impl<'a> Table<'a> {
    /// The places of what is in it.
    #[must_use]
    pub fn places(&self) -> Places<'a> {
        Places(self.file)
    }

    /// Reads the rest of the table into a driver's own type (`#[serde(deny_unknown_fields)]`).
    ///
    /// # Errors
    /// Unknown keys and wrong types, with their place.
    pub fn read<T: Deserialize<'a>>(self) -> Result<T> {
        let value = Spanned::new(self.span.clone(), DeValue::Table(self.entries));
        T::deserialize(toml::de::ValueDeserializer::from(value)).map_err(|mut e| {
            e.set_input(None);
            let error = self.file.error(&e);
            if error.place().is_some_and(|p| p.line > 0) {
                error
            } else {
                error.at(self.file.place(self.span.start))
            }
            .detail("in", format!("[{}]", self.path))
        })
    }

    /// An error about the table as a whole.
    #[must_use]
    pub fn error(&self, message: impl Into<String>) -> Error {
        Error::invalid(message).at(self.file.place(self.span.start))
    }

    fn take(&mut self, key: &str) -> Option<(Spanned<Cow<'a, str>>, Spanned<DeValue<'a>>)> {
        self.entries.remove_entry(key)
    }
}

/// A value's place in the file, for checks after reading: `Spanned` values carry it.
fn at<T>(text: &ConfigText, value: &Spanned<T>, error: Error) -> Error {
    error.at(text.place(value.span().start))
}

impl Config {
    /// Finds the configuration from `start` upwards, stopping at the file system's root.
    #[must_use]
    pub fn discover(start: &Path) -> Option<PathBuf> {
        start.ancestors().map(|folder| folder.join(FILE_NAME)).find(|file| file.is_file())
    }

    /// Reads a configuration from its text. `file` is where it stands.
    ///
    /// # Errors
    /// The first mistake, with its place and what to do.
    pub fn parse(text: &str, file: &Path) -> Result<Self> {
        let shown =
            file.file_name().map_or_else(|| file.display().to_string(), |n| n.to_string_lossy().into_owned());
        let source = ConfigText { shown, text: text.to_owned() };
        let root = file.parent().map_or_else(PathBuf::new, Path::to_path_buf);
        let parsed = DeTable::parse(&source.text).map_err(|e| source.error(&e))?;
        let mut top = parsed.into_inner();
        refuse_secrets(&source, &top)?;
        let targets = top.remove_entry("targets");
        let whole = Table { file: &source, path: "the top level".to_owned(), entries: top, span: 0..0 };
        let raw: RawTop = whole.read()?;
        let project = raw.project.as_ref().map_or_else(|| default_project(&root), |p| p.get_ref().clone());
        if project.trim().is_empty() {
            return Err(Error::invalid("`project` is empty")
                .at(Place::file(&source.shown))
                .help("give it a short name that never changes: it is part of every post's marker"));
        }
        let timezone = match &raw.timezone {
            None => TimeZone::UTC,
            Some(name) => TimeZone::get(name.get_ref()).map_err(|e| {
                at(&source, name, Error::invalid(format!("unknown time zone `{}`", name.get_ref())))
                    .cause(e)
                    .help("use a name of the IANA database, as `Europe/London`")
            })?,
        };
        let targets = read_targets(&source, &root, &timezone, targets)?;
        let internal = raw.internal.policy().map_err(|why| {
            let place = source
                .text
                .find("[internal]")
                .map_or_else(|| Place::file(&source.shown), |i| source.place(i));
            Error::invalid(why).at(place).help("write a host, or a pattern as `*.intranet.example.gov.uk`")
        })?;
        frames::check(&source, &targets, &internal.hosts)?;
        Ok(Self {
            root,
            file: Some(file.to_path_buf()),
            project,
            notes: raw.notes.unwrap_or_else(default_notes),
            state: raw.state.map_or_else(default_state, Spanned::into_inner),
            timezone,
            internal,
            pictures: raw.pictures.limits(&source)?,
            ignored_keys: raw.front_matter.ignore,
            author: raw.author.filter(|author| !author.trim().is_empty()),
            templates: raw.templates.into_iter().collect(),
            targets,
        })
    }

    /// What holds without a configuration: one public `folder` target below `root`.
    ///
    /// # Errors
    /// None in practice: the embedded text is tested.
    pub fn embedded(root: &Path) -> Result<Self> {
        let text = "project = \"crosspost\"\n[targets.folder]\nkind = \"folder\"\naudience = \"public\"\n";
        let mut config = Self::parse(text, &root.join(FILE_NAME))?;
        config.file = None;
        Ok(config)
    }

    /// The target of this name.
    #[must_use]
    pub fn target(&self, name: &str) -> Option<&Arc<dyn Target>> {
        self.targets.iter().find(|t| t.common().name == name)
    }
}

fn default_project(root: &Path) -> String {
    root.file_name().map_or_else(|| "crosspost".to_owned(), |n| n.to_string_lossy().into_owned())
}

fn default_notes() -> Vec<String> {
    vec!["notes/**/*.md".to_owned()]
}

fn default_state() -> String {
    "file:.crosspost".to_owned()
}

fn refuse_secrets(source: &ConfigText, table: &DeTable<'_>) -> Result<()> {
    for (key, value) in table {
        let name = key.get_ref().to_lowercase();
        let plain = matches!(value.get_ref(), DeValue::String(_));
        if plain && SECRET_WORDS.iter().any(|word| name == *word || name.ends_with(&format!("_{word}"))) {
            return Err(at(source, key, Error::invalid(format!("`{name}` looks like a secret, and secrets do not stand in the configuration")))
                .code("secret-in-config")
                .help("remove it from the file (and change it, if the file was ever committed)")
                .help("set it in the environment, as CROSSPOST_<TARGET>_PASSWORD, or keep it in the operating system's keyring"));
        }
        if let DeValue::Table(inner) = value.get_ref() {
            refuse_secrets(source, inner)?;
        }
    }
    Ok(())
}

type Entry<'a> = (Spanned<Cow<'a, str>>, Spanned<DeValue<'a>>);

fn read_targets(
    source: &ConfigText,
    root: &Path,
    timezone: &TimeZone,
    entry: Option<Entry<'_>>,
) -> Result<Vec<Arc<dyn Target>>> {
    let none = || {
        Error::invalid("no target is configured")
            .at(Place::file(&source.shown))
            .help("add a table as `[targets.blog]`; `crosspost init` writes one")
    };
    let Some((key, value)) = entry else { return Err(none()) };
    let DeValue::Table(tables) = value.into_inner() else {
        return Err(
            at(source, &key, Error::invalid("`targets` is not a table")).help("write `[targets.blog]`")
        );
    };
    let mut entries: Vec<Entry<'_>> = tables.into_iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    let mut targets = Vec::new();
    for (name, value) in entries {
        targets.push(read_target(source, root, timezone, &name, value)?);
    }
    if targets.is_empty() {
        return Err(none());
    }
    check_canonical(source, &targets)?;
    Ok(targets)
}

fn read_target<'a>(
    source: &'a ConfigText,
    root: &Path,
    timezone: &TimeZone,
    name: &Spanned<Cow<'a, str>>,
    value: Spanned<DeValue<'a>>,
) -> Result<Arc<dyn Target>> {
    let path = format!("targets.{}", name.get_ref());
    check_name(source, name)?;
    let span = name.span();
    let DeValue::Table(table) = value.into_inner() else {
        return Err(at(source, name, Error::invalid(format!("`{path}` is not a table"))));
    };
    let mut table = Table { file: source, path, entries: table, span };
    let driver = take_driver(source, &mut table)?;
    let mut common = DeTable::new();
    for key in COMMON_KEYS {
        if let Some((key, value)) = table.take(key) {
            common.insert(key, value);
        }
    }
    let common = Table { file: source, path: table.path.clone(), entries: common, span: table.span.clone() };
    let common = read_common(source, root, timezone, name, common)?;
    driver.configure(common, table)
}

fn check_name(source: &ConfigText, name: &Spanned<Cow<'_, str>>) -> Result<()> {
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if name.get_ref().chars().all(fine) && name.get_ref().starts_with(|c: char| c.is_ascii_lowercase()) {
        return Ok(());
    }
    Err(at(source, name, Error::invalid(format!("`{}` cannot be a target's name", name.get_ref())))
        .help("use lower-case letters, digits, `-` and `_`, beginning with a letter"))
}

fn take_driver(source: &ConfigText, table: &mut Table<'_>) -> Result<&'static dyn crate::targets::Driver> {
    let kinds: Vec<&str> = DRIVERS.iter().map(|d| d.kind()).collect();
    let Some((key, value)) = table.take("kind") else {
        return Err(table
            .error(format!("`{}` does not say its `kind`", table.path))
            .help(format!("add `kind = \"…\"`, one of: {}", kinds.join(", "))));
    };
    let DeValue::String(kind) = value.get_ref() else {
        return Err(at(source, &key, Error::invalid("`kind` is not a string")));
    };
    DRIVERS.iter().find(|d| d.kind() == kind.as_ref()).copied().ok_or_else(|| {
        let error = at(source, &value, Error::invalid(format!("unknown kind of target `{kind}`")));
        match nearest(kind, kinds.iter().copied()) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help(format!("known kinds: {}", kinds.join(", "))),
        }
    })
}

fn read_common(
    source: &ConfigText,
    root: &Path,
    timezone: &TimeZone,
    name: &Spanned<Cow<'_, str>>,
    table: Table<'_>,
) -> Result<Common> {
    let missing = table
        .error(format!("`{}` does not say its `audience`", table.path))
        .help("add `audience = \"public\"` or `audience = \"internal\"`: internal passages only go to internal targets");
    let raw: RawCommon = table.read()?;
    let timeout = raw.timeout.as_ref().map_or(40.0, |t| *t.get_ref());
    if !(0.1..=3600.0).contains(&timeout) {
        return Err(Error::invalid("`timeout` must lie between 0.1 and 3600 seconds").at(raw
            .timeout
            .as_ref()
            .map_or_else(|| Place::file(&source.shown), |t| source.place(t.span().start))));
    }
    let concurrency = raw.concurrency.as_ref().map_or(4, |c| *c.get_ref());
    if !(1..=64).contains(&concurrency) {
        return Err(Error::invalid("`concurrency` must lie between 1 and 64").at(raw
            .concurrency
            .as_ref()
            .map_or_else(|| Place::file(&source.shown), |c| source.place(c.span().start))));
    }
    if let Some(proxy) = &raw.proxy {
        check_proxy(proxy.get_ref()).map_err(|error| at(source, proxy, error))?;
    }
    let frame = Frame {
        header: raw.header.as_ref().map(|text| frames::read(source, text)).transpose()?,
        footer: raw.footer.as_ref().map(|text| frames::read(source, text)).transpose()?,
    };
    Ok(Common {
        frame,
        name: name.get_ref().clone().into_owned(),
        audience: raw.audience.ok_or(missing)?,
        canonical: raw.canonical.map(Spanned::into_inner),
        authors: raw.authors,
        timeout: Duration::from_secs_f64(timeout),
        concurrency,
        insecure_http: raw.insecure_http,
        ca_file: raw.ca_file.map(|p| root.join(p)),
        client_certificate: raw.client_certificate.map(|p| root.join(p)),
        proxy: raw.proxy.map(Spanned::into_inner),
        root: root.to_path_buf(),
        timezone: timezone.clone(),
    })
}

/// A proxy's address, without the password that it may ask for.
fn check_proxy(text: &str) -> Result<()> {
    match url::Url::parse(text) {
        Ok(url) if !url.username().is_empty() || url.password().is_some() => Err(Error::invalid(
            "`proxy` carries a user name or a password, and secrets do not stand in the configuration",
        )
        .code("secret-in-config")
        .help("set HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT in the environment, and leave `proxy` out")),
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(()),
        _ => Err(Error::invalid("`proxy` is no address of a proxy")
            .help("write it in full, as `http://proxy.example.gov.uk:3128`")),
    }
}

/// Each `canonical` names another target, and following them ends.
fn check_canonical(source: &ConfigText, targets: &[Arc<dyn Target>]) -> Result<()> {
    let find = |name: &str| targets.iter().find(|t| t.common().name == name);
    for target in targets {
        let mut seen = vec![target.common().name.as_str()];
        let mut next = target.common().canonical.as_deref();
        while let Some(name) = next {
            let place = Place::file(&source.shown);
            let Some(other) = find(name) else {
                let names = targets.iter().map(|t| t.common().name.as_str());
                let error = Error::invalid(format!(
                    "`{}` takes its canonical URL from `{name}`, which is no target",
                    seen[seen.len() - 1]
                ))
                .at(place);
                return Err(match nearest(name, names) {
                    Some(near) => error.help(format!("did you mean `{near}`?")),
                    None => error,
                });
            };
            if seen.contains(&name) {
                return Err(Error::invalid(format!(
                    "the canonical targets go in a circle: {} → {name}",
                    seen.join(" → ")
                ))
                .at(place));
            }
            if target.common().audience == Audience::Public && other.common().audience == Audience::Internal {
                return Err(Error::invalid(format!(
                    "the public target `{}` would name the internal target `{name}` as its original",
                    target.common().name
                ))
                .at(place)
                .help("an internal address must not stand in a public post: choose a public target"));
            }
            seen.push(name);
            next = other.common().canonical.as_deref();
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
