//! `crosspost check`: everything that is wrong with notes, at once. Pure: what must be known of
//! files, other notes and targets comes in [`Facts`].
//!
//! Reading, parsing and rendering a note report most by themselves: they are made to (`trial`), and
//! what they say gets its column. What nobody else looks for is looked for by [lints](registry),
//! one file each.

pub mod fix;
mod lints;
pub mod locate;
pub mod problem;
pub mod registry;
pub mod subject;
mod trial;

pub use locate::Spot;
pub use problem::{Code, Edit, Problem, Severity};
pub use registry::{LINTS, Lint, Look};
pub use subject::{Facts, Known, Subject};
pub use trial::Trial;

use std::collections::HashMap;

use crate::{error::Error, render::sanitise};
use lints::internal_links::INTERNAL_HOST;
use locate::Finder;

/// Everything that is wrong with these notes, in no order: see [`tidy`].
#[must_use]
pub fn check(subjects: &[Subject<'_>], facts: &Facts<'_>) -> Vec<Problem> {
    let mut problems: Vec<Problem> = subjects.iter().flat_map(|subject| one(subject, facts)).collect();
    for lint in LINTS {
        if let Look::Project(look) = lint.look {
            problems.extend(look(subjects, facts));
        }
    }
    problems
}

/// Problems of these notes ordered by place, each with its line, each once with all its targets.
#[must_use]
pub fn tidy(mut problems: Vec<Problem>, subjects: &[Subject<'_>]) -> Vec<Problem> {
    let by_path: HashMap<&str, &Subject<'_>> =
        subjects.iter().map(|subject| (subject.note.path(), subject)).collect();
    let mut finders: HashMap<&str, Finder<'_>> = HashMap::new();
    for problem in &mut problems {
        if let Some(subject) = by_path.get(problem.path.as_str()) {
            settle(problem, finders.entry(subject.note.path()).or_insert_with(|| subject.finder()));
        }
    }
    let mut problems = joined(problems);
    for problem in &mut problems {
        let everywhere = |subject: &&Subject<'_>| subject.trials.len() == problem.targets.len();
        if by_path.get(problem.path.as_str()).is_some_and(everywhere) {
            problem.targets.clear();
        }
    }
    problems
}

fn one(subject: &Subject<'_>, facts: &Facts<'_>) -> Vec<Problem> {
    let mut problems = subject.found.clone();
    for lint in LINTS {
        match lint.look {
            Look::Text(look) => problems.extend(look_at_text(look, subject, facts)),
            Look::Note(look) => problems.extend(look(subject, facts)),
            Look::Project(_) => {}
        }
    }
    // Publishing stops at the first internal host; the lint tells all of them.
    let hosts = problems.iter().any(|problem| problem.code == INTERNAL_HOST.name);
    let tried = trial::problems(subject).into_iter();
    problems.extend(tried.filter(|problem| !(hosts && problem.code == INTERNAL_HOST.name)));
    // Nothing is rendered, so what parsing said would be lost.
    if subject.trials.iter().all(|trial| trial.result.is_err()) {
        let warnings = subject.cuts.iter().flat_map(|cut| &cut.document.warnings);
        let warnings = warnings.filter(|warning| warning.code != sanitise::MISSING_ALT);
        let spot = |line| Spot { line, ..Spot::default() };
        problems.extend(warnings.map(|w| Problem::of_warning(w, subject.note.path(), spot(w.line))));
    }
    problems
}

/// Looks at the text as a whole, then as the public reads it; what is only found there says so.
fn look_at_text(
    look: fn(&subject::Cut, &Subject<'_>, &Facts<'_>) -> Vec<Problem>,
    subject: &Subject<'_>,
    facts: &Facts<'_>,
) -> Vec<Problem> {
    let mut problems: Vec<Problem> = Vec::new();
    for (index, cut) in subject.cuts.iter().enumerate() {
        let mut found = look(cut, subject, facts);
        found.retain(|new| !problems.iter().any(|known| known.is_same(new)));
        if index > 0 {
            for problem in &mut found {
                problem.help.push(ONLY_IN_PUBLIC.to_owned());
            }
        }
        problems.extend(found);
    }
    problems
}

const ONLY_IN_PUBLIC: &str = "so it is in public, where the internal passages are cut out";

/// The problems of a file that cannot be read as a note. `text` is what could be read of it.
#[must_use]
pub fn unreadable(path: &str, text: Option<&str>, errors: &[Error]) -> Vec<Problem> {
    let finder = Finder::of(text.unwrap_or_default());
    let mut problems: Vec<Problem> =
        errors.iter().map(|e| Problem::of_error(e, path, Spot::default())).collect();
    for problem in &mut problems {
        settle(problem, &finder);
    }
    problems
}

/// Gives a problem its line, and a column where it has none.
fn settle(problem: &mut Problem, finder: &Finder<'_>) {
    let Spot { line, column, width } = problem.spot;
    problem.spot = match (line, column) {
        (0, _) => problem.spot,
        (_, 0) => finder.whole(line),
        _ => Spot { width: width.max(finder.word(problem.spot)), ..problem.spot },
    };
    problem.excerpt = finder.line(problem.spot.line).map(str::to_owned);
}

fn joined(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort_by(|a, b| order(a).cmp(&order(b)));
    problems.dedup_by(|next, kept| {
        let same = next.is_same(kept);
        if same {
            join(kept, next);
        }
        same
    });
    problems
}

type Order<'a> = (&'a str, Spot, Severity, &'static str, &'a str);

fn order(problem: &Problem) -> Order<'_> {
    (&problem.path, problem.spot, problem.severity, problem.code, &problem.message)
}

/// One of two that are the same: it matters at the targets of both, and everywhere if one does.
fn join(kept: &mut Problem, other: &Problem) {
    if kept.targets.is_empty() || other.targets.is_empty() {
        kept.targets.clear();
        return;
    }
    for target in &other.targets {
        if !kept.targets.contains(target) {
            kept.targets.push(target.clone());
        }
    }
}

#[cfg(test)]
mod tests;
