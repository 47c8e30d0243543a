//! References of the public text to what only an internal passage defines.

use crate::{
    check::{Code, Facts, Lint, Look, Problem, Subject},
    note::Audience,
};

const REFERENCE_TO_INTERNAL: Code =
    Code::warning("reference-to-internal", "a footnote or link that only an internal passage defines");

/// The lint.
pub const LINT: Lint = Lint { codes: &[&REFERENCE_TO_INTERNAL], look: Look::Note(look) };

fn look(subject: &Subject<'_>, _: &Facts<'_>) -> Vec<Problem> {
    let Some(cut) = subject.cut(Audience::Public) else { return Vec::new() };
    let mut finder = subject.finder();
    let warnings = cut.cleared.dangling_references();
    let problem = |warning: crate::error::Warning| {
        let label = warning.message.split('`').nth(1).unwrap_or_default().to_owned();
        let spot = finder.find(warning.line, &[("", &label)]);
        Problem::new(&REFERENCE_TO_INTERNAL, subject.note.path(), spot, warning.message)
            .help("define it outside of the passage, or move the reference into it")
    };
    warnings.into_iter().map(problem).collect()
}
