//! All examples of the CommonMark and GFM specifications: what a reader sees is what comrak's own
//! HTML shows.

use serde::Deserialize;

use super::{document, rendered};
use crate::render::sanitise::{
    self,
    token::{self, Piece},
};

#[derive(Deserialize)]
struct Example {
    section: String,
    example: u32,
    markdown: String,
}

/// The text and alternative texts of HTML, without blanks, without what no reader sees, and
/// without captions, which comrak leaves in the pictures' titles.
fn visible(html: &str) -> String {
    let mut out = String::new();
    let mut hidden: Option<String> = None;
    for placed in token::pieces(html) {
        match placed.piece {
            Piece::Open(tag) if hidden.is_none() && is_hidden(&tag.name) => hidden = Some(tag.name),
            Piece::Close(name) if hidden.as_deref() == Some(&name) => hidden = None,
            Piece::Open(tag) if hidden.is_none() => out.push_str(tag.get("alt").unwrap_or_default()),
            Piece::Text(text) if hidden.is_none() => out.push_str(&text),
            _ => {}
        }
    }
    out.retain(|c| !c.is_whitespace());
    out
}

fn is_hidden(element: &str) -> bool {
    sanitise::is_removed_whole(element) || element == "figcaption"
}

fn comrak_html(markdown: &str) -> String {
    let mut options = crate::render::parse::options();
    options.parse.leave_footnote_definitions = false;
    options.render.r#unsafe = true;
    comrak::markdown_to_html(markdown, &options)
}

fn differences(examples: &str) -> Vec<(String, u32, String, String)> {
    let examples: Vec<Example> = serde_json::from_str(examples).unwrap();
    assert!(examples.len() > 40, "the examples are there");
    let compared = examples.into_iter().map(|example| {
        let ours = visible(&rendered(&document(&example.markdown))).replace(['☐', '☑'], "");
        (example.section, example.example, ours, visible(&comrak_html(&example.markdown)))
    });
    compared.filter(|(_, _, ours, theirs)| ours != theirs).collect()
}

#[test]
fn every_commonmark_example_reads_as_comrak_writes_it() {
    let found = differences(include_str!("../../../../tests/fixtures/spec/commonmark.json"));
    // A browser ends `<![CDATA[>&<]]>` at the first `>`, comrak passes it on as it is; we remove it.
    let expected = ("Raw HTML".to_owned(), 629, "foo".to_owned(), "foo&<]]>".to_owned());
    assert_eq!(found, [expected]);
}

#[test]
fn every_gfm_example_reads_as_comrak_writes_it() {
    let found = differences(include_str!("../../../../tests/fixtures/spec/gfm.json"));
    assert_eq!(found, Vec::new());
}
