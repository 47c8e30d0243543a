use std::{path::Path, sync::Arc};

use insta::assert_snapshot;

use super::*;
use crate::{
    note::{Audience, Marker, NoteId},
    render::{KeepLinks, Meta, Picture, Pictures, fixture, parse::parse},
    targets::{Remote, RemoteId, Target},
};

fn space(extra: &str) -> Arc<dyn Target> {
    let text = format!(
        "project = \"p\"\n[targets.wiki]\nkind = \"confluence\"\naudience = \"internal\"\n\
         url = \"https://example.atlassian.net\"\nspace = \"DEV\"\n{extra}\n"
    );
    crate::config::Config::parse(&text, Path::new("crosspost.toml")).unwrap().targets[0].clone()
}

fn marker() -> Marker {
    Marker::derive("p", &NoteId::of_path("a.md"), "wiki")
}

fn try_rendered(space: &dyn Target, meta: &Meta, markdown: &str) -> Result<Rendering, Vec<Error>> {
    let cleared = fixture::cleared(Audience::Internal, markdown);
    let document = parse("a.md", &cleared, Some(&meta.title)).unwrap();
    let mut pictures = Pictures::default();
    let picture = Picture {
        digest: Digest::of(b"team"),
        file_name: "team.jpg".to_owned(),
        media_type: "image/jpeg",
        width: 1600,
        height: 900,
    };
    pictures.insert("team.jpg", picture, None);
    let site = BTreeMap::from([("home DEV ".to_owned(), "7 Dev’s home".to_owned())]);
    let context = Context {
        audience: Audience::Internal,
        meta,
        marker: marker(),
        pictures: &pictures,
        links: &KeepLinks,
        site: &site,
    };
    space.render(&document, &context)
}

fn rendered(space: &dyn Target, meta: &Meta, markdown: &str) -> Rendering {
    try_rendered(space, meta, markdown).unwrap()
}

fn codes(rendering: &Rendering) -> Vec<&str> {
    rendering.warnings.iter().map(|warning| warning.code).collect()
}

#[test]
fn a_whole_page() {
    let meta = Meta {
        tags: Some(vec!["Show & tell".to_owned(), "Week Notes".to_owned()]),
        categories: Some(vec!["week notes".to_owned(), "?".to_owned()]),
        image: Some("team.jpg".to_owned()),
        image_alt: Some("The team".to_owned()),
        canonical: Some("https://blog.example/2030/week-12/".to_owned()),
        ..fixture::meta("Week 12:\n <results> & more")
    };
    let page = rendered(&*space("labels = [\"dev\"]"), &meta, "The text.");
    assert_eq!(page.title, "Week 12: <results> & more");
    assert_eq!(page.tags.as_ref().unwrap(), &["dev", "show-tell", "week-notes"]);
    assert_eq!(codes(&page), ["label-changed", "label-changed"]);
    assert_snapshot!(page.body.replace(&marker().to_string(), "UUID"), @r#"
    <p><ac:image ac:alt="The team"><ri:attachment ri:filename="crosspost-926e2a84602416ce.jpg"><ri:page ri:content-title="Dev’s home"/></ri:attachment></ac:image></p>
    <p>The text.</p>
    <p><em>First published at <a href="https://blog.example/2030/week-12/">blog.example</a>.</em></p>
    <p><ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">crosspost:UUID</ac:parameter></ac:structured-macro></p>
    "#);
}

#[test]
fn labels_that_nobody_sets_are_left_alone() {
    assert_eq!(rendered(&*space(""), &fixture::meta("A"), "x").tags, None);
    let none = Meta { tags: Some(Vec::new()), ..fixture::meta("A") };
    assert_eq!(rendered(&*space(""), &none, "x").tags, Some(Vec::new()));
}

#[test]
fn a_title_that_is_too_long_is_cut_and_told() {
    let page = rendered(&*space(""), &fixture::meta(&"é".repeat(300)), "x");
    assert_eq!((page.title.chars().count(), codes(&page)), (255, vec!["title-changed"]));
}

#[test]
fn a_page_that_is_too_large_is_an_error_before_anything_is_sent() {
    let text = format!("```\n{}\n```\n", "x".repeat(6_000_000));
    let errors = try_rendered(&*space(""), &fixture::meta("A"), &text).unwrap_err();
    assert!(errors[0].to_string().contains("Confluence takes 5"), "{errors:?}");
}

#[test]
fn what_is_sent_names_the_rendering_and_vouches_for_title_and_text() {
    let space = space("");
    let page = rendered(&*space, &fixture::meta("A"), "x");
    let sent = space.payload(&page, marker());
    let stamp = storage::read_stamp("A", &sent, marker()).unwrap();
    assert!(stamp.pristine && stamp.is_of(&page.digest()));
    let remote = |title: &str, labels: &str| Remote {
        id: RemoteId("1".to_owned()),
        url: None,
        permanent: true,
        trashed: false,
        markers: vec![marker()],
        stamp: Some(stamp.clone()),
        parts: BTreeMap::from([
            ("title".to_owned(), title.to_owned()),
            ("tags".to_owned(), labels.to_owned()),
        ]),
    };
    assert!(space.is_current(&page, &remote("A", "theirs")), "labels that the note does not set");
    assert!(!space.is_current(&page, &remote("Renamed", "")));
    let labelled = Rendering { tags: Some(vec!["a".to_owned()]), ..page };
    assert!(!space.is_current(&labelled, &remote("A", "a")), "another rendering");
}

#[test]
fn the_configuration_is_part_of_the_rendering() {
    let version = |extra: &str| space(extra).rendering_version();
    assert_ne!(version(""), version("labels = [\"a\"]"));
    assert_ne!(version(""), version("edition = \"data-center\""));
    assert_eq!(version(""), version("notify = true"));
}
