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
    for (name, ours) in values(rendering) {
        if let Some(theirs) = parts.get(name).filter(|theirs| theirs.trim() != ours.trim()) {
            let _ = writeln!(out, "{name}:\n- {}\n+ {}", theirs.trim(), ours.trim());
        }
    }
    if let Some(theirs) = parts.get("content") {
        let (theirs, ours) = (visible_text(theirs), visible_text(&rendering.body));
        if theirs != ours {
            let _ = writeln!(out, "text:");
            words(&mut out, &theirs, &ours);
        }
    }
    out
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
