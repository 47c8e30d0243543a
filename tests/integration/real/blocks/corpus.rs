//! Notes that were written to break something, and the examples of the specifications.

use std::fs;

use serde::Deserialize;

use super::assert_all_native;
use crate::harness::fixture;

#[derive(Deserialize)]
struct Example {
    example: u32,
    markdown: String,
}

pub fn examples(specification: &str) -> Vec<(String, String)> {
    let text = fs::read_to_string(fixture("spec").join(specification)).expect("the specification is there");
    let examples: Vec<Example> = serde_json::from_str(&text).expect("a list of examples");
    examples.into_iter().map(|it| (format!("{specification} {}", it.example), it.markdown)).collect()
}

#[test]
fn the_examples_of_commonmark_are_native() {
    let examples = examples("commonmark.json");
    assert!(examples.len() > 600);
    assert_all_native(&examples);
}

#[test]
fn the_examples_of_github_are_native() {
    assert_all_native(&examples("gfm.json"));
}

/// The notes of `blocks-notes`: each begins with a line `%%%% its name`.
pub fn nasty() -> Vec<(String, String)> {
    let mut notes = Vec::new();
    for entry in fs::read_dir(fixture("blocks-notes")).expect("the notes are there") {
        let text = fs::read_to_string(entry.expect("a file").path()).expect("UTF-8");
        for note in text.split("%%%% ").skip(1) {
            let (name, body) = note.split_once('\n').expect("a name and a note");
            notes.push((name.to_owned(), body.to_owned()));
        }
    }
    notes
}

#[test]
fn nasty_notes_are_native() {
    let notes = nasty();
    assert!(notes.len() >= 100, "{} notes", notes.len());
    assert_all_native(&notes);
}

#[test]
fn a_rich_note_is_native() {
    let text = fs::read_to_string(fixture("rich.md")).expect("the note is there");
    assert_all_native(&[("rich".to_owned(), text)]);
}
