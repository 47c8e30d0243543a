use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::{
    note::{Audience, Marker, NoteId},
    render::{Digest, KeepLinks, Links, Meta, Picture, Pictures, RemotePicture, fixture, parse},
};

fn meta() -> Meta {
    fixture::meta("Week 12")
}

fn picture(media_type: &'static str) -> Picture {
    let digest = Digest::of(media_type.as_bytes());
    Picture { digest, file_name: "p".to_owned(), media_type, width: 800, height: 600 }
}

/// `team.png` waits to be uploaded, `map.png` is there, `plan.svg` is of no use to Medium.
fn pictures() -> Pictures {
    let remote = RemotePicture { id: None, url: "https://images.example/map.png".to_owned() };
    let mut pictures = Pictures::default();
    pictures.insert("team.png", picture("image/png"), None);
    pictures.insert("map.png", picture("image/png"), Some(remote));
    pictures.insert("plan.svg", picture("image/svg+xml"), None);
    pictures
}

struct Setting {
    meta: Meta,
    tables: Tables,
    links: &'static dyn Links,
}

impl Default for Setting {
    fn default() -> Self {
        Self { meta: meta(), tables: Tables::List, links: &KeepLinks }
    }
}

impl Setting {
    fn write(&self, markdown: &str) -> Story {
        let cleared = fixture::cleared(Audience::Public, markdown);
        let document = parse::parse("note.md", &cleared, Some(&self.meta.title)).expect("a note that parses");
        let context = Context {
            audience: Audience::Public,
            meta: &self.meta,
            marker: Marker::derive("test", &NoteId::of_path("note.md"), "medium"),
            pictures: &pictures(),
            links: self.links,
            site: &BTreeMap::new(),
        };
        write(&document, &context, self.tables)
    }

    /// The story without its title, and below it what is reported.
    fn shown(&self, markdown: &str) -> String {
        let story = self.write(markdown);
        let body = story.html.strip_prefix("<h1>Week 12</h1>\n").expect("the title comes first");
        let reported = story.warnings.iter().map(|w| format!("{}: {}: {}\n", w.line, w.code, w.message));
        format!("{body}---\n{}", reported.collect::<String>())
    }
}

fn shown(markdown: &str) -> String {
    Setting::default().shown(markdown)
}

/// The codes of what is reported, with their lines.
fn reported(markdown: &str) -> Vec<(u32, &'static str)> {
    Setting::default().write(markdown).warnings.iter().map(|w| (w.line, w.code)).collect()
}

#[test]
fn what_medium_shows_is_written_as_it_is() {
    insta::assert_snapshot!(shown(
        "Some *words* with **weight**, `code < 1`, [a link](https://example.org/?a=1&b=2 \"T\"),\n<https://example.org/>  \nand a \"quote\" & more.\n\n> Said\n> so.\n\n- one\n- two\n\n1. first\n2. second\n\n---\n\n    verbatim <b>\n"
    ));
}

#[test]
fn headings_have_two_levels() {
    insta::assert_snapshot!(shown(
        "# One\n\n## Two\n\n### Three\n\n#### Four\n\n##### Five\n\n###### Six `x`\n"
    ));
}

#[test]
fn nested_lists_become_one_with_dashes() {
    insta::assert_snapshot!(shown(
        "- a\n  - b\n    - c\n  - d\n- e\n\ntext\n\n1. one\n   - inner\n     1. deep\n2. two\n"
    ));
}

#[test]
fn what_an_item_cannot_hold_stands_between_the_items() {
    insta::assert_snapshot!(shown(
        "1. one\n\n   more of one\n\n   ```\n   code\n   ```\n2. two\n\n- - -\n\n- ```\n  only code\n  ```\n- > said\n\n5. five\n6. six\n"
    ));
}

#[test]
fn task_boxes_are_characters() {
    insta::assert_snapshot!(shown("- [ ] open\n- [x] done\n  - [ ] inner\n"));
}

#[test]
fn a_table_becomes_a_list_of_its_rows() {
    insta::assert_snapshot!(shown(
        "| Name | Born | |\n|---|---:|---|\n| *Ada* | 1815 | see [her](https://example.org/ada) |\n| Grace | | |\n\n| only | names |\n|---|---|\n"
    ));
}

#[test]
fn a_table_can_be_text_in_columns() {
    let setting = Setting { tables: Tables::Code, ..Setting::default() };
    insta::assert_snapshot!(setting.shown(
        "| Name | Born | Where |\n|---|---:|:-:|\n| *Ada* <b> | 1815 | 伦敦 |\n| Grace[^1] | 1906 | New York |\n\n[^1]: Hopper.\n"
    ));
}

#[test]
fn a_table_too_wide_for_columns_becomes_a_list() {
    let setting = Setting { tables: Tables::Code, ..Setting::default() };
    let wide = format!("| a | b |\n|---|---|\n| {} | ~~x~~ ![p](team.png) |\n", "long ".repeat(20));
    insta::assert_snapshot!(setting.shown(&wide));
}

#[test]
fn footnotes_are_numbered_notes_at_the_end() {
    insta::assert_snapshot!(shown(
        "One[^a][^b] and again[^a].\n\n[^a]: The *first*.\n\n    - with a list\n\n[^b]:\n    ```\n    only code\n    ```\n"
    ));
}

#[test]
fn code_keeps_its_text_and_loses_its_language() {
    insta::assert_snapshot!(shown(
        "```rust\nfn main() { println!(\"<&>\"); }\n```\n\n```\n\nfirst line empty\n```\n"
    ));
}

#[test]
fn what_medium_has_not_becomes_text() {
    insta::assert_snapshot!(shown(
        "Old ~~price~~ new, $e^{i\\pi}$ and [up](#two).\n\n$$\n\\sum_i x_i < 1\n$$\n\n<details><summary>More *here*</summary>\n\nHidden text.\n\n</details>\n\nTerm\n\n: What it means.\n"
    ));
}

#[test]
fn an_alert_is_a_quotation_that_says_what_it_is() {
    insta::assert_snapshot!(shown("> [!WARNING]\n> Mind the gap.\n\n> [!NOTE] Own <title>\n> - a list\n"));
}

#[test]
fn quotations_hold_text_only() {
    insta::assert_snapshot!(shown(
        "> ## Heading\n>\n> one\n>\n> > two\n>\n> ```\n> code\n> ```\n>\n> three ![map](map.png)\n"
    ));
}

#[test]
fn pictures_stand_between_paragraphs() {
    insta::assert_snapshot!(shown(
        "![The team](team.png \"All of us\")\n\nSee the ![map](map.png) here.\n\n[![badge](https://example.org/b.png)](https://example.org/build) ![again](map.png)\n\n![The plan](plan.svg)\n\n![drawn](https://example.org/x.svg?v=1)\n"
    ));
}

#[test]
fn only_local_pictures_that_medium_takes_are_needed() {
    let story = Setting::default()
        .write("![a](team.png)\n\n![b](team.png)\n\n![c](map.png)\n\n![d](plan.svg)\n\n![e](https://example.org/e.png)\n");
    let needs: Vec<&str> = story.needs.iter().map(|(src, _)| src.as_str()).collect();
    assert_eq!(needs, ["team.png", "map.png"]);
}

#[test]
fn an_embed_is_its_address_alone() {
    insta::assert_snapshot!(shown(
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=1\n\nhttps://gist.github.com/octocat/1\n"
    ));
}

#[test]
fn raw_html_is_reduced_to_text_links_and_pictures() {
    insta::assert_snapshot!(shown(
        "<div class=\"x\"><h2>Title</h2><p>Some <b>bold and <i>both</b></i> <a href=\"https://example.org/?a&b\">link</a><br>next</p>\n<ul><li>one</li><li><p>two <del>gone</del></p></li></ul>\n<blockquote><p>said</p></blockquote>\n<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>x<sup>2</sup></td></tr></table>\n<a href=\"https://example.org/full\"><img src=\"map.png\" alt=\"map\"></a>\n<video src=\"https://example.org/v.mp4\"></video><pre>a\n  b</pre><hr></div>\n"
    ));
}

#[test]
fn html_within_text_becomes_the_nearest_thing() {
    insta::assert_snapshot!(shown(
        "Press <kbd>Ctrl</kbd>, H<sub>2</sub>O, x<sup>n+1</sup>, 1<sup>st</sup>, e<sup>iπ</sup>, <q>so</q>, <abbr title=\"HyperText\">HT</abbr>, <mark>new</mark>, <del>old</del>, <cite>Book</cite>.\n"
    ));
}

#[test]
fn the_footer_names_the_original() {
    let meta = Meta { canonical: Some("https://blog.example/a?x=1&y=\"2\"".to_owned()), ..meta() };
    insta::assert_snapshot!(Setting { meta, ..Setting::default() }.shown("Text.\n"));
}

#[test]
fn an_original_that_is_not_known_yet_is_named_by_its_target() {
    let meta = Meta { canonical: Some(format!("{PENDING_LINK}blog")), ..meta() };
    insta::assert_snapshot!(Setting { meta, ..Setting::default() }.shown("Text.\n"));
}

#[test]
fn a_short_excerpt_is_the_subtitle() {
    let excerpt = |text: &str| Meta { excerpt: Some(text.to_owned()), ..meta() };
    let write =
        |text: &str| Setting { meta: excerpt(text), ..Setting::default() }.write("How it *begins* today.\n");
    let short = write("What  we\ndid & learnt");
    assert_eq!(short.subtitle.as_deref(), Some("What we did & learnt"));
    assert!(short.html.starts_with("<h1>Week 12</h1>\n<h2>What we did &amp; learnt</h2>\n<p>How"));
    let repeated = write("How it begins");
    assert_eq!((repeated.subtitle, repeated.warnings), (None, vec![]));
    let long = write(&"long ".repeat(29));
    assert_eq!(long.subtitle, None);
    assert_eq!(long.warnings.iter().map(|w| w.code).collect::<Vec<_>>(), ["excerpt-too-long"]);
}

#[test]
fn the_featured_picture_opens_the_story_once() {
    let meta = Meta { image: Some("team.png".to_owned()), image_alt: Some("Us".to_owned()), ..meta() };
    let setting = Setting { meta, ..Setting::default() };
    let opening = setting.write("Text.\n");
    let figure = "<figure><img src=\"crosspost-picture:";
    assert!(opening.html.starts_with(&format!("<h1>Week 12</h1>\n{figure}")), "{}", opening.html);
    assert_eq!(opening.needs, [("team.png".to_owned(), "Us".to_owned())]);
    let shown_anyway = setting.write("Text.\n\n![All](team.png)\n");
    assert_eq!(shown_anyway.html.matches(figure).count(), 1);
    assert!(shown_anyway.featured.is_some());
}

struct Inside;

impl Links for Inside {
    fn fate(&self, href: &str, line: u32, warnings: &mut Vec<Warning>) -> LinkFate {
        if !href.contains("intranet") {
            return LinkFate::To(href.to_owned());
        }
        warnings.push(Warning::new("internal-link", line, "a link to the inside"));
        LinkFate::Label("[internal link]".to_owned())
    }
}

#[test]
fn no_internal_address_gets_out() {
    for tables in [Tables::List, Tables::Code] {
        let story = Setting { tables, links: &Inside, meta: meta() }.write(
            "[a](https://intranet.example/1) <https://intranet.example/2> ![b](https://intranet.example/3.png)\n\n[![c](map.png)](https://intranet.example/4)\n\n| t |\n|---|\n| [d](https://intranet.example/5) |\n\n<div><a href=\"https://intranet.example/6\">e</a> <img src=\"https://intranet.example/7.png\" alt=\"f\"> <video src=\"https://intranet.example/8.mp4\"></video></div>\n\n![g](https://intranet.example/9.png \"caption\")\n",
        );
        assert!(!story.html.contains("intranet"), "{}", story.html);
        for text in
            ["a [internal link]", "b [internal link]", "d [internal link]", "e [internal link]", "caption"]
        {
            assert!(story.html.contains(text), "{text} is not in {}", story.html);
        }
    }
}

#[test]
fn what_is_reported_tells_the_line() {
    let markdown = "Text.\n\n- a\n  - b\n\n```rust\nx\n```\n\n| a |\n|---|\n| 1 |\n\n~~gone~~\n";
    let expected = [
        (3, "list-flattened"),
        (6, "code-language-lost"),
        (10, "table-flattened"),
        (14, "strikethrough-as-text"),
    ];
    assert_eq!(reported(markdown), expected);
}

#[test]
fn nothing_is_reported_of_what_is_kept() {
    assert_eq!(reported("# Title\n\nText *x*.\n\n- a\n- b\n\n> quote\n\n![map](map.png)\n\n---\n"), []);
}

/// Elements that Medium is sent, and no others.
const ELEMENTS: &[&str] = &[
    "h1",
    "h2",
    "h3",
    "h4",
    "p",
    "em",
    "strong",
    "code",
    "pre",
    "a",
    "br",
    "hr",
    "ul",
    "ol",
    "li",
    "blockquote",
    "figure",
    "figcaption",
    "img",
];

proptest! {
    #[test]
    fn only_elements_that_medium_knows_are_written_and_all_are_closed(
        markdown in r"([a-z]|\[\^1\]|\*|`|~~|- |1\. |> |\n|  |\||---|<b>|</b>|<div>|</div>|<li>|<sup>|!\[a\]\(map\.png\)|\[x\]\(#y\)|# |\$){0,60}",
    ) {
        let story = Setting::default().write(&format!("{markdown}\n\n[^1]: note\n"));
        let mut open: Vec<String> = Vec::new();
        for placed in crate::render::sanitise::token::pieces(&story.html) {
            match placed.piece {
                crate::render::sanitise::token::Piece::Open(tag) => {
                    prop_assert!(ELEMENTS.contains(&tag.name.as_str()), "{} in {}", tag.name, story.html);
                    if !tag.is_void() {
                        open.push(tag.name);
                    }
                }
                crate::render::sanitise::token::Piece::Close(name) => {
                    prop_assert_eq!(open.pop(), Some(name), "in {}", &story.html);
                }
                _ => {}
            }
        }
        prop_assert!(open.is_empty(), "{}", story.html);
    }
}
