//! The comment of a pull request, and a job's summary: what will happen where, as a table, with the
//! differences and warnings folded under it. GitHub's and GitLab's Markdown.
//!
//! Everybody reads it who reads the repository, as a log: of internal targets it tells in which parts
//! a post differs and not how, and the words of steps and warnings are those of the log.

mod escape;
mod fold;

use std::fmt::Write as _;

use super::{Style, check::Checked, human, source::Sources, status::Row};
use crate::{
    check::Severity,
    error::Error,
    plan::{Action, Outcome, Plan, Step},
};

use escape::{link, linked, text};

/// By this the comment is found again, and changed instead of followed by another.
pub const MARKER: &str = "<!-- crosspost -->";

/// GitHub takes no comment of more than 65 536 characters; this much stays well below, in bytes.
pub const LIMIT: usize = 60_000;
/// So much of it is for what is wrong and for the table, in bytes.
const TABLE: usize = 36_000;

const PLAIN: Style = Style { color: false, verbose: false };

/// What a comment links to.
#[derive(Debug, Clone, Copy)]
pub struct Links<'a> {
    /// Where the preview can be read.
    pub preview: Option<&'a str>,
    /// The lines of notes.
    pub sources: &'a Sources,
}

/// A plan (`dry_run`), or what became of it.
#[must_use]
pub fn plan(plan: &Plan, dry_run: bool, links: Links<'_>) -> String {
    let summary = human::summary(plan, dry_run, PLAIN);
    let mut out = format!("{MARKER}\n### crosspost: {}\n", text(summary.trim().trim_end_matches('.')));
    if let Some(url) = links.preview.and_then(|url| link("See how it will look", url)) {
        let _ = write!(out, "\n{url}\n");
    }
    errors(&mut out, &plan.errors, links.sources);
    let shown: Vec<&Step> = plan.steps.iter().filter(|step| human::is_shown(step, PLAIN)).collect();
    let head = "\n| Note | Target | What | Why | Post |\n|:--|:--|:--|:--|:--|\n";
    let rows = shown.iter().map(|step| row(step, dry_run, links.sources));
    table(&mut out, head, rows.collect());
    folds(&mut out, &shown, links.sources);
    out
}

fn row(step: &Step, dry_run: bool, sources: &Sources) -> String {
    let place = sources.line(&step.note, 0);
    let note = linked(&step.note, place.as_deref());
    let title = if step.title.is_empty() { String::new() } else { format!("<br>{}", text(&step.title)) };
    let why = step.error.as_ref().map(Error::message).or(step.reason.as_deref()).unwrap_or_default();
    let post = step.url.as_deref().and_then(|url| link("post", url)).unwrap_or_default();
    format!("| {note}{title} | {} | {} | {} | {post} |\n", text(&step.target), what(step, dry_run), text(why))
}

fn what(step: &Step, dry_run: bool) -> String {
    let word = match (step.outcome, step.action) {
        (Outcome::Failed, _) => "failed",
        (Outcome::Uncertain, _) => "uncertain",
        (_, Action::Manual) => "by hand",
        (_, Action::Unpublish) => "take down",
        (_, action) => action.as_str(),
    };
    let done = if !dry_run && step.outcome == Outcome::Done { " ✓" } else { "" };
    format!("**{word}**{done}")
}

/// A table as far as there is room.
fn table(out: &mut String, head: &str, rows: Vec<String>) {
    if rows.is_empty() {
        return;
    }
    out.push_str(head);
    let all = rows.len();
    let mut written = 0;
    for row in rows {
        if out.len() + row.len() > TABLE {
            break;
        }
        out.push_str(&row);
        written += 1;
    }
    if written < all {
        let _ = write!(out, "\n… and {} more: there is no room for them here.\n", all - written);
    }
}

/// What is wrong, as far as there is room.
fn errors(out: &mut String, errors: &[Error], sources: &Sources) {
    if errors.is_empty() {
        return;
    }
    out.push_str("\n**What is wrong**\n\n");
    let all = errors.iter().map(|error| one_error(error, sources));
    let mut left = 0;
    for error in all {
        if out.len() + error.len() > TABLE / 2 {
            left += 1;
        } else {
            out.push_str(&error);
        }
    }
    if left > 0 {
        let _ = writeln!(out, "- … and {left} more");
    }
}

fn one_error(error: &Error, sources: &Sources) -> String {
    let place = error.place().map(|place| {
        let to = sources.line(&place.path, place.line);
        format!("{}: ", linked(&place.to_string(), to.as_deref()))
    });
    let details = error.details().iter().map(|(label, detail)| format!("; {label}: {}", text(detail)));
    let help = error.hints().iter().map(|hint| format!("<br>help: {}", text(hint)));
    let rest: String = details.chain(help).collect();
    format!("- {}{}{rest}\n", place.unwrap_or_default(), text(error.message()))
}

/// The differences and warnings of each note, as far as there is room.
fn folds(out: &mut String, steps: &[&Step], sources: &Sources) {
    const REMARK: usize = 200;
    let mut left_out = 0;
    for steps in steps.chunk_by(|a, b| a.note == b.note) {
        let Some(fold) = fold::of_note(steps, sources) else { continue };
        if out.len() + fold.len() + REMARK > LIMIT {
            left_out += 1;
        } else {
            out.push_str(&fold);
        }
    }
    if left_out > 0 {
        let notes = if left_out == 1 { "one note" } else { &format!("{left_out} notes") };
        let _ = write!(
            out,
            "\nThe details of {notes} are left out: a comment can hold no more. `crosspost plan` shows them.\n"
        );
    }
}

/// What `check` found.
#[must_use]
pub fn check(checked: &Checked, sources: &Sources) -> String {
    let summary = super::check::summary(checked, PLAIN);
    let mut out = format!("<!-- crosspost check -->\n### crosspost check: {}\n", text(summary.trim()));
    errors(&mut out, &checked.errors, sources);
    let head = "\n| | Where | What |\n|:--|:--|:--|\n";
    let rows = checked.problems.iter().map(|problem| {
        let severity = match problem.severity {
            Severity::Error => "**error**",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        let line = problem.spot.line;
        let place = crate::error::Place::new(&*problem.path, line, 0).to_string();
        let place = linked(&place, sources.line(&problem.path, line).as_deref());
        let message = super::github::hidden(problem.message.clone(), problem);
        let help = problem.help.iter().map(|help| super::github::hidden(help.clone(), problem));
        let help = help.map(|help| format!("<br>{}", text(&help))).collect::<Vec<_>>().concat();
        format!("| {severity} | {place} | {} (`{}`){help} |\n", text(&message), problem.code)
    });
    table(&mut out, head, rows.collect());
    out
}

/// What is where.
#[must_use]
pub fn status(rows: &[Row], sources: &Sources) -> String {
    let mut out = "<!-- crosspost status -->\n### crosspost: what is where\n".to_owned();
    let head = "\n| Note | Target | State | Why | When | Post |\n|:--|:--|:--|:--|:--|:--|\n";
    let shown = rows.iter().filter(|row| row.state != "skipped");
    let rows = shown.map(|row| {
        let note = linked(&row.note, sources.line(&row.note, 0).as_deref());
        let post = row.url.as_deref().and_then(|url| link("post", url)).unwrap_or_default();
        let (reason, when) = (row.reason.as_deref().unwrap_or_default(), row.published.as_deref());
        format!(
            "| {note} | {} | **{}** | {} | {} | {post} |\n",
            text(&row.target),
            row.state,
            text(reason),
            text(when.unwrap_or_default())
        )
    });
    let rows: Vec<String> = rows.collect();
    if rows.is_empty() {
        out.push_str("\nNothing is published yet.\n");
    }
    table(&mut out, head, rows);
    out
}

/// The error that ended a command.
#[must_use]
pub fn error(error: &Error, sources: &Sources) -> String {
    let mut out = format!("{MARKER}\n### crosspost could not do its work\n");
    errors(&mut out, std::slice::from_ref(error), sources);
    out
}

#[cfg(test)]
mod tests;
