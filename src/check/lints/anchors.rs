//! Links to headings that are not there.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;

use crate::{
    check::{
        Code, Facts, Lint, Look, Problem, Subject,
        subject::{Cut, aim},
    },
    error::nearest,
    render::links::is_relative,
};

const BROKEN_ANCHOR: Code = Code::error("broken-anchor", "a link to a heading that is not there");

/// The lint.
pub const LINT: Lint = Lint { codes: &[&BROKEN_ANCHOR], look: Look::Text(look) };

fn look(cut: &Cut, subject: &Subject<'_>, facts: &Facts<'_>) -> Vec<Problem> {
    let (note, mut finder, own) = (subject.note.path(), subject.finder(), cut.anchors());
    let mut problems = Vec::new();
    for link in cut.document.links() {
        let spot = finder.address(link.line, &link.href);
        let Some((path, anchor)) = link.href.split_once('#') else { continue };
        let anchor = percent_decode_str(anchor).decode_utf8_lossy().into_owned();
        // An empty anchor and `#top` are the top of every page (HTML 7.4.6.4).
        if anchor.is_empty() || anchor == "top" {
            continue;
        }
        let aim = aim(note, path, link.wiki, facts).filter(|_| link.wiki || is_relative(path));
        let (there, anchors) = match (path.is_empty(), aim) {
            (true, _) => ("this note", Some(&own)),
            (false, Some(aim)) => (aim, facts.notes.get(aim).and_then(|known| known.anchors.as_ref())),
            (false, None) => continue,
        };
        if let Some(anchors) = anchors.filter(|anchors| !anchors.contains(&anchor)) {
            let message = format!("there is no heading `#{anchor}` in {there}");
            problems.push(with_hint(Problem::new(&BROKEN_ANCHOR, note, spot, message), &anchor, anchors));
        }
    }
    problems
}

fn with_hint(problem: Problem, anchor: &str, anchors: &BTreeSet<String>) -> Problem {
    match nearest(anchor, anchors.iter().map(String::as_str)) {
        Some(near) => problem.help(format!("did you mean `#{near}`?")),
        None if anchors.is_empty() => problem.help("it has no headings besides its title"),
        None => {
            let some: Vec<String> = anchors.iter().take(5).map(|anchor| format!("`#{anchor}`")).collect();
            problem.help(format!("its headings: {}", some.join(", ")))
        }
    }
}
