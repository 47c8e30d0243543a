//! What is where: a row for each note and target.

use std::{collections::BTreeSet, fmt::Write as _};

use anstyle::{AnsiColor, Style as Ansi};
use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::Style;
use crate::{
    plan::{Action, Outcome, Step},
    state::{Outline, Phase, Standing},
};

/// A note at a target.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// The note's path.
    pub note: String,
    /// The target's name.
    pub target: String,
    /// `published`, `changed`, `new`, `blocked`, `uncertain`, `orphan`, `unpublished`, `skipped`,
    /// `manual`, `failed`.
    pub state: &'static str,
    /// What the next publish does there, if anything.
    pub pending: Option<Action>,
    /// Why, in a few words.
    pub reason: Option<String>,
    /// The post's id.
    pub remote_id: Option<String>,
    /// The post's address.
    pub url: Option<String>,
    /// When it was last written.
    pub published: Option<String>,
}

/// The row of a step that was planned, and what the ledger says.
#[must_use]
pub fn row(step: &Step, recorded: Option<&Standing<'_>>, zone: &TimeZone) -> Row {
    let receipt = recorded.and_then(|r| r.receipt.as_ref());
    let uncertain = recorded.and_then(|r| r.intent.as_ref()).is_some_and(|i| i.phase == Phase::Uncertain);
    let state = match (step.outcome, step.action) {
        (Outcome::Uncertain, _) => "uncertain",
        _ if uncertain => "uncertain",
        (Outcome::Failed, _) => "failed",
        (_, Action::Unchanged) => "published",
        (_, Action::Create) => "new",
        (_, Action::Update | Action::Adopt) => "changed",
        (_, Action::Manual) => "manual",
        (_, Action::Blocked) => "blocked",
        (_, Action::Skipped | Action::Unpublish) if receipt.is_some_and(|r| r.unpublished) => "unpublished",
        (_, Action::Skipped | Action::Unpublish) => "skipped",
    };
    Row {
        note: step.note.to_string(),
        target: step.target.to_string(),
        state,
        pending: Some(step.action).filter(|action| {
            matches!(
                action,
                Action::Create | Action::Update | Action::Adopt | Action::Manual | Action::Unpublish
            )
        }),
        reason: step.reason.clone().filter(|_| state != "new"),
        remote_id: step.remote_id.clone(),
        url: step.url.clone(),
        published: receipt.map(|r| day(r.at, zone)),
    }
}

/// The row of a post whose note is gone.
#[must_use]
pub fn orphan(record: &Outline<'_>, target: &str, known: &Standing<'_>, zone: &TimeZone) -> Row {
    let receipt = known.receipt.as_ref();
    Row {
        note: record.path.to_string(),
        target: target.to_owned(),
        state: "orphan",
        pending: None,
        reason: Some("the note is gone; `crosspost publish --prune` takes the post down".to_owned()),
        remote_id: receipt.map(|r| r.remote_id.to_string()),
        url: receipt.and_then(|r| r.url.as_deref().map(str::to_owned)),
        published: receipt.map(|r| day(r.at, zone)),
    }
}

fn day(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// The rows as one JSON document.
#[must_use]
pub fn json(rows: &[Row]) -> String {
    super::json::to_text(&serde_json::json!({
        "schema": super::json::SCHEMA, "command": "status", "notes": rows,
    }))
}

/// The headings of the table.
const HEADINGS: [&str; 5] = ["NOTE", "TARGET", "STATE", "SENT", "ADDRESS"];

/// The rows as a table: each note named once, with a line for each target; what is pending, and
/// why, stands below. Then how many there are of each state.
#[must_use]
pub fn human(rows: &[Row], style: Style) -> String {
    let shown: Vec<&Row> = rows.iter().filter(|row| style.verbose || row.state != "skipped").collect();
    if shown.is_empty() {
        return "Nothing is published yet.\n".to_owned();
    }
    let width = |heading: &str, of: fn(&Row) -> usize| {
        shown.iter().map(|row| of(row)).fold(heading.width(), usize::max)
    };
    let widths = [
        width(HEADINGS[0], |row| row.note.width()),
        width(HEADINGS[1], |row| row.target.width()),
        width(HEADINGS[2], |row| row.state.width()),
        width(HEADINGS[3], |row| row.published.as_deref().map_or(0, UnicodeWidthStr::width)),
    ];
    let heading = columns(HEADINGS, widths);
    let mut out = style.paint(Ansi::new().bold(), heading.trim_end()) + "\n";
    let mut last = None;
    for row in &shown {
        // A note is named once: what follows below it is about the same.
        let note = if last == Some(&row.note) { "" } else { row.note.as_str() };
        last = Some(&row.note);
        out += &line(row, note, widths, style);
    }
    out.push('\n');
    out += &summary(&shown);
    out
}

fn line(row: &Row, note: &str, widths: [usize; 4], style: Style) -> String {
    let state = style.paint(colour(row.state).on_default(), &pad(row.state, widths[2]));
    let when = pad(row.published.as_deref().unwrap_or("–"), widths[3]);
    let url = style.paint(Ansi::new().dimmed(), row.url.as_deref().unwrap_or_default());
    let (note, target) = (pad(note, widths[0]), pad(&row.target, widths[1]));
    let line = format!("{note}  {target}  {state}  {when}  {url}");
    let mut out = format!("{}\n", line.trim_end());
    if let Some(reason) = &row.reason {
        let reason = style.paint(Ansi::new().dimmed(), &format!("↳ {reason}"));
        let _ = writeln!(out, "{}  {reason}", " ".repeat(widths[0]));
    }
    out
}

fn columns(words: [&str; 5], widths: [usize; 4]) -> String {
    let padded = words.iter().zip(widths.into_iter().chain([0])).map(|(word, width)| pad(word, width));
    padded.collect::<Vec<_>>().join("  ")
}

fn pad(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(text.width())))
}

fn colour(state: &str) -> AnsiColor {
    match state {
        "published" => AnsiColor::Green,
        "changed" | "new" | "manual" => AnsiColor::Yellow,
        "blocked" | "uncertain" | "failed" | "orphan" => AnsiColor::Red,
        _ => AnsiColor::BrightBlack,
    }
}

/// `3 notes: 4 published, 1 changed`, in the order in which the states were met.
fn summary(rows: &[&Row]) -> String {
    let mut states: Vec<(&str, usize)> = Vec::new();
    for row in rows {
        match states.iter_mut().find(|(state, _)| *state == row.state) {
            Some((_, count)) => *count += 1,
            None => states.push((row.state, 1)),
        }
    }
    let notes = rows.iter().map(|row| &row.note).collect::<BTreeSet<_>>().len();
    let counts: Vec<String> = states.iter().map(|(state, count)| format!("{count} {state}")).collect();
    format!("{notes} {}: {}\n", if notes == 1 { "note" } else { "notes" }, counts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(note: &str, target: &str, state: &'static str, reason: Option<&str>, url: Option<&str>) -> Row {
        Row {
            note: note.to_owned(),
            target: target.to_owned(),
            state,
            pending: None,
            reason: reason.map(str::to_owned),
            remote_id: None,
            url: url.map(str::to_owned),
            published: url.map(|_| "2026-11-23 09:00".to_owned()),
        }
    }

    #[test]
    fn a_note_is_named_once_and_what_is_pending_stands_below() {
        let rows = [
            row("notes/a.md", "blog", "changed", Some("changed since"), Some("https://blog.example/a")),
            row("notes/a.md", "intranet", "new", None, None),
            row("notes/übung.md", "blog", "published", None, Some("https://blog.example/u")),
            row("notes/übung.md", "intranet", "skipped", Some("not for it"), None),
        ];
        let expected = "\
NOTE            TARGET    STATE      SENT              ADDRESS
notes/a.md      blog      changed    2026-11-23 09:00  https://blog.example/a
                ↳ changed since
                intranet  new        –
notes/übung.md  blog      published  2026-11-23 09:00  https://blog.example/u

2 notes: 1 changed, 1 new, 1 published
";
        assert_eq!(human(&rows, Style { color: false, verbose: false }), expected);
    }
}
