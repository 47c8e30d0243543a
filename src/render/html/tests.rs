use std::collections::BTreeMap;

use super::*;
use crate::{
    note::{Audience, Marker, NoteId, Status},
    render::{Digest, KeepLinks, Meta, Picture, Pictures, RemotePicture, fixture, needs, parse::parse},
};

/// Links as a public site might have them: notes are elsewhere, the intranet is not to be shown.
struct Elsewhere;

impl Links for Elsewhere {
    fn fate(&self, href: &str, line: u32, warnings: &mut Vec<Warning>) -> LinkFate {
        if href.contains("intranet") {
            warnings.push(Warning::new("internal-link", line, "gone"));
            return LinkFate::Label("[internal link]".to_owned());
        }
        LinkFate::To(
            href.strip_suffix(".md").map_or(href.to_owned(), |stem| format!("https://blog.example/{stem}/")),
        )
    }
}

fn document(text: &str) -> Document {
    let cleared = fixture::cleared(Audience::Public, text);
    parse("note.md", &cleared, Some("The title")).unwrap()
}

pub(in crate::render) fn meta() -> Meta {
    Meta {
        title: "The title".to_owned(),
        stem: "note".to_owned(),
        status: Status::Draft,
        image: Some("team.png".to_owned()),
        ..Meta::default()
    }
}

fn with<T>(pictures: &Pictures, links: &dyn Links, run: impl FnOnce(&Context<'_>) -> T) -> T {
    run(&Context {
        audience: Audience::Public,
        meta: &meta(),
        marker: Marker::derive("project", &NoteId::of_path("note.md"), "blog"),
        pictures,
        links,
        site: &BTreeMap::new(),
    })
}

/// A document as it stands, addresses kept.
pub(in crate::render) fn plain(document: &Document) -> String {
    html(document, &KeepLinks, &Options::default()).0
}

fn html(document: &Document, links: &dyn Links, options: &Options<'_>) -> (String, Vec<Warning>) {
    let mut warnings = Vec::new();
    let html = with(&Pictures::default(), links, |context| render(document, context, options, &mut warnings));
    (html, warnings)
}

fn public(text: &str) -> String {
    html(&document(text), &Elsewhere, &Options::default()).0
}

fn picture(name: &str) -> Picture {
    Picture {
        digest: Digest::of(name.as_bytes()),
        file_name: name.to_owned(),
        media_type: "image/png",
        width: 640,
        height: 480,
    }
}

#[test]
fn a_rich_note_reads_well() {
    let document = document(include_str!("../../../tests/fixtures/rich.md"));
    insta::assert_snapshot!("rich", html(&document, &Elsewhere, &Options::default()).0);
    insta::assert_debug_snapshot!("rich_warnings", document.warnings);
    insta::assert_snapshot!("rich_text", document.text());
}

#[test]
fn an_internal_link_leaves_its_words_and_a_label() {
    assert_eq!(
        public("See [the *plan*](https://intranet/x)."),
        "<p>See the <em>plan</em> [internal link].</p>"
    );
    assert_eq!(
        public("See <https://intranet/x>."),
        "<p>See [internal link].</p>",
        "a bare address is not shown"
    );
    assert_eq!(
        public("![A chart](https://intranet/x.png \"Caption\")"),
        "<p>A chart [internal link] Caption</p>"
    );
    assert_eq!(
        public("[![Logo](logo.png)](https://intranet/x)"),
        "<figure><img src=\"logo.png\" alt=\"Logo\"> [internal link]</figure>"
    );
    assert_eq!(
        public(
            "<div class=\"x\">\n<a href=\"https://intranet/x\">https://intranet/x</a> <a href=\"a.md\">a</a>\n</div>"
        ),
        "<div class=\"x\">\n[internal link] <a href=\"https://blog.example/a/\">a</a>\n</div>"
    );
    assert_eq!(public("<div>\n\n<https://intranet/x>\n\n</div>"), "<div>\n<p>[internal link]</p>\n</div>");
}

#[test]
fn the_links_warnings_carry_their_lines() {
    let text = "one\n\ntwo [a](https://intranet/a)\nand [b](https://intranet/b)\n";
    let (_, warnings) = html(&document(text), &Elsewhere, &Options::default());
    assert_eq!(warnings.iter().map(|warning| warning.line).collect::<Vec<_>>(), [3, 4]);
}

#[test]
fn local_pictures_are_shown_from_the_site() {
    let mut pictures = Pictures::default();
    let remote = RemotePicture { id: None, url: "https://blog.example/up/team.png".to_owned() };
    pictures.insert("team.png", picture("team.png"), Some(remote));
    pictures.insert("new one.png", picture("new one.png"), None);
    let document = document(
        "![Team](team.png)\n\n<p>text <img src=\"new one.png\" alt=\"New\"></p>\n\n![Far](https://e.org/x.png)\n",
    );
    let (html, needs) = with(&pictures, &KeepLinks, |context| {
        (render(&document, context, &Options::default(), &mut Vec::new()), needs(&document, context))
    });
    let pending = pictures.url("new one.png");
    assert_eq!(
        html,
        format!(
            "<figure><img src=\"https://blog.example/up/team.png\" alt=\"Team\"></figure>\n\
             <p>text <img src=\"{pending}\" alt=\"New\"></p>\n\
             <figure><img src=\"https://e.org/x.png\" alt=\"Far\"></figure>"
        )
    );
    let needs: Vec<_> = needs.iter().map(|(src, alt)| (src.as_str(), alt.as_str())).collect();
    assert_eq!(needs, [("team.png", "Team"), ("new one.png", "New")]);
}

#[test]
fn headings_make_room_for_the_title() {
    let document = document("Intro\n\n# One\n\n###### Six\n\n<h1 align=\"center\">Raw</h1>\n");
    let options = Options { heading_shift: heading_shift(&document), ..Options::default() };
    assert_eq!(
        html(&document, &KeepLinks, &options).0,
        "<p>Intro</p>\n<h2 id=\"one\">One</h2>\n<h6 id=\"six\">Six</h6>\n<h2 align=\"center\">Raw</h2>"
    );
    assert_eq!(heading_shift(&super::tests::document("## Two\n")), 0);
}

#[test]
fn one_line_leaves_wordpress_nothing_to_break() {
    let document = document("a\nb  \nc `d\ne`\n\n<div>\nf\ng\n</div>\n\n```\nh\ni\n```\n");
    let options = Options { one_line: true, ..Options::default() };
    assert_eq!(
        html(&document, &KeepLinks, &options).0,
        "<p>a b<br>c <code>d e</code></p>\n<div> f g </div>\n<pre><code>h\ni</code></pre>"
    );
}

#[test]
fn task_boxes_are_characters_or_inputs() {
    let document = document("- [ ] to do\n- [x] done\n");
    assert_eq!(plain(&document), "<ul>\n<li>☐ to do</li>\n<li>☑ done</li>\n</ul>");
    let options = Options { checkboxes: true, ..Options::default() };
    assert!(
        html(&document, &KeepLinks, &options).0.contains("<input type=\"checkbox\" disabled checked> done")
    );
}

#[test]
fn footnotes_link_there_and_back_without_colons() {
    let html = public("a[^x] b[^x]\n\n[^x]: Note.\n\n    - list\n");
    assert!(
        html.contains("<sup><a href=\"#fn-1\" id=\"fnref-1-2\" role=\"doc-noteref\">1</a></sup>"),
        "{html}"
    );
    assert!(html.contains("<a href=\"#fnref-1\" role=\"doc-backlink\""), "{html}");
    assert!(html.contains("<a href=\"#fnref-1-2\" role=\"doc-backlink\""), "{html}");
    assert!(!html.contains("fn:"), "{html}");
}
