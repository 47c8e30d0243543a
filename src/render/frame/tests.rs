use super::*;
use crate::render::{KeepLinks, document::blocks_text, fixture, html};

fn frame(header: &str, footer: &str) -> Frame {
    let template = |text: &str| (!text.is_empty()).then(|| Template::new(text).unwrap());
    Frame { header: template(header), footer: template(footer) }
}

fn meta() -> Meta {
    Meta {
        title: "A *bold* [move] <b> 1. `x` :tada:".to_owned(),
        canonical: Some("https://blogs.example.org/a_b_c/(week)/".to_owned()),
        author: Some("Robin".to_owned()),
        date: Some("2026-03-31T23:30:00Z".parse().unwrap()),
        ..Meta::default()
    }
}

fn document(markdown: &str) -> Document {
    let cleared = fixture::cleared(Audience::Public, markdown);
    parse::parse("n.md", &cleared, Some("t")).unwrap()
}

fn html_of(document: &Document, meta: &Meta) -> String {
    let context = crate::render::Context {
        audience: Audience::Public,
        meta,
        marker: crate::note::Marker::derive("p", &crate::note::NoteId::of_path("n.md"), "t"),
        pictures: &crate::render::Pictures::default(),
        links: &KeepLinks,
        site: &std::collections::BTreeMap::new(),
    };
    html::render(document, &context, &html::Options::default(), &mut Vec::new())
}

fn framed(header: &str, footer: &str) -> String {
    let zone = TimeZone::get("Europe/London").unwrap();
    let document = document("Text.");
    html_of(&frame(header, footer).around(&document, &meta(), &zone).unwrap(), &meta())
}

fn refused(source: &str) -> String {
    match Template::new(source) {
        Err(wrong) => format!("line {}: {}", wrong.line, wrong.error),
        Ok(template) => tried(&template).unwrap_err().to_string(),
    }
}

#[test]
fn header_and_footer_stand_around_the_text() {
    insta::assert_snapshot!(
        framed("> By {{ author }}, {{ date }}", "---\n\nFirst published on [{{ canonical_host }}]({{ canonical }})"),
        @r#"
    <blockquote>
    <p>By Robin, 2026-04-01</p>
    </blockquote>
    <p>Text.</p>
    <hr>
    <p>First published on <a href="https://blogs.example.org/a_b_c/%28week%29/">blogs.example.org</a></p>
    "#
    );
}

#[test]
fn a_value_is_text_and_never_markup() {
    let html = framed("{{ title }}", "");
    assert!(html.starts_with("<p>A *bold* [move] &lt;b&gt; 1. `x` :tada:</p>"), "{html}");
}

#[test]
fn nothing_is_copied_where_there_is_neither() {
    let document = document("Text.");
    let same = Frame::default().around(&document, &meta(), &TimeZone::UTC).unwrap();
    assert!(matches!(same, Cow::Borrowed(_)));
}

#[test]
fn blocks_of_a_template_stand_on_no_line_and_their_anchors_are_their_own() {
    let document = document("## Notes");
    let framed = frame("## Notes", "").around(&document, &meta(), &TimeZone::UTC).unwrap().into_owned();
    assert_eq!(framed.blocks.iter().map(|b| b.line).collect::<Vec<_>>(), [0, 1]);
    let anchors: Vec<&str> = framed.headings().iter().map(|h| h.anchor).collect();
    assert_eq!(anchors, ["header-notes", "notes"]);
    assert_eq!(blocks_text(&framed.blocks), "Notes\nNotes");
}

#[test]
fn a_value_that_the_note_lacks_is_an_error_unless_it_is_asked_for() {
    let (document, bare) = (document("Text."), Meta::default());
    let around = |footer: &str| {
        let framed = frame("", footer).around(&document, &bare, &TimeZone::UTC)?;
        Ok::<_, Error>(blocks_text(&framed.blocks))
    };
    assert_eq!(around("{% if author %}By {{ author }}{% endif %}").unwrap(), "Text.");
    insta::assert_snapshot!(around("By {{ author }}").unwrap_err(), @r"
    error: the note has no author
      in: the target's footer
      help: set it in the front matter, or write `{% if author %}…{% endif %}` in the template
    ");
}

#[test]
fn a_rendering_with_an_address_that_is_not_known_waits_for_it() {
    let pending = Meta { canonical: Some(format!("{PENDING_LINK}blog")), ..meta() };
    let rendering = |frame: &Frame| {
        let mut rendering = Rendering {
            title: String::new(),
            slug: None,
            excerpt: None,
            status: crate::note::Status::Publish,
            date: None,
            tags: None,
            categories: None,
            author: None,
            canonical: None,
            featured: None,
            body: String::new(),
            extra: std::collections::BTreeMap::new(),
            needs: Vec::new(),
            warnings: Vec::new(),
        };
        frame.wait(&mut rendering, &pending);
        rendering.is_pending(&crate::render::Pictures::default())
    };
    assert!(rendering(&frame("", "{{ canonical }}")));
    assert!(!rendering(&frame("{{ title }}", "")));
}

#[test]
fn what_is_wrong_with_a_template_is_told_with_its_line() {
    insta::assert_snapshot!(refused("one\n{{ titel }}"), @r"
    line 2: error: the template names `titel`, which there is not
      help: did you mean `title`?
    ");
    insta::assert_snapshot!(refused("{{ secrets }}"), @r"
    line 1: error: the template names `secrets`, which there is not
      help: there are: title, canonical, canonical_host, date, author
    ");
    insta::assert_snapshot!(refused("a\n\n{% if title %}"), @r"
    line 3: error: the template is not understood
      cause: unexpected end of input, expected end of block
    ");
    insta::assert_snapshot!(refused("a\n:::internal\nb\n:::"), @r"
    line 2: error: a template has no internal passages
      help: it belongs to one target: write what that target's audience may read
    ");
    insta::assert_snapshot!(refused("a[^1]\n\n[^1]: b"), @r"
    error: a template has no footnotes
      help: they would be numbered among the note's own
    ");
    insta::assert_snapshot!(refused("[all](notes/index.md)"), @r"
    error: `notes/index.md` in a template starts from no folder
      help: write a whole address: `https://…`
    ");
    insta::assert_snapshot!(refused("<script>x</script>"), @"error: in a template, the HTML element <script> was removed: it is not safe in a post");
}

proptest::proptest! {
    #[test]
    fn no_title_becomes_markup(title in "\\PC{1,30}") {
        let meta = Meta { title: title.clone(), ..meta() };
        let framed = frame("x{{ title }}x", "");
        let document = Document::default();
        let framed = framed.around(&document, &meta, &TimeZone::UTC).unwrap();
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let (shown, wanted) = (blocks_text(&framed.blocks), format!("x{title}x"));
        proptest::prop_assert_eq!(words(&shown), words(&wanted));
    }

    #[test]
    fn no_template_makes_it_panic(source in "(\\{\\{|\\}\\}|\\{%|%\\}|title|if|\n|\\PC){0,20}") {
        if let Ok(template) = Template::new(&source) {
            let _ = tried(&template);
        }
    }
}
