//! The configuration's text, by which every mistake is told with its line.

use toml::Spanned;

use crate::error::{Error, Place, nearest};

/// The configuration's text, for places in it.
pub struct ConfigText {
    pub shown: String,
    pub text: String,
}

impl ConfigText {
    /// Where a byte stands.
    pub fn place(&self, offset: usize) -> Place {
        let source =
            crate::note::Source { path: self.shown.as_str().into(), text: self.text.as_str().into() };
        source.place(offset)
    }

    /// What the TOML reader says, with its place and the nearest known key.
    pub fn error(&self, error: &toml::de::Error) -> Error {
        let message = error.message().trim();
        let unknown =
            message.strip_prefix("unknown field `").and_then(|rest| rest.split_once("`, expected "));
        let mut out = match unknown {
            Some((key, expected)) => {
                let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
                unknown_key(key, &known)
            }
            None => Error::invalid(message.lines().collect::<Vec<_>>().join("; ")),
        };
        if let Some(span) = error.span() {
            out = out.at(self.place(span.start));
        } else {
            out = out.at(Place::file(&self.shown));
        }
        out
    }
}

fn unknown_key(key: &str, known: &[&str]) -> Error {
    let error = Error::invalid(format!("unknown key `{key}`")).code("unknown-key");
    match nearest(key, known.iter().copied()) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error.help(format!("known here: {}", known.join(", "))),
    }
}

/// A value's place in the file, for checks after reading: `Spanned` values carry it.
pub fn at<T>(text: &ConfigText, value: &Spanned<T>, error: Error) -> Error {
    error.at(text.place(value.span().start))
}
