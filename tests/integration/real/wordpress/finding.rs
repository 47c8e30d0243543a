//! Posts found again, by marker, by slug and by id.

use crosspost::targets::{Fetched, Reader, Writer};
use serde_json::json;

use super::*;
use crate::harness::{proxy::Proxy, wordpress::Flavour};

#[tokio::test]
async fn a_post_is_found_in_every_state_by_every_role() {
    for flavour in Flavour::ALL {
        let site = Site::shared(flavour);
        for role in [Role::Author, Role::Editor] {
            let api = api(&site, role);
            for status in [Status::Draft, Status::Pending, Status::Private, Status::Publish] {
                let marker = marker();
                let post = Rendering { status, ..rendering(marker, &unique("t")) };
                let id = create(&api, marker, &post, &Known::new()).await.unwrap().remote.id;
                let found = api.find(&[wanted(marker, &post.title)], true).await.unwrap().remove(0);
                assert_eq!(found.ours.len(), 1, "{flavour:?} {status:?}");
                assert_eq!((&found.ours[0].id, found.ours[0].trashed), (&id, false));
                assert!(found.lookalikes.is_empty());
                api.unpublish(&id).await.unwrap();
                let found = api.find(&[wanted(marker, &post.title)], false).await.unwrap().remove(0);
                assert!(found.ours[0].trashed && !found.ours[0].permanent);
            }
        }
    }
}

#[tokio::test]
async fn many_posts_are_found_in_few_requests_and_told_apart() {
    let site = Site::private(&[("WP", "7.1")]);
    let proxy = Proxy::in_front_of(&site.url);
    let api = api_at(&proxy.url, &site.user(Role::Editor));
    let markers: Vec<Marker> = (0..8).map(|_| marker()).collect();
    for marker in &markers[..6] {
        create(&api, *marker, &rendering(*marker, "t"), &Known::new()).await.unwrap();
    }
    site.post(
        "wp/v2/posts",
        &json!({ "title": "copy", "status": "draft", "content": rendering(markers[1], "t").body }),
    );
    proxy.forget();
    let all: Vec<Wanted> = markers.iter().map(|marker| wanted(*marker, "another title")).collect();
    let found = api.find(&all, false).await.unwrap();
    let counts: Vec<usize> = found.iter().map(|found| found.ours.len()).collect();
    assert_eq!(counts, [1, 2, 1, 1, 1, 1, 0, 0]);
    assert_eq!(proxy.requests().len(), 1);
    assert!(
        found
            .iter()
            .zip(&markers)
            .all(|(found, marker)| found.ours.iter().all(|post| post.markers == [*marker]))
    );
}

#[tokio::test]
async fn where_others_posts_hide_rows_nothing_is_lost() {
    let site = Site::shared(Flavour::Wp71);
    let (editor, author) = (api(&site, Role::Editor), api(&site, Role::Author));
    let markers: Vec<Marker> = (0..5).map(|_| marker()).collect();
    create(&editor, marker(), &rendering(marker(), "of somebody else"), &Known::new()).await.unwrap();
    for marker in &markers[..3] {
        create(&author, *marker, &rendering(*marker, "t"), &Known::new()).await.unwrap();
    }
    let all: Vec<Wanted> = markers.iter().map(|marker| wanted(*marker, "t")).collect();
    let found = author.find(&all, false).await.unwrap();
    assert_eq!(found.iter().map(|found| found.ours.len()).collect::<Vec<_>>(), [1, 1, 1, 0, 0]);
}

#[tokio::test]
async fn a_post_of_ours_that_now_belongs_to_somebody_else_is_not_taken_for_none() {
    let site = Site::shared(Flavour::Wp71);
    let marker = marker();
    let author = api(&site, Role::Author);
    let id = create(&author, marker, &rendering(marker, "t"), &Known::new()).await.unwrap().remote.id;
    site.post(&format!("wp/v2/posts/{}", id.0), &json!({ "author": 1 }));
    let error = author.find(&[wanted(marker, "t")], false).await.unwrap_err();
    assert_eq!(error.name(), Some("hidden-post"), "{error}");
    let error = author.fetch(&id).await.unwrap_err();
    assert_eq!(error.name(), Some("not-allowed"), "{error}");
}

#[tokio::test]
async fn posts_of_others_with_the_same_slug_are_lookalikes() {
    for flavour in [Flavour::Wp71, Flavour::Wp61] {
        let site = Site::shared(flavour);
        let title = unique("R&D: it's Été, 日本");
        let theirs =
            site.post("wp/v2/posts", &json!({ "title": title, "content": "x", "status": "publish" }));
        for role in [Role::Author, Role::Editor] {
            let proxy = Proxy::in_front_of(&site.url);
            let api = api_at(&proxy.url, &site.user(role));
            let other = unique("nothing like it");
            let all = [wanted(marker(), &title), wanted(marker(), &other)];
            let found = api.find(&all, true).await.unwrap();
            assert_eq!(found[0].lookalikes.len(), 1, "{flavour:?}");
            assert_eq!(found[0].lookalikes[0].id.0, theirs["id"].to_string());
            assert!(found[0].ours.is_empty() && found[1].lookalikes.is_empty());
            assert_eq!(proxy.requests().len(), 3, "two look-ups, and one for all lookalikes");
        }
    }
}

#[tokio::test]
async fn a_post_that_was_deleted_for_good_is_gone() {
    let site = Site::shared(Flavour::Wp61);
    let api = api(&site, Role::Author);
    let marker = marker();
    let id = create(&api, marker, &rendering(marker, "t"), &Known::new()).await.unwrap().remote.id;
    let Fetched::Present(remote) = api.fetch(&id).await.unwrap() else { panic!("it is there") };
    assert_eq!(remote.markers, [marker]);
    site.delete(&format!("wp/v2/posts/{}?force=true", id.0));
    assert_eq!(api.fetch(&id).await.unwrap(), Fetched::Gone);
    api.unpublish(&id).await.unwrap();
    let error = update(&api, &id, marker, &rendering(marker, "t"), &Known::new()).await.unwrap_err();
    assert!(matches!(error, WriteError::NotDone(_)), "{error:?}");
}
