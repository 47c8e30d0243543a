//! Links whose text says nothing of where they lead (WCAG 2.2, 2.4.4).

use crate::{
    check::{Code, Facts, Lint, Look, Problem, Subject, subject::Cut},
    render::document::{Inline, Link, Node, plain_text},
};

const EMPTY_LINK: Code = Code::warning("empty-link", "a link without text");
const VAGUE_LINK_TEXT: Code =
    Code::warning("vague-link-text", "a link called \"here\": its text does not say where it leads");

/// The lint.
pub const LINT: Lint = Lint { codes: &[&EMPTY_LINK, &VAGUE_LINK_TEXT], look: Look::Text(look) };

/// Texts that make sense to nobody who hears the links of a page read out by themselves.
const VAGUE: &[&str] = &[
    "click",
    "click here",
    "here",
    "learn more",
    "link",
    "more",
    "more info",
    "more information",
    "read more",
    "see here",
    "this",
    "this link",
    "this page",
];

fn look(cut: &Cut, subject: &Subject<'_>, facts: &Facts<'_>) -> Vec<Problem> {
    let (path, mut finder) = (subject.note.path(), subject.finder());
    let mut problems = Vec::new();
    cut.document.walk(&mut |node| {
        let Node::Inline(Inline::Link(link)) = node else { return };
        let text = plain_text(&link.content);
        let words = text.trim().trim_end_matches(['.', '!', '…', '»', '>', '→']).trim().to_lowercase();
        if text.trim().is_empty() && !shows_picture(link) {
            let spot = finder.address(link.line, &link.href);
            let message = format!("the link to {} has no text", facts.named(&link.href));
            problems.push(
                Problem::new(&EMPTY_LINK, path, spot, message)
                    .help("nobody can see or follow it: give it a text, or take it out"),
            );
        } else if VAGUE.contains(&words.as_str()) {
            let spot = finder.find(link.line, &[("[", &text), ("", &text)]);
            let message = format!("the link's text `{}` does not say where it leads", text.trim());
            problems.push(
                Problem::new(&VAGUE_LINK_TEXT, path, spot, message)
                    .help("link the words that name the place, as `read [the plan](…)`"),
            );
        }
    });
    problems
}

/// Whose missing words are told by another lint.
fn shows_picture(link: &Link) -> bool {
    link.content.iter().any(|inline| matches!(inline, Inline::Image(_)))
}
