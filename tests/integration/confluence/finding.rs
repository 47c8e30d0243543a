//! Finding pages again.

use crosspost::targets::{Fetched, Reader};

use super::*;
use crate::fakes::confluence::{Fault, Kind};

#[tokio::test]
async fn a_page_is_found_by_its_mark_whatever_it_is_called_by_now() {
    for confluence in editions() {
        let (api, marker) = (api(&confluence), marker());
        // The search shows two at a time.
        for n in 0..5 {
            create(&api, super::marker(), &rendering(super::marker(), &format!("Other {n}"))).await.unwrap();
        }
        let id = create(&api, marker, &rendering(marker, "Mine")).await.unwrap().remote.id;
        confluence.edit(&id.0, |page| page.title = "Renamed".to_owned());
        let found = api.find(&[wanted(marker, "Mine")], true).await.unwrap().remove(0);
        let ids: Vec<&RemoteId> = found.ours.iter().map(|remote| &remote.id).collect();
        assert_eq!((ids, found.lookalikes.len()), (vec![&id], 0));
        assert_eq!(found.ours[0].parts["title"], "Renamed");
    }
}

#[tokio::test]
async fn a_page_that_was_just_made_is_found_before_the_search_knows_it() {
    for confluence in editions() {
        confluence.index_at_once(false);
        confluence.fail(Kind::Create, Fault::Drop { done: true });
        let (api, marker) = (api(&confluence), marker());
        let page = rendering(marker, "Mine");
        let lost = create(&api, marker, &page).await;
        assert!(matches!(lost, Err(WriteError::Unknown(_))), "{lost:?}");
        let found = api.find(&[wanted(marker, "Mine")], true).await.unwrap().remove(0);
        assert_eq!(found.ours.len(), 1, "no property was written, the mark is in the text");
        assert!(found.ours[0].stamp.as_ref().unwrap().is_of(&page.digest()));
        assert_eq!(confluence.current().len(), 1);
    }
}

#[tokio::test]
async fn a_create_that_was_done_before_is_told_from_a_title_that_others_have() {
    for confluence in editions() {
        let (api, marker) = (api(&confluence), marker());
        create(&api, marker, &rendering(marker, "Mine")).await.unwrap();
        let again = create(&api, marker, &rendering(marker, "Mine")).await;
        assert!(matches!(again, Err(WriteError::Unknown(_))), "to be looked for: {again:?}");
        confluence.add("Theirs", "<p>x</p>");
        let error = not_done(create(&api, marker, &rendering(marker, "Theirs")).await);
        assert_eq!(error.name(), Some("title-taken"), "{error}");
        assert!(error.hints().iter().any(|hint| hint.contains("crosspost adopt")), "{error}");
        let found = api.find(&[wanted(super::marker(), "Theirs")], false).await.unwrap().remove(0);
        assert_eq!((found.ours.len(), found.lookalikes.len()), (0, 1));
    }
}

#[tokio::test]
async fn a_page_whose_mark_was_taken_out_is_known_by_its_property() {
    for confluence in editions() {
        let (api, marker) = (api(&confluence), marker());
        let id = create(&api, marker, &rendering(marker, "Mine")).await.unwrap().remote.id;
        confluence.edit(&id.0, |page| page.body = "<p>All new.</p>".to_owned());
        let Fetched::Present(seen) = api.fetch(&id).await.unwrap() else { panic!() };
        assert_eq!((seen.markers, seen.stamp), (vec![marker], None));
        confluence.edit(&id.0, |page| page.title = "Renamed".to_owned());
        let found = api.find(&[wanted(marker, "Mine")], true).await.unwrap().remove(0);
        assert_eq!(found.ours.len(), 1);
    }
}

#[tokio::test]
async fn a_copy_that_carries_the_mark_is_found_too() {
    let confluence = Confluence::start(Edition::Cloud);
    let (api, marker) = (api(&confluence), marker());
    let id = create(&api, marker, &rendering(marker, "Mine")).await.unwrap().remote.id;
    let body = confluence.current()[0].body.clone();
    let copy = confluence.add("Copy of Mine", &body);
    confluence.change(&copy, |page| page.ours = true);
    let found = api.find(&[wanted(marker, "Mine")], true).await.unwrap().remove(0);
    let ids: Vec<&str> = found.ours.iter().map(|remote| remote.id.0.as_str()).collect();
    assert_eq!(ids, [id.0.as_str(), copy.as_str()]);
}

#[tokio::test]
async fn pages_are_located_by_any_of_their_addresses() {
    for confluence in editions() {
        let (api, site) = (api(&confluence), confluence.url());
        let id = confluence.add("A title", "<p>x</p>");
        let mut addresses = vec![
            format!("{site}/spaces/{SPACE}/pages/{id}/A+title"),
            format!("{site}/pages/viewpage.action?pageId={id}"),
        ];
        addresses.push(format!("{site}/display/{SPACE}/A+title"));
        for address in addresses {
            assert_eq!(api.locate(&address).await.unwrap(), Some(RemoteId(id.clone())), "{address}");
        }
        for nowhere in
            ["https://elsewhere.example/pages/1".to_owned(), format!("{site}/spaces/{SPACE}/overview")]
        {
            assert_eq!(api.locate(&nowhere).await.unwrap(), None, "{nowhere}");
        }
    }
}

#[tokio::test]
async fn gone_is_only_said_of_what_is_gone() {
    for confluence in editions() {
        let (api, marker) = (api(&confluence), marker());
        let id = create(&api, marker, &rendering(marker, "Mine")).await.unwrap().remote.id;
        api.unpublish(&id).await.unwrap();
        let Fetched::Present(seen) = api.fetch(&id).await.unwrap() else { panic!() };
        assert!(seen.trashed);
        assert_eq!(api.fetch(&RemoteId("999".to_owned())).await.unwrap(), Fetched::Gone);
        assert!(api.fetch(&RemoteId("1/../2".to_owned())).await.is_err());
    }
}
