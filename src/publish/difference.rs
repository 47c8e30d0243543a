//! How a post on a site differs from what would be sent: in words, not in markup.

use std::{collections::BTreeMap, fmt::Write as _};

use similar::{ChangeTag, TextDiff};

use crate::{
    render::{Rendering, text::visible_text},
    targets::Remote,
};

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
    let diff = TextDiff::from_lines(theirs, ours);
    for change in diff.iter_all_changes() {
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
    }
}
