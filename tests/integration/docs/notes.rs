//! `docs/notes.md` lists the keys of the front matter, and its notes are notes.

use std::collections::BTreeSet;

use crosspost::note::{Audience, Note, Source, audience, front_matter::keys};

use super::{document, documents};

#[test]
fn the_table_of_keys_is_the_one_that_the_program_reads_by() {
    let page = document("docs/notes.md");
    let said: BTreeSet<&str> = page.spans.iter().map(String::as_str).collect();
    let missing: Vec<&str> = keys::words().filter(|word| !said.contains(word)).collect();
    assert_eq!(missing, [""; 0], "docs/notes.md does not tell of these keys");
    let table = super::read("docs/notes.md");
    let rows = table.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let unknown: Vec<&str> = rows.map(|(word, _)| word).filter(|word| !keys::is_known(word)).collect();
    assert_eq!(unknown, [""; 0], "docs/notes.md tells of keys that are none");
}

#[test]
fn every_note_in_the_documentation_can_be_published() {
    let mut wrong = Vec::new();
    for page in documents() {
        for fence in page.fences("markdown") {
            let source = Source::decode("notes/example.md", fence.text.as_bytes()).expect("text");
            let read = Note::parse(source, &[])
                .and_then(|note| audience::clear(&note, Audience::Public).map(|_| ()));
            wrong.extend(read.err().map(|errors| format!("{}\n{}", fence.place, errors[0])));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
