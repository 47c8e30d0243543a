//! Who we are there, what we may, and what is said when something is wrong with it.

use crosspost::targets::{Reader, diagnosis::Grade};

use super::*;
use crate::fakes::confluence::{HOME, Strangers};

#[tokio::test]
async fn wrong_credentials_are_told_and_never_read_as_not_found() {
    for confluence in editions() {
        let page = rendering(marker(), "There");
        let id = create(&api(&confluence), marker(), &page).await.unwrap().remote.id;
        for strangers in [Strangers::Refused, Strangers::Anonymous] {
            confluence.treat_strangers(strangers);
            let stranger = || api_of(&config(&confluence), "wrong");
            let errors = [
                stranger().fetch(&id).await.map(drop).unwrap_err(),
                stranger().find(&[wanted(marker(), "There")], true).await.map(drop).unwrap_err(),
                stranger().unpublish(&id).await.unwrap_err().into_error(),
                not_done(create(&stranger(), marker(), &rendering(marker(), "New")).await),
            ];
            for error in errors {
                assert_eq!(error.name(), Some("wrong-credentials"), "{strangers:?}: {error}");
                assert!(!error.to_string().contains(TOKEN), "{error}");
            }
        }
        assert_eq!(confluence.current().len(), 1);
    }
}

#[tokio::test]
async fn a_space_or_a_parent_that_is_not_there_is_told() {
    for confluence in editions() {
        let other = Config { space: "OTHER".to_owned(), ..config(&confluence) };
        let error = api_of(&other, TOKEN).find(&[wanted(marker(), "A")], true).await.map(drop).unwrap_err();
        assert_eq!(error.name(), Some("no-space"), "{error}");
        let nowhere = Config { parent: Some("Nowhere".to_owned()), ..config(&confluence) };
        let error = not_done(create(&api_of(&nowhere, TOKEN), marker(), &rendering(marker(), "A")).await);
        assert_eq!(error.name(), Some("no-parent"), "{error}");
    }
}

#[tokio::test]
async fn what_is_no_confluence_is_told_as_that() {
    let confluence = Confluence::start(Edition::Cloud);
    let elsewhere = format!("{}/elsewhere/", confluence.url().trim_end_matches("/wiki"));
    let config = Config { api: elsewhere.parse().unwrap(), ..config(&confluence) };
    let error = api_of(&config, TOKEN).fetch(&RemoteId("1".to_owned())).await.map(drop).unwrap_err();
    assert_eq!(error.name(), Some("no-api"), "{error}");
}

#[tokio::test]
async fn an_account_that_may_only_read_is_told_so() {
    for confluence in editions() {
        confluence.make_read_only();
        let error = not_done(create(&api(&confluence), marker(), &rendering(marker(), "A")).await);
        let expected = if confluence.url().ends_with("/wiki") { "not-found" } else { "not-allowed" };
        assert_eq!(error.name(), Some(expected), "{error}");
        assert!(error.hints().iter().any(|hint| hint.contains("token's owner")), "{error}");
    }
}

#[tokio::test]
async fn a_doctor_says_who_where_and_what_may_be_done() {
    for confluence in editions() {
        let found = api(&confluence).diagnose().await;
        assert!(found.iter().all(|one| one.grade == Grade::Good), "{found:?}");
        assert_eq!(found[0].text, "logged in as Publishing bot");
        assert!(found[1].text.contains(HOME), "{found:?}");
        let found = api_of(&config(&confluence), "wrong").diagnose().await;
        assert_eq!((found.len(), found[0].grade), (1, Grade::Bad), "{found:?}");
    }
    let cloud = Confluence::start(Edition::Cloud);
    cloud.make_read_only();
    let found = api(&cloud).diagnose().await;
    assert!(
        found.iter().any(|one| one.grade == Grade::Bad && one.text.contains("may not create")),
        "{found:?}"
    );
}
