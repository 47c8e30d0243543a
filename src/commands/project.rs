//! The project: its configuration and its files. What commands need that neither ask the ledger nor
//! any site.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use super::files::ProjectFiles;
use crate::{
    cli::Global,
    config::Config,
    error::{Error, Result, nearest},
    plan::order::canonical_first,
    targets::Target,
};

/// A configuration and the files below its folder.
pub struct Project {
    /// The configuration.
    pub config: Config,
    /// The files.
    pub files: ProjectFiles,
}

impl Project {
    /// Finds and reads the configuration. `path` is a note that the command names: without a
    /// configuration its folder is the project, if it lies elsewhere.
    ///
    /// # Errors
    /// What is wrong with the configuration.
    pub fn open(global: &Global, path: Option<&Path>) -> Result<Self> {
        let config = load(global, path)?;
        let files = ProjectFiles::new(&config.root)?;
        Ok(Self { config, files })
    }

    /// The targets that the command line names, or all, canonical ones first.
    ///
    /// # Errors
    /// A name that no target has.
    pub fn targets(&self, names: &[String]) -> Result<Vec<Arc<dyn Target>>> {
        for name in names {
            if self.config.target(name).is_none() {
                return Err(self.unknown_target(name));
            }
        }
        let chosen: Vec<Arc<dyn Target>> = self
            .config
            .targets
            .iter()
            .filter(|t| names.is_empty() || names.contains(&t.common().name))
            .cloned()
            .collect();
        Ok(canonical_first(&chosen))
    }

    /// The target of this name.
    ///
    /// # Errors
    /// When there is none.
    pub fn target(&self, name: &str) -> Result<Arc<dyn Target>> {
        self.config.target(name).cloned().ok_or_else(|| self.unknown_target(name))
    }

    /// The error for a target that is not configured.
    pub fn unknown_target(&self, name: &str) -> Error {
        let known: Vec<&str> = self.config.targets.iter().map(|t| t.common().name.as_str()).collect();
        let error = Error::invalid(format!("no target is called `{name}`"));
        match nearest(name, known.iter().copied()) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help(format!("configured: {}", known.join(", "))),
        }
    }
}

/// The configuration's file, if there is one to be found.
pub fn file(global: &Global) -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    match &global.config {
        Some(file) => Some(here.join(file)),
        None => Config::discover(&here),
    }
}

fn load(global: &Global, path: Option<&Path>) -> Result<Config> {
    let here =
        std::env::current_dir().map_err(|e| Error::failed("the working folder cannot be told").cause(e))?;
    let Some(file) = file(global) else {
        let elsewhere = path.map(|p| here.join(p)).filter(|p| !p.starts_with(&here));
        let root = elsewhere.as_deref().and_then(Path::parent).unwrap_or(&here);
        return Config::embedded(root);
    };
    let text = std::fs::read_to_string(&file).map_err(|e| {
        Error::invalid("the configuration cannot be read")
            .detail("file", file.display().to_string())
            .cause(e)
            .help("`crosspost init` writes one")
    })?;
    Config::parse(&text, &file)
}
