//! Answers that are lost, cut or replaced, before and after the work was done.

use crosspost::targets::Reader;

use super::*;
use crate::harness::{
    proxy::{Fault, Proxy, Reply, Rule},
    wordpress::Flavour,
};

const CREATE: &str = r"/wp/v2/posts(\?|$)";

/// Creates a post through a proxy that fails so, once, and tells how many posts there are.
async fn create_with(fault: Fault) -> (Result<Written, WriteError>, usize, Marker) {
    let site = Site::shared(Flavour::Wp71);
    let proxy = Proxy::in_front_of(&site.url);
    proxy.fail(Rule::on("POST", CREATE, fault).times(1));
    let api = api_at(&proxy.url, &site.user(Role::Author));
    let marker = marker();
    let outcome = create(&api, marker, &rendering(marker, "t"), &Known::new()).await;
    let posts = site.posts_with_marker(&marker.token()).len();
    assert!(proxy.writes().len() <= 2);
    let found = api.find(&[wanted(marker, "t")], false).await.unwrap().remove(0);
    assert_eq!(found.ours.len(), posts, "what is there is found");
    (outcome, posts, marker)
}

#[tokio::test]
async fn a_create_whose_answer_is_lost_is_unknown_and_is_not_repeated() {
    let faults = [
        Fault::DropAfter,
        Fault::CutAfter,
        Fault::HalfAfter,
        Fault::AnswerAfter(Reply::empty(500)),
        Fault::AnswerAfter(Reply::html(502)),
        Fault::AnswerAfter(Reply::empty(503)),
        Fault::AnswerAfter(Reply::empty(504)),
        Fault::AnswerAfter(Reply::html(200)),
        Fault::AnswerAfter(Reply::text(200, "application/json", "[]")),
        Fault::AnswerAfter(Reply::text(201, "application/json", "{}")),
    ];
    for fault in faults {
        let (outcome, posts, _) = create_with(fault.clone()).await;
        assert!(matches!(outcome, Err(WriteError::Unknown(_))), "{fault:?}: {outcome:?}");
        assert_eq!(posts, 1, "{fault:?}");
    }
}

#[tokio::test]
async fn a_create_that_was_refused_was_not_done() {
    let elsewhere = Reply::redirect(301, "http://127.0.0.1:9/wp-json/wp/v2/posts");
    let faults = [
        Fault::AnswerBefore(Reply::html(403)),
        Fault::AnswerBefore(Reply::html(404)),
        Fault::AnswerBefore(Reply::json_error(400)),
        Fault::AnswerBefore(Reply::empty(413)),
        Fault::AnswerBefore(elsewhere),
    ];
    for fault in faults {
        let (outcome, posts, _) = create_with(fault.clone()).await;
        assert!(matches!(outcome, Err(WriteError::NotDone(_))), "{fault:?}: {outcome:?}");
        assert_eq!(posts, 0, "{fault:?}");
    }
}

#[tokio::test]
async fn a_server_that_asks_to_wait_gets_the_post_later_and_once() {
    for status in [429, 503] {
        let busy = Reply::json_error(status).header("retry-after", "0");
        let (outcome, posts, _) = create_with(Fault::AnswerBefore(busy)).await;
        assert!(outcome.is_ok(), "{outcome:?}");
        assert_eq!(posts, 1);
    }
}

#[tokio::test]
async fn a_php_warning_in_front_of_the_answer_does_no_harm() {
    let (outcome, posts, marker) = create_with(Fault::WarningAfter).await;
    assert_eq!((outcome.unwrap().remote.markers, posts), (vec![marker], 1));
}

#[tokio::test]
async fn wordpress_itself_dying_after_the_work_is_unknown() {
    let site = Site::shared(Flavour::Wp61);
    for mode in ["after-fatal", "after-status 504", "after-cut"] {
        let proxy = Proxy::in_front_of(&site.url);
        site.fault(&proxy, &format!("1 POST /wp/v2/posts {mode}"));
        let api = api_at(&proxy.url, &site.user(Role::Author));
        let marker = marker();
        let outcome = create(&api, marker, &rendering(marker, "t"), &Known::new()).await;
        assert!(matches!(outcome, Err(WriteError::Unknown(_))), "{mode}: {outcome:?}");
        assert_eq!(api.find(&[wanted(marker, "t")], false).await.unwrap()[0].ours.len(), 1, "{mode}");
    }
}

#[tokio::test]
async fn a_plugin_that_removes_comments_is_told() {
    let site = Site::shared(Flavour::Wp71);
    let api = api(&site, Role::Author);
    let marker = marker();
    let post = Rendering { body: "no marker".to_owned(), ..rendering(marker, "t") };
    let written = create(&api, marker, &post, &Known::new()).await.unwrap();
    assert_eq!(codes(&written), ["marker-removed"]);
}

#[tokio::test]
async fn a_create_that_takes_too_long_is_unknown_and_is_found_later() {
    let site = Site::shared(Flavour::Wp71);
    let proxy = Proxy::in_front_of(&site.url);
    proxy.fail(Rule::on("POST", CREATE, Fault::SlowAfter(Duration::from_secs(4))));
    let user = site.user(Role::Author);
    let hasty = Common { timeout: Duration::from_secs(2), ..common() };
    let connection =
        Connection::new(&hasty, &config(&proxy.url, &user.name), &SecretString::from(user.password));
    let api = Api::new(connection.unwrap());
    let marker = marker();
    let error = create(&api, marker, &rendering(marker, "t"), &Known::new()).await.unwrap_err();
    let WriteError::Unknown(error) = error else { panic!("{error:?}") };
    assert!(error.to_string().contains("no answer within 2 s"), "{error}");
    assert_eq!(proxy.writes().len(), 1);
    assert_eq!(api.find(&[wanted(marker, "t")], false).await.unwrap()[0].ours.len(), 1);
}
