//! Pictures that cannot be used: the file is missing, outside of the project, or no picture.

use std::collections::BTreeSet;

use crate::{
    check::{Code, Facts, Lint, Look, Problem, Spot, Subject},
    error::Error,
};

const PICTURE: Code = Code::error("picture", "a picture that cannot be used");

/// The lint.
pub const LINT: Lint = Lint { codes: &[&PICTURE], look: Look::Note(look) };

fn look(subject: &Subject<'_>, _: &Facts<'_>) -> Vec<Problem> {
    let mut finder = subject.finder();
    let (mut problems, mut seen) = (Vec::new(), BTreeSet::new());
    for shown in subject.cuts.iter().flat_map(|cut| cut.document.images()) {
        let Some(Err(error)) = subject.pictures.get(&shown.src) else { continue };
        if seen.insert((shown.src.clone(), shown.line)) {
            problems.push(problem(error, subject, finder.address(shown.line, &shown.src)));
        }
    }
    let shown: BTreeSet<&String> = seen.iter().map(|(src, _)| src).collect();
    for (src, picture) in &subject.pictures {
        if let (Err(error), false) = (picture, shown.contains(src)) {
            problems.push(problem(error, subject, subject.key("image")));
        }
    }
    problems
}

fn problem(error: &Error, subject: &Subject<'_>, spot: Spot) -> Problem {
    Problem { code: PICTURE.name, ..Problem::of_error(error, subject.note.path(), spot) }
}
