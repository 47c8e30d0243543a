//! One verb a file. Commands put the parts together and hold no rules of their own.

mod adopt;
mod check;
mod files;
mod init;
mod ledger;
mod memory;
mod notes;
mod output;
mod payload;
mod progress;
mod project;
mod prune;
mod publish;
mod record;
mod resolve;
mod shell;
mod status;
mod unpublish;

use crate::{
    cli::{Cli, Command, Format},
    error::{Error, Result},
};

use output::Output;

/// Runs the program and returns its exit code. Everything is printed when it returns.
#[must_use]
pub fn run(cli: Cli) -> u8 {
    let output = Output::new(&cli.global);
    let name = name(&cli.command);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(dispatch(cli, &output)),
        Err(error) => Err(Error::failed("the program cannot start").cause(error)),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            output.fatal(name, &error);
            error.kind().exit_code()
        }
    }
}

async fn dispatch(cli: Cli, output: &Output) -> Result<u8> {
    let global = &cli.global;
    refuse_annotations(&cli)?;
    match cli.command {
        Command::Publish(args) => publish::publish(global, args, output).await,
        Command::Plan(args) => publish::plan(global, args, output).await,
        Command::Check(args) => check::check(global, &args, output).await,
        Command::Status(args) => status::status(global, args, output).await,
        Command::Adopt(args) => adopt::adopt(global, args, output).await,
        Command::Resolve(args) => resolve::resolve(global, args, output).await,
        Command::Unpublish(args) => unpublish::unpublish(global, args, output).await,
        Command::Ledger(command) => ledger::ledger(global, command, output).await,
        Command::Init(args) => init::init(global, &args, output),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            let mut command = <Cli as clap::CommandFactory>::command();
            clap_complete::generate(shell, &mut command, "crosspost", &mut script);
            output.result(&String::from_utf8_lossy(&script));
            Ok(0)
        }
    }
}

/// Annotations stand on the lines of notes: most commands have nothing to say there.
fn refuse_annotations(cli: &Cli) -> Result<()> {
    let suits = matches!(cli.command, Command::Publish(_) | Command::Plan(_) | Command::Check(_));
    if cli.global.format != Format::Github || suits {
        return Ok(());
    }
    Err(Error::invalid(format!("`{}` has no annotations", name(&cli.command)))
        .help("`--format github` is for `check`, `plan` and `publish`"))
}

fn name(command: &Command) -> &'static str {
    match command {
        Command::Publish(_) => "publish",
        Command::Plan(_) => "plan",
        Command::Check(_) => "check",
        Command::Status(_) => "status",
        Command::Adopt(_) => "adopt",
        Command::Resolve(_) => "resolve",
        Command::Unpublish(_) => "unpublish",
        Command::Ledger(_) => "ledger",
        Command::Init(_) => "init",
        Command::Completions { .. } => "completions",
    }
}
