//! `init`: writes a configuration, from questions on a terminal or from flags.

use std::{fmt::Write as _, path::Path};

use super::output::Output;
use crate::{
    cli::{self, Global},
    config::{Config, FILE_NAME},
    error::{Error, Result},
};

/// What a configuration is written from.
struct Answers {
    project: String,
    wordpress: Option<(String, String)>,
    medium: bool,
    timezone: String,
}

/// `crosspost init`
pub fn init(global: &Global, args: &cli::Init, output: &Output) -> Result<u8> {
    let file = global.config.clone().unwrap_or_else(|| FILE_NAME.into());
    if file.exists() && !args.force {
        return Err(Error::invalid("there is a configuration already")
            .detail("file", file.display().to_string())
            .help("edit it, or overwrite it with `--force`"));
    }
    let asks = output.interactive && args.wordpress.is_none() && args.project.is_none();
    let answers = if asks { ask(args)? } else { flags(args)? };
    let text = write(&answers);
    // What is written is read back, so that it cannot be wrong.
    Config::parse(&text, &file)?;
    std::fs::write(&file, &text).map_err(|e| {
        Error::failed("the configuration cannot be written")
            .detail("file", file.display().to_string())
            .cause(e)
    })?;
    output.result(&next_steps(&file, &answers));
    Ok(0)
}

fn flags(args: &cli::Init) -> Result<Answers> {
    let wordpress = match (&args.wordpress, &args.user) {
        (Some(url), Some(user)) => Some((url.clone(), user.clone())),
        (Some(_), None) => {
            return Err(Error::invalid("`--wordpress` needs the user that crosspost publishes as")
                .help("add `--user LOGIN`"));
        }
        (None, _) => None,
    };
    if args.medium && wordpress.is_none() {
        return Err(Error::invalid("`--medium` needs the blog whose permalink is canonical")
            .help("add `--wordpress URL --user LOGIN`"));
    }
    Ok(Answers {
        project: args.project.clone().unwrap_or_else(default_project),
        wordpress,
        medium: args.medium,
        timezone: args.timezone.clone().unwrap_or_else(default_timezone),
    })
}

fn ask(args: &cli::Init) -> Result<Answers> {
    let failed = |e: dialoguer::Error| Error::failed("the question could not be asked").cause(e);
    let input = |prompt: &str, default: &str| {
        dialoguer::Input::<String>::new()
            .with_prompt(prompt)
            .default(default.to_owned())
            .allow_empty(true)
            .interact_text()
            .map_err(failed)
    };
    let project =
        input("Name of the project (part of every post's marker: never change it)", &default_project())?;
    let url =
        input("Address of the WordPress site, as https://blogs.example.gov.uk/hackit (empty: none)", "")?;
    let wordpress = if url.trim().is_empty() {
        None
    } else {
        Some((url.trim().to_owned(), input("WordPress user that crosspost publishes as", "")?))
    };
    let medium = wordpress.is_some()
        && dialoguer::Confirm::new()
            .with_prompt("Also to Medium?")
            .default(false)
            .interact()
            .map_err(failed)?;
    let timezone =
        input("Time zone of dates that name none", &args.timezone.clone().unwrap_or_else(default_timezone))?;
    Ok(Answers { project, wordpress, medium, timezone })
}

/// The folder's name, and four digits that nobody else has: two teams with a folder `weeknotes` may
/// share a site, and under one name each would take the other's posts for its own.
fn default_project() -> String {
    let here = std::env::current_dir().ok();
    let name = here.as_deref().and_then(Path::file_name).map(|n| n.to_string_lossy().into_owned());
    let digits = uuid::Uuid::new_v4().simple().to_string();
    format!("{}-{}", name.as_deref().unwrap_or("crosspost"), digits.get(..4).unwrap_or_default())
}

fn default_timezone() -> String {
    jiff::tz::TimeZone::system().iana_name().unwrap_or("UTC").to_owned()
}

fn write(answers: &Answers) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let mut text = format!(
        "project  = {}    # part of every post's marker: never change it\n\
         notes    = [\"notes/**/*.md\"]\n\
         state    = \"file:.crosspost\"    # in CI: \"git:crosspost-ledger\"\n\
         timezone = {}\n",
        quoted(&answers.project),
        quoted(&answers.timezone)
    );
    match &answers.wordpress {
        Some((url, user)) => {
            let _ = write!(
                text,
                "\n[targets.blog]\nkind     = \"wordpress\"\nurl      = {}\nuser     = {}\naudience = \"public\"\n",
                quoted(url),
                quoted(user)
            );
        }
        None => text += "\n[targets.folder]\nkind     = \"folder\"\naudience = \"public\"\n",
    }
    if answers.medium {
        text += "\n[targets.medium]\nkind      = \"medium\"\nmode      = \"handoff\"    # you bring each story there: Medium gives out no tokens any more\n\
                 audience  = \"public\"\ncanonical = \"blog\"\n#username = \"NAME\"        # as in https://medium.com/@NAME: its feed shows what is there\n";
    }
    text
}

fn next_steps(file: &Path, answers: &Answers) -> String {
    let mut text = format!("Wrote {}.\n\nNext:\n", file.display());
    if let Some((url, _)) = &answers.wordpress {
        let url = url.trim_end_matches('/');
        let _ = write!(
            text,
            "  1. crosspost login blog      (makes an application password, and keeps it in this machine's keyring)\n\
             \x20    Without a keyring, make one at {url}/wp-admin/profile.php#application-passwords-section\n\
             \x20    and export CROSSPOST_BLOG_PASSWORD='…'\n"
        );
        text += "  2. crosspost doctor\n  3. crosspost new post \"Hello\"\n  4. crosspost publish --dry-run, then crosspost publish\n";
    } else {
        text += "  crosspost publish notes/my-note.md\n";
    }
    text
}
