//! Internal passages are kept from public targets, not from those who read the repository.

use crate::check::{Code, Facts, Lint, Look, Problem, Severity, Spot, Subject};

const INTERNAL_PASSAGES: Code = Code {
    name: "internal-passages",
    severity: Severity::Note,
    meaning: "notes have internal passages, which everybody who sees the repository can read",
};

/// The lint.
pub const LINT: Lint = Lint { codes: &[&INTERNAL_PASSAGES], look: Look::Project(look) };

/// Once a run, at the first passage: whether a repository is public cannot be told from here.
fn look(subjects: &[Subject<'_>], _: &Facts<'_>) -> Vec<Problem> {
    let mut with = subjects.iter().filter_map(|subject| Some((subject, subject.first_passage()?)));
    let Some((subject, line)) = with.next() else { return Vec::new() };
    let others = match with.count() {
        0 => String::new(),
        1 => " (and so does 1 other)".to_owned(),
        n => format!(" (and so do {n} others)"),
    };
    let message = format!("this note has internal passages{others}: they go to no public target");
    let spot = Spot { line, ..Spot::default() };
    vec![
        Problem::new(&INTERNAL_PASSAGES, subject.note.path(), spot, message)
            .help("but everybody who can read the repository can read them: do not keep it in a public one"),
    ]
}
