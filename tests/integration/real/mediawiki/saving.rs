//! Creates, updates, renames and removals.

use crosspost::targets::{Fetched, Reader};

use super::*;
use crate::harness::proxy::Proxy;

#[tokio::test]
async fn a_page_is_created_read_and_updated() {
    let wiki = Wiki::shared();
    let (api, marker, title) = (api(&wiki), marker(), title());
    let page = rendering(marker, &title);
    let created = create(&api, marker, &page).await.unwrap();
    assert!(created.warnings.is_empty(), "{:?}", created.warnings);
    assert_eq!(created.remote.markers, [marker]);
    assert_eq!(created.remote.parts["title"], title);
    assert_eq!(created.remote.url, Some(format!("{}/index.php/{title}", wiki.url)));
    let stamp = created.remote.stamp.clone().unwrap();
    assert!(stamp.pristine && stamp.is_of(&page.digest()));

    let Fetched::Present(seen) = api.fetch(&created.remote.id).await.unwrap() else { panic!() };
    assert_eq!(*seen, created.remote);
    let page = changed(&page, "Another text, ''quoted''.");
    let updated = update(&api, &created.remote.id, marker, &page).await.unwrap();
    assert_eq!(updated.remote.id, created.remote.id);
    assert!(wiki.text(&title).unwrap().starts_with("Another text, ''quoted''."));
}

#[tokio::test]
async fn the_same_again_is_no_edit() {
    let wiki = Wiki::shared();
    let (api, marker, title) = (api(&wiki), marker(), title());
    let page = rendering(marker, &title);
    let created = create(&api, marker, &page).await.unwrap();
    let again = update(&api, &created.remote.id, marker, &page).await.unwrap();
    assert_eq!((again.remote, again.warnings.len()), (created.remote, 0));
    let history = wiki.ask(&[
        ("action", "query"),
        ("titles", &title),
        ("prop", "revisions"),
        ("rvlimit", "10"),
        ("rvprop", "ids"),
    ]);
    assert_eq!(history["query"]["pages"][0]["revisions"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_run_logs_in_once_and_writes_once() {
    let wiki = Wiki::shared();
    let proxy = Proxy::in_front_of(&wiki.url);
    let (api, marker, title) = (api_at(&proxy.url, &wiki), marker(), title());
    assert!(api.find(&[wanted(marker, &title)], true).await.unwrap()[0].ours.is_empty());
    let page = rendering(marker, &title);
    let id = create(&api, marker, &page).await.unwrap().remote.id;
    // A token and the log-in; the link and the title; a token, the page, and a look at it.
    assert_eq!(proxy.requests().len(), 2 + 2 + 3);
    proxy.forget();
    api.fetch(&id).await.unwrap();
    update(&api, &id, marker, &changed(&page, "More.")).await.unwrap();
    assert_eq!(proxy.requests().len(), 3, "a look, the page, and a look at it");
}

#[tokio::test]
async fn a_title_that_is_taken_is_left_alone() {
    let wiki = Wiki::shared();
    let (api, marker, title) = (api(&wiki), marker(), title());
    wiki.write(&title, "Somebody's.");
    let error = not_done(create(&api, marker, &rendering(marker, &title)).await);
    assert_eq!(error.name(), Some("title-taken"), "{error}");
    assert_eq!(wiki.text(&title).unwrap(), "Somebody's.");
    let found = api.find(&[wanted(marker, &title)], true).await.unwrap().remove(0);
    assert_eq!((found.ours.len(), found.lookalikes.len()), (0, 1));
    assert!(api.find(&[wanted(marker, &title)], false).await.unwrap()[0].lookalikes.is_empty());
}

/// As after a run that died while its request was still on its way.
#[tokio::test]
async fn a_page_that_an_earlier_attempt_made_after_all_is_not_taken_for_somebody_elses() {
    let wiki = Wiki::shared();
    let (api, marker, title) = (api(&wiki), marker(), title());
    let page = rendering(marker, &title);
    create(&api, marker, &page).await.unwrap();
    let again = create(&api, marker, &page).await;
    assert!(matches!(&again, Err(WriteError::Unknown(_))), "it is looked for at once: {again:?}");
}

#[tokio::test]
async fn an_edit_since_the_look_is_a_conflict() {
    let wiki = Wiki::shared();
    let (api, marker, title) = (api(&wiki), marker(), title());
    let page = rendering(marker, &title);
    let id = create(&api, marker, &page).await.unwrap().remote.id;
    api.fetch(&id).await.unwrap();
    let theirs = wiki.text(&title).unwrap().replace("The text.", "Their text.");
    wiki.write(&title, &theirs);
    let error = not_done(update(&api, &id, marker, &changed(&page, "My text.")).await);
    assert_eq!(error.name(), Some("drift"), "{error}");
    assert_eq!(wiki.text(&title).unwrap(), theirs);
}

#[tokio::test]
async fn an_edit_that_the_wiki_merged_is_told_and_shows_as_one() {
    let wiki = Wiki::shared();
    let (api, marker, title) = (api(&wiki), marker(), title());
    let page = changed(&rendering(marker, &title), "First.\n\n\n\nBetween.\n\n\n\nLast.");
    let id = create(&api, marker, &page).await.unwrap().remote.id;
    api.fetch(&id).await.unwrap();
    wiki.write(&title, &wiki.text(&title).unwrap().replace("First.", "Theirs."));
    let mine = Rendering { body: page.body.replace("Last.", "Mine."), ..page };
    let written = update(&api, &id, marker, &mine).await.unwrap();
    assert_eq!(codes(&written), ["edited-meanwhile"]);
    let stored = wiki.text(&title).unwrap();
    assert!(stored.contains("Theirs.") && stored.contains("Mine."), "{stored}");
    let Fetched::Present(seen) = api.fetch(&id).await.unwrap() else { panic!() };
    assert_ne!(seen.parts["content"], written.remote.parts["content"], "the next update sees a drift");
}

#[tokio::test]
async fn another_title_renames_the_page() {
    let wiki = Wiki::shared();
    let (api, marker, title) = (api(&wiki), marker(), title());
    let id = create(&api, marker, &rendering(marker, &title)).await.unwrap().remote.id;
    let new = changed(&rendering(marker, &format!("{title} renamed")), "New.");
    let written = update(&api, &id, marker, &new).await.unwrap();
    assert_eq!((&written.remote.id, written.remote.parts["title"].as_str()), (&id, new.title.as_str()));
    assert!(written.warnings.is_empty(), "{:?}", written.warnings);
    assert!(wiki.text(&title).unwrap().starts_with("#REDIRECT"));
    let found = api.find(&[wanted(marker, &new.title)], true).await.unwrap().remove(0);
    assert_eq!(found.ours.len(), 1, "the redirect is not taken for the page");
}

#[tokio::test]
async fn a_page_that_cannot_be_renamed_keeps_its_title_and_that_is_told() {
    let wiki = Wiki::shared();
    let (api, marker, title) = (api(&wiki), marker(), title());
    let id = create(&api, marker, &rendering(marker, &title)).await.unwrap().remote.id;
    let taken = format!("{title} taken");
    wiki.write(&taken, "Somebody's.");
    let written = update(&api, &id, marker, &changed(&rendering(marker, &taken), "New.")).await.unwrap();
    assert_eq!(codes(&written), ["title-kept"]);
    assert_eq!(written.remote.parts["title"], title);
    assert!(wiki.text(&title).unwrap().starts_with("New."));
    assert_eq!(wiki.text(&taken).unwrap(), "Somebody's.");
}

#[tokio::test]
async fn a_namespace_and_a_prefix_stand_before_the_title() {
    let wiki = Wiki::shared();
    let user = wiki.user(Account::Publisher);
    let config = Config {
        namespace: Some("News".to_owned()),
        prefix: "Notes/".to_owned(),
        ..config(&wiki.url, &user)
    };
    let api = api_of(&config, &wiki.password());
    let (marker, title) = (marker(), title());
    let written = create(&api, marker, &rendering(marker, &title)).await.unwrap();
    assert_eq!(written.remote.parts["title"], title);
    assert!(wiki.text(&format!("News:Notes/{title}")).is_some());
    assert_eq!(api.find(&[wanted(marker, &title)], false).await.unwrap()[0].ours.len(), 1);
}

#[tokio::test]
async fn a_page_is_deleted_by_who_may() {
    let wiki = Wiki::shared();
    let (api, marker, title) = (api(&wiki), marker(), title());
    let id = create(&api, marker, &rendering(marker, &title)).await.unwrap().remote.id;
    let error = not_done(api.unpublish(&id).await);
    assert_eq!(error.name(), Some("not-allowed"), "{error}");
    assert!(wiki.text(&title).is_some());
    let admin = api_of(&config(&wiki.url, &wiki.user(Account::Admin)), &wiki.password());
    admin.unpublish(&id).await.unwrap();
    assert!(wiki.text(&title).is_none());
    admin.unpublish(&id).await.unwrap();
    assert_eq!(api.fetch(&id).await.unwrap(), Fetched::Gone);
    not_done(update(&api, &id, marker, &rendering(marker, &title)).await);
}

#[tokio::test]
async fn the_history_says_what_the_configuration_wants() {
    let wiki = Wiki::shared();
    let user = wiki.user(Account::Publisher);
    let config =
        Config { minor: true, bot: true, summary: "From git".to_owned(), ..config(&wiki.url, &user) };
    let api = api_of(&config, &wiki.password());
    let (marker, title) = (marker(), title());
    let page = rendering(marker, &title);
    let id = create(&api, marker, &page).await.unwrap().remote.id;
    update(&api, &id, marker, &changed(&page, "More.")).await.unwrap();
    let changes = wiki.ask(&[
        ("action", "query"),
        ("list", "recentchanges"),
        ("rctitle", &title),
        ("rcprop", "flags|comment"),
    ]);
    let newest = &changes["query"]["recentchanges"][0];
    assert_eq!((&newest["minor"], &newest["bot"]), (&true.into(), &true.into()));
    assert_eq!(newest["comment"], "From git");
}
