//! `publish` and `plan`: the same plan, carried out or shown.

use std::{collections::BTreeSet, path::Path};

use jiff::Timestamp;

use super::{
    notes,
    output::Output,
    payload,
    progress::Bar,
    prune::{self, Prune},
    shell::Shell,
    since::Changes,
};
use crate::{
    cli::{self, Format, Global, Selection},
    error::Result,
    plan::Plan,
    publish::{
        self, Observed, Run, Told, observe, perform,
        still::{self, Sorted},
    },
    report::{self, github, human, json, markdown},
    targets::Target,
};

/// Up to so many notes are read faster than what is remembered of all.
const MANY: usize = 50;

/// `crosspost publish`
pub async fn publish(global: &Global, args: cli::Publish, output: &Output) -> Result<u8> {
    let pruned = args.prune.then_some(Prune { dry_run: args.dry_run });
    if args.dry_run {
        let plan = look(global, &args.selection, pruned, args.preview.as_deref(), output).await?;
        print("publish", true, &plan, args.selection.preview_url.as_deref(), output);
        return Ok(plan.exit_code());
    }
    let shell = Shell::open(global, args.selection.paths.first().map(|p| &**p), output)?;
    let chosen = choose(&shell, &args.selection, pruned)?;
    let targets = shell.targets(&args.selection.target)?;
    let connect = |target: &dyn Target| shell.connect(target);
    let bar = Bar::new(output);
    let mut run = shell.run(targets, args.selection.on_drift.into(), &connect, &bar);
    run.told = told(output);
    run.holds = publish::HELD_TO_SEND;
    let mut plan = Plan::default();
    let mut open = chosen.names.clone();
    // Notes that another run is at are looked at again when it is done, or dead; so are notes that
    // link to each other, when both are there, and those that link to one whose address changed.
    for patience in [true, false] {
        let sorted = sort(&shell, &run, &open).await?;
        let (read, errors) = notes::read(&shell, &sorted.rest);
        let observed = observe::observe(&run, sorted, read, errors).await?;
        plan = plan.merge(perform::perform(&run, &observed).await);
        if patience {
            plan = plan.merge(orphans(&shell, &observed, &args.selection, &chosen, pruned, output).await?);
        }
        open = plan.open_notes();
        open.extend(publish::links::followers(&run, &observed, &plan));
        if !patience || open.is_empty() || !publish::wait::for_others(&run, &observed, &open).await? {
            break;
        }
        // Else the intents whose end was waited for would still seem to hold.
        run.now = Timestamp::now();
        // What was told of these notes, or counted, is not true any more.
        plan.unchanged = plan.unchanged.saturating_sub(observed.counted(&run, &open));
        run.told = Told::All;
    }
    bar.clear();
    print("publish", false, &plan, args.selection.preview_url.as_deref(), output);
    Ok(plan.exit_code())
}

/// `crosspost plan`
pub async fn plan(global: &Global, args: cli::Plan, output: &Output) -> Result<u8> {
    let plan = look(global, &args.selection, None, args.preview.as_deref(), output).await?;
    print("plan", true, &plan, args.selection.preview_url.as_deref(), output);
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
    let chosen = choose(&shell, selection, pruned)?;
    let targets = shell.targets(&selection.target)?;
    let connect = |target: &dyn Target| shell.connect(target);
    let bar = Bar::new(output);
    let mut run = shell.run(targets, selection.on_drift.into(), &connect, &bar);
    run.renders_all = preview.is_some();
    run.told = told(output);
    let sorted = sort(&shell, &run, &chosen.names).await?;
    let (read, errors) = notes::read(&shell, &sorted.rest);
    let observed = observe::observe(&run, sorted, read, errors).await?;
    if let Some(folder) = preview {
        let written = payload::write(folder, &run, &observed).await?;
        output.remark(&format!(
            "{} bodies written to {}, the preview to {}",
            written.bodies,
            folder.join("payload").display(),
            written.page.display()
        ));
    }
    if global.verbose {
        for requests in payload::requests(&observed) {
            output.remark(&requests);
        }
    }
    Ok(observed.plan(&run).merge(orphans(&shell, &observed, selection, &chosen, pruned, output).await?))
}

/// Programs, and people who ask for it, are told of each note; others of what changes.
fn told(output: &Output) -> Told {
    if output.format == Format::Json || output.style.verbose { Told::All } else { Told::Changes }
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

/// The notes that are meant.
struct Chosen {
    names: Vec<String>,
    /// With `--since`, what is gone from the repository since then.
    gone: Option<BTreeSet<String>>,
}

/// Where posts of notes that are gone are to be taken down, all notes may be gone.
fn choose(shell: &Shell, selection: &Selection, pruned: Option<Prune>) -> Result<Chosen> {
    if selection.paths.is_empty() {
        shell.ledger.foresee();
    }
    let names = match pruned {
        Some(_) => notes::configured(shell)?,
        None => notes::select(shell, &selection.paths)?,
    };
    let Some(revision) = &selection.since else { return Ok(Chosen { names, gone: None }) };
    let changes = Changes::since(shell, revision)?;
    Ok(Chosen { names: changes.of(shell, names), gone: Some(changes.gone) })
}

/// What becomes of posts whose note is gone, where all notes are meant.
async fn orphans(
    shell: &Shell,
    observed: &Observed<'_>,
    selection: &Selection,
    chosen: &Chosen,
    pruned: Option<Prune>,
    output: &Output,
) -> Result<Plan> {
    if !selection.paths.is_empty() {
        return Ok(Plan::default());
    }
    prune::prune(shell, observed, &selection.target, chosen.gone.as_ref(), pruned, output).await
}

fn print(command: &str, dry_run: bool, plan: &Plan, preview: Option<&str>, output: &Output) {
    let links = markdown::Links { preview, sources: &output.sources };
    match output.format {
        Format::Json => output.result(&json::plan(command, dry_run, plan)),
        Format::Human => output.result(&human::plan(plan, dry_run, output.style)),
        // The annotations say the errors too.
        Format::Github => {
            output.summary(&markdown::plan(plan, dry_run, links));
            return output.result(&github::plan(plan, dry_run, &output.folder));
        }
        Format::Markdown => output.result(&markdown::plan(plan, dry_run, links)),
    }
    for error in report::errors(plan) {
        output.error(&error);
    }
}
