//! What is made of every way to fail, and how often the story is sent then: never twice.

use std::time::Duration;

use crosspost::targets::{WriteError, medium::MediumTarget};
use secrecy::SecretString;

use super::{NOTHING, common, create, meta, post, refused, rendering, settings, target};
use crate::fakes::medium::{Fault, Medium};

/// Answers after which nobody can know whether there is a story.
fn uncertain() -> Vec<Fault> {
    let mut faults = vec![Fault::Page, Fault::Empty, Fault::NoId, Fault::Half];
    for created in [true, false] {
        faults.push(Fault::Hang { created });
        faults.push(Fault::Drop { created });
        for status in [408, 500, 502, 503, 504, 520] {
            for retry_after in [true, false] {
                faults.push(Fault::Status { status, created, retry_after });
            }
        }
    }
    faults
}

#[tokio::test]
async fn a_lost_answer_is_uncertain_and_nothing_is_sent_again() {
    for fault in uncertain() {
        let medium = Medium::start();
        medium.fail(fault.clone());
        let target = MediumTarget { common: common(Duration::from_millis(400)), settings: settings(&medium) };
        let outcome = create(&super::open(&target), &rendering(&target, &meta()), NOTHING).await;
        assert!(matches!(outcome, Err(WriteError::Unknown(_))), "{fault:?}: {outcome:?}");
        assert_eq!(medium.posts(), 1, "{fault:?}");
        assert_eq!(medium.stories().len(), usize::from(fault.creates()), "{fault:?}");
    }
}

#[tokio::test]
async fn a_refusal_made_no_story_and_says_what_to_do() {
    let refusals = [
        (401, 6000, "A token is required.", "does not accept the token of `medium`"),
        (401, 6001, "Token was invalid.", "CROSSPOST_MEDIUM_TOKEN"),
        (401, 6003, "Token was invalid.", "no new tokens since January 2025"),
        (403, 6002, "Insufficient scope.", "`publishPost`"),
        (404, 6004, "No such user.", "knows no user"),
        (404, 6005, "No such application.", "knows no application"),
        (403, 6027, "API access is disabled.", "https://medium.com/p/import"),
        (400, 2002, "Post has no content.", "needs some text"),
        (400, 2012, "Error parsing content.", "could not read the text"),
        (429, 1007, "User has reached the rate limit for publishing today.", "ten posts in 24 hours"),
        (429, -1, "User has reached the rate limit for publishing today.", "ten posts in 24 hours"),
        (400, 77, "Something new.", "Medium refused what `medium` sent"),
        (404, -1, "Not found.", "check `api` and `publication`"),
    ];
    for (status, code, message, expected) in refusals {
        let medium = Medium::start();
        medium.fail(Fault::Refuse { status, code, message });
        let shown = refused(post(&medium, &meta()).await);
        assert!(shown.contains(expected), "{code}: {shown}");
        assert!(shown.contains(&format!("{message} (code {code})")), "{shown}");
        assert_eq!((medium.posts(), medium.stories().len()), (1, 0), "{code}");
    }
}

#[tokio::test]
async fn a_gate_that_keeps_this_machine_out_is_told_from_a_wrong_token() {
    let medium = Medium::start();
    medium.fail(Fault::Forbidden);
    let shown = refused(post(&medium, &meta()).await);
    assert!(shown.contains("run this from another network"), "{shown}");
    assert!(shown.contains("Cloudflare") && !shown.contains("token"), "{shown}");
    assert_eq!((medium.posts(), medium.stories().len()), (1, 0));
}

#[tokio::test]
async fn a_gate_that_asks_to_slow_down_is_not_the_daily_limit() {
    let medium = Medium::start();
    medium.fail(Fault::Status { status: 429, created: false, retry_after: true });
    let shown = refused(post(&medium, &meta()).await);
    assert!(shown.contains("in some minutes") && !shown.contains("tomorrow"), "{shown}");
    assert_eq!(medium.posts(), 1);
}

#[tokio::test]
async fn the_eleventh_story_of_a_day_is_refused_at_once_and_taken_the_next_day() {
    let medium = Medium::start();
    for _ in 0..10 {
        post(&medium, &meta()).await.expect("a story");
    }
    let before = std::time::Instant::now();
    let shown = refused(post(&medium, &meta()).await);
    assert!(shown.contains("publish again tomorrow"), "{shown}");
    assert!(before.elapsed() < Duration::from_secs(5));
    assert_eq!((medium.posts(), medium.stories().len()), (11, 10));
    medium.pass_hours(25);
    post(&medium, &meta()).await.expect("a story of the next day");
}

#[tokio::test]
async fn a_wrong_token_is_found_out_before_anything_is_sent() {
    let medium = Medium::start();
    let target = target(&medium);
    let api = target.open(&SecretString::from("another-token")).expect("a connection");
    let shown = refused(create(&api, &rendering(&target, &meta()), NOTHING).await);
    assert!(shown.contains("does not accept the token"), "{shown}");
    assert!(!shown.contains("another-token"), "{shown}");
    assert_eq!(medium.posts(), 0);
}

#[tokio::test]
async fn a_token_that_cannot_be_one_is_refused_without_being_shown() {
    let medium = Medium::start();
    let error = target(&medium).open(&SecretString::from("a\nb")).err().expect("a refusal");
    assert!(error.to_string().contains("characters that no token has"));
    assert!(!error.to_string().contains("a\nb"));
}

#[tokio::test]
async fn a_server_that_is_not_there_got_nothing() {
    let medium = Medium::start();
    let mut target = target(&medium);
    // Port 9 (discard) of this machine: nobody listens.
    target.settings.api = "http://127.0.0.1:9/v1".parse().expect("an address");
    target.settings.publication = Some("b45573563f5a".to_owned());
    let shown = refused(create(&super::open(&target), &rendering(&target, &meta()), NOTHING).await);
    assert!(shown.contains("POST http://127.0.0.1:9/v1/publications/b45573563f5a/posts"), "{shown}");
}
