//! Where `login` gets a secret from: a person at a terminal, unseen, or standard input.

use std::io::{BufRead, IsTerminal};

use secrecy::SecretString;

use crate::{
    commands::output::Output,
    error::{Error, Result},
    secrets::Secrets,
};

/// Where secrets come from.
pub enum Source {
    /// A person is asked.
    Person,
    /// Standard input, a line for each secret.
    Input,
    /// Nobody may be asked.
    Nobody,
}

impl Source {
    /// Standard input where that was asked for, or is no terminal; else a person, where one may be
    /// asked.
    pub fn new(with_token: bool, output: &Output) -> Self {
        match (with_token || !std::io::stdin().is_terminal(), output.interactive) {
            (true, _) => Self::Input,
            (false, true) => Self::Person,
            (false, false) => Self::Nobody,
        }
    }

    /// Whether a person is asked.
    pub fn asks(&self) -> bool {
        matches!(self, Self::Person)
    }

    /// Reads a secret.
    ///
    /// # Errors
    /// When there is none to be had.
    pub fn read(&mut self, target: &str, secret: &str) -> Result<SecretString> {
        let text = match self {
            Self::Nobody => return Err(nobody(target, secret)),
            Self::Person => ask(target, secret)?,
            Self::Input => line()?,
        };
        let text = text.trim();
        if text.is_empty() {
            return Err(Error::invalid(format!("no {secret} was given for `{target}`"))
                .help(format!("on a terminal, `crosspost login {target}` asks for it"))
                .help(format!("or hand it over on standard input: `crosspost login {target} < file`"))
                .help(format!("without a keyring, set `{}`", Secrets::variable(target, secret))));
        }
        Ok(SecretString::from(text.to_owned()))
    }
}

fn ask(target: &str, secret: &str) -> Result<String> {
    dialoguer::Password::new()
        .with_prompt(format!("The {secret} of `{target}` (it is not shown)"))
        .allow_empty_password(true)
        .interact()
        .map_err(|e| Error::failed("the question could not be asked").cause(e))
}

fn line() -> Result<String> {
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    read.map_err(|e| Error::invalid("standard input cannot be read").cause(e))?;
    Ok(line)
}

fn nobody(target: &str, secret: &str) -> Error {
    Error::invalid(format!("`--no-input` keeps `crosspost login` from asking for the {secret} of `{target}`"))
        .help(format!("hand it over on standard input: `crosspost login {target} < file`"))
        .help(format!("or leave it where it is, and set `{}`", Secrets::variable(target, secret)))
}
