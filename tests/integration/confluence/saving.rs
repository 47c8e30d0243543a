//! Creates, updates and removals.

use crosspost::targets::{Fetched, Reader};

use super::*;
use crate::fakes::confluence::{Fault, Kind};

#[tokio::test]
async fn a_page_is_created_read_and_updated() {
    for confluence in editions() {
        let (api, marker) = (api(&confluence), marker());
        let page = Rendering {
            tags: Some(vec!["a".to_owned(), "b".to_owned()]),
            ..rendering(marker, "It’s mine")
        };
        let created = create(&api, marker, &page).await.unwrap();
        assert_eq!(codes(&created), [""; 0]);
        assert_eq!(created.remote.markers, [marker]);
        assert_eq!(
            (created.remote.parts["title"].as_str(), created.remote.parts["tags"].as_str()),
            ("It’s mine", "a, b")
        );
        let stamp = created.remote.stamp.clone().unwrap();
        assert!(stamp.pristine && stamp.is_of(&page.digest()), "though the site rewrote it: {stamp:?}");
        let Fetched::Present(seen) = api.fetch(&created.remote.id).await.unwrap() else { panic!() };
        assert_eq!(*seen, created.remote);

        let page = Rendering {
            tags: Some(vec!["b".to_owned(), "c".to_owned()]),
            title: "Mine".to_owned(),
            ..changed(&page, "New")
        };
        let updated = update(&api, &created.remote.id, marker, &page).await.unwrap();
        assert_eq!((codes(&updated), &updated.remote.id), (vec![], &created.remote.id));
        let stored = &confluence.current()[0];
        assert_eq!((stored.title.as_str(), stored.version, stored.minor), ("Mine", 2, true));
        assert_eq!(stored.labels.iter().collect::<Vec<_>>(), ["b", "c"]);
        assert_eq!(stored.properties.len(), 1);
        assert_eq!(stored.properties[0].2["marker"], marker.to_string());
        assert_eq!(stored.properties[0].2["rendering"], page.digest().short());
    }
}

#[tokio::test]
async fn those_who_watch_are_told_only_if_they_should_be() {
    for confluence in editions() {
        let loud = api_of(&Config { notify: true, ..config(&confluence) }, TOKEN);
        let marker = marker();
        let page = rendering(marker, "Mine");
        let id = create(&loud, marker, &page).await.unwrap().remote.id;
        update(&loud, &id, marker, &changed(&page, "New")).await.unwrap();
        assert!(!confluence.current()[0].minor);
    }
}

#[tokio::test]
async fn pages_go_below_the_parent_and_stay_where_people_put_them() {
    for confluence in editions() {
        let (weeknotes, archive) = (confluence.add("Weeknotes", "<p/>"), confluence.add("Archive", "<p/>"));
        for parent in ["Weeknotes", weeknotes.as_str()] {
            let below = Config { parent: Some(parent.to_owned()), ..config(&confluence) };
            let (api, marker) = (api_of(&below, TOKEN), marker());
            let page = rendering(marker, &format!("Below {parent}"));
            let id = create(&api, marker, &page).await.unwrap().remote.id;
            let there = || confluence.current().into_iter().find(|page| page.id == id.0).unwrap().parent;
            assert_eq!(there().as_deref(), Some(weeknotes.as_str()));
            confluence.change(&id.0, |page| page.parent = Some(archive.clone()));
            update(&api, &id, marker, &changed(&page, "New")).await.unwrap();
            assert_eq!(there().as_deref(), Some(archive.as_str()));
        }
    }
}

#[tokio::test]
async fn an_edit_since_the_look_is_a_conflict_and_stays() {
    for confluence in editions() {
        let (api, marker) = (api(&confluence), marker());
        let page = rendering(marker, "Mine");
        let id = create(&api, marker, &page).await.unwrap().remote.id;
        api.fetch(&id).await.unwrap();
        confluence.edit(&id.0, |page| page.body = page.body.replace("The text.", "Their text."));
        let error = not_done(update(&api, &id, marker, &changed(&page, "My text.")).await);
        assert_eq!(error.name(), Some("drift"), "{error}");
        assert!(confluence.current()[0].body.contains("Their text."));
    }
}

#[tokio::test]
async fn a_new_title_that_others_have_is_refused_whole() {
    for confluence in editions() {
        let (api, marker) = (api(&confluence), marker());
        let page = rendering(marker, "Mine");
        let id = create(&api, marker, &page).await.unwrap().remote.id;
        confluence.add("Theirs", "<p>x</p>");
        let new = Rendering { title: "Theirs".to_owned(), ..changed(&page, "New") };
        let error = not_done(update(&api, &id, marker, &new).await);
        assert_eq!(error.name(), Some("title-taken"), "{error}");
        assert!(confluence.current()[0].body.contains("The text."));
    }
}

#[tokio::test]
async fn an_answer_that_proves_nothing_leaves_it_open() {
    for confluence in editions() {
        let (api, marker) = (api(&confluence), marker());
        let faults = [
            Fault::Drop { done: true },
            Fault::Drop { done: false },
            Fault::Status { status: 502, done: true },
            Fault::Status { status: 500, done: false },
            Fault::Page,
        ];
        for (n, fault) in faults.into_iter().enumerate() {
            confluence.fail(Kind::Create, fault);
            let outcome = create(&api, marker, &rendering(marker, &format!("Page {n}"))).await;
            assert!(matches!(outcome, Err(WriteError::Unknown(_))), "{fault:?}: {outcome:?}");
        }
        let posts =
            confluence.requests().into_iter().filter(|r| r.starts_with("POST") && !r.contains("propert"));
        assert_eq!(posts.count(), faults.len(), "none is sent again");
    }
}

#[tokio::test]
async fn labels_and_property_that_fail_are_told_and_the_page_is_there() {
    for confluence in editions() {
        let (api, marker) = (api(&confluence), marker());
        confluence.fail(Kind::Labels, Fault::Status { status: 500, done: false });
        confluence.fail(Kind::Property, Fault::Status { status: 500, done: false });
        let page = Rendering { tags: Some(vec!["a".to_owned()]), ..rendering(marker, "Mine") };
        let written = create(&api, marker, &page).await.unwrap();
        assert_eq!(codes(&written), ["labels-kept", "property-missing"]);
        assert_eq!(written.remote.parts["tags"], "");
        update(&api, &written.remote.id, marker, &page).await.unwrap();
        let stored = &confluence.current()[0];
        assert_eq!((stored.labels.len(), stored.properties.len()), (1, 1));
    }
}

#[tokio::test]
async fn a_page_comes_out_of_the_trash_with_the_new_text() {
    for confluence in editions() {
        let (api, marker) = (api(&confluence), marker());
        let page = rendering(marker, "Mine");
        let id = create(&api, marker, &page).await.unwrap().remote.id;
        api.unpublish(&id).await.unwrap();
        assert!(confluence.current().is_empty());
        api.unpublish(&id).await.unwrap();
        let written = update(&api, &id, marker, &changed(&page, "Back")).await.unwrap();
        assert!(!written.remote.trashed);
        assert!(confluence.current()[0].body.contains("Back"));
    }
}

#[tokio::test]
async fn a_page_with_others_below_it_is_not_taken_down() {
    for confluence in editions() {
        let (api, marker) = (api(&confluence), marker());
        let id = create(&api, marker, &rendering(marker, "Mine")).await.unwrap().remote.id;
        let below = confluence.add("Below", "<p>x</p>");
        confluence.change(&below, |page| page.parent = Some(id.0.clone()));
        let error = not_done(api.unpublish(&id).await);
        assert_eq!(error.name(), Some("has-children"), "{error}");
        assert_eq!(confluence.current().len(), 2);
    }
}

#[tokio::test]
async fn what_a_note_costs() {
    let confluence = Confluence::start(Edition::Cloud);
    let (api, marker) = (api(&confluence), marker());
    let page = rendering(marker, "Mine");
    api.find(&[wanted(marker, "Mine")], true).await.unwrap();
    // Who we are, the space, its home page; the title, the search.
    assert_eq!(confluence.requests().len(), 3 + 2, "{:?}", confluence.requests());
    let id = create(&api, marker, &page).await.unwrap().remote.id;
    // The page; its property, looked for and written; a look with the labels.
    assert_eq!(confluence.requests().len(), 5 + 1 + 2 + 2, "{:?}", confluence.requests());
    let again = super::api(&confluence);
    again.fetch(&id).await.unwrap();
    update(&again, &id, marker, &changed(&page, "New")).await.unwrap();
    // Who we are; a look with the labels; the page; its property; a look.
    assert_eq!(confluence.requests().len(), 10 + 1 + 2 + 1 + 2 + 2, "{:?}", confluence.requests());
}
