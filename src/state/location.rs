//! From the configuration's `state` to the ledger it names.

use std::path::Path;

use super::{Ledger, file::FileLedger, gather::Gathering, git::GitLedger, object::ObjectLedger};
use crate::error::{Error, Result, nearest};

/// The ways to keep a ledger, each with how it is written.
const SCHEMES: [(&str, &str); 5] = [
    ("file", "file:FOLDER"),
    ("git", "git:BRANCH or git:REMOTE:BRANCH"),
    ("s3", "s3://BUCKET/PREFIX"),
    ("gs", "gs://BUCKET/PREFIX"),
    ("az", "az://CONTAINER/PREFIX"),
];

/// Opens the ledger that `state` in the configuration names. `root` is the configuration's folder,
/// which relative paths start from. Nothing is written, and nothing is asked over a network yet.
///
/// # Errors
/// An unknown scheme or a value that cannot be; a folder that is none.
pub fn open(state: &str, root: &Path) -> Result<Box<dyn Ledger>> {
    let Some((scheme, rest)) = state.split_once(':') else {
        return Err(no_scheme(state));
    };
    if rest.is_empty() {
        return Err(unknown(state).help(format!("something has to follow `{scheme}:`")));
    }
    match scheme {
        "file" => Ok(Box::new(Gathering::new(FileLedger::open(&root.join(rest), rest)?))),
        "git" => Ok(Box::new(Gathering::new(GitLedger::open(rest, root)?))),
        "s3" | "gs" | "az" => Ok(Box::new(Gathering::new(ObjectLedger::open(scheme, rest)?))),
        _ => Err(match nearest(scheme, SCHEMES.map(|(name, _)| name)) {
            Some(near) => unknown(state).help(format!("did you mean `{near}:`?")),
            None => unknown(state).help(known()),
        }),
    }
}

fn unknown(state: &str) -> Error {
    Error::invalid(format!("`state = \"{state}\"` names no ledger"))
}

fn no_scheme(state: &str) -> Error {
    let error = unknown(state);
    if state.is_empty() {
        return error.help(known());
    }
    error.help(format!("for a folder of that name write `state = \"file:{state}\"`")).help(known())
}

fn known() -> String {
    let ways: Vec<&str> = SCHEMES.iter().map(|(_, way)| *way).collect();
    format!("known ways: {}", ways.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(state: &str) -> String {
        open(state, Path::new(".")).err().unwrap().to_string()
    }

    #[test]
    fn a_scheme_that_is_unknown_is_refused_with_the_nearest() {
        assert!(refused("flie:x").contains("did you mean `file:`?"));
        assert!(refused("redis://x").contains("known ways: file:FOLDER"));
        assert!(refused("").contains("known ways"));
        assert!(refused(".crosspost").contains("`state = \"file:.crosspost\"`"));
        assert!(refused("file:").contains("something has to follow"));
    }

    #[test]
    fn a_folder_is_told_by_the_name_it_was_given() {
        assert_eq!(open("file:.crosspost", Path::new("/nowhere")).unwrap().location(), "file:.crosspost");
    }
}
