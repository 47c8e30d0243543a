use super::*;
use crate::note::Source;

fn note(text: &str) -> Note {
    Note::parse(Source { path: "n.md".into(), text: text.into() }, &[]).unwrap()
}

fn public(text: &str) -> Cleared {
    clear(&note(text), Audience::Public).unwrap()
}

fn problems(text: &str) -> Vec<String> {
    let errors = clear(&note(text), Audience::Public).unwrap_err();
    errors.iter().map(|e| format!("{}: {}", e.place().unwrap(), e.message())).collect()
}

#[test]
fn a_passage_is_cut_for_the_public_and_kept_for_colleagues() {
    let text = "---\ntitle: T\n---\nOne.\n:::internal\nSecret.\n\n  More.\n:::\nTwo.\n";
    let cleared = public(text);
    assert_eq!(cleared.text, "One.\n\nTwo.\n");
    assert_eq!(cleared.lines, [4, 9, 10]);
    assert_eq!(cleared.removed, ["Secret.", "More."]);
    let cleared = clear(&note(text), Audience::Internal).unwrap();
    assert_eq!(cleared.text, "One.\n\nSecret.\n\n  More.\n\nTwo.\n");
    assert_eq!(cleared.lines, [4, 5, 6, 7, 8, 9, 10]);
    assert_eq!(cleared.removed, [""; 0]);
}
