//! `publish` and `plan`: the same plan, carried out or shown.

use std::path::Path;

use jiff::Timestamp;

use super::{
    notes,
    output::Output,
    payload,
    progress::Bar,
    prune::{self, Prune},
    shell::Shell,
};
use crate::{
    cli::{self, Format, Global, Selection},
    error::Result,
    plan::Plan,
    publish::{
        self, Observed, Run, observe, perform,
        still::{self, Sorted},
    },
    report::{self, github, human, json},
    targets::Target,
};

/// Up to so many notes are read faster than what is remembered of all.
const MANY: usize = 50;

/// `crosspost publish`
pub async fn publish(global: &Global, args: cli::Publish, output: &Output) -> Result<u8> {
    let pruned = args.prune.then_some(Prune { dry_run: args.dry_run });
    if args.dry_run {
        let plan = look(global, &args.selection, pruned, args.preview.as_deref(), output).await?;
        print("publish", true, &plan, output);
        return Ok(plan.exit_code());
    }
    let shell = Shell::open(global, args.selection.paths.first().map(|p| &**p), output)?;
    let names = names(&shell, &args.selection, pruned)?;
    let targets = shell.targets(&args.selection.target)?;
    let connect = |target: &dyn Target| shell.connect(target);
    let bar = Bar::new(output);
    let mut run = shell.run(targets, args.selection.on_drift.into(), &connect, &bar);
    let mut plan = Plan::default();
    let mut open = names;
    // Notes that another run is at are looked at again when it is done, or dead; so are notes that
    // link to each other, when both are there.
    for patience in [true, false] {
        let sorted = sort(&shell, &run, &open).await?;
        let (read, errors) = notes::read(&shell, &sorted.rest);
        let observed = observe::observe(&run, sorted, read, errors).await?;
        plan = plan.merge(perform::perform(&run, &observed).await);
        if patience {
            plan = plan.merge(orphans(&shell, &observed, &args.selection, pruned, output).await?);
        }
        open = plan.open_notes();
        if !patience || open.is_empty() || !publish::wait::for_others(&run, &observed, &open).await? {
            break;
        }
        // Else the intents whose end was waited for would still seem to hold.
        run.now = Timestamp::now();
    }
    bar.clear();
    print("publish", false, &plan, output);
    Ok(plan.exit_code())
}

/// `crosspost plan`
pub async fn plan(global: &Global, args: cli::Plan, output: &Output) -> Result<u8> {
    let plan = look(global, &args.selection, None, args.preview.as_deref(), output).await?;
    print("plan", true, &plan, output);
    Ok(match plan.exit_code() {
        0 if args.exit_code && plan.has_changes() => 4,
        code => code,
    })
}

async fn look(
    global: &Global,
    selection: &Selection,
    pruned: Option<Prune>,
    preview: Option<&Path>,
    output: &Output,
) -> Result<Plan> {
    let shell = Shell::open(global, selection.paths.first().map(|p| &**p), output)?;
    let names = names(&shell, selection, pruned)?;
    let targets = shell.targets(&selection.target)?;
    let connect = |target: &dyn Target| shell.connect(target);
    let bar = Bar::new(output);
    let mut run = shell.run(targets, selection.on_drift.into(), &connect, &bar);
    run.renders_all = preview.is_some();
    let sorted = sort(&shell, &run, &names).await?;
    let (read, errors) = notes::read(&shell, &sorted.rest);
    let observed = observe::observe(&run, sorted, read, errors).await?;
    if let Some(folder) = preview {
        let written = payload::write(folder, &observed)?;
        output.remark(&format!("{written} bodies written to {}", folder.join("payload").display()));
    }
    Ok(observed.plan(&run).merge(orphans(&shell, &observed, selection, pruned, output).await?))
}

/// Tells the notes that are as the ledger says from those that have to be read.
pub(super) async fn sort(shell: &Shell, run: &Run<'_>, names: &[String]) -> Result<Sorted> {
    if names.len() > MANY {
        shell.files.remember();
    }
    let sorted = still::sort(run, names).await?;
    shell.files.keep();
    Ok(sorted)
}

/// The notes that are meant. Where posts of notes that are gone are to be taken down, all of them
/// may be gone.
fn names(shell: &Shell, selection: &Selection, pruned: Option<Prune>) -> Result<Vec<String>> {
    match pruned {
        Some(_) => notes::configured(shell),
        None => notes::select(shell, &selection.paths),
    }
}

/// What becomes of posts whose note is gone, where all notes are meant.
async fn orphans(
    shell: &Shell,
    observed: &Observed<'_>,
    selection: &Selection,
    pruned: Option<Prune>,
    output: &Output,
) -> Result<Plan> {
    if !selection.paths.is_empty() {
        return Ok(Plan::default());
    }
    prune::prune(shell, observed, &selection.target, pruned, output).await
}

fn print(command: &str, dry_run: bool, plan: &Plan, output: &Output) {
    match output.format {
        Format::Json => output.result(&json::plan(command, dry_run, plan)),
        Format::Human => output.result(&human::plan(plan, dry_run, output.style)),
        // The annotations say the errors too.
        Format::Github => return output.result(&github::plan(plan, dry_run, &output.folder)),
    }
    for error in report::errors(plan) {
        output.error(&error);
    }
}
