//! Looking for stories in the author's feed.

use crosspost::{
    note::Status,
    render::{
        Document, Meta,
        document::{Block, BlockKind, Inline, Link},
    },
    targets::{Fetched, Found, Reader, RemoteId, Wanted},
};

use super::{NOTHING, create, marker, meta, open, post, rendering_of, target};
use crate::fakes::medium::{Fault, Medium};

fn wanted(title: &str, canonical: Option<&str>) -> Wanted {
    Wanted { marker: marker(), title: title.to_owned(), slug: None, canonical: canonical.map(str::to_owned) }
}

async fn find(medium: &Medium, wanted: Wanted) -> Found {
    let mut found = open(&target(medium)).find(std::slice::from_ref(&wanted), true).await.expect("a feed");
    assert_eq!(found.len(), 1);
    found.remove(0)
}

fn ids(found: &[crosspost::targets::Remote]) -> Vec<String> {
    found.iter().map(|remote| remote.id.0.clone()).collect()
}

#[tokio::test]
async fn a_story_whose_answer_was_lost_is_found_by_its_footer() {
    let medium = Medium::start();
    medium.fail(Fault::Drop { created: true });
    post(&medium, &meta()).await.expect_err("a cut connection");
    let found = find(&medium, wanted("Another title", Some("https://blog.example/week-12"))).await;
    let story = &medium.stories()[0];
    assert_eq!(ids(&found.ours), [story.id.as_str()]);
    let remote = &found.ours[0];
    assert_eq!(remote.url.as_deref(), Some(story.url.as_str()), "without the feed's own query");
    assert!(remote.permanent);
    assert_eq!(remote.parts["title"], "Week 12");
}

#[tokio::test]
async fn odd_characters_in_the_original_are_no_hindrance() {
    let medium = Medium::start();
    let canonical = "https://blog.example/日誌/?a=1&b=[2]&c=\"é\"";
    post(&medium, &Meta { canonical: Some(canonical.to_owned()), ..meta() }).await.expect("a story");
    let found = find(&medium, wanted("-", Some(canonical))).await;
    assert_eq!(found.ours.len(), 1);
}

#[tokio::test]
async fn a_story_that_only_links_to_the_original_is_another() {
    let medium = Medium::start();
    let target = target(&medium);
    let link = Link {
        href: "https://blog.example/week-11/".to_owned(),
        title: None,
        content: vec![Inline::Text("last week's notes".to_owned())],
        bare: false,
        wiki: false,
        line: 1,
    };
    let text = vec![Inline::Text("Originally published at ".to_owned()), Inline::Link(Box::new(link))];
    let blocks = vec![Block { line: 1, kind: BlockKind::Paragraph(text) }];
    let document = Document { blocks, ..Document::default() };
    let rendering = rendering_of(&target, &meta(), &document);
    assert!(rendering.body.contains("href=\"https://blog.example/week-11/\""), "{}", rendering.body);
    create(&open(&target), &rendering, NOTHING).await.expect("a story");
    let found = find(&medium, wanted("-", Some("https://blog.example/week-11/"))).await;
    assert_eq!((found.ours.len(), found.lookalikes.len()), (0, 0));
}

#[tokio::test]
async fn two_stories_with_the_same_original_are_both_ours() {
    let medium = Medium::start();
    for _ in 0..2 {
        post(&medium, &meta()).await.expect("a story");
    }
    let found = find(&medium, wanted("Week 12", Some("https://blog.example/week-12/"))).await;
    assert_eq!((found.ours.len(), found.lookalikes.len()), (2, 0));
}

#[tokio::test]
async fn a_snippet_shows_no_footer_and_only_looks_alike() {
    let medium = Medium::start();
    medium.show_snippets();
    post(&medium, &meta()).await.expect("a story");
    let found = find(&medium, wanted("week  12", Some("https://blog.example/week-12/"))).await;
    assert_eq!((found.ours.len(), found.lookalikes.len()), (0, 1));
    let target = target(&medium);
    let quiet = open(&target).find(&[wanted("Week 12", None)], false).await.expect("a feed");
    assert_eq!(quiet[0].lookalikes.len(), 0);
}

#[tokio::test]
async fn a_story_without_an_original_is_nobodys_by_its_footer() {
    let medium = Medium::start();
    post(&medium, &Meta { canonical: None, ..meta() }).await.expect("a story");
    let found = find(&medium, wanted("Another", None)).await;
    assert_eq!((found.ours.len(), found.lookalikes.len()), (0, 0));
}

#[tokio::test]
async fn the_feed_shows_neither_drafts_nor_what_is_old() {
    let medium = Medium::start();
    let numbered = |n: usize| Meta { canonical: Some(format!("https://blog.example/{n}")), ..meta() };
    post(&medium, &Meta { status: Status::Draft, ..numbered(0) }).await.expect("a draft");
    for n in 1..=11 {
        medium.pass_hours(3);
        post(&medium, &numbered(n)).await.expect("a story");
    }
    let mut seen = Vec::new();
    for n in 0..=11 {
        let url = format!("https://blog.example/{n}");
        seen.push(find(&medium, wanted("-", Some(&url))).await.ours.len());
    }
    assert_eq!(seen, [0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
}

#[tokio::test]
async fn one_request_answers_for_many_notes_and_carries_no_token() {
    let medium = Medium::start();
    let target = target(&medium);
    let found = open(&target).find(&[wanted("a", None), wanted("b", None)], true).await.expect("a feed");
    assert_eq!(found.len(), 2);
    let log = medium.log();
    assert_eq!(log.len(), 1);
    assert_eq!(log[0].token, None);
}

#[tokio::test]
async fn a_feed_that_cannot_be_read_is_no_empty_feed() {
    let medium = Medium::start();
    let mut target = target(&medium);
    target.settings.feed = Some(medium.feed("nobody"));
    let error = open(&target).find(&[wanted("a", None)], true).await.expect_err("no feed");
    assert!(error.to_string().contains("the feed of `medium` cannot be read"), "{error}");
}

#[tokio::test]
async fn without_a_feed_nothing_is_asked() {
    let medium = Medium::start();
    let mut target = target(&medium);
    target.settings.feed = None;
    let found = open(&target).find(&[wanted("a", None)], true).await.expect("no answer is no error");
    assert_eq!((found[0].ours.len(), medium.log().len()), (0, 0));
}

#[tokio::test]
async fn a_story_that_is_known_cannot_be_looked_at() {
    let medium = Medium::start();
    let written = post(&medium, &meta()).await.expect("a story");
    let before = medium.log().len();
    let fetched = open(&target(&medium)).fetch(&RemoteId(written.remote.id.0)).await.expect("an answer");
    assert_eq!(fetched, Fetched::Unseen);
    assert_eq!(medium.log().len(), before);
}
