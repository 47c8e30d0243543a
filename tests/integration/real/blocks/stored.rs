//! What real sites store and show of a rendering, for those who may write all HTML and for those
//! who may not.

use std::fs;

use reqwest::Method;
use serde_json::{Value, json};

use super::{KeepLinks, document, reading, render};
use crate::harness::{
    fixture, unique,
    validator::{self, Release},
    wordpress::{Flavour, Role, Site},
};

fn publish(flavour: Flavour, role: Role, content: &str, footnotes: Option<&str>) -> Value {
    let mut post = json!({"title": unique("blocks"), "content": content, "status": "publish"});
    if let Some(footnotes) = footnotes {
        post["meta"] = json!({"footnotes": footnotes});
    }
    Site::shared(flavour).send(Some(role), Method::POST, "wp/v2/posts", Some(&post)).expect(201)
}

fn rich_note() -> String {
    fs::read_to_string(fixture("rich.md")).expect("the note is there")
}

#[test]
fn a_rich_note_is_stored_as_it_was_sent_or_as_good() {
    let (rich, small) = (document(&rich_note()), document("A[^a] & `b[0]`.\n\n[^a]: Note \"[gallery]\"."));
    let unfiltered = [(Flavour::Wp71, Role::Administrator), (Flavour::Wp71, Role::Editor)];
    let filtered = [
        (Flavour::Wp71, Role::Author),
        (Flavour::Wp71Network, Role::Author),
        (Flavour::Wp71Network, Role::Editor),
    ];
    for document in [&rich, &small] {
        let sent = render(document, "true", &KeepLinks);
        let footnotes = sent.footnotes.as_deref();
        let mut shown = Vec::new();
        for (flavour, role) in unfiltered {
            let post = publish(flavour, role, &sent.body, footnotes);
            assert_eq!(post["content"]["raw"], sent.body, "{flavour:?} {role:?}");
            shown.push(reading::visible(post["content"]["rendered"].as_str().expect("text")));
        }
        for (flavour, role) in filtered {
            let post = publish(flavour, role, &sent.body, footnotes);
            let raw = post["content"]["raw"].as_str().expect("text");
            let verdict = validator::validate(Release::Wp71, &[("stored", raw)]).remove(0);
            assert!(verdict.valid, "{flavour:?} {role:?}: {}", verdict.complaint());
            shown.push(reading::visible(post["content"]["rendered"].as_str().expect("text")));
        }
        assert!(shown.windows(2).all(|pair| pair[0] == pair[1]), "{shown:#?}");
    }
}
