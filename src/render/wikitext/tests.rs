use std::collections::BTreeMap;

use insta::assert_snapshot;

use super::*;
use crate::{
    note::{Audience, Marker, NoteId},
    render::{Digest, KeepLinks, Links, Meta, Picture, Pictures, fixture, parse},
};

fn meta() -> Meta {
    fixture::meta("Title")
}

fn rendered(markdown: &str, abilities: &Abilities, links: &dyn Links) -> (String, Vec<&'static str>) {
    let cleared = fixture::cleared(Audience::Internal, markdown);
    let document = parse::parse("note.md", &cleared, Some("Title")).unwrap();
    let (meta, mut pictures, mut warnings) = (meta(), Pictures::default(), Vec::new());
    let picture = Picture {
        digest: Digest::of(b"team"),
        file_name: "team.png".to_owned(),
        media_type: "image/png",
        width: 1200,
        height: 800,
    };
    pictures.insert("team.png", picture, None);
    let context = Context {
        audience: Audience::Internal,
        meta: &meta,
        marker: Marker::derive("p", &NoteId::of_path("note.md"), "wiki"),
        pictures: &pictures,
        links,
        site: &BTreeMap::new(),
    };
    let body = render(&document, &context, abilities, &mut warnings);
    (body, warnings.iter().map(|warning| warning.code).collect())
}

fn plain(markdown: &str) -> String {
    rendered(markdown, &Abilities::default(), &KeepLinks).0
}

fn able() -> Abilities {
    Abilities {
        references: true,
        highlighting: true,
        math: true,
        article: Some("https://wiki.example/wiki/$1".to_owned()),
    }
}

/// The note that all dialects are shown with.
const RICH: &str = include_str!("../../../tests/fixtures/rich.md");

#[test]
fn a_rich_note_in_plain_wikitext() {
    assert_snapshot!(plain(RICH));
}

#[test]
fn a_rich_note_for_a_wiki_with_extensions() {
    assert_snapshot!(rendered(RICH, &able(), &KeepLinks).0);
}

#[test]
fn nested_emphasis_is_counted_as_it_is_meant() {
    assert_eq!(plain("*a **b** c*"), "''a '''b''' c''");
    assert_eq!(plain("***a***"), "<em>'''a'''</em>");
    assert_eq!(plain("*a*'s **b**'"), "''a''&#39;s '''b'''&#39;");
    assert_eq!(plain("*a***b**"), "''a''<strong>b</strong>");
}

#[test]
fn lists_are_wikitext_where_an_item_is_a_line() {
    assert_eq!(plain("- a\n  1. b\n     - c\n- [x] d\n\n\n* e"), "* a\n*# b\n*#* c\n* ☑ d\n\n* e");
    assert_eq!(plain("3. a\n4. b"), "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>");
    assert_eq!(plain("- a\n\n  b\n\n  - c"), "<ul>\n<li>\n<p>a</p>\n<p>b</p>\n* c\n</li>\n</ul>");
}

#[test]
fn a_page_of_the_wiki_is_linked_as_one() {
    let (body, _) = rendered("[last week](https://wiki.example/wiki/Week_11#Top)s", &able(), &KeepLinks);
    assert_eq!(body, "[[:Week 11#Top|last week]]<nowiki/>s");
}

#[test]
fn links_within_the_page_find_their_heading() {
    assert_eq!(
        plain("[x](#the-end)\n\n## The end\n\n## Other"),
        "[[#the-end|x]]\n\n== <span id=\"the-end\"></span>The end ==\n\n== Other =="
    );
}

#[test]
fn pictures_are_files_of_the_wiki() {
    let (body, warnings) = rendered(
        "![A team](team.png \"We\")\n\n[![b](team.png)](https://a.example)\n\n![c](https://a.example/c.png)",
        &Abilities::default(),
        &KeepLinks,
    );
    assert_snapshot!(body, @r##"
    [[File:Crosspost-926e2a84602416ce.png|thumb|none|700px|alt=A team|<nowiki/>We]]

    [[File:Crosspost-926e2a84602416ce.png|frameless|none|700px|link=https://a.example|alt=b]]

    [https://a.example/c.png c]
    "##);
    assert_eq!(warnings, ["picture-linked"]);
}

#[test]
fn what_may_not_be_linked_is_labelled() {
    let note = "[a](https://secret.example/x) <https://secret.example/y> ![b](https://secret.example/z)\n\n\
                <p><a href=\"https://secret.example\">c</a></p>\n";
    let (body, _) = rendered(note, &Abilities::default(), &fixture::Labelled);
    assert!(!body.contains("secret.example"), "{body}");
    assert_snapshot!(body, @r##"
    a &#91;internal link&#93; &#91;internal link&#93; b &#91;internal link&#93;

    c &#91;internal link&#93;
    "##);
}

#[test]
fn raw_html_keeps_what_a_wiki_takes() {
    let (body, warnings) = rendered(
        "<section><h2>A</h2><p>b <a href=\"https://a.example\">c [d]</a><br>\n<img src=\"team.png\" alt=\"e\"></p>\
         <table><tbody><tr><td colspan=\"2\">{{f}}</td></tr></tbody></table>\n<pre>g\n ''h''</pre></section>\n",
        &Abilities::default(),
        &KeepLinks,
    );
    assert_snapshot!(body, @r##"
    <div><h2>A</h2><p>b [https://a.example c &#91;d&#93;]<br /> [[File:Crosspost-926e2a84602416ce.png|700px|alt=e]]</p><table><tr><td colspan="2">&#123;&#123;f&#125;&#125;</td></tr></table> <pre>g
     ''h''</pre></div>
    "##);
    assert_eq!(warnings, Vec::<&str>::new());
}

#[test]
fn formulas_are_code_where_the_wiki_has_no_math() {
    assert_eq!(plain("$a<b$"), "<code><nowiki>a&lt;b</nowiki></code>");
    assert_eq!(rendered("$a<b$", &able(), &KeepLinks).0, "<math>a<b</math>");
}

#[test]
fn deep_nesting_ends_well() {
    let deep = format!("{}x", "> ".repeat(60));
    assert!(plain(&deep).contains('x'));
}
