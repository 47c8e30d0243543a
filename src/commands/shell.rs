//! What most commands begin with: the configuration, the ledger, the targets, the run.

use std::{ops::Deref, path::Path, sync::Arc};

use jiff::Timestamp;

use super::{output::Output, project::Project};
use crate::{
    cli::Global,
    config::{Config, FILE_NAME},
    error::Result,
    plan::decide::OnDrift,
    publish::{self, Connect, Progress, Run, Told},
    secrets::Secrets,
    state::{self, Ledger},
    targets::{Target, Writer},
};

/// The parts of the program, put together.
pub struct Shell {
    /// The configuration and the files.
    project: Project,
    /// The ledger.
    pub ledger: Box<dyn Ledger>,
    secrets: Secrets,
    trust_ledger: bool,
}

/// A shell is its project, with a ledger: what can be done with the one can be done with the other.
impl Deref for Shell {
    type Target = Project;

    fn deref(&self) -> &Project {
        &self.project
    }
}

impl Shell {
    /// Opens the project and its ledger. `path` is a note that the command names, as for
    /// [`Project::open`].
    ///
    /// # Errors
    /// What is wrong with the configuration or the ledger.
    pub fn open(global: &Global, path: Option<&Path>, output: &Output) -> Result<Self> {
        let project = Project::open(global, path)?;
        if project.config.file.is_none() {
            let place = project.config.targets.first().map(|t| t.location()).unwrap_or_default();
            output.remark(&format!(
                "no {FILE_NAME}: writing HTML pages to {place} (`crosspost init` sets up a blog)"
            ));
        }
        let ledger = state::open(&project.config.state, &project.config.root)?;
        Ok(Self::of(project, ledger))
    }

    /// The same without asking anybody: of a ledger that is not a folder nothing is known.
    ///
    /// # Errors
    /// As for [`Shell::open`].
    pub fn offline(global: &Global, path: Option<&Path>) -> Result<Self> {
        let project = Project::open(global, path)?;
        let ledger = match &project.config.state {
            state if state.starts_with("file:") => state::open(state, &project.config.root)?,
            _ => Box::new(state::Blank),
        };
        Ok(Self::of(project, ledger))
    }

    fn of(project: Project, ledger: Box<dyn Ledger>) -> Self {
        let config = &project.config;
        let trust_ledger = !(is_ci() && is_absent_folder(config));
        let secrets = Secrets::new(&config.project);
        Self { project, ledger, secrets, trust_ledger }
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
            ignored_keys: &self.config.ignored_keys,
            pictures: self.config.pictures,
            targets,
            ledger: &*self.ledger,
            files: &self.files,
            connect,
            on_drift,
            trust_ledger: self.trust_ledger,
            thorough: false,
            renders_all: false,
            holds: publish::HELD_TO_LOOK,
            told: Told::All,
            id: publish::run_id(),
            now: Timestamp::now(),
            root: &self.config.root,
            progress,
        }
    }
}

/// Whether this is a CI runner: its disk is thrown away.
pub fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|v| !matches!(v.as_str(), "" | "0" | "false"))
}

/// Whether the ledger is a folder that is not there: neither committed nor kept.
pub fn is_absent_folder(config: &Config) -> bool {
    let folder = config.state.strip_prefix("file:");
    folder.is_some_and(|folder| !config.root.join(folder).exists())
}
