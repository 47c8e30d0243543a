//! `ledger copy` and `ledger check`.

use super::{output::Output, shell::Shell};
use crate::{
    cli::{Format, Global, LedgerCommand},
    error::Result,
    report::json,
    state,
};

/// `crosspost ledger …`
pub async fn ledger(global: &Global, command: LedgerCommand, output: &Output) -> Result<u8> {
    let shell = Shell::open(global, None, output)?;
    match command {
        LedgerCommand::Copy { from, to } => {
            let source = state::open(&from, &shell.config.root)?;
            let destination = state::open(&to, &shell.config.root)?;
            let copied = state::copy(&*source, &*destination).await?;
            output.remark(&format!("{copied} records copied from {from} to {to}"));
            output.remark("set `state` in crosspost.toml to the new one");
            Ok(0)
        }
        LedgerCommand::Check { ledger } => {
            let named = ledger.unwrap_or_else(|| shell.config.state.clone());
            let ledger = state::open(&named, &shell.config.root)?;
            let report = state::check(&*ledger).await?;
            match output.format {
                Format::Json => output.result(&json::to_text(&report)),
                Format::Human => output.result(&report.to_string()),
            }
            Ok(report.exit_code())
        }
    }
}
