//! Pictures, from a note beside them to the wiki's files.

use crosspost::{
    note::Cleared,
    render::{Context, Digest, KeepLinks, Meta, Picture, parse::parse, wikitext::Abilities},
    targets::{Reader, Upload},
};

use super::*;
use crate::harness::proxy::Proxy;

/// A picture of the example, made one that no other test has: what follows a PNG's end is not shown.
fn png(word: &[u8]) -> Vec<u8> {
    let example = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/pictures/week-24.png");
    [std::fs::read(example).unwrap(), word.to_vec()].concat()
}

pub fn picture(word: &[u8]) -> Picture {
    Picture {
        digest: Digest::of(&png(word)),
        file_name: "équipe \"photo\".png".to_owned(),
        media_type: "image/png",
        width: 800,
        height: 400,
    }
}

fn upload(word: &[u8]) -> Upload {
    Upload { picture: picture(word), alt: "A [[chart]]".to_owned(), bytes: png(word) }
}

#[tokio::test]
async fn a_picture_is_uploaded_once_and_found_by_its_content() {
    let wiki = Wiki::shared();
    let proxy = Proxy::in_front_of(&wiki.url);
    let (api, word) = (api_at(&proxy.url, &wiki), unique("p").into_bytes());
    let first = api.upload(upload(&word)).await.unwrap();
    assert_eq!(first.id, Some(wikitext::content_name(&picture(&word))));
    let again = api.upload(upload(&word)).await.unwrap();
    assert_eq!(first, again, "the second time it is there already");
    let found = api.find_pictures(&[picture(b"unknown"), picture(&word)]).await.unwrap();
    assert_eq!(found, [None, Some(first.clone())]);
    let described = wiki.text(&format!("File:{}", first.id.unwrap())).unwrap();
    assert_eq!(described, "A &#91;&#91;chart&#93;&#93;");
}

#[tokio::test]
async fn the_same_bytes_under_a_name_of_somebody_else_s_are_no_hindrance() {
    let wiki = Wiki::shared();
    let (api, word) = (api(&wiki), unique("p").into_bytes());
    // The same bytes, for which another digest stands.
    let theirs = Picture { digest: Digest::of(unique("other").as_bytes()), ..picture(&word) };
    api.upload(Upload { picture: theirs, ..upload(&word) }).await.unwrap();
    let ours = api.upload(upload(&word)).await.unwrap();
    assert_eq!(ours.id, Some(wikitext::content_name(&picture(&word))));
}

#[tokio::test]
async fn what_is_no_picture_is_refused_with_a_reason() {
    let wiki = Wiki::shared();
    let bytes = b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec();
    let picture = Picture {
        digest: Digest::of(&bytes),
        media_type: "image/svg+xml",
        file_name: "a.svg".to_owned(),
        width: 0,
        height: 0,
    };
    let error = api(&wiki).upload(Upload { picture, alt: String::new(), bytes }).await.unwrap_err();
    assert!(error.hints().iter().any(|hint| hint.contains("wgFileExtensions")), "{error}");
}

#[tokio::test]
async fn pictures_are_shown_with_their_captions_and_alternative_texts() {
    let wiki = Wiki::shared();
    let word = unique("p").into_bytes();
    let remote = api(&wiki).upload(upload(&word)).await.unwrap();
    let mut pictures = Pictures::default();
    pictures.insert("a.png", picture(&word), Some(remote.clone()));
    for (markdown, alt, caption) in [
        (
            "![An *alt* | \\[\\[text\\]\\] ''x'' = & \"y\"](a.png \"left\")",
            "An alt | [[text]] ''x'' = & \"y\"",
            "left",
        ),
        ("![x](a.png \"300px\")", "x", "300px"),
        ("![x](a.png \"alt=y {{z}} | w\")", "x", "alt=y {{z}} | w"),
        ("![left](a.png)", "left", ""),
        ("Within ![some text](a.png) too", "some text", ""),
        ("[![linked](a.png)](https://x.example/?a=b&c=d)", "linked", ""),
    ] {
        // Releases differ in how they write an apostrophe.
        let html = wiki.parsed(&wikitext_of(markdown, &pictures)).replace("&#39;", "'");
        let alt = alt.replace('&', "&amp;").replace('"', "&quot;");
        assert!(html.contains(&format!("alt=\"{alt}\"")), "{markdown}: {html}");
        assert!(html.contains("<img "), "{markdown}: {html}");
        assert!(crosspost::render::text::visible_text(&html).contains(caption), "{markdown}: {html}");
        assert!(!markdown.starts_with('[') || html.contains("https://x.example/?a=b&amp;c=d"), "{html}");
    }
}

fn wikitext_of(markdown: &str, pictures: &Pictures) -> String {
    let cleared = Cleared {
        audience: Audience::Internal,
        text: markdown.to_owned(),
        lines: vec![1],
        removed: Vec::new(),
    };
    let document = parse("note.md", &cleared, Some("T")).unwrap();
    let meta = Meta { title: "T".to_owned(), stem: "note".to_owned(), ..Meta::default() };
    let context = Context {
        audience: Audience::Internal,
        meta: &meta,
        marker: marker(),
        pictures,
        links: &KeepLinks,
        site: &Known::new(),
    };
    wikitext::render(&document, &context, &Abilities::default(), &mut Vec::new())
}
