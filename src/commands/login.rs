//! `login` and `logout`: a target's secrets, in this machine's keyring.

mod ask;

use secrecy::SecretString;

use super::{browser, output::Output, project::Project};
use crate::{
    cli::{self, Format, Global},
    error::{Error, Result},
    report::{doctor, json},
    secrets::{Origin, Secrets},
    targets::{
        DRIVERS, Target, Writer,
        diagnosis::{Diagnosis, Grade},
    },
};

use ask::Source;

/// `crosspost login`
pub async fn login(global: &Global, args: &cli::Login, output: &Output) -> Result<u8> {
    let project = Project::open(global, None)?;
    let target = project.target(&args.target)?;
    let machine = Secrets::new(&project.config.project);
    let (gathered, writer) = gather(&*target, &machine, args, output).await?;
    let findings = if args.no_check { Vec::new() } else { writer.diagnose().await };
    if findings.iter().any(|finding| finding.grade == Grade::Bad) {
        return Err(refused(&target.common().name, &findings));
    }
    for (secret, value) in &gathered {
        machine.keep(&args.target, secret, value)?;
    }
    let names: Vec<&str> = gathered.iter().map(|(secret, _)| secret.as_str()).collect();
    kept(&args.target, &names, &findings, output);
    warn_of_variables(&machine, &args.target, &names, output);
    Ok(0)
}

/// What the target needs, each asked for in turn, and its talking half with them.
async fn gather(
    target: &dyn Target,
    machine: &Secrets,
    args: &cli::Login,
    output: &Output,
) -> Result<(Vec<(String, SecretString)>, Box<dyn Writer>)> {
    let name = &target.common().name;
    let tried = Secrets::handed_in(machine.project());
    let mut source = Source::new(args.with_token, output);
    let mut gathered: Vec<(String, SecretString)> = Vec::new();
    loop {
        let error = match target.connect(&tried) {
            Ok(_) if gathered.is_empty() => return Err(needs_none(name)),
            Ok(writer) => return Ok((gathered, writer)),
            Err(error) => error,
        };
        let Some(secret) = tried.wanting(name) else { return Err(error) };
        // Nobody is to make and type a password that cannot be kept then.
        if let Err(error) = machine.expect_keyring(name, &secret) {
            return Err(elsewhere(target, error).await);
        }
        if source.asks() {
            introduce(target, &secret, output).await?;
        }
        let value = source.read(name, &secret)?;
        tried.give(name, &secret, value.clone());
        gathered.push((secret, value));
    }
}

/// Says what is asked for, and opens the page where it is made.
async fn introduce(target: &dyn Target, secret: &str, output: &Output) -> Result<()> {
    if let Some(about) = about(target, secret) {
        output.remark(&format!("The {secret} of `{}`: {about}.", target.common().name));
    }
    if let Some(page) = target.secret_page().await? {
        let opened = browser::open(page.as_str());
        let how = if opened { "In the browser, or at" } else { "Open" };
        output.remark(&format!(
            "{how} {page}\nlog in as that user if you are asked to, approve, and copy the {secret} that is shown."
        ));
    }
    Ok(())
}

/// Without a keyring, the site's page is still where the secret is made.
async fn elsewhere(target: &dyn Target, error: Error) -> Error {
    match target.secret_page().await {
        Ok(Some(page)) => error.help(format!("it is made at {page}")),
        _ => error,
    }
}

fn about(target: &dyn Target, secret: &str) -> Option<&'static str> {
    known(target).iter().find(|(name, _)| *name == secret).map(|(_, about)| *about)
}

/// The secrets that targets of this kind take.
fn known(target: &dyn Target) -> &'static [(&'static str, &'static str)] {
    let driver = DRIVERS.iter().find(|driver| driver.kind() == target.kind());
    driver.map(|driver| driver.secrets()).unwrap_or_default()
}

fn needs_none(target: &str) -> Error {
    Error::invalid(format!("the target `{target}` needs no password and no token"))
}

/// The first thing that stands in the way, as an error.
fn refused(target: &str, findings: &[Diagnosis]) -> Error {
    let bad = findings.iter().find(|finding| finding.grade == Grade::Bad);
    let error = Error::failed(format!("`{target}` was tried and would not work: nothing was kept"));
    let error = bad.map_or(error.clone(), |bad| {
        let error = error.detail("cause", bad.text.clone());
        let error = if let Some(code) = bad.code { error.code(code) } else { error };
        bad.help.iter().fold(error, Error::help)
    });
    error.help("`--no-check` keeps it all the same")
}

fn kept(target: &str, secrets: &[&str], findings: &[Diagnosis], output: &Output) {
    if output.format == Format::Json {
        let findings: Vec<_> = findings.iter().map(doctor::finding).collect();
        output.result(&json::to_text(&serde_json::json!({
            "schema": json::SCHEMA, "command": "login", "target": target, "kept": secrets, "findings": findings,
        })));
        return;
    }
    if !findings.is_empty() {
        let place = String::new();
        let section =
            doctor::Section { name: format!("target {target}"), place, findings: findings.to_vec() };
        output.result(&doctor::section(&section, output.style));
    }
    output
        .result(&format!("The {} of `{target}` is in this machine's keyring.\n", secrets.join(" and the ")));
}

/// The environment goes before the keyring: who sets both is told.
fn warn_of_variables(machine: &Secrets, target: &str, secrets: &[&str], output: &Output) {
    for secret in secrets {
        if let Some(origin @ (Origin::Variable(_) | Origin::File(_))) = machine.origin(target, secret) {
            output.remark(&format!("{origin} goes before the keyring: unset it to use what was kept now"));
        }
    }
}

/// `crosspost logout`
pub fn logout(global: &Global, args: &cli::Logout, output: &Output) -> Result<u8> {
    let project = Project::open(global, None)?;
    let target = project.target(&args.target)?;
    let machine = Secrets::new(&project.config.project);
    let mut removed = Vec::new();
    for (secret, _) in known(&*target) {
        if machine.forget(&args.target, secret)? {
            removed.push(*secret);
        }
    }
    if output.format == Format::Json {
        output.result(&json::to_text(&serde_json::json!({
            "schema": json::SCHEMA, "command": "logout", "target": args.target, "removed": removed,
        })));
    } else if removed.is_empty() {
        output.result(&format!("There was nothing of `{}` in this machine's keyring.\n", args.target));
    } else {
        let what = removed.join(" and the ");
        output.result(&format!("The {what} of `{}` is gone from this machine's keyring.\n", args.target));
        output.remark("It still works: take it back on the site too if nobody else uses it.");
    }
    warn_of_variables(
        &machine,
        &args.target,
        &known(&*target).iter().map(|(s, _)| *s).collect::<Vec<_>>(),
        output,
    );
    Ok(0)
}
