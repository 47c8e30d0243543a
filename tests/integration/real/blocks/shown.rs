//! What a real site shows of every example and every nasty note, to an author's readers and to those
//! of an editor of a network, whose HTML WordPress filters: the same words as comrak's own HTML.

use crosspost::render::sanitise::{
    is_removed_whole,
    token::{Piece, pieces},
};
use regex::Regex;
use reqwest::Method;
use serde_json::json;

use super::{KeepLinks, corpus, document, render};
use crate::harness::{
    unique,
    wordpress::{Flavour, Role, Site},
};

/// Notes in one post.
const BATCH: usize = 40;

/// Notes that are not shown as comrak has them, each with the reason.
const OTHERWISE: &[(&str, &str)] = &[
    ("commonmark.json 629", "a browser ends `<![CDATA[>&<]]>` at the first `>`"),
    ("footnote in a link", "a link holds no link: the number stands behind it"),
    ("list item with picture", "the caption is shown; comrak leaves it in the picture's title"),
    ("picture alt of signs", "HTML within an alternative text is none of its words"),
];

/// What a reader sees, without what WordPress sets in its own way when it shows a post: white space,
/// quotation marks, dashes, dots, and signs that it makes of letters.
fn words(html: &str) -> String {
    let mut out = String::new();
    let mut hidden: Option<String> = None;
    for placed in pieces(html) {
        match placed.piece {
            Piece::Open(tag) if hidden.is_none() && is_hidden(&tag.name) => hidden = Some(tag.name),
            Piece::Close(name) if hidden.as_deref() == Some(&name) => hidden = None,
            Piece::Open(tag) if hidden.is_none() => out.push_str(tag.get("alt").unwrap_or_default()),
            Piece::Text(text) if hidden.is_none() => out.push_str(&text),
            _ => {}
        }
    }
    let set_otherwise = |c: char| {
        c.is_whitespace() || c.is_control() || "'\"`‘’‚“”„′″-–—.…☐☑↩\u{fe0e}\u{2060}\u{feff}".contains(c)
    };
    out.replace('×', "x").replace('™', "(tm)").replace(set_otherwise, "")
}

/// Comrak leaves captions in the pictures' titles.
fn is_hidden(element: &str) -> bool {
    is_removed_whole(element) || element == "figcaption"
}

/// The note in comrak's own HTML, with the extensions that notes are read with.
fn comrak_html(markdown: &str) -> String {
    let mut options = crosspost::render::parse::options();
    options.parse.leave_footnote_definitions = false;
    options.render.r#unsafe = true;
    let html = comrak::markdown_to_html(markdown, &options);
    // One for each mention of a note, where WordPress has one.
    let back = Regex::new("<a [^>]*class=\"footnote-backref\"[^>]*>.*?</a>").expect("a regex");
    back.replace_all(&html, "").into_owned()
}

/// What the site shows of each note.
fn shown(flavour: Flavour, role: Role, notes: &[(String, String)]) -> Vec<String> {
    let site = Site::shared(flavour);
    let mut all = Vec::new();
    for batch in notes.chunks(BATCH) {
        let split = |at: usize| format!("zqnote{at}zq");
        let with_line = |(at, (_, markdown)): (usize, &(String, String))| {
            let body = render(&document(markdown), "false", &KeepLinks).body;
            format!("{body}\n\n<!-- wp:paragraph -->\n<p>{}</p>\n<!-- /wp:paragraph -->", split(at))
        };
        let content: Vec<String> = batch.iter().enumerate().map(with_line).collect();
        let content = content.join("\n\n");
        let post = json!({"title": unique("shown"), "content": content, "status": "publish"});
        let post = site.send(Some(role), Method::POST, "wp/v2/posts", Some(&post)).expect(201);
        let mut rest = post["content"]["rendered"].as_str().expect("text");
        for at in 0..batch.len() {
            let (note, after) = rest.split_once(&split(at)).expect("the line behind each note");
            all.push(note.to_owned());
            rest = after;
        }
    }
    all
}

/// The notes of which a site does not show what comrak does.
fn differences(notes: &[(String, String)]) -> Vec<String> {
    let sites = [(Flavour::Wp71, Role::Author), (Flavour::Wp71Network, Role::Editor)];
    let mut different = Vec::new();
    for (flavour, role) in sites {
        for ((name, markdown), html) in notes.iter().zip(shown(flavour, role, notes)) {
            let (ours, theirs) = (words(&html), words(&comrak_html(markdown)));
            if ours != theirs && !OTHERWISE.iter().any(|(known, _)| known == name) {
                different.push(format!("{name} at {flavour:?}\n  shown:  {ours}\n  comrak: {theirs}"));
            }
        }
    }
    different
}

#[test]
fn the_examples_of_the_specifications_are_shown_word_for_word() {
    let notes = [corpus::examples("commonmark.json"), corpus::examples("gfm.json")].concat();
    let different = differences(&notes);
    assert!(different.is_empty(), "{} of {}\n{}", different.len(), notes.len(), different.join("\n"));
}

#[test]
fn nasty_notes_are_shown_word_for_word() {
    let notes = corpus::nasty();
    let different = differences(&notes);
    assert!(different.is_empty(), "{} of {}\n{}", different.len(), notes.len(), different.join("\n"));
}
