//! `crosspost.toml`: strict TOML, every mistake told with its line and the nearest known key. A
//! target's own table is read by its driver.

mod common;
mod frames;
mod secrets;
mod table;
mod targets;
mod text;
mod top;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::tz::TimeZone;
use toml::{Spanned, de::DeTable};

use crate::{
    error::{Error, Place, Result},
    pictures::Limits,
    render::links::InternalPolicy,
    targets::Target,
};

pub use common::COMMON_KEYS;
pub use table::{Places, Table};
use text::{ConfigText, at};

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
        secrets::refuse(&source, &top)?;
        let targets = top.remove_entry("targets");
        let whole = Table { file: &source, path: "the top level".to_owned(), entries: top, span: 0..0 };
        let raw: top::Top = whole.read()?;
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
        let targets = targets::read(&source, &root, &timezone, targets)?;
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

#[cfg(test)]
mod tests;
