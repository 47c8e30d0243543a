//! Plans and outcomes for people: a line for each note, a line for each of its targets, what is
//! lost, and one line that sums it up.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style as Ansi};
use unicode_width::UnicodeWidthStr;

use super::Style;
use crate::plan::{Action, Outcome, Plan, Step};

/// A plan (`dry_run`), or what became of it.
#[must_use]
pub fn plan(plan: &Plan, dry_run: bool, style: Style) -> String {
    let mut out = String::new();
    let shown: Vec<&Step> = plan.steps.iter().filter(|step| is_shown(step, style)).collect();
    let target_width = shown.iter().map(|s| s.target.width()).max().unwrap_or(0);
    let mut last = None;
    for step in shown {
        if last != Some(&step.note) {
            if last.is_some() {
                out.push('\n');
            }
            note_line(&mut out, step, style);
            last = Some(&step.note);
        }
        step_line(&mut out, step, target_width, style);
        for line in &step.by_hand {
            let _ = writeln!(out, "      → {line}");
        }
        warnings(&mut out, step, style);
        difference(&mut out, step, style);
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(&summary(plan, dry_run, style));
    out
}

/// Whether a step is worth a line.
pub(super) fn is_shown(step: &Step, style: Style) -> bool {
    style.verbose
        || !matches!(step.action, Action::Unchanged | Action::Skipped)
        || step.error.is_some()
        || (step.action == Action::Skipped && step.reason.as_ref().is_some_and(|r| r.starts_with("waits")))
}

fn note_line(out: &mut String, step: &Step, style: Style) {
    let _ = write!(out, "{}", style.paint(Ansi::new().bold(), &step.note));
    if !step.title.is_empty() {
        let _ = write!(out, "  {}", style.paint(Ansi::new().dimmed(), &step.title));
    }
    out.push('\n');
}

fn step_line(out: &mut String, step: &Step, width: usize, style: Style) {
    let (sign, word, colour) = looks(step);
    let sign = style.paint(colour.on_default().bold(), sign);
    let padding = " ".repeat(width.saturating_sub(step.target.width()));
    let action = style.paint(colour.on_default(), &format!("{word:<10}"));
    let mut rest: Vec<String> = Vec::new();
    rest.extend(step.reason.clone());
    if step.outcome != Outcome::Failed {
        rest.extend(step.url.clone().map(|url| style.paint(Ansi::new().dimmed(), &url)));
    }
    let line = format!("  {sign} {}{padding}  {action} {}", step.target, rest.join("  "));
    out.push_str(line.trim_end());
    out.push('\n');
}

fn looks(step: &Step) -> (&'static str, &'static str, AnsiColor) {
    match (step.outcome, step.action) {
        (Outcome::Failed, _) => ("✗", "failed", AnsiColor::Red),
        (Outcome::Uncertain, _) => ("?", "uncertain", AnsiColor::Magenta),
        (Outcome::Done, Action::Create) => ("✓", "created", AnsiColor::Green),
        (Outcome::Done, Action::Update) => ("✓", "updated", AnsiColor::Green),
        (Outcome::Done, Action::Adopt) => ("✓", "adopted", AnsiColor::Green),
        (Outcome::Done, Action::Unpublish) => ("✓", "taken down", AnsiColor::Green),
        (_, Action::Unpublish) => ("-", "take down", AnsiColor::Yellow),
        (_, Action::Create) => ("+", "create", AnsiColor::Green),
        (_, Action::Update) => ("~", "update", AnsiColor::Yellow),
        (_, Action::Adopt) => ("&", "adopt", AnsiColor::Cyan),
        (_, Action::Manual) => ("!", "by hand", AnsiColor::Yellow),
        (_, Action::Blocked) => ("!", "blocked", AnsiColor::Red),
        (_, Action::Unchanged) => ("=", "unchanged", AnsiColor::BrightBlack),
        (_, Action::Skipped) => ("-", "skipped", AnsiColor::BrightBlack),
    }
}

fn warnings(out: &mut String, step: &Step, style: Style) {
    for warning in &step.warnings {
        let place = if warning.line > 0 { format!("line {}", warning.line) } else { "note".to_owned() };
        let label = style.paint(AnsiColor::Yellow.on_default(), &place);
        let _ = writeln!(out, "      {label}  {} ({})", warning.message, warning.code);
    }
}

fn difference(out: &mut String, step: &Step, style: Style) {
    for line in step.difference.iter().flat_map(|d| d.lines()) {
        let colour = match line.as_bytes().first() {
            Some(b'-') => AnsiColor::Red.on_default(),
            Some(b'+') => AnsiColor::Green.on_default(),
            _ => Ansi::new().dimmed(),
        };
        let _ = writeln!(out, "      {}", style.paint(colour, line));
    }
}

/// `2 to create, 1 unchanged. Nothing was sent: this is a dry run.`
#[must_use]
pub fn summary(plan: &Plan, dry_run: bool, style: Style) -> String {
    let s = plan.summary();
    let counts = if dry_run {
        [
            (s.create, "to create"),
            (s.update, "to update"),
            (s.adopt, "to adopt"),
            (s.unpublish, "to take down"),
        ]
    } else {
        [(s.create, "created"), (s.update, "updated"), (s.adopt, "adopted"), (s.unpublish, "taken down")]
    };
    let rest = [
        (s.manual, "to do by hand"),
        (s.unchanged, "unchanged"),
        (s.skipped, "skipped"),
        (s.blocked, "waiting for a decision"),
        (s.uncertain, "uncertain"),
        (s.failed, "failed"),
    ];
    let parts: Vec<String> =
        counts.iter().chain(&rest).filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    let parts = if parts.is_empty() { "Nothing to publish".to_owned() } else { parts.join(", ") };
    let end = if dry_run { ". Nothing was sent: this is a dry run." } else { "." };
    format!("{}\n", style.paint(Ansi::new().bold(), &format!("{parts}{end}")))
}
