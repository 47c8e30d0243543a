//! Headings that leave out a level: who moves from heading to heading with a screen reader takes it
//! for something missed (WCAG 2.2, 1.3.1).

use crate::check::{Code, Facts, Lint, Look, Problem, Subject, subject::Cut};

const HEADING_SKIPPED: Code = Code::warning("heading-skipped", "a heading level is left out");

/// The lint.
pub const LINT: Lint = Lint { codes: &[&HEADING_SKIPPED], look: Look::Text(look) };

fn look(cut: &Cut, subject: &Subject<'_>, _: &Facts<'_>) -> Vec<Problem> {
    let finder = subject.finder();
    // The title is the page's first-level heading.
    let mut above = 1;
    let mut problems = Vec::new();
    for heading in cut.document.headings() {
        if heading.level > above + 1 {
            let message = format!(
                "a heading of level {} follows {}",
                heading.level,
                if above == 1 { "the title".to_owned() } else { format!("one of level {above}") }
            );
            let wanted = "#".repeat(usize::from(above) + 1);
            problems.push(
                Problem::new(&HEADING_SKIPPED, subject.note.path(), finder.whole(heading.line), message)
                    .help(format!("make it `{wanted} {}`", heading.text.trim())),
            );
        }
        above = heading.level;
    }
    problems
}
