//! What lies on this side: the configuration, the ledger, the repository.

use std::path::Path;

use crate::{
    commands::{notes, project::Project, shell},
    error::Result,
    report::doctor::Section,
    state::{self, Ledger, git::repository::Repository},
    targets::diagnosis::Diagnosis,
};

/// The configuration. That it can be read is known by now.
///
/// # Errors
/// A glob that cannot be read.
pub fn configuration(project: &Project) -> Result<Section> {
    let config = &project.config;
    let count = notes::configured(project)?.len();
    let mut findings = vec![match &config.file {
        Some(_) => {
            let names: Vec<&str> =
                config.targets.iter().map(|target| target.common().name.as_str()).collect();
            Diagnosis::good(format!("project `{}`, with the targets {}", config.project, names.join(", ")))
        }
        None => Diagnosis::good("no crosspost.toml: notes become web pages in a folder")
            .help("`crosspost init` sets up a blog"),
    }];
    findings.push(if count > 0 {
        Diagnosis::good(format!("{count} notes match {}", config.notes.join(", ")))
    } else {
        Diagnosis::doubtful(format!("no notes match {}", config.notes.join(", ")))
            .code("no-notes")
            .help("`crosspost new post \"Title\"` begins one; or set `notes` to where yours are")
    });
    let file = config.file.as_deref().unwrap_or(Path::new("none"));
    Ok(Section { name: "configuration".to_owned(), place: file.display().to_string(), findings })
}

/// The ledger: whether it can be read and written, and what stands open in it.
pub async fn ledger(project: &Project) -> Section {
    let config = &project.config;
    let mut findings = match state::open(&config.state, &config.root) {
        Ok(ledger) => of_ledger(&*ledger).await,
        Err(error) => vec![Diagnosis::from(&error)],
    };
    if shell::is_ci() && config.state.starts_with("file:") && shell::is_absent_folder(config) {
        findings.push(
            Diagnosis::doubtful(
                "the ledger is a folder that is not there, and this runner's disk is thrown away",
            )
            .code("runner-ledger")
            .help("keep it on a branch: `state = \"git:crosspost-ledger\"`"),
        );
    }
    Section { name: "ledger".to_owned(), place: config.state.clone(), findings }
}

async fn of_ledger(ledger: &dyn Ledger) -> Vec<Diagnosis> {
    let report = match state::check(ledger).await {
        Ok(report) => report,
        Err(error) => return vec![Diagnosis::from(&error)],
    };
    let mut findings: Vec<Diagnosis> = report.problems.iter().map(Diagnosis::from).collect();
    findings.push(match ledger.expect_writable().await {
        Ok(()) => Diagnosis::good(format!("knows {} notes, and can be written", report.notes)),
        Err(error) => Diagnosis::from(&error),
    });
    if !report.open.is_empty() {
        let named: Vec<String> =
            report.open.iter().take(3).map(|(note, target, _)| format!("{note} at {target}")).collect();
        findings.push(
            Diagnosis::doubtful(format!("{} writes have not ended: {}", report.open.len(), named.join(", ")))
                .code("open-writes")
                .help("if no other run is at work, `crosspost publish` looks what became of them; `crosspost resolve` says it where nobody can look"),
        );
    }
    findings
}

/// The git repository around the notes. Only a ledger on a branch needs one.
pub fn repository(project: &Project) -> Section {
    let root = &project.config.root;
    let finding = match Repository::around(root) {
        Ok(Some(Repository { shallow: true, .. })) => {
            Diagnosis::doubtful("a shallow clone: its history ends early").code("shallow-clone").help(
                "in GitHub Actions `fetch-depth: 0`, where notes are chosen by what changed since a commit",
            )
        }
        Ok(Some(Repository { remotes, .. })) if remotes.is_empty() => {
            Diagnosis::good("a repository without a remote: it lives on this machine only")
        }
        Ok(Some(Repository { remotes, .. })) => {
            Diagnosis::good(format!("a repository, its remote: {}", remotes.join(", ")))
        }
        Ok(None) => Diagnosis::good("no repository, which this ledger does not need"),
        Err(_) => Diagnosis::good("git is not installed, which this ledger does not need"),
    };
    Section { name: "git".to_owned(), place: root.display().to_string(), findings: vec![finding] }
}
