//! Creates and updates: what is stored, what is told back, how many requests it takes.

use crosspost::targets::{Fetched, Reader, Writer};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::*;
use crate::harness::{proxy::Proxy, wordpress::Flavour};

#[tokio::test]
async fn an_update_is_one_look_and_one_request() {
    let site = Site::shared(Flavour::Wp71);
    let proxy = Proxy::in_front_of(&site.url);
    let marker = marker();
    let first = api_at(&proxy.url, &site.user(Role::Author));
    assert!(first.find(&[wanted(marker, "t")], false).await.unwrap()[0].ours.is_empty());
    let id = create(&first, marker, &rendering(marker, "one"), &Known::new()).await.unwrap().remote.id;
    assert_eq!(proxy.requests().len(), 2);

    proxy.forget();
    let second = api_at(&proxy.url, &site.user(Role::Author));
    second.fetch(&id).await.unwrap();
    let written = update(&second, &id, marker, &rendering(marker, "two"), &Known::new()).await.unwrap();
    assert_eq!((written.remote.parts["title"].as_str(), proxy.requests().len()), ("two", 2));
    assert_eq!(site.posts_with_marker(&marker.token()).len(), 1);
}

#[tokio::test]
async fn what_a_write_told_is_what_a_look_finds() {
    for flavour in Flavour::ALL {
        let site = Site::shared(flavour);
        for role in [Role::Author, Role::Editor] {
            let api = api(&site, role);
            let marker = marker();
            let mut post = rendering(marker, "Tom & \"Jerry\" <b>é</b> \\ 🎉 &amp;");
            post.excerpt = Some("a < b & c".to_owned());
            post.slug = Some(unique("slug"));
            post.date = Some("2021-02-03T04:05:06Z".parse().unwrap());
            post.tags = Some(vec![unique("Ébène & co")]);
            let mut learned = api.survey(&post, &Known::new()).await.unwrap();
            let written = create(&api, marker, &post, &learned).await.unwrap();
            learned.extend(written.learned);
            let Fetched::Present(remote) = api.fetch(&written.remote.id).await.unwrap() else { panic!() };
            for (part, text) in &written.remote.parts {
                assert_eq!(Some(text), remote.parts.get(part), "{flavour:?} {part}");
            }
            assert_eq!(written.remote.parts["date"], "2021-02-03T04:05:06Z");
            assert_eq!(written.remote.url, remote.url);
            assert!(!written.remote.parts.contains_key("categories"), "it was not sent");
            let again = update(&api, &written.remote.id, marker, &post, &learned).await.unwrap();
            assert_eq!(again.remote.parts, written.remote.parts, "the same again changes nothing");
            assert!(again.learned.is_empty() && again.warnings.is_empty(), "{:?}", again.warnings);
        }
    }
}

#[tokio::test]
async fn a_scheduled_post_waits_and_tells_its_address() {
    for flavour in [Flavour::Wp71, Flavour::Wp61] {
        let site = Site::shared(flavour);
        let api = api(&site, Role::Author);
        let marker = marker();
        let mut post = rendering(marker, &unique("later"));
        post.date = Some("2099-03-04T05:06:07Z".parse().unwrap());
        let remote = create(&api, marker, &post, &Known::new()).await.unwrap().remote;
        let stored = site.post_by_id(&remote.id.0);
        assert_eq!(stored["status"], "future");
        assert_eq!(remote.parts["status"], "publish");
        assert_eq!(remote.url.as_deref(), Some(format!("{}/2099/03/04/{}/", site.url, post.title).as_str()));
        assert!(remote.permanent);
        post.date = Some("2020-03-04T05:06:07Z".parse().unwrap());
        let out = update(&api, &remote.id, marker, &post, &Known::new()).await.unwrap().remote;
        assert_eq!(site.post_by_id(&remote.id.0)["status"], "publish");
        assert_eq!(out.url.as_deref(), Some(format!("{}/2020/03/04/{}/", site.url, post.title).as_str()));
    }
}

#[tokio::test]
async fn a_post_that_is_due_in_a_moment_is_not_published_early() {
    let site = Site::shared(Flavour::Wp71);
    let api = api(&site, Role::Author);
    let marker = marker();
    let mut post = rendering(marker, "t");
    post.date = Some(Timestamp::now() + SignedDuration::from_secs(30));
    let error = create(&api, marker, &post, &Known::new()).await.unwrap_err();
    let WriteError::NotDone(error) = error else { panic!("{error:?}") };
    assert_eq!(error.name(), Some("due-soon"));
    assert!(site.posts_with_marker(&marker.token()).is_empty());
    post.date = Some(Timestamp::now() + SignedDuration::from_secs(90));
    let id = create(&api, marker, &post, &Known::new()).await.unwrap().remote.id;
    assert_eq!(site.post_by_id(&id.0)["status"], "future");
}

#[tokio::test]
async fn a_slug_that_is_taken_is_told() {
    let site = Site::shared(Flavour::Wp61);
    let slug = unique("slug");
    site.post("wp/v2/posts", &json!({ "title": "t", "content": "x", "status": "publish", "slug": slug }));
    let marker = marker();
    let post = Rendering { slug: Some(slug.clone()), ..rendering(marker, "t") };
    let written = create(&api(&site, Role::Author), marker, &post, &Known::new()).await.unwrap();
    assert_eq!(codes(&written), ["slug-taken"]);
    assert_eq!(written.remote.parts["slug"], format!("{slug}-2"));
}

#[tokio::test]
async fn terms_are_created_once_and_found_by_name() {
    let site = Site::shared(Flavour::Wp71);
    let word = unique("x");
    let names = vec![format!("R&D {word}"), format!("Ébène {word}"), format!("ebene {word}")];
    let (one, two) = (marker(), marker());
    let api = api(&site, Role::Editor);
    let post =
        Rendering { categories: Some(names.clone()), tags: Some(names.clone()), ..rendering(one, "t") };
    let first = create(&api, one, &post, &Known::new()).await.unwrap();
    assert_eq!(first.learned.len(), 6);
    let post = Rendering { body: rendering(two, "t").body, ..post };
    let upper = Rendering { tags: Some(vec![names[0].to_uppercase()]), ..post };
    let second = create(&api, two, &upper, &Known::new()).await.unwrap();
    assert_eq!(second.remote.parts["categories"], first.remote.parts["categories"]);
    assert_eq!(
        second.learned[&format!("term/post_tag/{}", names[0].to_uppercase())],
        first.learned[&format!("term/post_tag/{}", names[0])]
    );
}

#[tokio::test]
async fn a_remembered_term_that_was_deleted_is_made_anew() {
    let site = Site::shared(Flavour::Wp71);
    let api = api(&site, Role::Editor);
    let (marker, name) = (marker(), unique("Weeknotes"));
    let post = Rendering {
        categories: Some(vec![name.clone()]),
        tags: Some(vec![name.clone()]),
        ..rendering(marker, "t")
    };
    let mut known = create(&api, marker, &post, &Known::new()).await.unwrap().learned;
    let old = known[&format!("term/category/{name}")].clone();
    site.delete(&format!("wp/v2/categories/{old}?force=true"));
    let second = super::marker();
    let post = Rendering { body: rendering(second, "t").body, ..post };
    let written = create(&api, second, &post, &known).await.unwrap();
    assert!(written.warnings.is_empty(), "{:?}", written.warnings);
    let new = &written.learned[&format!("term/category/{name}")];
    assert_ne!(*new, old);
    assert_eq!(written.remote.parts["categories"], *new);
    assert_eq!(site.posts_with_marker(&second.token()).len(), 1);
    known.extend(written.learned.clone());
    let again = update(&api, &written.remote.id, second, &post, &known).await.unwrap();
    assert!(again.learned.is_empty());
}

#[tokio::test]
async fn an_unpublished_post_lies_in_the_trash_and_comes_back() {
    let site = Site::shared(Flavour::Wp71);
    let api = api(&site, Role::Author);
    let marker = marker();
    let post = rendering(marker, &unique("t"));
    let first = create(&api, marker, &post, &Known::new()).await.unwrap().remote;
    api.unpublish(&first.id).await.unwrap();
    api.unpublish(&first.id).await.unwrap();
    let Fetched::Present(remote) = api.fetch(&first.id).await.unwrap() else { panic!() };
    assert!(remote.trashed);
    let back = update(&api, &first.id, marker, &post, &Known::new()).await.unwrap().remote;
    assert_eq!((back.url, back.trashed), (first.url, false));
}
