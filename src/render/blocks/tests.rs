use std::collections::BTreeMap;

use insta::assert_snapshot;

use super::*;
use crate::{
    note::{Audience, Marker, NoteId},
    render::{Digest, KeepLinks, LinkFate, Links, Meta, Picture, Pictures, RemotePicture, fixture, parse},
};

struct Labelled;

impl Links for Labelled {
    fn fate(&self, _href: &str, _line: u32, _warnings: &mut Vec<Warning>) -> LinkFate {
        LinkFate::Label("[internal link]".to_owned())
    }
}

struct Case<'a> {
    links: &'a dyn Links,
    footnotes: Option<&'a str>,
    options: Options,
}

impl Default for Case<'_> {
    fn default() -> Self {
        Self { links: &KeepLinks, footnotes: None, options: Options::default() }
    }
}

impl Case<'_> {
    fn render(&self, markdown: &str) -> BlockOutput {
        let cleared = fixture::cleared(Audience::Public, markdown);
        let document = parse::parse("note.md", &cleared, Some("Title")).expect("not too deep");
        let meta = meta();
        let pictures = pictures();
        let site = self.footnotes.map(|known| (FOOTNOTES.to_owned(), known.to_owned()));
        let context = Context {
            audience: Audience::Public,
            meta: &meta,
            marker: marker(),
            pictures: &pictures,
            links: self.links,
            site: &site.into_iter().collect::<BTreeMap<_, _>>(),
        };
        render(&document, &context, &self.options)
    }
}

fn marker() -> Marker {
    Marker::derive("tests", &NoteId::of_path("note.md"), "blog")
}

fn pictures() -> Pictures {
    let picture = Picture {
        digest: Digest::of(b"team"),
        file_name: "team.png".to_owned(),
        media_type: "image/png",
        width: 1,
        height: 1,
    };
    let remote = RemotePicture { id: Some("7".to_owned()), url: "https://e.x/team.png".to_owned() };
    let mut pictures = Pictures::default();
    pictures.insert("team.png", picture.clone(), Some(remote));
    pictures.insert("new.png", picture, None);
    pictures
}

fn meta() -> Meta {
    fixture::meta("Title")
}

/// The blocks of a note, without the marker's.
fn body(markdown: &str) -> String {
    without_marker(&Case::default().render(markdown).body)
}

fn without_marker(body: &str) -> String {
    let mut end = String::new();
    marker::push_marker(&mut end, marker());
    body.strip_suffix(&end).expect("the marker is last").trim_end().to_owned()
}

fn codes(output: &BlockOutput) -> Vec<(u32, &'static str)> {
    output.warnings.iter().map(|warning| (warning.line, warning.code)).collect()
}

#[test]
fn a_rich_note_in_blocks() {
    let output = Case::default().render(include_str!("../../../tests/fixtures/rich.md"));
    assert_snapshot!(output.body);
}

#[test]
fn an_empty_note_is_its_marker() {
    let output = Case::default().render("");
    assert_snapshot!(output.body, @r"
    <!-- wp:html -->
    <!-- crosspost:8b487a64-6bf8-59ea-a0f2-8e1898602345 -->
    <!-- /wp:html -->
    ");
    assert_eq!(Marker::all_in(&output.body), [marker()]);
}

#[test]
fn headings_move_down_below_the_title() {
    let headings = body("# One\n\n## Two\n\n###### Six");
    assert!(
        headings
            .contains("<!-- wp:heading -->\n<h2 class=\"wp-block-heading\"><span id=\"one\">One</span></h2>")
    );
    assert!(headings.contains("<!-- wp:heading {\"level\":3} -->"));
    assert!(headings.contains("<h6 class"));
}

#[test]
fn a_footnote_is_the_sites_own_and_made_once() {
    let output = Case::default().render("A[^x], again[^x].\n\n[^x]: Note \"q\" [x].");
    let id = marker().part("footnote/x");
    let native =
        format!("A<sup data-fn=\"{id}\" class=\"fn\"><a href=\"#{id}\" id=\"{id}-link\">1</a></sup>");
    assert!(output.body.contains(&format!("{native}, again<sup><a href=\"#{id}\">1</a></sup>.")));
    assert!(output.body.contains("<!-- wp:footnotes /-->"));
    let expected = format!("[{{\"id\":\"{id}\",\"content\":\"Note \\\"q\\\" <span>[</span>x].\"}}]");
    assert_eq!(output.footnotes, Some(expected));
}

#[test]
fn a_site_without_footnotes_gets_a_list() {
    let output = Case { footnotes: Some("false"), ..Case::default() }.render("A[^x].\n\n[^x]: Note.");
    assert_eq!(output.footnotes, None);
    assert!(output.body.contains("href=\"#fn-1\" id=\"fnref-1\""));
    assert!(output.body.contains("<li><span id=\"fn-1\">Note.</span> <a href=\"#fnref-1\">"));
    assert_eq!(codes(&output), [(3, "footnotes-as-list")]);
}

#[test]
fn a_footnote_that_the_editor_would_drop_makes_a_list_of_all() {
    for note in ["A[^x].\n\n[^x]: Note[^y].\n[^y]: Inner.", "Term\n\n: Text[^x].\n\n[^x]: Note."] {
        let output = Case::default().render(note);
        assert_eq!(output.footnotes, None, "{note}");
        assert!(!output.body.contains("data-fn"), "{note}");
        assert!(output.body.contains("#fn-1"), "{note}");
    }
}

#[test]
fn an_internal_link_is_its_text_and_one_label() {
    let case = Case { links: &Labelled, ..Case::default() };
    let text = without_marker(&case.render("[rota](r.md), [rota [internal link]](r.md), <https://r.x>").body);
    let label = "<span>[</span>internal link]";
    assert!(text.contains(&format!("<p>rota {label}, rota {label}, {label}</p>")), "{text}");
}

#[test]
fn an_item_keeps_its_code_and_pictures_in_its_text() {
    let list =
        body("1. Run:\n\n   ```sh\n   a\n     b[c]\n   ```\n\n   ![Alt](team.png \"Cap\")\n\n   Then.");
    assert!(
        list.contains(
            "<li>Run:<pre class=\"wp-block-code language-sh\"><code>a<br>  b<span>[</span>c]</code></pre>\
             <img class=\"wp-image-7\" src=\"https://e.x/team.png\" alt=\"Alt\"><br><em>Cap</em><br>Then.</li>"
        ),
        "{list}"
    );
}

#[test]
fn a_list_that_holds_a_table_is_html_and_said() {
    let output = Case::default().render("- a\n- b\n\n  | x |\n  |---|\n  | [y] |");
    assert!(output.body.starts_with("<!-- wp:html -->\n<ul>"));
    assert!(output.body.contains("&#91;y]"));
    assert_eq!(codes(&output), [(2, "list-as-html")]);
}

#[test]
fn a_picture_that_is_not_uploaded_yet_has_no_id() {
    let picture = body("![Alt](new.png)");
    assert!(picture.starts_with("<!-- wp:image -->"), "{picture}");
    assert!(picture.contains("src=\"crosspost-picture:"), "{picture}");
}

#[test]
fn a_video_is_a_player_unless_the_owner_says_otherwise() {
    let note = "https://www.youtube.com/watch?v=dQw4w9WgXcQ";
    assert!(body(note).starts_with("<!-- wp:embed {\"url\":\"https://www.youtube.com/"));
    let output = Case { options: Options { embeds: false }, ..Case::default() }.render(note);
    assert!(output.body.starts_with("<!-- wp:paragraph -->\n<p><a href="));
    assert_eq!(output.warnings, []);
}

#[test]
fn what_wordpress_cannot_show_is_said() {
    let output =
        Case::default().render("$x$\n\nTerm\n\n: Text\n\nhttps://gist.github.com/a/0123456789abcdef");
    assert_eq!(codes(&output), [(1, "math-as-code"), (3, "descriptions-as-html"), (7, "embed-as-link")]);
}

#[test]
fn a_link_within_a_link_is_text_and_its_footnote_comes_after() {
    let text = body("[a <b>https://e.x</b>[^n]](https://f.x).\n\n[^n]: Note.");
    assert_eq!(text.matches("<a href=\"https://").count(), 1);
    assert!(text.contains("</a><sup data-fn"), "{text}");
}

#[test]
fn an_embed_that_may_not_be_linked_to_is_no_player_and_said_once() {
    struct Warned;
    impl Links for Warned {
        fn fate(&self, _href: &str, line: u32, warnings: &mut Vec<Warning>) -> LinkFate {
            warnings.push(Warning::new("internal-link", line, "said"));
            LinkFate::Unlink
        }
    }
    let output = Case { links: &Labelled, ..Case::default() }.render("https://vimeo.com/76979871");
    assert!(
        output.body.starts_with("<!-- wp:paragraph -->\n<p><span>[</span>internal link]</p>"),
        "{}",
        output.body
    );
    let output = Case { links: &Warned, ..Case::default() }.render("https://vimeo.com/76979871");
    assert_eq!(codes(&output), [(1, "internal-link")]);
}
