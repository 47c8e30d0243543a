//! What `check` found: for people with the line and a caret, and as JSON.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style as Ansi};
use serde::Serialize;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{Style, json};
use crate::{
    check::{Problem, Severity, Spot},
    error::Error,
};

/// What a run of `check` came to.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// How many notes were looked at.
    pub notes: usize,
    /// What is wrong with them, ordered by place.
    pub problems: Vec<Problem>,
    /// How many problems `--fix` mended.
    pub fixed: usize,
    /// Sites that could not be asked (`--remote`).
    pub errors: Vec<Error>,
}

impl Checked {
    /// How many problems are this bad.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.problems.iter().filter(|problem| problem.severity == severity).count()
    }
}

/// How much of a long line is shown, in columns of the terminal.
const WIDTH: usize = 90;
/// How much of it is shown before the place, where it is cut.
const BEFORE: usize = 30;

/// For people.
#[must_use]
pub fn human(checked: &Checked, style: Style) -> String {
    let mut out = String::new();
    for problem in &checked.problems {
        one(&mut out, problem, style);
        out.push('\n');
    }
    out.push_str(&summary(checked, style));
    out
}

fn one(out: &mut String, problem: &Problem, style: Style) {
    let (word, colour) = match problem.severity {
        Severity::Error => ("error", AnsiColor::Red),
        Severity::Warning => ("warning", AnsiColor::Yellow),
        Severity::Note => ("note", AnsiColor::Cyan),
    };
    let blue = AnsiColor::Blue.on_default().bold();
    let head = style.paint(colour.on_default().bold(), &format!("{word}[{}]:", problem.code));
    let _ = writeln!(out, "{head} {}", printable(&problem.message));
    let _ = writeln!(out, "  {} {}", style.paint(blue, "-->"), place(problem));
    if let Some((text, caret)) = problem.excerpt.as_deref().and_then(|line| excerpt(line, problem.spot)) {
        let number = problem.spot.line.to_string();
        let bar = style.paint(blue, "|");
        let _ = writeln!(out, "  {} {bar} {text}", style.paint(blue, &number));
        let _ = writeln!(
            out,
            "  {} {bar} {}",
            " ".repeat(number.len()),
            style.paint(colour.on_default().bold(), &caret)
        );
    }
    let mut labelled = |label: &str, text: &str| {
        let _ = writeln!(out, "  {} {}", style.paint(blue, &format!("{label}:")), printable(text));
    };
    if !problem.targets.is_empty() {
        labelled("at", &problem.targets.join(", "));
    }
    problem.details.iter().for_each(|(label, text)| labelled(label, text));
    problem.help.iter().for_each(|text| labelled("help", text));
}

fn place(problem: &Problem) -> String {
    let Spot { line, column, .. } = problem.spot;
    crate::error::Place::new(&*problem.path, line, column).to_string()
}

/// The line, cut to what fits and shows the place, and the line of carets below it.
fn excerpt(line: &str, spot: Spot) -> Option<(String, String)> {
    let start = (spot.column as usize).checked_sub(1)?;
    if line.trim().is_empty() {
        return None;
    }
    let shown = printable(line);
    let chars: Vec<char> = shown.chars().collect();
    let start = start.min(chars.len());
    let from = if shown.width() > WIDTH { start.saturating_sub(BEFORE) } else { 0 };
    let width = |c: &char| c.width().unwrap_or(0);
    let mut room = WIDTH;
    let fits = chars[from..].iter().take_while(|c| {
        let left = room.checked_sub(width(c));
        room = left.unwrap_or(0);
        left.is_some()
    });
    let to = from + fits.count();
    let text: String = chars[from..to].iter().collect();
    let end = start.saturating_add(spot.width as usize).min(to);
    let columns =
        |range: std::ops::Range<usize>| chars.get(range).unwrap_or_default().iter().map(width).sum();
    let (before, under): (usize, usize) = (columns(from..start), columns(start..end.max(start)));
    let (left, right) = (if from > 0 { "…" } else { "" }, if to < chars.len() { "…" } else { "" });
    let caret = format!("{}{}", " ".repeat(left.width() + before), "^".repeat(under.max(1)));
    Some((format!("{left}{}{right}", text.trim_end()), caret))
}

/// A text without what moves a terminal's cursor: one blank for each control character.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// `2 errors, 1 warning in 3 notes`
#[must_use]
pub fn summary(checked: &Checked, style: Style) -> String {
    let plural = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
    let counts = [
        (checked.count(Severity::Error) + checked.errors.len(), "error"),
        (checked.count(Severity::Warning), "warning"),
    ];
    let found: Vec<String> =
        counts.into_iter().filter(|(n, _)| *n > 0).map(|(n, word)| plural(n, word)).collect();
    let found = if found.is_empty() { "nothing to complain about".to_owned() } else { found.join(", ") };
    let fixed = if checked.fixed > 0 { format!("{} fixed; ", checked.fixed) } else { String::new() };
    let text = format!("{fixed}{found} in {}", plural(checked.notes, "note"));
    format!("{}\n", style.paint(Ansi::new().bold(), &text))
}

#[derive(Serialize)]
struct JsonProblem<'a> {
    code: &'a str,
    severity: Severity,
    message: &'a str,
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    excerpt: Option<&'a str>,
    targets: &'a [String],
    details: serde_json::Map<String, serde_json::Value>,
    help: &'a [String],
    fixable: bool,
}

impl<'a> From<&'a Problem> for JsonProblem<'a> {
    fn from(problem: &'a Problem) -> Self {
        let Spot { line, column, .. } = problem.spot;
        let details = problem.details.iter().map(|(label, text)| ((*label).to_owned(), text.clone().into()));
        Self {
            code: problem.code,
            severity: problem.severity,
            message: &problem.message,
            path: &problem.path,
            line: Some(line).filter(|n| *n > 0),
            column: Some(column).filter(|n| *n > 0),
            end_column: Some(problem.spot.end_column()).filter(|_| column > 0),
            excerpt: problem.excerpt.as_deref(),
            targets: &problem.targets,
            details: details.collect(),
            help: &problem.help,
            fixable: problem.fix.is_some(),
        }
    }
}

/// As one JSON document.
#[must_use]
pub fn json(checked: &Checked) -> String {
    let problems: Vec<JsonProblem<'_>> = checked.problems.iter().map(JsonProblem::from).collect();
    let errors: Vec<json::JsonError<'_>> = checked.errors.iter().map(json::JsonError::from).collect();
    json::to_text(&serde_json::json!({
        "schema": json::SCHEMA,
        "command": "check",
        "summary": {
            "notes": checked.notes,
            "errors": checked.count(Severity::Error),
            "warnings": checked.count(Severity::Warning),
            "fixed": checked.fixed,
        },
        "problems": problems,
        "errors": errors,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str, column: u32, width: u32) -> String {
        let (text, caret) = excerpt(line, Spot { line: 1, column, width }).unwrap();
        format!("{text}\n{caret}")
    }

    #[test]
    fn the_caret_stands_below_the_place_also_behind_tabs_and_wide_characters() {
        assert_eq!(shown("ab cd", 4, 2), "ab cd\n   ^^");
        assert_eq!(shown("\t日本 x", 5, 1), " 日本 x\n      ^");
        assert_eq!(shown("ab", 9, 4), "ab\n  ^", "past the end");
    }

    #[test]
    fn a_long_line_is_cut_on_both_sides() {
        let line = format!("{}HERE{}", "a".repeat(500), "b".repeat(500));
        let shown = shown(&line, 501, 4);
        let (text, caret) = shown.split_once('\n').unwrap();
        assert_eq!(text.chars().count(), WIDTH + 2);
        assert_eq!(text.find("HERE").map(|at| text[..at].width()), caret.find('^'));
    }

    #[test]
    fn no_escape_sequence_reaches_the_terminal() {
        assert_eq!(shown("\u{1b}[31mred", 1, 1), " [31mred\n^");
    }

    proptest::proptest! {
        #[test]
        fn no_line_and_no_place_make_it_panic(line in "\\PC{0,200}", column: u32, width: u32) {
            let _ = excerpt(&line, Spot { line: 1, column, width });
        }
    }
}
