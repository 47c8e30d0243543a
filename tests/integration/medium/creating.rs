//! What a story is sent as, and what is read of the answer.

use std::collections::BTreeMap;

use crosspost::{
    note::Status,
    render::Meta,
    targets::{
        Target, WriteError, Writer,
        medium::{License, MediumTarget, Visibility},
    },
};
use serde_json::json;

use super::{NOTHING, create, meta, open, post, refused, rendering, target};
use crate::fakes::medium::{CATE, DORA, EDITED, Fault, Medium, Received, WRITTEN};

/// What was sent as the last story.
fn sent(medium: &Medium) -> serde_json::Value {
    let log = medium.log();
    let story = log.iter().rev().find(|request| request.is_story()).expect("a story was sent");
    story.json.clone().expect("as JSON")
}

fn paths(log: &[Received]) -> Vec<String> {
    log.iter().map(|request| format!("{} {}", request.method, request.path)).collect()
}

#[tokio::test]
async fn a_story_is_sent_whole_and_says_every_choice() {
    let medium = Medium::start();
    let written = post(&medium, &meta()).await.expect("a story");
    let expected = json!({
        "title": "Week 12",
        "contentFormat": "html",
        "content": "<h1>Week 12</h1>\n<h2>What we did</h2>\n<p><em>Originally published at <a href=\"https://blog.example/week-12/\">blog.example</a>.</em></p>\n",
        "publishStatus": "public",
        "notifyFollowers": false,
        "tags": ["weeknotes", "User Research"],
        "canonicalUrl": "https://blog.example/week-12/",
    });
    assert_eq!(sent(&medium), expected);
    let story = &medium.stories()[0];
    assert_eq!(written.remote.id.0, story.id);
    assert_eq!(written.remote.url.as_deref(), Some(story.url.as_str()));
    assert!(written.remote.permanent && !written.remote.trashed);
    let parts = [
        ("canonical", "https://blog.example/week-12/"),
        ("status", "public"),
        ("tags", "weeknotes, User Research"),
        ("title", "Week 12"),
    ];
    let parts: BTreeMap<String, String> = parts.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    assert_eq!(written.remote.parts, parts);
}

#[tokio::test]
async fn a_second_story_costs_one_request() {
    let medium = Medium::start();
    let target = target(&medium);
    let (api, rendering) = (open(&target), rendering(&target, &meta()));
    let first = create(&api, &rendering, NOTHING).await.expect("a story");
    assert_eq!(first.learned, BTreeMap::from([("user_id".to_owned(), CATE.id.to_owned())]));
    let posts = format!("POST /v1/users/{}/posts", CATE.id);
    assert_eq!(paths(&medium.log()), ["GET /v1/me", &posts]);
    create(&api, &rendering, &first.learned).await.expect("another story");
    assert_eq!(paths(&medium.log()[2..]), [posts]);
}

#[tokio::test]
async fn the_status_of_the_note_is_the_status_of_the_story() {
    for (status, visibility, expected) in [
        (Status::Draft, Visibility::Public, "draft"),
        (Status::Pending, Visibility::Public, "draft"),
        (Status::Publish, Visibility::Public, "public"),
        (Status::Publish, Visibility::Unlisted, "unlisted"),
        (Status::Publish, Visibility::Draft, "draft"),
        (Status::Draft, Visibility::Unlisted, "draft"),
    ] {
        let medium = Medium::start();
        let mut target = target(&medium);
        target.settings.visibility = visibility;
        let rendering = rendering(&target, &Meta { status, ..meta() });
        let written = create(&open(&target), &rendering, NOTHING).await.expect("a story");
        assert_eq!(medium.stories()[0].status, expected);
        assert_eq!(written.remote.permanent, expected != "draft", "{expected}");
    }
}

#[tokio::test]
async fn a_private_note_is_not_sent() {
    let medium = Medium::start();
    let outcome = post(&medium, &Meta { status: Status::Private, ..meta() }).await;
    assert!(refused(outcome).contains("no private stories"));
    assert_eq!(medium.log().len(), 0);
}

#[tokio::test]
async fn the_license_and_the_followers_are_as_configured() {
    let medium = Medium::start();
    let mut target = target(&medium);
    target.settings.license = Some(License::Cc40BySa);
    target.settings.notify = true;
    create(&open(&target), &rendering(&target, &meta()), NOTHING).await.expect("a story");
    let story = &medium.stories()[0];
    assert_eq!((story.license.as_str(), story.notified), ("cc-40-by-sa", true));
}

fn into_publication(medium: &Medium, id: &str) -> MediumTarget {
    let mut target = target(medium);
    target.settings.publication = Some(id.to_owned());
    target
}

#[tokio::test]
async fn an_editor_publishes_in_the_publication() {
    let medium = Medium::start();
    let target = into_publication(&medium, EDITED);
    let written = create(&open(&target), &rendering(&target, &meta()), NOTHING).await.expect("a story");
    assert_eq!(written.learned, BTreeMap::new());
    assert_eq!(medium.stories()[0].publication.as_deref(), Some(EDITED));
    assert_eq!(paths(&medium.log()), [format!("POST /v1/publications/{EDITED}/posts")]);
    assert!(target.location().ends_with(&format!("/v1/publications/{EDITED}")), "{}", target.location());
}

#[tokio::test]
async fn a_writer_hands_in_drafts_only() {
    let medium = Medium::start();
    let mut target = into_publication(&medium, WRITTEN);
    let message = refused(create(&open(&target), &rendering(&target, &meta()), NOTHING).await);
    assert!(message.contains("set `visibility = \"draft\"`"), "{message}");
    target.settings.visibility = Visibility::Draft;
    create(&open(&target), &rendering(&target, &meta()), NOTHING).await.expect("a draft");
    assert_eq!(medium.stories().len(), 1);
}

#[tokio::test]
async fn a_remembered_author_who_is_another_now_is_asked_for_anew() {
    let medium = Medium::start();
    let target = target(&medium);
    let stale = BTreeMap::from([("user_id".to_owned(), DORA.id.to_owned())]);
    let written = create(&open(&target), &rendering(&target, &meta()), &stale).await.expect("a story");
    assert_eq!(written.learned["user_id"], CATE.id);
    assert_eq!(medium.stories().len(), 1);
}

#[tokio::test]
async fn an_author_who_is_refused_is_asked_for_once() {
    let medium = Medium::start();
    medium.fail(Fault::Refuse { status: 403, code: -1, message: "No." });
    let target = target(&medium);
    let known = BTreeMap::from([("user_id".to_owned(), CATE.id.to_owned())]);
    refused(create(&open(&target), &rendering(&target, &meta()), &known).await);
    assert_eq!((medium.posts(), medium.stories().len()), (1, 0));
}

#[tokio::test]
async fn a_story_can_be_neither_changed_nor_taken_down() {
    let medium = Medium::start();
    let target = target(&medium);
    let (api, rendering) = (open(&target), rendering(&target, &meta()));
    let written = create(&api, &rendering, NOTHING).await.expect("a story");
    let before = medium.log().len();
    let pictures = crosspost::render::Pictures::default();
    let sending = crosspost::targets::Sending { marker: super::marker(), pictures: &pictures, site: NOTHING };
    let update = api.update(&written.remote.id, &rendering, sending).await;
    let unpublish = api.unpublish(&written.remote.id).await;
    assert!(matches!(update, Err(WriteError::NotDone(_))));
    assert!(matches!(unpublish, Err(WriteError::NotDone(_))));
    assert_eq!(medium.log().len(), before);
}
