//! What most commands begin with: the configuration, the ledger, the targets, the run.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::Timestamp;

use super::{files::ProjectFiles, output::Output};
use crate::{
    cli::Global,
    config::{Config, FILE_NAME},
    error::{Error, Result, nearest},
    plan::{decide::OnDrift, order::canonical_first},
    publish::{self, Connect, Progress, Run},
    secrets::Secrets,
    state::{self, Ledger},
    targets::{Target, Writer},
};

/// The parts of the program, put together.
pub struct Shell {
    /// The configuration.
    pub config: Config,
    /// The ledger.
    pub ledger: Box<dyn Ledger>,
    /// The project's files.
    pub files: ProjectFiles,
    secrets: Secrets,
    trust_ledger: bool,
}

impl Shell {
    /// Finds and reads the configuration and opens the ledger. `path` is a note that the command
    /// names: without a configuration its folder is the project, if it lies elsewhere.
    ///
    /// # Errors
    /// What is wrong with the configuration or the ledger.
    pub fn open(global: &Global, path: Option<&Path>, output: &Output) -> Result<Self> {
        let config = load(global, path)?;
        if config.file.is_none() {
            let place = config.targets.first().map(|t| t.location()).unwrap_or_default();
            output.remark(&format!(
                "no {FILE_NAME}: writing HTML pages to {place} (`crosspost init` sets up a blog)"
            ));
        }
        let ledger = state::open(&config.state, &config.root)?;
        let trust_ledger = !(is_ci() && is_absent_folder(&config));
        let files = ProjectFiles::new(&config.root)?;
        let secrets = Secrets::new(&config.project);
        Ok(Self { config, ledger, files, secrets, trust_ledger })
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

    /// The error for a target that is not configured.
    pub fn unknown_target(&self, name: &str) -> Error {
        let known: Vec<&str> = self.config.targets.iter().map(|t| t.common().name.as_str()).collect();
        let error = Error::invalid(format!("no target is called `{name}`"));
        match nearest(name, known.iter().copied()) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help(format!("configured: {}", known.join(", "))),
        }
    }

    /// The talking half of a target.
    ///
    /// # Errors
    /// A secret or certificate that is missing.
    pub fn connect(&self, target: &dyn Target) -> Result<Box<dyn Writer>> {
        target.connect(&self.secrets)
    }

    /// A run over some targets.
    pub fn run<'a>(
        &'a self,
        targets: Vec<Arc<dyn Target>>,
        on_drift: OnDrift,
        connect: &'a Connect<'a>,
        progress: &'a dyn Progress,
    ) -> Run<'a> {
        Run {
            project: &self.config.project,
            zone: &self.config.timezone,
            internal: &self.config.internal,
            pictures: self.config.pictures,
            targets,
            ledger: &*self.ledger,
            files: &self.files,
            connect,
            on_drift,
            trust_ledger: self.trust_ledger,
            thorough: false,
            id: publish::run_id(),
            now: Timestamp::now(),
            root: &self.config.root,
            progress,
        }
    }
}

fn load(global: &Global, path: Option<&Path>) -> Result<Config> {
    let here =
        std::env::current_dir().map_err(|e| Error::failed("the working folder cannot be told").cause(e))?;
    let file: Option<PathBuf> = match &global.config {
        Some(file) => Some(here.join(file)),
        None => Config::discover(&here),
    };
    let Some(file) = file else {
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

/// Whether this is a CI runner: its disk is thrown away.
fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|v| !matches!(v.as_str(), "" | "0" | "false"))
}

/// Whether the ledger is a folder that is not there: neither committed nor kept.
fn is_absent_folder(config: &Config) -> bool {
    let folder = config.state.strip_prefix("file:");
    folder.is_some_and(|folder| !config.root.join(folder).exists())
}
