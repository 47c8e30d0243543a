use std::collections::BTreeMap;

use super::*;
use crate::{
    note::{Audience, Marker, NoteId, Status},
    render::{
        KeepLinks, Meta, Picture, Pictures,
        document::{Block, BlockKind, Footnote, Inline},
    },
};

fn config(format: Format) -> Config {
    Config {
        url: "https://blog.example/".parse().unwrap(),
        user: "bot".to_owned(),
        format,
        embeds: true,
        post_type: "post".to_owned(),
        categories: vec!["Weeknotes".to_owned()],
        tags: Vec::new(),
        taxonomies: BTreeMap::from([
            ("news-types".to_owned(), vec!["Digital".to_owned()]),
            ("news-topic".to_owned(), Vec::new()),
        ]),
        meta: BTreeMap::new(),
    }
}

fn meta() -> Meta {
    Meta {
        title: "Week 12".to_owned(),
        stem: "week-12".to_owned(),
        status: Status::Draft,
        categories: Some(vec!["R&D".to_owned(), " weeknotes ".to_owned(), String::new()]),
        image: Some("team.png".to_owned()),
        image_alt: Some("The team".to_owned()),
        ..Meta::default()
    }
}

fn rendered(format: Format, meta: &Meta, known: &[(&str, &str)]) -> Rendering {
    let paragraph = |text: &str, note: Option<usize>| Block {
        line: 3,
        kind: BlockKind::Paragraph(
            [Inline::Text(text.to_owned())]
                .into_iter()
                .chain(note.map(|index| Inline::FootnoteRef { index, nth: 1 }))
                .collect(),
        ),
    };
    let document = Document {
        blocks: vec![paragraph("see [gallery]", Some(0))],
        footnotes: vec![Footnote {
            label: "1".to_owned(),
            references: 1,
            blocks: vec![paragraph("below", None)],
            line: 5,
        }],
        ..Document::default()
    };
    let mut pictures = Pictures::default();
    let digest = Digest::of(b"x");
    let picture =
        Picture { digest, file_name: "team.png".to_owned(), media_type: "image/png", width: 1, height: 1 };
    pictures.insert("team.png", picture, None);
    let context = Context {
        audience: Audience::Public,
        meta,
        marker: Marker::derive("p", &NoteId::of_path("a.md"), "blog"),
        pictures: &pictures,
        links: &KeepLinks,
        site: &known.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<BTreeMap<_, _>>(),
    };
    render(&config(format), &document, &context).unwrap()
}

#[test]
fn the_targets_categories_join_the_notes_own_once() {
    let rendering = rendered(Format::Blocks, &meta(), &[]);
    assert_eq!(rendering.categories, Some(vec!["R&D".to_owned(), "weeknotes".to_owned()]));
    assert_eq!(rendering.tags, None, "what nobody sets is the site's own");
}

#[test]
fn plain_html_ends_in_the_marker_and_holds_no_shortcode() {
    let rendering = rendered(Format::Html, &meta(), &[("footnotes", "true")]);
    insta::assert_snapshot!(rendering.body, @r##"
    <p>see &#91;gallery]<sup><a href="#fn-1" id="fnref-1" role="doc-noteref">1</a></sup></p>
    <section class="footnotes" role="doc-endnotes">
    <hr>
    <ol>
    <li id="fn-1">
    <p>below <a href="#fnref-1" role="doc-backlink" aria-label="Back to the text">↩︎</a></p>
    </li>
    </ol>
    </section>
    <!-- crosspost:fbea872b-409e-5bb2-9d79-5afc068198dc -->
    "##);
    assert!(!has_footnotes(&rendering));
}

#[test]
fn footnotes_are_sent_apart_where_the_site_takes_them() {
    let (asked, yes, no) = (
        rendered(Format::Blocks, &meta(), &[]),
        rendered(Format::Blocks, &meta(), &[("footnotes", "true")]),
        rendered(Format::Blocks, &meta(), &[("footnotes", "false")]),
    );
    assert!(has_footnotes(&asked) && has_footnotes(&yes) && !has_footnotes(&no));
    assert_eq!(asked.digest(), yes.digest());
}

#[test]
fn the_featured_picture_must_be_on_the_site_first() {
    let rendering = rendered(Format::Blocks, &meta(), &[]);
    assert_eq!(rendering.needs, [("team.png".to_owned(), "The team".to_owned())]);
    assert!(rendering.featured.unwrap().url.starts_with(render::PENDING_PICTURE));
    let elsewhere = Meta { image: Some("https://a.example/b.png".to_owned()), ..meta() };
    let rendering = rendered(Format::Blocks, &elsewhere, &[]);
    assert!(rendering.featured.is_none());
    assert_eq!(rendering.warnings[0].code, "featured-not-local");
}

#[test]
fn an_address_of_the_original_is_not_lost_in_silence() {
    let meta = Meta { canonical: Some("https://a.example/1".to_owned()), ..meta() };
    let rendering = rendered(Format::Blocks, &meta, &[]);
    assert_eq!((rendering.warnings[0].code, rendering.canonical), ("no-canonical", None));
}

#[test]
fn what_changes_a_rendering_changes_its_version() {
    let (blocks, html) = (config(Format::Blocks), config(Format::Html));
    assert_ne!(version(&blocks), version(&html));
    let other = Config { user: "another".to_owned(), ..config(Format::Blocks) };
    assert_eq!(version(&blocks), version(&other));
}

#[test]
fn terms_of_own_taxonomies_are_the_notes_and_the_targets_where_its_table_has_them() {
    let note = [("news-types", "People"), ("news-types-2", "x")];
    let note = note.map(|(name, term)| (name.to_owned(), vec![term.to_owned()])).into();
    let with = rendered(Format::Blocks, &Meta { taxonomies: Some(note), ..meta() }, &[]);
    assert_eq!(with.extra["taxonomies.news-types"], json!(["People", "Digital"]));
    let codes: Vec<&str> = with.warnings.iter().map(|warning| warning.code).collect();
    assert!(codes.contains(&"taxonomy-unknown"), "{codes:?}");
    assert!(with.texts().any(|text| text == "People"), "the last look sees terms too");
    assert!(with.sets("taxonomies.news-types") && !with.sets("taxonomies.news-topic"));
    assert!(with.sets("title") && !with.sets("tags"));
}
