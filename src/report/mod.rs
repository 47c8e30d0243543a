//! From values to text: one function for each form. Printing happens in `commands`.

pub mod check;
pub mod doctor;
pub mod github;
pub mod human;
pub mod json;
pub mod markdown;
pub mod pages;
pub mod request;
pub mod source;
pub mod status;

use crate::{error::Error, plan::Plan};

/// How text for people is made.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// With ANSI colours.
    pub color: bool,
    /// Also what is unchanged or skipped.
    pub verbose: bool,
}

impl Style {
    /// `text` in an ANSI style, or as it is.
    #[must_use]
    pub fn paint(self, style: anstyle::Style, text: &str) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// An error as a person reads it on a terminal.
#[must_use]
pub fn error(error: &Error, style: Style) -> String {
    let mut text = error.to_string();
    if let Some(page) = error.name().and_then(pages::page) {
        text = format!("{text}\n  more: {page}");
    }
    if !style.color {
        return text;
    }
    let red = anstyle::AnsiColor::Red.on_default().bold();
    let blue = anstyle::AnsiColor::Blue.on_default().bold();
    text.lines()
        .map(|line| {
            if let Some(rest) = line.strip_prefix("error:") {
                return format!("{red}error:{red:#}{rest}");
            }
            match line.trim_start().split_once(' ') {
                Some((label, rest)) if label.ends_with(':') || label == "-->" => {
                    format!("  {blue}{label}{blue:#} {rest}")
                }
                _ => line.to_owned(),
            }
        })
        .collect::<Vec<_>>()
        .join("\n")
}

/// So many notes are named where one error is many notes'.
const NAMED: usize = 3;

/// The errors of a plan: those of the notes, then those of the steps, each told once with the target
/// and the notes that it is about.
#[must_use]
pub fn errors(plan: &Plan) -> Vec<Error> {
    let mut grouped: Vec<((&Error, &str), Vec<&str>)> = Vec::new();
    for step in &plan.steps {
        let Some(error) = &step.error else { continue };
        let key = (error, &*step.target);
        match grouped.iter_mut().find(|(known, _)| *known == key) {
            Some((_, notes)) => notes.push(&step.note),
            None => grouped.push((key, vec![&step.note])),
        }
    }
    let of_steps = grouped.into_iter().map(|((error, target), notes)| {
        let rest = notes.len().saturating_sub(NAMED);
        let named = notes[..notes.len().min(NAMED)].join(", ");
        let named = if rest > 0 { format!("{named} and {rest} more") } else { named };
        error.clone().detail("note", named).detail("target", target)
    });
    plan.errors.iter().cloned().chain(of_steps).collect()
}
