use std::{collections::BTreeMap, path::Path, sync::Arc};

use insta::assert_snapshot;

use super::*;
use crate::{
    note::{Audience, Marker, NoteId},
    render::{Digest, KeepLinks, Meta, Picture, Pictures, fixture, parse::parse, stamp},
    targets::{Remote, RemoteId, Target},
};

fn wiki(extra: &str) -> Arc<dyn Target> {
    let text = format!(
        "project = \"p\"\n[targets.wiki]\nkind = \"mediawiki\"\naudience = \"internal\"\n\
         url = \"https://wiki.example/\"\nuser = \"A@b\"\n{extra}\n"
    );
    crate::config::Config::parse(&text, Path::new("crosspost.toml")).unwrap().targets[0].clone()
}

fn marker() -> Marker {
    Marker::derive("p", &NoteId::of_path("a.md"), "wiki")
}

fn rendered(wiki: &dyn Target, meta: &Meta, markdown: &str) -> Rendering {
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
    let site = BTreeMap::from([("prefixes".to_owned(), "help|news".to_owned())]);
    let context = Context {
        audience: Audience::Internal,
        meta,
        marker: marker(),
        pictures: &pictures,
        links: &KeepLinks,
        site: &site,
    };
    wiki.render(&document, &context).unwrap()
}

#[test]
fn a_whole_page() {
    let meta = Meta {
        tags: Some(vec!["show & tell".to_owned(), "Week_notes".to_owned()]),
        categories: Some(vec!["week notes".to_owned()]),
        image: Some("team.jpg".to_owned()),
        image_alt: Some("The team".to_owned()),
        canonical: Some("https://blog.example/2030/week-12/".to_owned()),
        ..fixture::meta("week 12: results [draft]")
    };
    let page = rendered(&*wiki("categories = [\"Digital\"]"), &meta, "Hello *world*.\n\n- a\n- b\n");
    assert_eq!(page.title, "Week 12: results ［draft］");
    assert_eq!(page.warnings.iter().map(|w| w.code).collect::<Vec<_>>(), ["title-changed"]);
    assert_eq!(page.needs, [("team.jpg".to_owned(), "The team".to_owned())]);
    assert_snapshot!(page.body, @r##"
    [[File:Crosspost-926e2a84602416ce.jpg|thumb|alt=The team]]

    Hello ''world''.

    * a
    * b

    ''First published at [https://blog.example/2030/week-12/ blog.example].''

    [[Category:week notes]]
    [[Category:show & tell]]
    [[Category:Digital]]

    <!-- crosspost:7129b1c6-cdab-5cb8-988c-6d2c5f4d0eac --><span style="display:none" aria-hidden="true">[https://crosspost.invalid/7129b1c6-cdab-5cb8-988c-6d2c5f4d0eac crosspost]</span>
    "##);
}

#[test]
fn a_featured_picture_that_the_text_shows_is_shown_once() {
    let meta = Meta { image: Some("team.jpg".to_owned()), ..fixture::meta("T") };
    let page = rendered(&*wiki(""), &meta, "![x](team.jpg)\n");
    assert_eq!(page.body.matches("[[File:").count(), 1, "{}", page.body);
}

#[test]
fn a_title_stays_in_its_namespace() {
    assert_eq!(rendered(&*wiki(""), &fixture::meta("news: today"), "x").title, "News： today");
    assert_eq!(
        rendered(&*wiki("prefix = \"Notes/\""), &fixture::meta("news: today"), "x").title,
        "news: today"
    );
}

#[test]
fn a_page_is_current_only_under_its_title() {
    let wiki = wiki("");
    let page = rendered(&*wiki, &fixture::meta("T"), "x");
    let remote = |title: &str| {
        let body = stamp::stamped(&page, marker());
        Remote {
            id: RemoteId("1".to_owned()),
            url: None,
            permanent: true,
            trashed: false,
            markers: vec![marker()],
            stamp: stamp::read(title, &body, marker()),
            parts: BTreeMap::from([("title".to_owned(), title.to_owned())]),
        }
    };
    assert!(wiki.is_current(&page, &remote("T")));
    assert!(!wiki.is_current(&page, &remote("Archive:T")));
}
