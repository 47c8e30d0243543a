use super::*;
use crate::{
    note::Audience,
    render::{document::BlockKind, html},
};

fn cleared(text: &str) -> Cleared {
    let count = u32::try_from(text.lines().count().max(1)).unwrap();
    Cleared {
        audience: Audience::Public,
        text: text.to_owned(),
        lines: (1..=count).collect(),
        removed: Vec::new(),
    }
}

fn document(text: &str) -> Document {
    parse("note.md", &cleared(text), Some("Title")).unwrap()
}

fn html(text: &str) -> String {
    html::source_html(&document(text).blocks)
}

#[test]
fn smoke() {
    let doc = document(include_str!("../../../tests/fixtures/rich.md"));
    println!("{}", html::source_html(&doc.blocks));
    println!("{:#?}", doc.warnings);
    println!("{:#?}", doc.pictures());
    println!("{:#?}", doc.links());
    println!("{}", doc.text());
}
