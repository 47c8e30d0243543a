//! Answers that are lost, cut or replaced, before and after the work was done.

use crosspost::targets::Reader;

use super::{access::has, *};
use crate::harness::proxy::{Fault, Proxy, Reply, Rule};

/// Creates a page through a proxy that fails so, once, and tells how many pages there are.
async fn create_with(fault: Fault) -> (Result<Written, WriteError>, usize) {
    let wiki = Wiki::shared();
    let proxy = Proxy::in_front_of(&wiki.url);
    proxy.fail(Rule::when(fault, |seen| has(seen, "action=edit")).times(1));
    let (api, marker, title) = (api_at(&proxy.url, &wiki), marker(), title());
    let outcome = create(&api, marker, &rendering(marker, &title)).await;
    let pages = wiki.pages_with(&marker.token()).len();
    let found = api.find(&[wanted(marker, &title)], false).await.unwrap().remove(0);
    assert_eq!(found.ours.len(), pages, "what is there is found");
    let edits = proxy.requests().iter().filter(|seen| has(seen, "action=edit")).count();
    assert!(edits <= 2, "{edits} edits");
    (outcome, pages)
}

#[tokio::test]
async fn a_create_whose_answer_is_lost_is_unknown_and_is_not_repeated() {
    let json = |text: &str| Fault::AnswerAfter(Reply::text(200, "application/json", text));
    let faults = [
        Fault::DropAfter,
        Fault::CutAfter,
        Fault::HalfAfter,
        Fault::AnswerAfter(Reply::empty(500)),
        Fault::AnswerAfter(Reply::html(502)),
        Fault::AnswerAfter(Reply::empty(504)),
        Fault::AnswerAfter(Reply::html(200)),
        json("{}"),
        json("[]"),
        json(r#"{"edit":{"result":"Success"}}"#),
        json(r#"{"error":{"code":"internal_api_error_DBQueryError","info":"x"}}"#),
    ];
    for fault in faults {
        let (outcome, pages) = create_with(fault.clone()).await;
        assert!(matches!(outcome, Err(WriteError::Unknown(_))), "{fault:?}: {outcome:?}");
        assert_eq!(pages, 1, "{fault:?}");
    }
}

#[tokio::test]
async fn a_create_that_was_refused_was_not_done() {
    let refused = r#"{"edit":{"result":"Failure","spamblacklist":"x.example"}}"#;
    let faults = [
        Fault::AnswerBefore(Reply::html(403)),
        Fault::AnswerBefore(Reply::html(404)),
        Fault::AnswerBefore(Reply::empty(413)),
        Fault::AnswerBefore(Reply::redirect(301, "https://elsewhere.example/api.php")),
        Fault::AnswerBefore(Reply::text(200, "application/json", refused)),
    ];
    for fault in faults {
        let (outcome, pages) = create_with(fault.clone()).await;
        assert!(matches!(outcome, Err(WriteError::NotDone(_))), "{fault:?}: {outcome:?}");
        assert_eq!(pages, 0, "{fault:?}");
    }
}

#[tokio::test]
async fn a_page_that_was_written_and_cannot_be_looked_at_is_unknown() {
    let wiki = Wiki::shared();
    let proxy = Proxy::in_front_of(&wiki.url);
    proxy.fail(Rule::on("GET", "revids=", Fault::AnswerBefore(Reply::empty(500))));
    let (api, marker, title) = (api_at(&proxy.url, &wiki), marker(), title());
    let outcome = create(&api, marker, &rendering(marker, &title)).await;
    assert!(matches!(outcome, Err(WriteError::Unknown(_))), "{outcome:?}");
    assert_eq!(wiki.pages_with(&marker.token()).len(), 1);
}

#[tokio::test]
async fn a_run_that_ends_between_text_and_title_leaves_a_page_that_is_finished_later() {
    let wiki = Wiki::shared();
    let proxy = Proxy::in_front_of(&wiki.url);
    let (api, marker, title) = (api_at(&proxy.url, &wiki), marker(), title());
    let id = create(&api, marker, &rendering(marker, &title)).await.unwrap().remote.id;
    proxy.fail(Rule::when(Fault::DropBefore, |seen| has(seen, "action=move")));
    let new = changed(&rendering(marker, &format!("{title} renamed")), "New.");
    let outcome = update(&api, &id, marker, &new).await;
    assert!(matches!(outcome, Err(WriteError::Unknown(_))), "{outcome:?}");
    let found = api.find(&[wanted(marker, &new.title)], false).await.unwrap().remove(0).ours.remove(0);
    let stamp = found.stamp.unwrap();
    assert!(stamp.pristine, "nobody has touched it, so that it may be updated again");
    assert_eq!(found.parts["title"], title);
    proxy.heal();
    let written = update(&api, &id, marker, &new).await.unwrap();
    assert_eq!(written.remote.parts["title"], new.title);
}
