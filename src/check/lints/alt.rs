//! Pictures without words: who cannot see them learns nothing (WCAG 2.2, 1.1.1, level A).

use crate::{
    check::{Code, Facts, Lint, Look, Problem, Subject, subject::Cut},
    render::{document::Shown, sanitise},
};

/// No alternative text, or one that says nothing.
const MISSING_ALT: Code =
    Code::warning("missing-alt", "a picture without words for those who cannot see it (WCAG 1.1.1)");

/// The lint.
pub const LINT: Lint = Lint { codes: &[&MISSING_ALT], look: Look::Text(look) };

const HELP: &str = "say in words what the picture shows";

fn look(cut: &Cut, subject: &Subject<'_>, facts: &Facts<'_>) -> Vec<Problem> {
    let path = subject.note.path();
    let mut finder = subject.finder();
    let mut problems = Vec::new();
    for Shown { src, alt, line } in cut.document.images() {
        let spot = finder.address(line, &src);
        if alt.trim().is_empty() {
            // The parser knows what only decorates: HTML can say so (HTML 4.8.4.4.4), Markdown cannot.
            if cut.document.warnings.contains(&sanitise::missing_alt(&src, spot.line)) {
                let message = format!("the picture {} has no alternative text", facts.named(&src));
                problems.push(
                    Problem::new(&MISSING_ALT, path, spot, message).help(format!(
                        "{HELP}: `![words](…)`; `<img src=\"…\" alt=\"\">` if it only decorates"
                    )),
                );
            }
        } else if is_file_name(&alt, &src) {
            let message = format!("the alternative text of the picture {} is a file name", facts.named(&src));
            problems.push(Problem::new(&MISSING_ALT, path, spot, message).help(HELP));
        }
    }
    problems.extend(featured(subject, facts));
    problems
}

fn is_file_name(alt: &str, src: &str) -> bool {
    let (alt, file) = (alt.trim().to_lowercase(), src.rsplit('/').next().unwrap_or(src).to_lowercase());
    let endings = [".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg"];
    alt == file || (!alt.contains(' ') && endings.iter().any(|ending| alt.ends_with(ending)))
}

/// The picture that stands for the post, where the targets' own values leave it without words.
fn featured(subject: &Subject<'_>, facts: &Facts<'_>) -> Option<Problem> {
    let meta = &subject.note.meta;
    let own = facts.targets.iter().map(|target| meta.at(&target.common().name));
    let bare = std::iter::once(meta.own.clone()).chain(own).find(|values| {
        values.image.is_some() && values.image_alt.as_deref().unwrap_or_default().trim().is_empty()
    })?;
    let message = format!("the featured picture {} has no alternative text", facts.named(&bare.image?));
    Some(
        Problem::new(&MISSING_ALT, subject.note.path(), subject.key("image"), message)
            .help(format!("{HELP}: `image_alt: …` in the front matter")),
    )
}
