//! Links that lead nowhere: to notes and files that are not there, or are not published.

use std::collections::BTreeMap;

use crate::{
    check::{
        Code, Facts, Lint, Look, Problem, Spot, Subject,
        subject::{Cut, aim, file_name},
    },
    error::nearest,
    note::path::resolve_relative,
    render::{document::Address, links::is_relative},
};

const BROKEN_LINK: Code = Code::error("broken-link", "a link to a note or a file that is not there");
const NOT_A_NOTE: Code =
    Code::warning("not-a-note", "a link to a Markdown file that is no note of this project");
const LINK_TO_FILE: Code = Code::warning("link-to-file", "a link to a file, which is not published");

/// The lint.
pub const LINT: Lint = Lint { codes: &[&BROKEN_LINK, &NOT_A_NOTE, &LINK_TO_FILE], look: Look::Text(look) };

fn look(cut: &Cut, subject: &Subject<'_>, facts: &Facts<'_>) -> Vec<Problem> {
    let mut finder = subject.finder();
    let mut problems = Vec::new();
    for link in cut.document.links() {
        let spot = finder.address(link.line, &link.href);
        if link.wiki || is_relative(&link.href) {
            problems.extend(judge(&link, spot, subject.note.path(), facts));
        }
    }
    problems
}

fn judge(link: &Address, spot: Spot, note: &str, facts: &Facts<'_>) -> Option<Problem> {
    let Address { href, wiki, .. } = link;
    if aim(note, href, *wiki, facts).is_some() {
        return None;
    }
    let path = match resolve_relative(note, href) {
        Ok(path) => path,
        Err(reason) => {
            return Some(Problem::new(&BROKEN_LINK, note, spot, format!("the link `{href}` {reason}")));
        }
    };
    let is_markdown = [".md", ".markdown"].iter().any(|ending| path.to_lowercase().ends_with(ending));
    Some(if !(facts.exists)(&path) {
        let kind = if is_markdown || *wiki { "note" } else { "file" };
        let problem = Problem::new(&BROKEN_LINK, note, spot, format!("there is no {kind} `{path}`"));
        match similar(&path, note, facts) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem,
        }
    } else if is_markdown {
        Problem::new(&NOT_A_NOTE, note, spot, format!("`{path}` is there and is no note of this project"))
            .help("its link becomes plain text; `notes` in crosspost.toml says which files are notes")
    } else {
        Problem::new(&LINK_TO_FILE, note, spot, format!("`{path}` is a file, and files are not published"))
            .help("its link becomes plain text: put the file where readers can reach it, and link to that")
    })
}

/// Another note with nearly this name, in whatever folder.
fn similar<'a>(path: &str, note: &str, facts: &Facts<'a>) -> Option<&'a str> {
    let others = facts.notes.keys().map(String::as_str).filter(|other| *other != note);
    let names: BTreeMap<&str, &str> = others.map(|other| (file_name(other), other)).collect();
    nearest(file_name(path), names.keys().copied()).and_then(|near| names.get(near).copied())
}
