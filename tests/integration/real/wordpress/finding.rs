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

#[tokio::test]
async fn a_post_is_located_by_each_of_its_addresses() {
    for flavour in [Flavour::Wp71Network, Flavour::Wp61] {
        let site = Site::shared(flavour);
        let api = api(&site, Role::Author);
        let slug = unique("日本");
        let new = json!({ "title": slug, "slug": slug, "content": "x", "status": "publish" });
        let theirs = site.post("wp/v2/posts", &new);
        let (id, link) = (theirs["id"].to_string(), theirs["link"].as_str().unwrap());
        for url in [
            link.to_owned(),
            link.trim_end_matches('/').to_owned(),
            format!("{link}?utm_source=x#top"),
            format!("{}/?p={id}", site.url),
            format!("{}/wp-admin/post.php?post={id}&action=edit", site.url),
        ] {
            assert_eq!(api.locate(&url).await.unwrap(), Some(RemoteId(id.clone())), "{url}");
        }
        let other = link.replace(&site.url, "http://127.0.0.2");
        for url in [format!("{}/{}/", site.url, unique("none")), other, site.url.clone(), "::".to_owned()] {
            assert_eq!(api.locate(&url).await.unwrap(), None, "{url}");
        }
    }
}

#[tokio::test]
async fn a_scheduled_post_is_located_by_the_address_that_it_will_have() {
    let site = Site::shared(Flavour::Wp71);
    let api = api(&site, Role::Author);
    let marker = marker();
    let date = Some("2099-01-02T03:04:05Z".parse().unwrap());
    let post = Rendering { date, ..rendering(marker, &unique("later")) };
    let remote = create(&api, marker, &post, &Known::new()).await.unwrap().remote;
    assert_eq!(api.locate(remote.url.as_deref().unwrap()).await.unwrap(), Some(remote.id));
}
