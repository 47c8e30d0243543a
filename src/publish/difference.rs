//! How a post on a site differs from what would be sent: in words, not in markup.

use std::{collections::BTreeMap, fmt::Write as _};

use similar::{
    ChangeTag, DiffOp,
    algorithms::{Capture, Compact, Replace, myers},
    group_diff_ops,
};

use crate::{
    plan::change::{Change, Mark, Piece},
    render::{Rendering, text::visible_text},
    targets::Remote,
};

/// So many words around a change are shown.
const AROUND: usize = 8;

/// Lines that begin with `- ` stand on the site, `+ ` in the note; `  …` is what they share. Empty
/// when nothing that a reader sees differs.
#[must_use]
pub fn of(parts: &BTreeMap<String, String>, rendering: &Rendering) -> String {
    let mut out = String::new();
    for (name, lines) in sections(parts, rendering) {
        let _ = write!(out, "{name}:\n{lines}");
    }
    out
}

/// The same for an internal target, whose text is for colleagues and not for logs: only which parts
/// differ.
#[must_use]
pub fn names(parts: &BTreeMap<String, String>, rendering: &Rendering) -> String {
    let names: Vec<&str> = sections(parts, rendering).into_iter().map(|(name, _)| name).collect();
    if names.is_empty() { String::new() } else { format!("differs: {}\n", names.join(", ")) }
}

/// The parts that differ, each with its lines.
fn sections(parts: &BTreeMap<String, String>, rendering: &Rendering) -> Vec<(&'static str, String)> {
    let mut sections = Vec::new();
    for (name, ours) in values(rendering) {
        if let Some(theirs) = parts.get(name).filter(|theirs| theirs.trim() != ours.trim()) {
            sections.push((name, format!("- {}\n+ {}\n", theirs.trim(), ours.trim())));
        }
    }
    if let Some(theirs) = parts.get("content") {
        let (theirs, ours) = (visible_text(theirs), visible_text(&rendering.body));
        if theirs != ours {
            let mut lines = String::new();
            words(&mut lines, &theirs, &ours);
            sections.push(("text", lines));
        }
    }
    sections
}

/// The parts that differ, word by word.
#[must_use]
pub fn changes(parts: &BTreeMap<String, String>, rendering: &Rendering) -> Vec<Change> {
    let mut changes = Vec::new();
    for (name, ours) in values(rendering) {
        if let Some(theirs) = parts.get(name).filter(|theirs| theirs.trim() != ours.trim()) {
            changes.push(Change { part: name, passages: passages(theirs.trim(), ours.trim()) });
        }
    }
    // A folder's page is kept whole.
    if let Some(theirs) = parts.get("content").or_else(|| parts.get("page")) {
        let (theirs, ours) = (visible_text(theirs), visible_text(&rendering.body));
        if theirs != ours {
            changes.push(Change { part: "text", passages: passages(&theirs, &ours) });
        }
    }
    changes
}

/// The same without a word of it: for logs, where the target is internal.
#[must_use]
pub fn changed_parts(parts: &BTreeMap<String, String>, rendering: &Rendering) -> Vec<Change> {
    let changes = changes(parts, rendering).into_iter();
    changes.map(|change| Change { passages: Vec::new(), ..change }).collect()
}

/// Every place that changed, with some words around it.
fn passages(theirs: &str, ours: &str) -> Vec<Vec<Piece>> {
    let (theirs, ours) = (tokens(theirs), tokens(ours));
    let groups = group_diff_ops(steps(&theirs, &ours), 2 * AROUND);
    groups.iter().map(|g| passage(g.iter().flat_map(|op| op.iter_changes(&*theirs, &*ours)))).collect()
}

/// The words, and the blanks between them.
fn tokens(text: &str) -> Vec<&str> {
    let ends = text.char_indices().scan(None, |before, (at, c)| {
        let is_end = before.replace(c.is_whitespace()).is_some_and(|before| before != c.is_whitespace());
        Some((at, is_end))
    });
    let ends = ends.filter(|(_, is_end)| *is_end).map(|(at, _)| at);
    let mut from = 0;
    let mut tokens: Vec<&str> = ends.map(|at| &text[std::mem::replace(&mut from, at)..at]).collect();
    tokens.extend(Some(&text[from..]).filter(|last| !last.is_empty()));
    tokens
}

/// How one text becomes the other. (Myers' algorithm by name: `TextDiff` brings all five along.)
fn steps(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    let mut hook = Compact::new(Replace::new(Capture::new()), old, new);
    let Ok(()) = myers::diff(&mut hook, old, 0..old.len(), new, 0..new.len());
    hook.into_inner().into_inner().into_ops()
}

fn passage<'t>(changes: impl Iterator<Item = similar::Change<&'t str>>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for change in changes {
        let mark = match change.tag() {
            ChangeTag::Delete => Mark::Removed,
            ChangeTag::Insert => Mark::Added,
            ChangeTag::Equal => Mark::Kept,
        };
        // Words that stay end what went and came before them.
        let is_open = |known: Mark| known == mark || [known, mark].contains(&Mark::Kept);
        match pieces.iter_mut().rev().find(|piece| is_open(piece.mark)) {
            // What goes and what comes between two words that stay are two pieces, not a patchwork.
            Some(piece) if piece.mark == mark => piece.text.push_str(change.value()),
            _ => pieces.push(Piece { mark, text: change.value().to_owned() }),
        }
    }
    pieces
}

/// Whether a post that was sent from this rendering shows it still. Sites rewrite what they are
/// sent, so where its comment does not vouch for text and title, they are compared as a reader sees
/// them.
#[must_use]
pub fn is_as_sent(remote: &Remote, rendering: &Rendering) -> bool {
    let pristine = remote.stamp.as_ref().is_some_and(|stamp| stamp.pristine);
    let text = || match remote.parts.get("content") {
        Some(theirs) => visible_text(theirs) == visible_text(&rendering.body),
        None => true,
    };
    (pristine || (is_same(remote, rendering, "title") && text())) && has_same_settings(remote, rendering)
}

/// Whether a post that was sent from another version of the note has certainly not been edited
/// since: its comment vouches for text and title; what else a note sets is as this version has it.
#[must_use]
pub fn is_untouched(remote: &Remote, rendering: &Rendering) -> bool {
    remote.stamp.as_ref().is_some_and(|stamp| stamp.pristine) && has_same_settings(remote, rendering)
}

fn has_same_settings(remote: &Remote, rendering: &Rendering) -> bool {
    ["excerpt", "slug", "status"].into_iter().all(|part| is_same(remote, rendering, part))
}

fn is_same(remote: &Remote, rendering: &Rendering, part: &str) -> bool {
    let ours = values(rendering).find(|(name, _)| *name == part).map(|(_, ours)| ours.trim());
    let theirs = remote.parts.get(part).map(|theirs| theirs.trim());
    match (ours, theirs) {
        // A slug that was taken has a number behind it.
        (Some(ours), Some(theirs)) if part == "slug" => theirs
            .strip_prefix(ours)
            .is_some_and(|rest| rest.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit())),
        (Some(ours), Some(theirs)) => ours == theirs,
        _ => true,
    }
}

fn values(rendering: &Rendering) -> impl Iterator<Item = (&'static str, &str)> {
    let values = [
        ("title", Some(rendering.title.as_str())),
        ("excerpt", rendering.excerpt.as_deref()),
        ("slug", rendering.slug.as_deref()),
        ("status", Some(rendering.status.as_str())),
    ];
    values.into_iter().filter_map(|(name, value)| Some((name, value?)))
}

/// The paragraphs that differ, with the words around each change.
fn words(out: &mut String, theirs: &str, ours: &str) {
    let (theirs, ours): (Vec<&str>, Vec<&str>) = (theirs.lines().collect(), ours.lines().collect());
    let steps = steps(&theirs, &ours);
    for change in steps.iter().flat_map(|op| op.iter_changes(&*theirs, &*ours)) {
        let sign = match change.tag() {
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
            ChangeTag::Equal => continue,
        };
        let line = change.value().trim();
        if !line.is_empty() {
            let _ = writeln!(out, "{sign} {line}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::Status;

    #[test]
    fn of_an_internal_target_the_names_of_the_parts_are_told_and_nothing_else() {
        let rendering = Rendering {
            title: "A secret".to_owned(),
            slug: None,
            excerpt: Some("Another".to_owned()),
            status: Status::Publish,
            date: None,
            tags: None,
            categories: None,
            author: None,
            canonical: None,
            featured: None,
            body: "<p>The text</p>".to_owned(),
            extra: BTreeMap::new(),
            needs: Vec::new(),
            warnings: Vec::new(),
        };
        let parts = [("title", "Their title"), ("excerpt", "Another"), ("content", "<p>Their text</p>")];
        let parts = parts.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
        assert_eq!(names(&parts, &rendering), "differs: title, text\n");
        assert_eq!(
            of(&parts, &rendering),
            "title:\n- Their title\n+ A secret\ntext:\n- Their text\n+ The text\n"
        );
        assert_eq!(names(&BTreeMap::new(), &rendering), "");
        let told: Vec<(&str, usize)> =
            changed_parts(&parts, &rendering).iter().map(|c| (c.part, c.passages.len())).collect();
        assert_eq!(told, [("title", 0), ("text", 0)]);
    }

    fn shown(theirs: &str, ours: &str) -> Vec<String> {
        let piece = |piece: &Piece| match piece.mark {
            Mark::Kept => piece.text.clone(),
            Mark::Removed => format!("[-{}-]", piece.text),
            Mark::Added => format!("{{+{}+}}", piece.text),
        };
        passages(theirs, ours).iter().map(|passage| passage.iter().map(piece).collect()).collect()
    }

    #[test]
    fn a_difference_is_told_in_words_with_some_around_it() {
        assert_eq!(shown("We ship on Monday.", "We ship on Friday."), ["We ship on [-Monday.-]{+Friday.+}"]);
        assert_eq!(shown("on Monday at noon", "on Friday at noon"), ["on [-Monday-]{+Friday+} at noon"]);
        let far = (0..100).map(|n| format!("w{n} ")).collect::<Vec<_>>().concat();
        let found = shown(&format!("a {far}b"), &format!("c {far}d"));
        assert_eq!(found.len(), 2, "two places, far apart");
        assert!(found[0].starts_with("[-a-]{+c+} w0 ") && found[0].len() < 60, "{found:?}");
        assert_eq!(shown("same", "same"), [""; 0]);
        assert_eq!(shown("", ""), [""; 0]);
        assert_eq!(shown("", "new"), ["{+new+}"]);
        assert_eq!(tokens(" é  ü\u{2003}x "), [" ", "é", "  ", "ü", "\u{2003}", "x", " "]);
    }
}
