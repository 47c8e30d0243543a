//! What each form of Markdown and raw HTML becomes.

use super::{cleared, document, rendered};
use crate::{
    note::{Audience, Cleared},
    render::{
        document::{Block, BlockKind, Document, Provider, plain_text},
        parse::parse,
    },
};

fn html(text: &str) -> String {
    rendered(&document(text))
}

fn kinds(document: &Document) -> Vec<&'static str> {
    document.blocks.iter().map(kind).collect()
}

fn kind(block: &Block) -> &'static str {
    match &block.kind {
        BlockKind::Paragraph(_) => "paragraph",
        BlockKind::Heading { .. } => "heading",
        BlockKind::Figure(_) => "figure",
        BlockKind::Embed { .. } => "embed",
        BlockKind::Details { .. } => "details",
        BlockKind::Html(_) => "html",
        BlockKind::Math(_) => "math",
        BlockKind::More(_) => "more",
        _ => "other",
    }
}

fn said(document: &Document) -> Vec<(u32, &'static str)> {
    document.warnings.iter().map(|warning| (warning.line, warning.code)).collect()
}

#[test]
fn the_first_heading_is_the_title_where_the_note_has_none() {
    let document = parse("note.md", &cleared("<!-- draft -->\n\n# The *week*\n\nText.\n"), None).unwrap();
    let heading = document.heading.as_ref().unwrap();
    assert_eq!((heading.text.as_str(), heading.line), ("The week", 3));
    assert_eq!(kinds(&document), ["paragraph"]);
}

#[test]
fn a_heading_that_repeats_the_title_is_not_shown_twice() {
    for (text, shown) in [
        ("#  the   TITLE\n\nText.\n", false),
        ("The title\n=========\n\nText.\n", false),
        ("<h1>The <em>title</em></h1>\n\nText.\n", false),
        ("# Another\n\nText.\n", true),
    ] {
        let document = document(text);
        assert!(document.heading.is_some(), "{text}");
        assert_eq!(kinds(&document).contains(&"heading"), shown, "{text}");
    }
    assert!(
        document("## The title\n\n# The title\n").heading.is_none(),
        "only at the very start, only the first level"
    );
}

#[test]
fn a_footnote_in_a_title_that_is_not_shown_is_not_counted() {
    let document = document("# The title[^1]\n\nText[^2].\n\n[^1]: One.\n[^2]: Two.\n");
    assert_eq!(document.heading.as_ref().map(|heading| heading.text.as_str()), Some("The title"));
    assert_eq!(document.footnotes.iter().map(|note| note.label.as_str()).collect::<Vec<_>>(), ["2"]);
    assert_eq!(said(&document), [(5, "footnote-unused")]);
}

#[test]
fn anchors_are_githubs_and_unique() {
    let document = document("## Été & `code`\n\n## Same\n\n## Same\n\n##\n");
    let anchors: Vec<_> = document.headings().into_iter().map(|heading| heading.anchor.to_owned()).collect();
    assert_eq!(anchors, ["été--code", "same", "same-1"], "an empty heading is none");
}

#[test]
fn lines_are_those_of_the_file() {
    let text = "One\n\n- two\n- three [x](javascript:x)\n";
    let cleared = Cleared {
        audience: Audience::Public,
        text: text.to_owned(),
        lines: vec![5, 6, 9, 10],
        removed: Vec::new(),
    };
    let document = parse("note.md", &cleared, None).unwrap();
    assert_eq!(document.blocks.iter().map(|block| block.line).collect::<Vec<_>>(), [5, 9]);
    assert_eq!(said(&document), [(10, "unsafe-link")]);
}

#[test]
fn pictures_on_lines_of_their_own_are_figures() {
    assert_eq!(
        kinds(&document("![a](a.png)\n![b](b.png \"B\")\n[![c](c.png)](https://e.org)\n")),
        ["figure"; 3]
    );
    assert_eq!(
        kinds(&document("![a](a.png) ![b](b.png)\n")),
        ["paragraph"],
        "two on one line are within text"
    );
    assert_eq!(kinds(&document("![a](a.png) text\n")), ["paragraph"]);
    assert_eq!(
        html("![a](a.png \"B & C\")"),
        "<figure><img src=\"a.png\" alt=\"a\"><figcaption>B &amp; C</figcaption></figure>"
    );
}

#[test]
fn raw_pictures_are_figures_too() {
    for raw in [
        "<img src=\"a.png\" alt=\"A\">",
        "<p align=\"center\">\n  <img src=\"a.png\" alt=\"A\">\n</p>",
        "<div align=\"center\"><img src=\"a.png\" alt=\"A\" /></div>",
        "<figure><img src=\"a.png\" alt=\"A\"></figure>",
    ] {
        assert_eq!(html(raw), "<figure><img src=\"a.png\" alt=\"A\"></figure>", "{raw}");
    }
    assert_eq!(
        html(
            "<figure>\n<a href=\"b\"><img src=\"a.png\" alt=\"A\" width=\"200\"></a>\n<figcaption>The <b>team</b></figcaption>\n</figure>"
        ),
        "<figure><a href=\"b\"><img src=\"a.png\" alt=\"A\" width=\"200\"></a><figcaption>The <b>team</b></figcaption></figure>"
    );
}

#[test]
fn addresses_alone_on_their_line_are_embedded() {
    let document = document(
        "https://youtu.be/abc\n\n<https://vimeo.com/1>\n\nsee https://youtu.be/abc\n\n[film](https://youtu.be/abc)\n",
    );
    assert_eq!(kinds(&document), ["embed", "embed", "paragraph", "paragraph"]);
}

#[test]
fn a_player_is_an_embed() {
    let document = document(
        "<p><iframe width=\"560\" src=\"https://www.youtube.com/embed/abc\" allowfullscreen></iframe></p>\n",
    );
    let [Block { kind: BlockKind::Embed { url, provider: Provider::YouTube }, .. }] =
        document.blocks.as_slice()
    else {
        panic!("{document:?}");
    };
    assert_eq!(url, "https://www.youtube.com/watch?v=abc");
    assert_eq!(said(&document), []);
}

#[test]
fn inline_tags_are_paired() {
    assert_eq!(html("H<sub>2</sub>O <KBD>x</KBD> a<br/>b"), "<p>H<sub>2</sub>O <kbd>x</kbd> a<br>\nb</p>");
    assert_eq!(html("<strong>*x*</strong> <em>y</em>"), "<p><strong><em>x</em></strong> <em>y</em></p>");
    assert_eq!(
        html("<a href=\"b.md\" title=\"T\">to *b*</a>"),
        "<p><a href=\"b.md\" title=\"T\">to <em>b</em></a></p>"
    );
    assert_eq!(html("x <a name=\"here\"></a>"), "<p>x <span id=\"here\"></span></p>");
    assert_eq!(html("a <!-- secret --> b"), "<p>a  b</p>");
}

#[test]
fn tags_that_do_not_belong_are_removed_and_said() {
    for (text, left) in [
        ("a <b>b", "<p>a b</p>"),
        ("a b</b>", "<p>a b</p>"),
        ("*a <b>b* c</b>", "<p><em>a b</em> c</p>"),
        ("a <div>b</div>", "<p>a b</p>"),
        ("a <script>b</script> c", "<p>a  c</p>"),
        ("a <input type=\"text\"> b", "<p>a  b</p>"),
        ("a <?php x ?> b", "<p>a  b</p>"),
    ] {
        let document = document(text);
        assert_eq!(rendered(&document), left, "{text}");
        assert!(document.warnings.iter().all(|warning| warning.code == "html-removed"), "{text}");
        assert!(!document.warnings.is_empty(), "{text}");
    }
    assert_eq!(said(&document("x <span style=\"color:red\">y</span>")), [(1, "html-removed")]);
}

#[test]
fn links_are_never_within_links() {
    assert_eq!(html("<a href=\"x\">a [b](y) c</a>"), "<p><a href=\"x\">a b c</a></p>");
    assert_eq!(html("<a href=\"x\">a <a href=\"y\">b</a>"), "<p><a href=\"x\">a </a><a href=\"y\">b</a></p>");
    assert!(html("[a[^1]](x)\n\n[^1]: N.").starts_with("<p><a href=\"x\">a</a><sup>"));
}

#[test]
fn details_hold_markdown() {
    let document = document(
        "<details open>\n<summary>A <b>word</b></summary>\n\n*one*\n\n<details><summary>Inner</summary>\n\ntwo\n\n</details>\n</details>\n<details>\n\nthree\n\n</details>\n",
    );
    assert_eq!(kinds(&document), ["details", "details"]);
    assert_eq!(
        rendered(&document),
        "<details open>\n<summary>A <b>word</b></summary>\n<p><em>one</em></p>\n\
         <details>\n<summary>Inner</summary>\n<p>two</p>\n</details>\n</details>\n\
         <details>\n<p>three</p>\n</details>"
    );
    assert_eq!(said(&document), []);
}

#[test]
fn markdown_within_raw_blocks_becomes_a_part_of_them() {
    let document = document(
        "<div class=\"cols\">\n\nSome *text* and a [link](b c.md).\n\n- [x] done[^1]\n\n</div>\n\nAfter.\n\n[^1]: N.\n",
    );
    assert_eq!(kinds(&document), ["html", "paragraph"]);
    assert!(rendered(&document).starts_with("<div class=\"cols\">\n<p>Some <em>text</em>"));
    assert_eq!(document.footnotes.len(), 1);
    assert_eq!(said(&document), []);
}

#[test]
fn an_element_that_is_never_closed_is_said() {
    let document = document("<div>\n\ntext\n");
    assert_eq!(said(&document), [(1, "html-unclosed")]);
    assert_eq!(kinds(&document), ["html", "paragraph"]);
    assert_eq!(
        said(&super::document("<div><b>a <i>b</b> c</i><p>d<li>e</div>\n")),
        [],
        "crossed is not unclosed"
    );
}

#[test]
fn raw_text_is_a_paragraph_and_raw_headings_are_headings() {
    assert_eq!(
        kinds(&document("<p>Hello <b>you</b></p>\n\n<h2>Two</h2>\n\n<b>\nbold\n</b>\n")),
        ["paragraph", "heading", "paragraph"]
    );
}

#[test]
fn more_stands_at_the_top_level_only() {
    let document = document("Intro\n\n<!--more Read on-->\n\n> <!--more-->\n\nText <!-- more --> text\n");
    assert_eq!(kinds(&document), ["paragraph", "more", "other", "paragraph"]);
    assert_eq!(said(&document), [(5, "html-removed"), (7, "html-removed")]);
    assert_eq!(kinds(&super::document("<!-- moreover -->\n\ntext\n")), ["paragraph"]);
}

#[test]
fn formulas_are_kept_as_tex() {
    assert_eq!(
        kinds(&document("$$\nx^2\n$$\n\n```math\nx\n```\n\nText $a_b$ and $`c`$.\n")),
        ["math", "math", "paragraph"]
    );
    assert_eq!(html("It costs $5 or $6."), "<p>It costs $5 or $6.</p>");
}

#[test]
fn wiki_links_name_other_notes() {
    let document = document("[[week-46]], [[week 45|last week]] and ![[team.png]]\n");
    let links: Vec<_> = document.links().into_iter().map(|link| (link.href, link.wiki)).collect();
    assert_eq!(links, [("week-46".to_owned(), true), ("week 45".to_owned(), true)]);
    assert_eq!(document.pictures(), [("team.png".to_owned(), String::new())]);
    assert_eq!(document.text(), "week-46, last week and");
}

#[test]
fn descriptions_belong_to_their_terms() {
    let document = document("Term\n\n: One\n\n: Two\n\nOther\n\n: Three\n");
    let [Block { kind: BlockKind::Descriptions(entries), .. }] = document.blocks.as_slice() else {
        panic!("{document:?}");
    };
    let shape: Vec<_> = entries.iter().map(|entry| (plain_text(&entry.term), entry.details.len())).collect();
    assert_eq!(shape, [("Term".to_owned(), 2), ("Other".to_owned(), 1)]);
    assert_eq!(document.text(), "Term\nOne\nTwo\nOther\nThree");
}

#[test]
fn unsafe_addresses_leave_their_words() {
    for text in
        ["[x](javascript:alert(1))", "<a href=\"javascript:alert(1)\">x</a>", "![x](data:text/html,y)"]
    {
        let document = document(text);
        assert_eq!(rendered(&document), "<p>x</p>", "{text}");
        assert_eq!(said(&document), [(1, "unsafe-link")], "{text}");
    }
}

#[test]
fn everything_in_raw_html_is_found() {
    let document = document(
        "<div>\n<a href=\"a.md\">a</a> <img src=\"b.png\" alt=\"B\"> text\n<video src=\"c.mp4\" poster=\"d.png\"></video>\n</div>\n",
    );
    assert_eq!(document.links().len(), 1);
    assert_eq!(
        document.pictures(),
        [("b.png".to_owned(), "B".to_owned()), ("d.png".to_owned(), String::new())]
    );
}
