use super::*;
use crate::note::NoteDate;

fn read(text: &str) -> Result<FrontMatter, Vec<Error>> {
    parse(&Source { path: "n.md".into(), text: text.into() }, &["layout".to_owned()])
        .map(|parsed| parsed.meta)
}

fn good(text: &str) -> FrontMatter {
    read(text).unwrap()
}

/// All errors, as a person sees them.
fn bad(text: &str) -> String {
    let errors = read(text).unwrap_err();
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
