//! The branch's content: many objects in one process each.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::Branch;
use crate::{
    error::{Error, Place, Result},
    state::{
        layout::{self, RECORDS, SITES},
        swap::Edit,
    },
};

/// What explains the branch to who comes across it.
const README: &str = "\
crosspost's ledger: what was published where. Written by crosspost only. It shares no history with
the other branches, and is never merged into one. Nothing here is secret.
";

impl Branch {
    /// The entries of a commit: path and object.
    ///
    /// # Errors
    /// When the branch holds something else than a ledger.
    pub(in crate::state::git) fn list(&self, tip: &str) -> Result<Vec<(String, String)>> {
        let listing = self.git.run(&["ls-tree", "-r", "-z", "--full-tree", tip])?;
        let listing = listing.or("the ledger's branch cannot be listed")?;
        let mut entries = Vec::new();
        for line in String::from_utf8_lossy(&listing.answer).split_terminator('\0') {
            let Some((about, path)) = line.split_once('\t') else { continue };
            let oid = about.rsplit(' ').next().unwrap_or_default();
            if layout::is_entry(path) {
                entries.push((path.to_owned(), oid.to_owned()));
            } else if !may_be_beside(path) {
                return Err(self.no_ledger(path));
            }
        }
        Ok(entries)
    }

    fn no_ledger(&self, path: &str) -> Error {
        Error::invalid(format!("the branch `{}` is not a ledger: it holds `{path}`", self.name))
            .at(Place::file(self.shown(path)))
            .help("name a branch of its own, as `state = \"git:crosspost-ledger\"`; it is made at the first publish")
    }

    /// Objects' contents, in order.
    pub(in crate::state::git) fn read(&self, oids: &[&str]) -> Result<Vec<Vec<u8>>> {
        if self.partial {
            self.fetch_missing(oids)?;
        }
        let output = self.git.feed(&["cat-file", "--batch"], joined(oids).as_bytes())?;
        let output = output.or("the ledger's branch cannot be read")?;
        let contents = split_batch(&output.answer);
        if contents.len() == oids.len() {
            return Ok(contents);
        }
        Err(Error::failed("the ledger's branch cannot be read: objects are missing")
            .help(format!("`git fsck {}` tells what is wrong with this clone", self.tracking)))
    }

    /// Fetches at once what a partial clone left out: git itself would fetch one by one.
    fn fetch_missing(&self, oids: &[&str]) -> Result<()> {
        let Some(remote) = &self.remote else { return Ok(()) };
        let output = self.git.feed_offline(&["cat-file", "--batch-check"], joined(oids).as_bytes())?;
        let output = output.or("the ledger's branch cannot be read")?;
        let text = String::from_utf8_lossy(&output.answer);
        let missing: Vec<&str> = text.lines().filter_map(|line| line.strip_suffix(" missing")).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let arguments = ["-c", "fetch.negotiationAlgorithm=noop", "fetch", "--quiet", "--no-tags"];
        let more =
            ["--no-write-fetch-head", "--no-recurse-submodules", "--filter=blob:none", "--stdin", remote];
        let fetched = self.git.feed(&[&arguments[..], &more].concat(), joined(&missing).as_bytes())?;
        fetched.or("what this partial clone left out cannot be fetched").map(drop)
    }

    /// Makes a commit on top of `parent`, which the branch here then points to, and returns it.
    pub(in crate::state::git) fn write(&self, parent: Option<&str>, edits: &[Edit]) -> Result<String> {
        let mut input = self.header(parent, edits).into_bytes();
        if parent.is_none() {
            put(&mut input, "README", README.as_bytes());
        }
        for edit in edits {
            match &edit.text {
                Some(text) => put(&mut input, &edit.path, text),
                None => input.extend_from_slice(format!("D {}\n", edit.path).as_bytes()),
            }
        }
        input.extend_from_slice(b"\nget-mark :1\ndone\n");
        let output = self.git.feed(&["fast-import", "--quiet", "--force", "--done"], &input)?;
        Ok(output.or("a commit for the ledger's branch cannot be made")?.line())
    }

    fn header(&self, parent: Option<&str>, edits: &[Edit]) -> String {
        let message = message(edits);
        let mut header = format!(
            "feature done\ncommit {}\nmark :1\ncommitter {} {} +0000\ndata {}\n{message}\n",
            self.tracking,
            self.author,
            Timestamp::now().as_second(),
            message.len(),
        );
        if let Some(parent) = parent {
            let _ = writeln!(header, "from {parent}");
        }
        header
    }
}

/// Whether a file that is no entry may be on a ledger's branch.
fn may_be_beside(path: &str) -> bool {
    let top = path.split('/').next().unwrap_or_default();
    [RECORDS, SITES, "README", "README.md", ".gitattributes", ".gitignore"].contains(&top)
}

/// No pipeline need run for a ledger's commit: GitHub and GitLab read the same words.
fn message(edits: &[Edit]) -> String {
    match edits {
        [edit] => format!("{} [skip ci]\n", edit.path),
        _ => format!("{} entries [skip ci]\n", edits.len()),
    }
}

/// `fast-import`'s command that sets a file. The paths are ASCII without spaces or quotes.
fn put(input: &mut Vec<u8>, path: &str, text: &[u8]) {
    input.extend_from_slice(format!("M 100644 inline {path}\ndata {}\n", text.len()).as_bytes());
    input.extend_from_slice(text);
    input.push(b'\n');
}

fn joined(oids: &[&str]) -> String {
    oids.iter().fold(String::new(), |all, oid| all + oid + "\n")
}

/// The contents in the answer of `cat-file --batch`: a line `OID TYPE SIZE`, the content, a line
/// end. Ends at the first that is missing.
fn split_batch(mut answer: &[u8]) -> Vec<Vec<u8>> {
    let mut contents = Vec::new();
    while let Some((content, rest)) = next_content(answer) {
        contents.push(content.to_vec());
        answer = rest;
    }
    contents
}

fn next_content(answer: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = answer.iter().position(|b| *b == b'\n')?;
    let header = std::str::from_utf8(answer.get(..end)?).ok()?;
    let size: usize = header.rsplit(' ').next()?.parse().ok()?;
    let (content, rest) = answer.get(end + 1..)?.split_at_checked(size)?;
    Some((content, rest.get(1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_split_by_its_sizes() {
        let answer = b"aa blob 3\na\nb\nbb blob 0\n\ncc missing\n";
        assert_eq!(split_batch(answer), [b"a\nb".to_vec(), Vec::new()]);
        assert!(split_batch(b"aa blob 9\nshort\n").is_empty());
    }
}
