use std::{collections::BTreeMap, fmt::Write as _};

use insta::assert_snapshot;
use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::{
    note::{Audience, Marker, NoteId, Status},
    render::{Digest, KeepLinks, LinkFate, Links, Meta, Picture, Pictures, fixture, parse},
};

const CLOUD: Options<'_> = Options { edition: Edition::Cloud, pictures_on: Some("Home & away") };
const DATA_CENTER: Options<'_> = Options { edition: Edition::DataCenter, pictures_on: None };

fn meta() -> Meta {
    fixture::meta("Title")
}

fn marker() -> Marker {
    Marker::derive("p", &NoteId::of_path("note.md"), "wiki")
}

/// The body and the codes of its warnings; `None` for what is no note.
fn try_rendered(
    markdown: &str,
    options: Options<'_>,
    links: &dyn Links,
) -> Option<(String, Vec<&'static str>)> {
    let cleared = fixture::cleared(Audience::Internal, markdown);
    let document = parse::parse("note.md", &cleared, Some("Title")).ok()?;
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
        marker: marker(),
        pictures: &pictures,
        links,
        site: &BTreeMap::new(),
    };
    let body = render(&document, &context, options, &mut warnings);
    Some((body, warnings.iter().map(|warning| warning.code).collect()))
}

fn rendered(markdown: &str, options: Options<'_>, links: &dyn Links) -> (String, Vec<&'static str>) {
    try_rendered(markdown, options, links).unwrap()
}

fn cloud(markdown: &str) -> String {
    rendered(markdown, CLOUD, &KeepLinks).0
}

/// Parses a body with a parser that takes nothing but XML.
fn parsed(body: &str) -> Result<String, String> {
    let whole = format!("<body xmlns:ac=\"urn:ac\" xmlns:ri=\"urn:ri\">{body}</body>");
    let tree = roxmltree::Document::parse(&whole).map_err(|error| format!("{error}: {body}"))?;
    let mut words = String::new();
    for node in tree.descendants() {
        let hides = |name: &str| matches!(name, "parameter" | "task-id" | "task-status");
        if node.is_text() && !node.ancestors().any(|up| hides(up.tag_name().name())) {
            words.push_str(node.text().unwrap_or_default());
        }
    }
    Ok(words)
}

/// The note that all dialects are shown with.
const RICH: &str = include_str!("../../../tests/fixtures/rich.md");

#[test]
fn a_rich_note_for_the_cloud() {
    let (body, warnings) = rendered(RICH, CLOUD, &KeepLinks);
    parsed(&body).unwrap();
    assert_snapshot!(format!("{body}\n\n{warnings:?}"));
}

#[test]
fn a_rich_note_for_a_data_center() {
    let (body, warnings) = rendered(RICH, DATA_CENTER, &KeepLinks);
    parsed(&body).unwrap();
    assert_snapshot!(format!("{body}\n\n{warnings:?}"));
}

#[test]
fn code_of_any_content_is_code() {
    assert_eq!(
        cloud("```Rust\na[b[0]]>c\n```"),
        "<ac:structured-macro ac:name=\"code\"><ac:parameter ac:name=\"language\">rust</ac:parameter><ac:plain-text-body><![CDATA[a[b[0]]]]><![CDATA[>c]]></ac:plain-text-body></ac:structured-macro>"
    );
    let (body, warnings) = rendered("```rust\na\n```\n\n```python\nb\n```", DATA_CENTER, &KeepLinks);
    assert!(!body.contains("rust") && body.contains(">py<"), "{body}");
    assert_eq!(warnings, ["code-language-lost"]);
}

#[test]
fn tasks_are_confluences_own_where_each_is_a_line() {
    assert_snapshot!(cloud("- [x] a\n- [ ] b\n  - [ ] c\n"), @r#"
    <ac:task-list>
    <ac:task><ac:task-id>1</ac:task-id><ac:task-status>complete</ac:task-status><ac:task-body>a</ac:task-body></ac:task>
    <ac:task><ac:task-id>2</ac:task-id><ac:task-status>incomplete</ac:task-status><ac:task-body>b<ac:task-list>
    <ac:task><ac:task-id>3</ac:task-id><ac:task-status>incomplete</ac:task-status><ac:task-body>c</ac:task-body></ac:task>
    </ac:task-list></ac:task-body></ac:task>
    </ac:task-list>
    "#);
    let (body, warnings) = rendered("- [x] a\n- b\n", CLOUD, &KeepLinks);
    assert_eq!((body.as_str(), warnings), ("<ul>\n<li>☑ a</li>\n<li>b</li>\n</ul>", vec!["task-boxes"]));
}

#[test]
fn links_within_the_page_find_their_heading() {
    assert_eq!(
        cloud("[x](#the-end)\n\n## The end\n\n## Other"),
        "<p><ac:link ac:anchor=\"the-end\"><ac:link-body>x</ac:link-body></ac:link></p>\n<h2><ac:structured-macro ac:name=\"anchor\"><ac:parameter ac:name=\"\">the-end</ac:parameter></ac:structured-macro>The end</h2>\n<h2>Other</h2>"
    );
}

#[test]
fn pictures_are_attachments_and_captions_stay() {
    let note = "![A \"team\"](team.png \"We *all*\")\n\n[![b](team.png)](https://a.example)\n\n![c](https://a.example/c.png)\n\n![d](gone.png)";
    let (body, warnings) = rendered(note, CLOUD, &KeepLinks);
    assert_snapshot!(body);
    assert_eq!(warnings, ["picture-removed"]);
    let (body, _) = rendered(note, DATA_CENTER, &KeepLinks);
    assert!(body.contains("</ac:image></p>\n<p><em>We *all*</em></p>"), "{body}");
}

#[test]
fn what_may_not_be_linked_is_labelled() {
    let note = "[a](https://secret.example/x) <https://secret.example/y> ![b](https://secret.example/z)\n\n\
                <p><a href=\"https://secret.example\">c</a></p>\n\n![d](https://secret.example/w)\n";
    let (body, _) = rendered(note, CLOUD, &fixture::Labelled);
    assert!(!body.contains("secret.example"), "{body}");
    assert_eq!(body.matches("[internal link]").count(), 5, "{body}");
}

#[test]
fn what_becomes_of_a_link_is_decided_and_told_once() {
    struct Counted(std::cell::Cell<usize>);
    impl Links for Counted {
        fn fate(&self, _href: &str, _line: u32, _warnings: &mut Vec<Warning>) -> LinkFate {
            self.0.set(self.0.get() + 1);
            LinkFate::Label("[internal link]".to_owned())
        }
    }
    for note in [
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "![a](https://a.example/b.png)",
        "<https://a.example>",
    ] {
        let counted = Counted(std::cell::Cell::new(0));
        let (body, _) = rendered(note, CLOUD, &counted);
        assert_eq!(counted.0.get(), 1, "{body}");
        assert!(body.contains("[internal link]") && !body.contains(".example"), "{body}");
    }
}

#[test]
fn raw_html_is_closed_and_reduced() {
    let (body, warnings) = rendered(
        "<section><h2>A</h2><p>b <a href=\"https://a.example\">c [d]</a><br>\n<img src=\"team.png\" alt=\"e\"> <mark>m</mark>\
         <table><tbody><tr><td colspan=\"2\" onclick=\"x\">f</td></tr></tbody></table>\n<pre>g\n  h</pre></section>\n",
        DATA_CENTER,
        &KeepLinks,
    );
    parsed(&body).unwrap();
    assert_snapshot!(body);
    assert_eq!(warnings, ["html-reduced"]);
}

#[derive(Deserialize)]
struct Example {
    #[serde(rename = "example")]
    number: u32,
    markdown: String,
}

#[test]
fn every_example_of_the_specifications_is_well_formed_and_keeps_its_words() {
    let specifications = [
        include_str!("../../../tests/fixtures/spec/commonmark.json"),
        include_str!("../../../tests/fixtures/spec/gfm.json"),
    ];
    let mut wrong = String::new();
    for example in specifications.iter().flat_map(|text| serde_json::from_str::<Vec<Example>>(text).unwrap())
    {
        for options in [CLOUD, DATA_CENTER] {
            let Some((body, _)) = try_rendered(&example.markdown, options, &KeepLinks) else { continue };
            match parsed(&body) {
                Ok(words) => {
                    // The parser's own tests hold the document to what comrak shows.
                    let shown = letters(&words);
                    let missing: Vec<String> = words_of(&example.markdown)
                        .into_iter()
                        .filter(|word| !shown.contains(&letters(word)))
                        .collect();
                    if !missing.is_empty() {
                        let _ = writeln!(wrong, "{}: {missing:?} in {body}", example.number);
                    }
                }
                Err(error) => {
                    let _ = writeln!(wrong, "{}: {error}", example.number);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The words that a reader of any rendering sees: those of the parsed document.
fn words_of(markdown: &str) -> Vec<String> {
    let cleared = fixture::cleared(Audience::Internal, markdown);
    let document = parse::parse("note.md", &cleared, Some("Title")).unwrap();
    let images: Vec<String> = document.pictures().into_iter().map(|(_, alt)| alt).collect();
    let is_alt = |word: &String| images.iter().any(|alt| alt.contains(word.as_str()));
    document.text().split_whitespace().map(str::to_owned).filter(|word| !is_alt(word)).collect()
}

#[test]
fn deep_nesting_ends_well() {
    let deep = format!("{}x", "> ".repeat(60));
    assert!(cloud(&deep).contains('x'));
}

/// Pieces of notes, thrown together at random.
fn markdown() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-z ]{1,8}",
        4 => prop::sample::select(PIECES.to_vec()).prop_map(str::to_owned),
        1 => "\\PC{1,6}",
        1 => any::<char>().prop_map(String::from),
        2 => Just("\n".to_owned()),
        2 => Just("\n\n".to_owned()),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

const PIECES: &[&str] = &[
    "# ",
    "- ",
    "1. ",
    "3. ",
    "- [ ] ",
    "- [x] ",
    "> ",
    "> [!WARNING] x\n",
    "    ",
    "```\n",
    "```js\n",
    "]]>",
    "$",
    "$$",
    "| a | b |\n|---|:-:|\n",
    "|",
    "*",
    "**",
    "~~",
    "`",
    "[",
    "](",
    "](#a)",
    ")",
    "![",
    "](team.png)",
    "[^1]",
    "\n[^1]: ",
    "<b>",
    "</b>",
    "<a href=\"x\">",
    "<a href=\"#a\">",
    "</a>",
    "<img src=\"y.png\">",
    "<div id=\"a\">\n",
    "</div>\n",
    "<p>",
    "<details open>\n",
    "</details>\n",
    "<summary>",
    "</summary>",
    "<table>",
    "<td>",
    "</table>",
    "<q>",
    "</q>",
    "<li>",
    "<ul>",
    "<br>",
    "<h1>",
    "<pre>\n",
    "&amp;",
    "&nbsp;",
    "\\",
    "<",
    ">",
    "\"",
    "&",
    ": ",
    "\n: ",
    "https://example.org",
    "https://youtu.be/abc",
    "<kbd>",
    "<sup>",
    "<video src=\"https://a.example/b\">",
    "\u{0}",
    "\u{b}",
    "\u{fffe}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_note_is_well_formed(text in markdown()) {
        for options in [CLOUD, DATA_CENTER] {
            if let Some((body, _)) = try_rendered(&text, options, &KeepLinks) {
                prop_assert!(parsed(&body).is_ok(), "{}", parsed(&body).unwrap_err());
                // What was sent says the same as what it was made from.
                prop_assert_eq!(essence(&essence(&body)), essence(&body));
            }
        }
    }

    #[test]
    fn comments_never_break_a_page(before in markdown(), after in markdown(), from in 0_usize..60, length in 1_usize..12) {
        let bodies = try_rendered(&before, CLOUD, &KeepLinks).zip(try_rendered(&after, CLOUD, &KeepLinks));
        if let Some(((before, _), (after, _))) = bodies {
            // A comment on some letters of the first text that has so many.
            let commented = commented(&before, from, length);
            let kept = keep_comments(&commented, &after);
            prop_assert!(parsed(&kept.body).is_ok(), "{}", parsed(&kept.body).unwrap_err());
            prop_assert_eq!(essence(&kept.body), essence(&after));
            // And the same page keeps all of them, unless the same words stand elsewhere too.
            let same = keep_comments(&commented, &before);
            prop_assert_eq!(essence(&same.body), essence(&before));
        }
    }
}

fn commented(body: &str, from: usize, length: usize) -> String {
    let open = "<ac:inline-comment-marker ac:ref=\"r\">";
    for (at, text) in body.match_indices('>').map(|(at, _)| (at + 1, &body[at + 1..])) {
        let text = text.split('<').next().unwrap_or_default();
        let is_plain = text.is_ascii() && !text.contains(['&', '\n', ']']);
        if is_plain && text.len() > from + length {
            let (start, end) = (at + from, at + from + length);
            return format!(
                "{}{open}{}</ac:inline-comment-marker>{}",
                &body[..start],
                &body[start..end],
                &body[end..]
            );
        }
    }
    body.to_owned()
}

fn rendering(body: &str) -> crate::render::Rendering {
    crate::render::Rendering {
        title: "Title".to_owned(),
        slug: None,
        excerpt: None,
        status: Status::Publish,
        date: None,
        tags: None,
        categories: None,
        author: None,
        canonical: None,
        featured: None,
        body: format!("{body}\n{}", mark(marker())),
        extra: BTreeMap::new(),
        needs: Vec::new(),
        warnings: Vec::new(),
    }
}

/// As Confluence stores a body: ids of its own, other names for characters, no line ends, and a
/// reader's comment.
fn as_stored(body: &str) -> String {
    body.replace("<ac:structured-macro ", "<ac:structured-macro ac:schema-version=\"1\" ac:macro-id=\"7-1\" ")
        .replace('’', "&rsquo;")
        .replace('\n', "")
        .replace("quick", "<ac:inline-comment-marker ac:ref=\"r\">quick</ac:inline-comment-marker>")
        .replace("<hr/>", "<hr></hr>")
}

#[test]
fn a_page_that_was_only_stored_is_as_it_was_sent() {
    let rendering = rendering(&cloud("It’s quick.\n\n---\n\n```\nx ]]> y\n```\n\n- [ ] t\n"));
    let sent = stamped(&rendering, marker());
    let stored = as_stored(&sent);
    assert_ne!(stored, sent);
    let stamp = read_stamp("Title", &stored, marker()).unwrap();
    assert!(stamp.is_of(&rendering.digest()) && stamp.pristine, "{stamp:?} {stored}");
    let edited = read_stamp("Title", &stored.replace("quick", "slow"), marker()).unwrap();
    assert!(edited.is_of(&rendering.digest()) && !edited.pristine);
    assert!(!read_stamp("Renamed", &stored, marker()).unwrap().pristine);
    assert_eq!(read_stamp("Title", &rendering.body, marker()), None);
    assert_eq!(Marker::all_in(&stored), [marker()]);
}
