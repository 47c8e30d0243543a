use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::{
    note::{Audience, Marker, NoteId},
    render::{
        Digest, KeepLinks, Picture, Pictures, RemotePicture, fixture, parse,
        sanitise::token::{self, Piece},
    },
};

fn written(markdown: &str) -> (String, Vec<(&'static str, u32)>) {
    let meta = fixture::meta("Week 12");
    let cleared = fixture::cleared(Audience::Internal, markdown);
    let document = parse::parse("note.md", &cleared, Some(&meta.title)).expect("a note that parses");
    let mut pictures = Pictures::default();
    let picture = Picture {
        digest: Digest::of(b"p"),
        file_name: "p.png".to_owned(),
        media_type: "image/png",
        width: 8,
        height: 6,
    };
    let there = RemotePicture { id: None, url: "https://s.example/p.png".to_owned() };
    pictures.insert("p.png", picture, Some(there));
    let context = Context {
        audience: Audience::Internal,
        meta: &meta,
        marker: Marker::derive("p", &NoteId::of_path("a.md"), "intranet"),
        pictures: &pictures,
        links: &KeepLinks,
        site: &BTreeMap::new(),
    };
    let mut warnings = document.warnings.clone();
    let body = join(&write(&document, &context, &mut warnings));
    assert_eq!(join(&parts(&body)), body, "a body is cut and joined");
    warnings.sort();
    warnings.dedup();
    (body, warnings.iter().map(|warning| (warning.code, warning.line)).collect())
}

#[track_caller]
fn assert_written(markdown: &str, body: &str, warnings: &[(&str, u32)]) {
    let (is, told) = written(markdown);
    assert_eq!(is, body);
    assert_eq!(told, warnings);
}

#[test]
fn what_a_text_web_part_has_is_written_as_it_is() {
    assert_written(
        "## One\n\nA *b* **c** ~~d~~ `e` [f](https://a.example/?a=1&b=2).\n\n1. g\n2. h\n   - i\n\n> j\n\n```\nk <l>\n```\n",
        "<h2>One</h2>\n<p>A <em>b</em> <strong>c</strong> <s>d</s> <code>e</code> <a href=\"https://a.example/?a=1&amp;b=2\">f</a>.</p>\n\
         <ol>\n<li>g</li>\n<li>h\n<ul>\n<li>i</li>\n</ul>\n</li>\n</ol>\n<blockquote>\n<p>j</p>\n</blockquote>\n<pre><code>k &lt;l&gt;</code></pre>",
        &[],
    );
}

#[test]
fn headings_have_three_levels() {
    assert_written(
        "## A\n\n### B\n\n#### C\n\n##### D\n",
        "<h2>A</h2>\n<h3>B</h3>\n<h4>C</h4>\n<p><strong>D</strong></p>",
        &[("heading-flattened", 7)],
    );
    assert_written("Text\n\n# A\n\n## B\n", "<p>Text</p>\n<h2>A</h2>\n<h3>B</h3>", &[]);
}

#[test]
fn a_table_is_one_with_its_heads_as_cells() {
    assert_written(
        "| A | B |\n|:-:|---|\n| 1 | *2* |\n",
        "<table><tbody>\n\n<tr><th>A</th><th>B</th></tr>\n\n\n<tr><td>1</td><td><em>2</em></td></tr>\n\n</tbody></table>",
        &[],
    );
}

#[test]
fn pictures_and_rules_are_web_parts_of_their_own() {
    assert_written(
        "One\n\n![A chart](p.png \"In *March*\")\n\n---\n\nTwo\n",
        "<p>One</p>\n<figure><img src=\"https://s.example/p.png\" alt=\"A chart\"><figcaption>In *March*</figcaption></figure>\n<hr>\n<p>Two</p>",
        &[],
    );
    assert_written(
        "- One ![A](p.png)\n- [![B](p.png)](https://a.example/)\n",
        "<ul>\n<li>One </li>\n<li></li>\n</ul>\n<figure><img src=\"https://s.example/p.png\" alt=\"A\"></figure>\n\
         <figure><a href=\"https://a.example/\"><img src=\"https://s.example/p.png\" alt=\"B\"></a></figure>",
        &[("picture-moved", 1), ("picture-moved", 2)],
    );
}

#[test]
fn a_picture_of_another_site_is_a_link() {
    assert_written(
        "![A chart](https://a.example/p.png)\n\nText ![](https://a.example/q.png)\n",
        "<p><a href=\"https://a.example/p.png\">A chart</a></p>\n\
         <p>Text <a href=\"https://a.example/q.png\">https://a.example/q.png</a></p>",
        &[("picture-linked", 1), ("missing-alt", 3), ("picture-linked", 3)],
    );
}

#[test]
fn what_a_page_has_no_form_for_becomes_the_nearest_and_is_told_with_its_line() {
    assert_written(
        "> [!NOTE]\n> One\n",
        "<blockquote>\n<p><strong>Note</strong></p>\n<p>One</p>\n</blockquote>",
        &[("alert-as-quote", 1)],
    );
    assert_written(
        "<details><summary>One</summary>\n\nTwo\n\n</details>\n",
        "<p><strong>One</strong></p>\n<p>Two</p>",
        &[("details-opened", 1)],
    );
    assert_written(
        "Term\n: Text\n",
        "<p><strong>Term</strong></p>\n<p>Text</p>",
        &[("descriptions-flattened", 1)],
    );
    assert_written(
        "- [x] One\n- [ ] Two\n",
        "<ul>\n<li>☑ One</li>\n<li>☐ Two</li>\n</ul>",
        &[("task-boxes", 1)],
    );
    assert_written("```rust\na\n```\n", "<pre><code>a</code></pre>", &[("code-language-lost", 1)]);
    assert_written("A $x^2$ b\n", "<p>A <code>x^2</code> b</p>", &[("math-as-code", 1)]);
    assert_written("## A\n\n[B](#a)\n", "<h2>A</h2>\n<p>B</p>", &[("anchor-lost", 3)]);
    assert_written(
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ\n",
        "<p><a href=\"https://www.youtube.com/watch?v=dQw4w9WgXcQ\">https://www.youtube.com/watch?v=dQw4w9WgXcQ</a></p>",
        &[("embed-as-link", 1)],
    );
}

#[test]
fn footnotes_are_a_numbered_list_below_a_divider() {
    assert_written(
        "One[^a] two[^b].\n\n[^a]: First\n[^b]: Second\n",
        "<p>One<sup>1</sup> two<sup>2</sup>.</p>\n<hr>\n<ol>\n<li><p>First</p></li>\n<li><p>Second</p></li>\n</ol>",
        &[("footnotes-as-endnotes", 3)],
    );
}

#[test]
fn raw_html_is_reduced_to_what_is_kept() {
    assert_written(
        "<div class=\"x\"><h5 id=\"y\">A</h5><p style=\"text-align:center\">B <mark>c</mark><img src=\"p.png\" alt=\"D\"></p></div>\n",
        "<h4>A</h4><p>B c</p>\n<figure><img src=\"https://s.example/p.png\" alt=\"D\"></figure>",
        &[("html-reduced", 1)],
    );
    assert_written("A <kbd>b</kbd> <mark>c</mark>\n", "<p>A <code>b</code> c</p>", &[("html-reduced", 1)]);
}

#[test]
fn a_body_reads_the_same_whatever_sharepoint_wraps_it_in() {
    let ours = "<p>A <strong>b</strong></p>\n<table><tbody><tr><th>C</th></tr></tbody></table>";
    let theirs = "<p class=\"x\">A <b>b</b></p><div class=\"canvasRteResponsiveTable\"><table>\n<thead><tr><th scope=\"col\"> C </th></tr></thead></table></div>";
    assert_eq!(normal(ours), normal(theirs));
    for other in ["<p>A b</p>", "<p>A <strong>b c</strong></p>", "<p>A<strong>b</strong></p><p></p>"] {
        assert_ne!(normal(ours), normal(other), "{other}");
    }
}

proptest! {
    #[test]
    fn only_what_a_text_web_part_keeps_is_written_and_all_is_closed(
        markdown in r"([a-z]|\[\^1\]|\*|`|~~|- |1\. |> |\n|  |\||---|<b>|</b>|<div>|</div>|<li>|<sup>|!\[a\]\(p\.png\)|\[x\]\(#y\)|# |\$){0,60}",
    ) {
        let (body, _) = written(&format!("{markdown}\n\n[^1]: note\n"));
        let mut open: Vec<String> = Vec::new();
        for part in parts(&body) {
            let Part::Text(html) = part else { continue };
            for placed in token::pieces(&html) {
                match placed.piece {
                    Piece::Open(tag) => {
                        let name = tag.name.as_str();
                        let known = kept::KEPT.contains(&name) || ["a", "br", "table", "tbody"].contains(&name);
                        prop_assert!(known, "{} in {}", name, html);
                        if !tag.is_void() {
                            open.push(tag.name);
                        }
                    }
                    Piece::Close(name) => prop_assert_eq!(open.pop(), Some(name), "in {}", &html),
                    Piece::Text(_) | Piece::Comment(_) => {}
                }
            }
            prop_assert!(open.is_empty(), "{}", html);
        }
    }
}
