//! `status`: what is where.

use std::collections::{BTreeSet, HashSet};

use super::{notes, output::Output, progress::Bar, publish, shell::Shell};
use crate::{
    cli::{self, Format, Global},
    error::Result,
    plan::decide::OnDrift,
    publish::{Files as _, Observed, observe},
    report::{
        markdown,
        status::{self, Row},
    },
    state::Phase,
    targets::Target,
};

/// `crosspost status`
pub async fn status(global: &Global, args: cli::Status, output: &Output) -> Result<u8> {
    let shell = Shell::open(global, args.paths.first().map(|p| &**p), output)?;
    let names =
        if args.paths.is_empty() { everything(&shell).await? } else { notes::select(&shell, &args.paths)? };
    let targets = shell.targets(&args.target)?;
    let connect = |target: &dyn Target| shell.connect(target);
    let bar = Bar::new(output);
    let mut run = shell.run(targets, OnDrift::Fail, &connect, &bar);
    run.thorough = args.remote;
    let sorted = publish::sort(&shell, &run, &names).await?;
    let (read, errors) = notes::read(&shell, &sorted.rest);
    let observed = if args.remote {
        observe::observe(&run, sorted, read, errors).await?
    } else {
        observe::glance(&run, sorted, read, errors).await?
    };
    let plan = observed.plan(&run);
    let mut rows: Vec<Row> = Vec::new();
    for step in &plan.steps {
        rows.push(status::row(step, observed.recorded(step).as_ref(), &shell.config.timezone));
    }
    if args.paths.is_empty() {
        rows.extend(orphans(&shell, &observed, &args.target).await?);
    }
    match output.format {
        Format::Json => output.result(&status::json(&rows)),
        Format::Markdown => output.result(&markdown::status(&rows, &output.sources)),
        Format::Human | Format::Github => output.result(&status::human(&rows, output.style)),
    }
    for error in &plan.errors {
        output.error(error);
    }
    Ok(if args.remote {
        plan.exit_code()
    } else {
        plan.errors.iter().map(|e| e.kind().exit_code()).max().unwrap_or(0)
    })
}

/// The notes that the configuration's globs find, and those that were published by their path.
async fn everything(shell: &Shell) -> Result<Vec<String>> {
    shell.ledger.foresee();
    let mut names: BTreeSet<String> = notes::configured(shell)?.into_iter().collect();
    let recorded = shell.ledger.outlines().await?;
    let recorded = recorded.iter().map(|record| record.path().to_owned());
    names.extend(recorded.filter(|path| shell.files.exists(path)));
    Ok(names.into_iter().collect())
}

/// Posts whose note is gone from the repository.
pub async fn orphans(shell: &Shell, observed: &Observed<'_>, targets: &[String]) -> Result<Vec<Row>> {
    let read = match observed.strangers() {
        Some(_) => Vec::new(),
        None => shell.ledger.outlines().await?,
    };
    let claimed: HashSet<&str> = observed.notes.iter().map(|(p, _)| p.key.as_str()).collect();
    let mut rows = Vec::new();
    let strangers = observed.strangers().unwrap_or_default().iter().chain(&read);
    for record in strangers {
        if claimed.contains(record.note()) || shell.files.exists(record.path()) {
            continue;
        }
        let record = record.outline();
        for (target, known) in &record.targets {
            let wanted = targets.is_empty() || targets.iter().any(|name| **name == **target);
            let open =
                known.intent.as_ref().is_some_and(|i| !matches!(i.phase, Phase::Unpublish | Phase::Handed));
            let there = known.receipt.as_ref().is_some_and(|r| !r.unpublished);
            if wanted && (open || there) {
                rows.push(status::orphan(&record, target, known, &shell.config.timezone));
            }
        }
    }
    rows.sort_by(|a, b| (&a.note, &a.target).cmp(&(&b.note, &b.target)));
    Ok(rows)
}
