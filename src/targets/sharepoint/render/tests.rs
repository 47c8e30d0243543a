use std::{path::Path, sync::Arc};

use super::*;
use crate::{
    note::{Audience, Marker, NoteId},
    render::{KeepLinks, Meta, Picture, Pictures, RemotePicture, fixture, parse::parse, stamp::Stamp},
    targets::{Remote, RemoteId, Target},
};

fn site() -> Arc<dyn Target> {
    let text = "project = \"p\"\n[targets.intranet]\nkind = \"sharepoint\"\naudience = \"internal\"\n\
                url = \"https://contoso.sharepoint.com/\"\ntenant = \"contoso.com\"\nclient = \"1\"\n";
    crate::config::Config::parse(text, Path::new("crosspost.toml")).unwrap().targets[0].clone()
}

fn meta() -> Meta {
    Meta {
        title: "Week 12".to_owned(),
        slug: Some("week-12".to_owned()),
        stem: "a".to_owned(),
        ..Meta::default()
    }
}

fn rendered(meta: &Meta, markdown: &str) -> Rendering {
    let picture = |name: &str| Picture {
        digest: Digest::of(name.as_bytes()),
        file_name: name.to_owned(),
        media_type: "image/png",
        width: 80,
        height: 60,
    };
    let mut pictures = Pictures::default();
    let there = RemotePicture { id: None, url: "https://contoso.sharepoint.com/p.png".to_owned() };
    pictures.insert("p.png", picture("p.png"), Some(there));
    pictures.insert("q.png", picture("q.png"), None);
    let cleared = fixture::cleared(Audience::Internal, markdown);
    let document = parse("a.md", &cleared, Some(&meta.title)).expect("a note that parses");
    let context = Context {
        audience: Audience::Internal,
        meta,
        marker: Marker::derive("p", &NoteId::of_path("a.md"), "intranet"),
        pictures: &pictures,
        links: &KeepLinks,
        site: &BTreeMap::new(),
    };
    site().render(&document, &context).unwrap()
}

#[test]
fn tags_and_the_original_stand_at_the_end_and_the_picture_above() {
    let meta = Meta {
        tags: Some(vec!["R&D".to_owned(), "news".to_owned()]),
        categories: Some(vec!["news".to_owned()]),
        canonical: Some("https://blog.example/week-12/".to_owned()),
        image: Some("p.png".to_owned()),
        image_alt: Some("A chart".to_owned()),
        ..meta()
    };
    let rendering = rendered(&meta, "Hello\n");
    assert_eq!(
        rendering.body,
        "<p>Hello</p>\n<p><em>First published at <a href=\"https://blog.example/week-12/\">blog.example</a>.</em></p>\n\
         <p><em>Tags: news, R&amp;D</em></p>"
    );
    let featured = rendering.featured.as_ref().expect("a picture");
    assert_eq!(
        (featured.url.as_str(), featured.alt.as_str()),
        ("https://contoso.sharepoint.com/p.png", "A chart")
    );
    let codes: Vec<&str> = rendering.warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(codes, ["tags-as-text"]);
}

#[test]
fn a_featured_picture_that_is_an_address_is_told() {
    let meta = Meta { image: Some("https://a.example/p.png".to_owned()), ..meta() };
    let rendering = rendered(&meta, "Hello\n");
    assert_eq!((rendering.featured, rendering.warnings[0].code), (None, "featured-not-local"));
}

#[test]
fn a_note_that_waits_for_somebody_is_a_draft_there() {
    assert_eq!(rendered(&Meta { status: Status::Pending, ..meta() }, "Hello\n").status, Status::Draft);
}

fn remote(rendering: &Rendering, published: &str, stamp: Option<&str>) -> Remote {
    let parts =
        [("title", rendering.title.as_str()), ("content", rendering.body.as_str()), ("published", published)];
    Remote {
        id: RemoteId("1".to_owned()),
        url: None,
        permanent: true,
        trashed: false,
        markers: Vec::new(),
        stamp: stamp.map(|digits| Stamp { rendering: digits.to_owned(), pristine: true }),
        parts: parts.map(|(name, text)| (name.to_owned(), text.to_owned())).into(),
    }
}

#[test]
fn a_page_that_nobody_published_is_not_as_it_would_be() {
    let rendering = rendered(&meta(), "Hello\n");
    let own = rendering.digest().short();
    let is_current =
        |published: &str, stamp| site().is_current(&rendering, &remote(&rendering, published, stamp));
    assert!(is_current("yes", Some(&own)));
    assert!(!is_current("no", Some(&own)));
    assert!(!is_current("yes", Some("0123456789abcdef")));
    // Where the id was not kept, the text says it.
    assert!(is_current("yes", None));
    let other = rendered(&meta(), "[Hello](https://a.example/)\n");
    assert!(!site().is_current(&other, &remote(&rendering, "yes", None)));
    let draft = rendered(&Meta { status: Status::Draft, ..meta() }, "Hello\n");
    assert!(site().is_current(&draft, &remote(&draft, "no", None)));
}
