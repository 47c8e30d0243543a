//! What `doctor` found, as text and as JSON.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style as Ansi};
use serde_json::{Value, json};

use super::{Style, json, pages::page};
use crate::targets::diagnosis::{Diagnosis, Grade};

/// What was found of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// What was looked at: `ledger`, `target blog`.
    pub name: String,
    /// Where it is: an address, a path.
    pub place: String,
    /// What was found, in order.
    pub findings: Vec<Diagnosis>,
}

/// How many findings are of a grade.
#[must_use]
pub fn count(sections: &[Section], grade: Grade) -> usize {
    sections.iter().flat_map(|section| &section.findings).filter(|finding| finding.grade == grade).count()
}

/// One section as people read it.
#[must_use]
pub fn section(section: &Section, style: Style) -> String {
    let name = style.paint(Ansi::new().bold(), &section.name);
    let place = style.paint(Ansi::new().dimmed(), &section.place);
    let mut out = if section.place.is_empty() { name } else { format!("{name}  {place}") };
    out.push('\n');
    for finding in &section.findings {
        let (sign, colour) = match finding.grade {
            Grade::Good => ("✓", AnsiColor::Green),
            Grade::Doubtful => ("!", AnsiColor::Yellow),
            Grade::Bad => ("✗", AnsiColor::Red),
        };
        let _ = writeln!(out, "  {} {}", style.paint(colour.on_default().bold(), sign), finding.text);
        for help in &finding.help {
            let _ = writeln!(out, "    → {help}");
        }
        if let Some(page) = finding.code.and_then(page) {
            let _ = writeln!(out, "    {}", style.paint(Ansi::new().dimmed(), &format!("more: {page}")));
        }
    }
    out
}

/// The last line.
#[must_use]
pub fn verdict(sections: &[Section]) -> String {
    match (count(sections, Grade::Doubtful), count(sections, Grade::Bad)) {
        (0, 0) => "All is well.\n".to_owned(),
        (doubtful, 0) => format!("{doubtful} doubtful, nothing bad: publishing works.\n"),
        (0, bad) => format!("{bad} bad.\n"),
        (doubtful, bad) => format!("{bad} bad, {doubtful} doubtful.\n"),
    }
}

/// All of it as one JSON document.
#[must_use]
pub fn json(sections: &[Section]) -> String {
    let all: Vec<Value> = sections
        .iter()
        .map(|section| {
            let findings: Vec<Value> = section.findings.iter().map(finding).collect();
            json!({ "name": section.name, "place": section.place, "findings": findings })
        })
        .collect();
    let summary = json!({
        "good": count(sections, Grade::Good),
        "doubtful": count(sections, Grade::Doubtful),
        "bad": count(sections, Grade::Bad),
    });
    json::to_text(
        &json!({ "schema": json::SCHEMA, "command": "doctor", "summary": summary, "sections": all }),
    )
}

/// A finding as JSON has it.
#[must_use]
pub fn finding(finding: &Diagnosis) -> Value {
    let grade = match finding.grade {
        Grade::Good => "good",
        Grade::Doubtful => "doubtful",
        Grade::Bad => "bad",
    };
    json!({ "grade": grade, "code": finding.code, "text": finding.text, "help": finding.help })
}
