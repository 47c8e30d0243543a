//! Every kind of problem that `crosspost check` can report, and every check of its own, in one list.

use super::{
    lints,
    problem::{Code, Problem},
    subject::{Cut, Facts, Subject},
};

/// A check of this module's own.
pub struct Lint {
    /// What it reports.
    pub codes: &'static [&'static Code],
    /// How it looks.
    pub look: Look,
}

/// What a lint looks at.
pub enum Look {
    /// The text, as each audience reads it.
    Text(fn(&Cut, &Subject<'_>, &Facts<'_>) -> Vec<Problem>),
    /// The note with all that is known of it.
    Note(fn(&Subject<'_>, &Facts<'_>) -> Vec<Problem>),
    /// All notes together.
    Project(fn(&[Subject<'_>], &Facts<'_>) -> Vec<Problem>),
}

/// The lints, one line each: to add one, write its file in `lints/` and its line here.
pub static LINTS: &[&Lint] = &[
    &lints::alt::LINT,
    &lints::anchors::LINT,
    &lints::bullets::LINT,
    &lints::dangling::LINT,
    &lints::duplicates::LINT,
    &lints::headings::LINT,
    &lints::internal_links::LINT,
    &lints::link_text::LINT,
    &lints::links::LINT,
    &lints::passages::LINT,
    &lints::pictures::LINT,
];

/// An error that has no name of its own.
pub const OTHER: Code = Code::error("other", "an error without a name of its own");

/// What reading, parsing and rendering a note report by themselves.
pub static REPORTED: &[Code] = &[
    // Reading the file.
    Code::error("unreadable-note", "the file is empty, too large, or no text"),
    Code::error("not-utf8", "the file is in another encoding"),
    Code::error("outside", "the file is a link that leads out of the project"),
    // Front matter.
    Code::error("front-matter-fence", "a line that nearly opens or closes the front matter"),
    Code::error("front-matter-unclosed", "the front matter has no end"),
    Code::error("front-matter-syntax", "the front matter is no YAML or TOML"),
    Code::error("unknown-key", "a key that crosspost does not know"),
    Code::error("duplicate-key", "a key stands twice"),
    Code::error("contradiction", "two keys that mean the same say different things"),
    Code::error("bad-value", "a value that cannot be"),
    Code::error("unknown-target", "a target that is not configured"),
    Code::error("no-title", "there is no title"),
    Code::error("template-value", "a template needs what the note does not have"),
    // Internal passages.
    Code::error("internal-directive", "a line that nearly opens or closes an internal passage"),
    Code::error("unclosed-passage", "an internal passage has no end"),
    Code::error("nested-passage", "an internal passage begins within another"),
    Code::error("stray-passage-end", "an internal passage ends and none is open"),
    Code::error("internal-leak", "words of an internal passage stand in what goes to the public"),
    Code::error("canonical-internal", "a public post would name an internal address as its original"),
    Code::warning("internal-link", "a link to an internal address does not reach the public"),
    // The text.
    Code::error("too-deep", "lists, quotations or HTML are nested too deeply"),
    Code::warning("empty-heading", "a heading without text"),
    Code::warning("footnote-unused", "nothing refers to a footnote"),
    Code::warning("html-removed", "raw HTML that posts cannot have"),
    Code::warning("html-unclosed", "an HTML element is never closed"),
    Code::warning("location-removed", "a picture says where it was taken: that is not sent"),
    Code::warning("picture-converted", "a picture of a type that the target does not take"),
    Code::warning("picture-scaled", "a picture wider than `max_width`"),
    Code::warning("picture-wide", "a picture wider than `max_width` that cannot be scaled"),
    Code::warning("unsafe-link", "a link whose scheme is not safe"),
    Code::warning("link-to-unpublished-note", "a link to a note that does not go to the target"),
    // What WordPress loses.
    Code::warning("descriptions-as-html", "a description list is sent as HTML"),
    Code::warning("embed-as-link", "an embed becomes a link"),
    Code::warning("featured-not-local", "a featured picture that is an address"),
    Code::warning("footnotes-as-list", "footnotes become a list"),
    Code::warning("list-as-html", "a list is sent as HTML"),
    Code::warning("math-as-code", "a formula is shown as TeX"),
    Code::warning("no-canonical", "the address of the original is not named"),
    Code::warning("taxonomy-unknown", "terms of a taxonomy that the target's table does not name"),
    // What Medium loses.
    Code::warning("alert-as-quote", "an alert becomes a quotation"),
    Code::warning("anchor-lost", "a link within the text loses its aim"),
    Code::warning("code-language-lost", "code loses its language"),
    Code::warning("descriptions-flattened", "a description list becomes paragraphs"),
    Code::warning("details-opened", "folded text stands open"),
    Code::warning("excerpt-too-long", "the excerpt is longer than a subtitle may be"),
    Code::warning("footnotes-as-endnotes", "footnotes become a list of notes"),
    Code::warning("heading-flattened", "a deep heading becomes bold text"),
    Code::warning("html-reduced", "raw HTML is reduced to its text"),
    Code::warning("list-flattened", "nested lists become one"),
    Code::warning("picture-moved", "a picture within text is moved below it"),
    Code::warning("picture-unsupported", "a picture of a type that is not taken"),
    Code::warning("quote-flattened", "a quotation within another loses its level"),
    Code::warning("quote-split", "what a quotation cannot hold stands outside of it"),
    Code::warning("script-as-text", "super- and subscript become plain text"),
    Code::warning("strikethrough-as-text", "struck-out text stands between tildes"),
    Code::warning("table-flattened", "a table becomes a list"),
    Code::warning("tags-cut", "more tags than are taken"),
    Code::warning("task-boxes", "boxes to tick become characters"),
    Code::warning("title-too-long", "a title over 100 characters"),
    // What a folder of pages loses.
    Code::warning("no-date", "the feed leaves out a note without a date"),
    // What a wiki loses.
    Code::warning("link-removed", "a link that a wiki page cannot have"),
    Code::warning("picture-in-link", "a picture within a link's text becomes its alternative text"),
    Code::warning("picture-linked", "a picture of another site becomes a link"),
    Code::warning("title-changed", "a title that a wiki page cannot have"),
    Code::warning("picture-removed", "a picture that is no file becomes its alternative text"),
    // What Confluence loses.
    Code::warning("details-closed", "folded text cannot begin open"),
    Code::warning("label-changed", "a tag that cannot be a label as it is"),
    // What a described API loses.
    Code::warning("not-supported", "a value of the note that no request sends"),
    // What a SharePoint page loses.
    Code::warning("tags-as-text", "tags stand in the last line of the text"),
    // With --remote.
    Code::error("no-category", "a category that the site does not have"),
    Code::error("no-term", "a term of another taxonomy that the site does not have"),
    OTHER,
];

/// Every kind of problem, the lints' first.
pub fn codes() -> impl Iterator<Item = &'static Code> {
    LINTS.iter().flat_map(|lint| lint.codes.iter().copied()).chain(REPORTED)
}
