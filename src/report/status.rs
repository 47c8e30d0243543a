//! What is where: a row for each note and target.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style as Ansi};
use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::Style;
use crate::{
    plan::{Action, Outcome, Step},
    state::{Phase, Record, TargetRecord},
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
pub fn row(step: &Step, recorded: Option<&TargetRecord>, zone: &TimeZone) -> Row {
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
        note: step.note.clone(),
        target: step.target.clone(),
        state,
        reason: step.reason.clone().filter(|_| state != "new"),
        remote_id: step.remote_id.clone(),
        url: step.url.clone(),
        published: receipt.map(|r| day(r.at, zone)),
    }
}

/// The row of a post whose note is gone.
#[must_use]
pub fn orphan(record: &Record, target: &str, known: &TargetRecord, zone: &TimeZone) -> Row {
    let receipt = known.receipt.as_ref();
    Row {
        note: record.path.clone(),
        target: target.to_owned(),
        state: "orphan",
        reason: Some("the note is gone; `crosspost publish --prune` takes the post down".to_owned()),
        remote_id: receipt.map(|r| r.remote_id.0.clone()),
        url: receipt.and_then(|r| r.url.clone()),
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

/// The rows as a table.
#[must_use]
pub fn human(rows: &[Row], style: Style) -> String {
    let mut out = String::new();
    let shown: Vec<&Row> = rows.iter().filter(|row| style.verbose || row.state != "skipped").collect();
    if shown.is_empty() {
        return "Nothing is published yet.\n".to_owned();
    }
    let width = |of: fn(&Row) -> usize| shown.iter().map(|row| of(row)).max().unwrap_or(0);
    let (notes, targets) = (width(|r| r.note.width()), width(|r| r.target.width()));
    for row in shown {
        let colour = match row.state {
            "published" => AnsiColor::Green,
            "changed" | "new" | "manual" => AnsiColor::Yellow,
            "blocked" | "uncertain" | "failed" | "orphan" => AnsiColor::Red,
            _ => AnsiColor::BrightBlack,
        };
        let state = style.paint(colour.on_default(), &format!("{:<11}", row.state));
        let when = row.published.clone().unwrap_or_else(|| " ".repeat(16));
        let rest: Vec<&str> = row.reason.iter().chain(&row.url).map(String::as_str).collect();
        let rest = style.paint(Ansi::new().dimmed(), &rest.join("  "));
        let pad = |text: &str, to: usize| format!("{text}{}", " ".repeat(to.saturating_sub(text.width())));
        let line =
            format!("{}  {}  {state} {when}  {rest}", pad(&row.note, notes), pad(&row.target, targets));
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}
