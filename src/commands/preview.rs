//! `preview`: the page that shows every target, as files or from a small server that follows the
//! notes. Without `--remote` it asks nobody, needs no secret, and reads only a ledger that is a
//! folder: so it shows the same on a train as in the office.

mod open;
mod serve;
mod watch;

use std::path::Path;

use super::{notes, output::Output, payload, progress::Bar, shell::Shell};
use crate::{
    cli::{self, Format, Global},
    error::Result,
    plan::{Plan, decide::OnDrift},
    publish::{Observed, Run, observe, still},
    report::json,
    targets::Target,
};

/// `crosspost preview`
pub async fn preview(global: &Global, args: cli::Preview, output: &Output) -> Result<u8> {
    match args.out.clone() {
        Some(folder) => write(global, &args, &folder, output).await,
        None => serve::serve(global, &args, output).await,
    }
}

async fn write(global: &Global, args: &cli::Preview, folder: &Path, output: &Output) -> Result<u8> {
    let shell = open(global, args, output)?;
    let connect = |target: &dyn Target| shell.connect(target);
    let bar = Bar::new(output);
    let mut run = shell.run(shell.targets(&args.target)?, OnDrift::Fail, &connect, &bar);
    let observed = look(&mut run, &shell, args).await?;
    let written = payload::write(folder, &run, &observed).await?;
    let plan = observed.plan(&run);
    let (page, notes) = (written.page.display().to_string(), observed.notes.len());
    output.result(&match output.format {
        Format::Json => json::to_text(&serde_json::json!({
            "schema": json::SCHEMA, "command": "preview", "page": page, "notes": notes,
            "bodies": written.bodies, "errors": json::errors(&plan.errors),
        })),
        _ => format!("{page}\n"),
    });
    Ok(report(&plan, args, output))
}

/// Tells the errors; returns the exit code.
fn report(plan: &Plan, args: &cli::Preview, output: &Output) -> u8 {
    let errors = if args.remote { crate::report::errors(plan) } else { plan.errors.clone() };
    for error in &errors {
        output.error(error);
    }
    errors.iter().map(|error| error.kind().exit_code()).max().unwrap_or(0)
}

fn open(global: &Global, args: &cli::Preview, output: &Output) -> Result<Shell> {
    let path = args.paths.first().map(|p| &**p);
    if args.remote { Shell::open(global, path, output) } else { Shell::offline(global, path) }
}

async fn look<'r>(run: &mut Run<'r>, shell: &Shell, args: &cli::Preview) -> Result<Observed<'r>> {
    let names = notes::select(shell, &args.paths)?;
    run.thorough = args.remote;
    run.renders_all = true;
    let sorted = still::sort(run, &names).await?;
    let (read, errors) = notes::read(shell, &sorted.rest);
    if args.remote {
        observe::observe(run, sorted, read, errors).await
    } else {
        observe::glance(run, sorted, read, errors).await
    }
}
