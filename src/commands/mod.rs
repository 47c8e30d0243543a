//! One verb a file. Commands put the parts together and hold no rules of their own.

mod adopt;
mod browser;
mod check;
mod doctor;
mod files;
mod init;
mod ledger;
mod login;
mod man;
mod new;
mod notes;
mod open;
mod output;
mod payload;
mod preview;
mod progress;
mod project;
mod prune;
mod publish;
mod record;
mod resolve;
mod shell;
mod showing;
mod since;
mod sources;
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
    output.watch_requests();
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
    refuse_form(&cli)?;
    match cli.command {
        Command::Publish(args) => publish::publish(global, args, output).await,
        Command::Plan(args) => publish::plan(global, args, output).await,
        Command::Preview(args) => preview::preview(global, args, output).await,
        Command::Check(args) => check::check(global, &args, output).await,
        Command::Status(args) => status::status(global, args, output).await,
        Command::Adopt(args) => adopt::adopt(global, args, output).await,
        Command::Resolve(args) => resolve::resolve(global, args, output).await,
        Command::Unpublish(args) => unpublish::unpublish(global, args, output).await,
        Command::Ledger(command) => ledger::ledger(global, command, output).await,
        Command::Init(args) => init::init(global, &args, output),
        Command::New(args) => new::new(global, &args, output),
        Command::Open(args) => open::open(global, &args, output).await,
        Command::Login(args) => login::login(global, &args, output).await,
        Command::Logout(args) => login::logout(global, &args, output),
        Command::Doctor(args) => doctor::doctor(global, &args, output).await,
        Command::Man(args) => man::man(&args, output),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            let mut command = <Cli as clap::CommandFactory>::command();
            clap_complete::generate(shell, &mut command, "crosspost", &mut script);
            output.result(&String::from_utf8_lossy(&script));
            Ok(0)
        }
    }
}

/// Annotations and comments are about notes: most commands have nothing to say there.
fn refuse_form(cli: &Cli) -> Result<()> {
    let about_notes = matches!(cli.command, Command::Publish(_) | Command::Plan(_) | Command::Check(_));
    let (suits, what, help) = match cli.global.format {
        Format::Github => {
            (about_notes, "annotations", "`--format github` is for `check`, `plan` and `publish`")
        }
        Format::Markdown => (
            about_notes || matches!(cli.command, Command::Status(_)),
            "Markdown",
            "`--format markdown` is for `check`, `plan`, `publish` and `status`",
        ),
        Format::Human | Format::Json => return Ok(()),
    };
    if suits {
        return Ok(());
    }
    Err(Error::invalid(format!("`{}` has no {what}", name(&cli.command))).help(help))
}

fn name(command: &Command) -> &'static str {
    match command {
        Command::Publish(_) => "publish",
        Command::Plan(_) => "plan",
        Command::Preview(_) => "preview",
        Command::Check(_) => "check",
        Command::Status(_) => "status",
        Command::Adopt(_) => "adopt",
        Command::Resolve(_) => "resolve",
        Command::Unpublish(_) => "unpublish",
        Command::Ledger(_) => "ledger",
        Command::Init(_) => "init",
        Command::New(_) => "new",
        Command::Open(_) => "open",
        Command::Login(_) => "login",
        Command::Logout(_) => "logout",
        Command::Doctor(_) => "doctor",
        Command::Man(_) => "man",
        Command::Completions { .. } => "completions",
    }
}
