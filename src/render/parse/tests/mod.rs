mod hostile;
mod property;
mod spec;

use super::*;
use crate::{note::Audience, render::html};

pub(super) fn cleared(text: &str) -> Cleared {
    let count = u32::try_from(text.lines().count().max(1)).unwrap();
    Cleared {
        audience: Audience::Public,
        text: text.to_owned(),
        lines: (1..=count).collect(),
        removed: Vec::new(),
    }
}

pub(super) fn document(text: &str) -> Document {
    parse("note.md", &cleared(text), Some("The title")).unwrap()
}

/// The whole body as HTML.
pub(super) fn rendered(document: &Document) -> String {
    html::test_html(document)
}
