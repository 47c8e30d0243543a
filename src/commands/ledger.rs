//! `ledger copy` and `ledger check`.

use serde_json::json;

use super::{output::Output, shell::Shell};
use crate::{
    cli::{Format, Global, LedgerCommand},
    error::{Error, Kind, Result},
    report::json,
    state::{self, Copied, Key, Report},
};

/// `crosspost ledger …`
pub async fn ledger(global: &Global, command: LedgerCommand, output: &Output) -> Result<u8> {
    let shell = Shell::open(global, None, output)?;
    match command {
        LedgerCommand::Copy { from, to } => copy(&shell, &from, &to, output).await,
        LedgerCommand::Check { ledger } => {
            let named = ledger.unwrap_or_else(|| shell.config.state.clone());
            let ledger = state::open(&named, &shell.config.root)?;
            let report = state::check(&*ledger).await?;
            show(&named, &report, output);
            Ok(report.problems.iter().map(|p| p.kind().exit_code()).max().unwrap_or(0))
        }
    }
}

async fn copy(shell: &Shell, from: &str, to: &str, output: &Output) -> Result<u8> {
    let source = state::open(from, &shell.config.root)?;
    let destination = state::open(to, &shell.config.root)?;
    let Copied { written, same, different } = state::copy(&*source, &*destination).await?;
    if output.format == Format::Json {
        let different: Vec<&str> = different.iter().map(name).collect();
        let document = json!({"schema": json::SCHEMA, "command": "ledger copy", "written": written, "same": same, "different": different});
        output.result(&json::to_text(&document));
    } else {
        output.result(&format!("{written} entries copied from {from} to {to}, {same} were there already\n"));
    }
    if different.is_empty() {
        output.remark("set `state` in crosspost.toml to the new one");
        return Ok(0);
    }
    let names: Vec<&str> = different.iter().map(name).collect();
    let error =
        Error::decision(format!("{} entries say something else there and were left alone", different.len()))
            .detail("entries", names.join(", "))
            .help("if the ledger that was copied from is the right one, copy to an empty one");
    output.error(&error);
    Ok(Kind::Decision.exit_code())
}

fn name(key: &Key) -> &str {
    match key {
        Key::Note(note) => note.as_str(),
        Key::Site(target) => target,
    }
}

fn show(named: &str, report: &Report, output: &Output) {
    let open: Vec<_> = report
        .open
        .iter()
        .map(|(note, target, phase)| json!({"note": note, "target": target, "phase": phase}))
        .collect();
    if output.format == Format::Json {
        let problems: Vec<json::JsonError<'_>> = report.problems.iter().map(Into::into).collect();
        let document = json!({
            "schema": json::SCHEMA, "command": "ledger check", "ledger": named,
            "notes": report.notes, "sites": report.sites, "open": open, "problems": problems,
        });
        output.result(&json::to_text(&document));
    } else {
        output.result(&format!("{named}: {} notes, {} sites\n", report.notes, report.sites));
        for (note, target, phase) in &report.open {
            output.result(&format!("  open: {note} at {target} ({})\n", phase.as_str()));
        }
    }
    for problem in &report.problems {
        output.error(problem);
    }
}
