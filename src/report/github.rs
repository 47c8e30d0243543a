//! Annotations on the lines of notes: GitHub's workflow commands (GitHub's documentation, "Workflow
//! commands for GitHub Actions"), one a line. Nothing but these and fixed words may be printed in
//! this format, since the runner takes every line that begins with `::` for a command.

use std::fmt::Write as _;

use super::{Style, check::Checked};
use crate::{
    check::{Problem, Severity, Spot},
    error::{Error, Place, Warning},
    plan::{Plan, Step},
};

/// One annotation.
struct Annotation<'a> {
    /// `error`, `warning` or `notice`.
    level: &'static str,
    /// Where, if that is known.
    place: Option<&'a Place>,
    /// The column after the last, 0 where it is not known.
    end_column: u32,
    /// A few words above it.
    title: &'a str,
    /// What it says; may have several lines.
    message: &'a str,
}

/// Writes annotations. Paths in them start from the repository's folder.
pub struct Annotations<'a> {
    folder: &'a str,
    out: String,
}

impl<'a> Annotations<'a> {
    /// `folder` is the project's folder within the repository, empty where it is the same.
    #[must_use]
    pub fn new(folder: &'a str) -> Self {
        Self { folder, out: String::new() }
    }

    /// What was written.
    #[must_use]
    pub fn finish(self) -> String {
        self.out
    }

    fn add(&mut self, annotation: &Annotation<'_>) {
        let mut properties: Vec<String> = Vec::new();
        if let Some(place) = annotation.place {
            let folder = self.folder.trim_end_matches('/');
            let file =
                if folder.is_empty() { place.path.clone() } else { format!("{folder}/{}", place.path) };
            properties.push(format!("file={}", property(&file)));
            let numbers = [("line", place.line), ("col", place.column), ("endColumn", annotation.end_column)];
            properties.extend(numbers.iter().filter(|(_, n)| *n > 0).map(|(name, n)| format!("{name}={n}")));
        }
        if !annotation.title.is_empty() {
            properties.push(format!("title={}", property(annotation.title)));
        }
        let _ = writeln!(
            self.out,
            "::{} {}::{}",
            annotation.level,
            properties.join(","),
            data(annotation.message)
        );
    }

    /// An error, with what caused it and what to do.
    pub fn error(&mut self, error: &Error) {
        self.error_of(error, error.place());
    }

    fn error_of(&mut self, error: &Error, place: Option<&Place>) {
        let details = error.details().iter().map(|(label, text)| format!("{label}: {text}"));
        let message = lines(error.message(), details, error.hints());
        let title = error.name().unwrap_or("crosspost");
        self.add(&Annotation { level: "error", place, end_column: 0, title, message: &message });
    }

    fn warning(&mut self, warning: &Warning, step: &Step) {
        let place = Place::new(&*step.note, warning.line, 0);
        let message = format!("{} (at {})", warning.message, step.target);
        self.add(&Annotation {
            level: "warning",
            place: Some(&place),
            end_column: 0,
            title: warning.code,
            message: &message,
        });
    }

    fn problem(&mut self, problem: &Problem) {
        let Spot { line, column, .. } = problem.spot;
        let level = match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let targets = (!problem.targets.is_empty()).then(|| format!("at: {}", problem.targets.join(", ")));
        let details = problem.details.iter().map(|(label, text)| format!("{label}: {text}"));
        self.add(&Annotation {
            level,
            place: Some(&Place::new(&*problem.path, line, column)),
            end_column: if column > 0 { problem.spot.end_column() } else { 0 },
            title: problem.code,
            message: &hidden(
                lines(&problem.message, targets.into_iter().chain(details), &problem.help),
                problem,
            ),
        });
    }
}

/// What a problem says, without its quotations where these are for colleagues only: the log of a
/// public repository is public.
pub(super) fn hidden(text: String, problem: &Problem) -> String {
    if !problem.internal {
        return text;
    }
    let parts = text.split('`').enumerate();
    parts.map(|(at, part)| if at % 2 == 0 { part } else { "`…`" }).collect()
}

fn lines(message: &str, details: impl Iterator<Item = String>, help: &[String]) -> String {
    let help = help.iter().map(|hint| format!("help: {hint}"));
    std::iter::once(message.to_owned()).chain(details).chain(help).collect::<Vec<_>>().join("\n")
}

/// What `check` found.
#[must_use]
pub fn check(checked: &Checked, folder: &str) -> String {
    let mut annotations = Annotations::new(folder);
    checked.problems.iter().for_each(|problem| annotations.problem(problem));
    checked.errors.iter().for_each(|error| annotations.error(error));
    annotations.finish() + &super::check::summary(checked, PLAIN)
}

/// The warnings and errors of a plan, or of what became of it.
#[must_use]
pub fn plan(plan: &Plan, dry_run: bool, folder: &str) -> String {
    let mut annotations = Annotations::new(folder);
    plan.errors.iter().for_each(|error| annotations.error(error));
    for step in &plan.steps {
        step.warnings.iter().for_each(|warning| annotations.warning(warning, step));
        if let Some(error) = &step.error {
            let note = Place::file(&*step.note);
            annotations.error_of(error, Some(error.place().unwrap_or(&note)));
        }
    }
    annotations.finish() + &super::human::summary(plan, dry_run, PLAIN)
}

/// The error that ended a command.
#[must_use]
pub fn error(error: &Error, folder: &str) -> String {
    let mut annotations = Annotations::new(folder);
    annotations.error(error);
    annotations.finish()
}

const PLAIN: Style = Style { color: false, verbose: false };

/// The text of a command, escaped as GitHub's own toolkit does it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_end_a_property_or_begin_a_command_is_escaped() {
        let place = Place::new("a,b::c%.md", 3, 7);
        let wrong = Error::invalid("100 %\n::add-mask::x").code("bad-value").at(place).help("one\r\ntwo");
        assert_eq!(
            error(&wrong, "site/"),
            "::error file=site/a%2Cb%3A%3Ac%25.md,line=3,col=7,title=bad-value::100 %25%0A::add-mask::x%0Ahelp: one%0D%0Atwo\n"
        );
    }

    #[test]
    fn an_error_without_a_place_is_an_annotation_of_no_file() {
        assert_eq!(error(&Error::failed("no"), ""), "::error title=crosspost::no\n");
    }

    proptest::proptest! {
        #[test]
        fn an_annotation_is_one_line_whatever_it_says(message in "(\\PC|[\r\n:%,]){0,40}", path in "(\\PC|[\r\n:%,]){0,20}") {
            let text = error(&Error::failed(message).at(Place::file(path)), "");
            proptest::prop_assert_eq!(text.lines().count(), 1);
            proptest::prop_assert!(text.starts_with("::error file="));
        }
    }
}
