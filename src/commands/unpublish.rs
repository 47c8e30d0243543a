//! `unpublish`: takes a note's posts down, into the trash where there is one.

use std::sync::Arc;

use super::{notes, output::Output, record::OneNote, shell::Shell};
use crate::{
    cli::{self, Format, Global},
    error::{Error, Result},
    plan::{Action, Outcome, Plan, Step},
    publish::{Files as _, run_id, takedown},
    report::{self, human, json},
    state::Receipt,
    targets::Target,
};

/// `crosspost unpublish`
pub async fn unpublish(global: &Global, args: cli::Unpublish, output: &Output) -> Result<u8> {
    let shell = Shell::open(global, Some(&args.path), output)?;
    let targets = shell.targets(&args.target)?;
    let given = args.path.to_string_lossy().replace('\\', "/");
    let name = if shell.files.exists(&given) || args.path.exists() {
        notes::select(&shell, std::slice::from_ref(&args.path))?.remove(0)
    } else {
        given
    };
    let note = OneNote::read(&shell, &name).await?;
    let mut plan = Plan::default();
    for target in targets {
        let step = one(&shell, &note, &name, &target, args.dry_run).await;
        plan.steps.extend(step.or_else(|| down_already(&note, &name, &target)));
    }
    if plan.steps.is_empty() {
        return Err(Error::invalid("the ledger knows of no post of this note").detail("note", name));
    }
    match output.format {
        Format::Json => output.result(&json::plan("unpublish", args.dry_run, &plan)),
        Format::Human | Format::Github | Format::Markdown => {
            output.result(&human::plan(&plan, args.dry_run, output.style));
        }
    }
    for error in report::errors(&plan) {
        output.error(&error);
    }
    Ok(plan.exit_code())
}

/// Takes a note's post at one target down. `None` where there is none.
pub async fn one(
    shell: &Shell,
    note: &OneNote<'_>,
    name: &str,
    target: &Arc<dyn Target>,
    dry_run: bool,
) -> Option<Step> {
    let recorded = note.at(&target.common().name)?;
    let receipt = recorded.receipt.as_ref().filter(|r| !r.unpublished)?;
    let mut step = begun(note, name, target, receipt);
    if !target.capabilities().unpublish {
        step.action = Action::Manual;
        step.reason = Some("take it down there by hand".to_owned());
    } else if !dry_run {
        let done = match shell.connect(&**target) {
            Ok(writer) => takedown::take_down(&note.session, &**target, &*writer, &recorded, &run_id()).await,
            Err(error) => Err(error),
        };
        match done {
            Ok(()) => step.outcome = Outcome::Done,
            Err(error) => {
                step.outcome = Outcome::Failed;
                step.error = Some(error);
            }
        }
    }
    Some(step)
}

/// What there is to say of a post that was taken down before: a run that was interrupted may be
/// repeated.
fn down_already(note: &OneNote<'_>, name: &str, target: &Arc<dyn Target>) -> Option<Step> {
    let receipt = note.at(&target.common().name)?.receipt.filter(|r| r.unpublished)?;
    let reason = Some(format!("taken down on {}", receipt.at.strftime("%Y-%m-%d")));
    Some(Step { action: Action::Skipped, reason, ..begun(note, name, target, &receipt) })
}

fn begun(note: &OneNote<'_>, name: &str, target: &Arc<dyn Target>, receipt: &Receipt) -> Step {
    let title = note.session.record().map(|r| r.title).unwrap_or_default();
    let target = target.common().name.as_str().into();
    let step = Step::new(name.into(), title.into(), target, Action::Unpublish, Outcome::Planned);
    Step { remote_id: Some(receipt.remote_id.0.clone()), url: receipt.url.clone(), ..step }
}
