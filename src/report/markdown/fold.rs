//! What is folded under a note: its warnings, and what changes, target by target.

use std::fmt::Write as _;

use super::escape::{fenced, linked, text};
use crate::{
    plan::{
        Step,
        change::{Change, Mark, Piece},
    },
    report::source::Sources,
};

/// So many warnings of a step are shown.
const WARNINGS: usize = 40;
/// So much of a step's difference is shown, in bytes.
const DIFFERENCE: usize = 6_000;
/// So much of one line of it, in characters.
const LINE: usize = 600;

/// The fold of one note's steps, or nothing where there is nothing to say.
pub(super) fn of_note(steps: &[&Step], sources: &Sources) -> Option<String> {
    let told: Vec<String> = steps.iter().filter_map(|step| of_step(step, sources)).collect();
    if told.is_empty() {
        return None;
    }
    let warnings: usize = steps.iter().map(|step| step.warnings.len()).sum();
    let mut parts = Vec::new();
    if steps.iter().any(|step| !step.changes.is_empty()) {
        parts.push("what changes".to_owned());
    }
    if warnings > 0 {
        parts.push(format!("{warnings} warning{}", if warnings == 1 { "" } else { "s" }));
    }
    if steps.iter().any(|step| !step.by_hand.is_empty()) {
        parts.push("what is left to you".to_owned());
    }
    let note = steps.first().map(|step| text(&step.note)).unwrap_or_default();
    Some(format!(
        "\n<details>\n<summary>{note}: {}</summary>\n\n{}\n</details>\n",
        parts.join(", "),
        told.join("\n")
    ))
}

fn of_step(step: &Step, sources: &Sources) -> Option<String> {
    if step.warnings.is_empty() && step.changes.is_empty() && step.by_hand.is_empty() {
        return None;
    }
    let mut out = format!("**{}**\n\n", text(&step.target));
    for warning in step.warnings.iter().take(WARNINGS) {
        let place = match warning.line {
            0 => "the note".to_owned(),
            line => linked(&format!("line {line}"), sources.line(&step.note, line).as_deref()),
        };
        let _ = writeln!(out, "- {place}: {} (`{}`)", text(&warning.message), warning.code);
    }
    if let Some(rest) = step.warnings.len().checked_sub(WARNINGS).filter(|rest| *rest > 0) {
        let _ = writeln!(out, "- … and {rest} more");
    }
    if !step.warnings.is_empty() {
        out.push('\n');
    }
    for way in &step.by_hand {
        let _ = writeln!(out, "- {}", text(way));
    }
    if !step.by_hand.is_empty() {
        out.push('\n');
    }
    out.push_str(&difference(&step.changes));
    Some(out)
}

/// The changes as lines that begin with `-` (on the site) and `+` (in the note).
fn difference(changes: &[Change]) -> String {
    if changes.is_empty() {
        return String::new();
    }
    if changes.iter().all(|change| change.passages.is_empty()) {
        let parts: Vec<&str> = changes.iter().map(|change| change.part).collect();
        return format!("Changes: {}\n", parts.join(", "));
    }
    let mut lines = String::new();
    let mut left = 0;
    for change in changes {
        let _ = writeln!(lines, "@@ {} @@", change.part);
        for passage in &change.passages {
            let told = both(passage);
            if lines.len() + told.len() > DIFFERENCE {
                left += 1;
            } else {
                lines.push_str(&told);
            }
        }
    }
    let rest = if left > 0 { format!("… and {left} more places\n") } else { String::new() };
    fenced("diff", &lines) + &rest
}

fn both(passage: &[Piece]) -> String {
    let side = |mark: Mark| -> String {
        let pieces = passage.iter().filter(|piece| piece.mark == Mark::Kept || piece.mark == mark);
        one_line(&pieces.map(|piece| piece.text.as_str()).collect::<String>())
    };
    format!("- {}\n+ {}\n", side(Mark::Removed), side(Mark::Added))
}

fn one_line(words: &str) -> String {
    let line = words.trim().lines().map(str::trim).collect::<Vec<_>>().join(" ⏎ ");
    let line: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match line.char_indices().nth(LINE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
