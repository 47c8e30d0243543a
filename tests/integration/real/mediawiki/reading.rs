//! What a reader of the wiki sees is what the note says, whatever the note.

use std::{collections::BTreeMap, fs};

use crosspost::{
    note::{Audience, Cleared, Marker, NoteId},
    render::{
        Context, Digest, Document, KeepLinks, Meta, Picture, Pictures, RemotePicture, html,
        parse::parse,
        sanitise::token::{self, Piece},
        wikitext::{self, Abilities},
    },
};
use proptest::{prelude::*, strategy::ValueTree as _};
use serde::Deserialize;

use crate::harness::{fixture, mediawiki::Wiki};

#[derive(Deserialize)]
struct Example {
    example: u32,
    markdown: String,
}

/// A wiki that highlights code, and one that has nothing: plain wikitext shows the same everywhere.
fn both() -> [Abilities; 2] {
    [Abilities::default(), Abilities { highlighting: true, ..Abilities::default() }]
}

fn document(markdown: &str) -> Option<Document> {
    let lines = (1..).take(markdown.split('\n').count()).collect();
    let cleared =
        Cleared { audience: Audience::Internal, text: markdown.to_owned(), lines, removed: Vec::new() };
    parse("note.md", &cleared, Some("The title")).ok()
}

fn meta() -> Meta {
    Meta { title: "The title".to_owned(), stem: "note".to_owned(), ..Meta::default() }
}

/// The note as plain HTML and as wikitext.
fn rendered(document: &Document, abilities: &Abilities) -> (String, String) {
    let meta = meta();
    let mut pictures = Pictures::default();
    let picture = Picture {
        digest: Digest::of(b"x"),
        file_name: "local.png".to_owned(),
        media_type: "image/png",
        width: 90,
        height: 9,
    };
    let remote = RemotePicture { id: None, url: "https://x.example/local.png".to_owned() };
    pictures.insert("local.png", picture, Some(remote));
    let context = Context {
        audience: Audience::Internal,
        meta: &meta,
        marker: Marker::derive("p", &NoteId::of_path("note.md"), "wiki"),
        pictures: &pictures,
        links: &KeepLinks,
        site: &BTreeMap::new(),
    };
    let plain = html::render(document, &context, &html::Options::default(), &mut Vec::new());
    (plain, wikitext::render(document, &context, abilities, &mut Vec::new()))
}

/// The text and alternative texts of HTML, without blanks and what no reader sees.
fn visible(html: &str) -> String {
    let mut out = String::new();
    for placed in token::pieces(html) {
        match placed.piece {
            Piece::Open(tag) => out.push_str(tag.get("alt").unwrap_or_default()),
            Piece::Text(text) => out.push_str(&text),
            Piece::Close(_) | Piece::Comment(_) => {}
        }
    }
    out.retain(|c| !c.is_whitespace() && !c.is_control());
    out
}

/// A note, and what was made of it.
struct Reading {
    name: String,
    markdown: String,
    wikitext: String,
    expected: String,
}

/// What each note is to read as; those that the program refuses (too deep) are left out.
fn readings(notes: &[(String, String)], abilities: &Abilities) -> Vec<Reading> {
    let reading = |(name, markdown): &(String, String)| {
        let (html, wikitext) = rendered(&document(markdown)?, abilities);
        let expected = visible(&html);
        Some(Reading { name: name.clone(), markdown: markdown.clone(), wikitext, expected })
    };
    notes.iter().filter_map(reading).collect()
}

/// How a note reads otherwise than it says, if it does.
fn difference(wiki: &Wiki, reading: &Reading) -> Option<String> {
    let Reading { name, markdown, wikitext, expected } = reading;
    let seen = visible(&wiki.parsed(wikitext));
    (seen != *expected).then(|| {
        format!("{name}\n{markdown}\n--- wikitext\n{wikitext}\n--- expected\n{expected}\n--- seen\n{seen}")
    })
}

/// So many notes are put on one page: the wiki takes its time for each.
const TOGETHER: usize = 20;

/// Looks at many notes at once, and at each alone where they do not read as they should.
fn differences(wiki: &Wiki, readings: &[Reading]) -> Vec<String> {
    let mut found = Vec::new();
    for some in readings.chunks(TOGETHER) {
        let page: Vec<&str> = some.iter().map(|reading| reading.wikitext.as_str()).collect();
        let expected: String = some.iter().map(|reading| reading.expected.as_str()).collect();
        if visible(&wiki.parsed(&page.join("\n\n<hr />\n\n"))) != expected {
            found.extend(some.iter().filter_map(|reading| difference(wiki, reading)));
        }
    }
    found
}

fn assert_all_read_the_same(notes: &[(String, String)]) {
    let wiki = Wiki::shared();
    for abilities in both() {
        let readings = readings(notes, &abilities);
        assert!(readings.iter().any(|reading| !reading.expected.is_empty()));
        let found = differences(&wiki, &readings);
        assert!(found.is_empty(), "{} differ:\n\n{}", found.len(), found.join("\n\n=====\n"));
    }
}

#[test]
fn every_example_of_the_specifications_reads_the_same() {
    let mut examples = Vec::new();
    for name in ["commonmark.json", "gfm.json"] {
        let text = fs::read_to_string(fixture("spec").join(name)).expect("the specification is there");
        let all: Vec<Example> = serde_json::from_str(&text).expect("examples");
        examples.extend(all.into_iter().map(|it| (format!("{name} {}", it.example), it.markdown)));
    }
    assert!(examples.len() > 650);
    assert_all_read_the_same(&examples);
}

/// The notes of `blocks-notes`: each begins with a line `%%%% its name`.
#[test]
fn nasty_notes_read_the_same() {
    let mut notes = Vec::new();
    for entry in fs::read_dir(fixture("blocks-notes")).expect("the notes are there") {
        let text = fs::read_to_string(entry.expect("a file").path()).expect("UTF-8");
        for note in text.split("%%%% ").skip(1) {
            let (name, body) = note.split_once('\n').expect("a name and a note");
            // A picture of another site becomes a link, which needs a text where the note has none.
            if name != "hidden pictures" {
                notes.push((name.to_owned(), body.to_owned()));
            }
        }
    }
    assert!(notes.len() >= 100, "{} notes", notes.len());
    assert_all_read_the_same(&notes);
}

/// What means something in wikitext, or might.
const MARKUP: &[&str] = &[
    "''x''",
    "'''x'''",
    "'x",
    "x'",
    "'",
    "it's",
    "[[x]]",
    "[[File:x.png|thumb|y]]",
    "[http://x.y z]",
    "]]",
    "[",
    "{{x}}",
    "{{{x}}}",
    "{{!}}",
    "{|",
    "|}",
    "|-",
    "||",
    "|",
    "!!",
    "! x",
    "~~~",
    "~~~~",
    "~~~~~",
    "__TOC__",
    "__NOTOC__",
    "-{x}-",
    "----",
    "-----",
    "* x",
    "# x",
    ": x",
    "; x : y",
    "= x =",
    "== x ==",
    "====",
    " x",
    "#REDIRECT [[x]]",
    "<nowiki>x</nowiki>",
    "</nowiki>",
    "<nowiki/>",
    "<!-- x -->",
    "<ref>x</ref>",
    "<pre>",
    "</pre>",
    "<br>",
    "<syntaxhighlight>",
    "</syntaxhighlight>",
    "<math>x</math>",
    "<includeonly>x</includeonly>",
    "&amp;",
    "&lt;b&gt;",
    "&#91;",
    "&nbsp;",
    "&",
    "R&D",
    "http://x.y/z",
    "mailto:x@y.z",
    "tel:123",
    "//x.y",
    "ISBN 978-0-306-40615-7",
    "RFC 2606",
    "PMID 1",
    "x : y ! z ?",
    "« x »",
    "100 %",
    "\u{7f}'\"`UNIQ-x-QINU`\"'\u{7f}",
    "a_b__c",
    "x\\y",
    "$1",
    "%41",
    "%%",
    "日本語 🚀",
    "\u{a0}",
    "=",
    "x=y",
    "left",
    "thumb",
    "300px",
    "alt=x",
];

/// Text as Markdown that says just that.
fn markdown(text: &str) -> String {
    let escaped = |c: char| if c.is_ascii_punctuation() { format!("\\{c}") } else { c.to_string() };
    text.chars().map(escaped).collect()
}

/// A note that says a text in every place where text can stand.
fn everywhere(text: &str) -> String {
    let (plain, code) = (markdown(text), text.replace(['`', '\u{7f}'], ""));
    format!(
        "{plain}\n\n{plain} a *{plain}* b **{plain}** c ~~{plain}~~ {plain}\n\n*a {plain}*{plain}**{plain}b**\n\n\
         ## {plain}\n\n- {plain}\n  - {plain}\n- [ ] {plain}\n\n1. {plain}\n\n   {plain}\n\n> {plain}\n>\n> - {plain}\n\n\
         | {plain} | a |\n|---|--:|\n| {plain} | {plain} |\n| | `{span}` |\n\n[{plain}](https://x.example/a?b=c) {plain}\n\n\
         > [!NOTE]\n> {plain}\n\n`{code}`\n\n```\n{code}\n  {code}\n```\n\n```rust\n{code}\n```\n\n\
         <div>{html}</div>\n\n{plain}\n: {plain}\n\nx <kbd>{plain}</kbd>\n",
        span = code.replace('|', "\\|"),
        html = html::escape::escaped(text),
    )
}

#[test]
fn markup_of_the_wikis_own_is_shown_as_text_everywhere() {
    let notes: Vec<(String, String)> =
        MARKUP.iter().map(|text| ((*text).to_owned(), everywhere(text))).collect();
    assert_all_read_the_same(&notes);
}

#[test]
fn what_is_not_escaped_would_be_noticed() {
    let wiki = Wiki::shared();
    for markup in ["''x''", "[[x|y]]", "{{x}}", "~~~", "&lt;", "<nowiki>x</nowiki>", "__TOC__"] {
        assert_ne!(visible(&wiki.parsed(markup)), markup);
    }
}

/// Some of the above, in a row.
fn mixture() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => proptest::sample::select(MARKUP).prop_map(str::to_owned),
        2 => "[a-z ]{0,4}",
        1 => "[-'~_!|:;=#*<>&\\[\\]{}. ]{1,6}",
    ];
    proptest::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat())
}

#[test]
fn any_mixture_of_markup_is_shown_as_text() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let strategy = proptest::collection::vec(mixture(), 40);
    let texts = strategy.new_tree(&mut runner).expect("a value").current();
    let notes: Vec<(String, String)> =
        texts.into_iter().map(|text| (format!("{text:?}"), format!("x\n\n{}", everywhere(&text)))).collect();
    assert_all_read_the_same(&notes);
}

#[test]
fn footnotes_are_the_wikis_own_where_it_has_them() {
    let wiki = Wiki::shared();
    let abilities = Abilities { references: true, ..Abilities::default() };
    let note = "One[^a], *two[^b]* and [three[^a]](https://x.example).\n\n[^a]: The *first* [x](https://x.example/y).\n[^b]: Of `{{b}}`.";
    let (_, wikitext) = rendered(&document(note).expect("a note"), &abilities);
    assert!(wikitext.ends_with("<references />"), "{wikitext}");
    let seen = visible(&wiki.parsed(&wikitext));
    assert_eq!(seen, "One[1],two[2]andthree[1].↑1.01.1Thefirstx.↑Of{{b}}.");
}
