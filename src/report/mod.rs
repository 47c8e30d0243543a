//! From values to text: one function for each form. Printing happens in `commands`.

pub mod check;
pub mod github;
pub mod human;
pub mod json;
pub mod status;

use std::collections::BTreeMap;

use crate::error::Error;

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
    pub fn paint(&self, style: anstyle::Style, text: &str) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// An error as a person reads it on a terminal.
#[must_use]
pub fn error(error: &Error, style: &Style) -> String {
    let text = error.to_string();
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

/// The errors of a plan, grouped so that each is told once.
#[must_use]
pub fn distinct(errors: &[&Error]) -> Vec<(Error, usize)> {
    let mut counted: BTreeMap<String, (Error, usize)> = BTreeMap::new();
    for error in errors {
        counted.entry(error.to_string()).or_insert_with(|| ((*error).clone(), 0)).1 += 1;
    }
    counted.into_values().collect()
}
