//! APIs with a step of its own that makes a post public.

use reqwest::Method;
use serde_json::json;

use super::Bench;
use crate::fakes::api::Trick;

fn bench() -> Bench {
    Bench::with(|config| {
        config.replace("lock = \"/version\"\n", "lock = \"/version\"\npublished = \"/published\"\n")
            + "[targets.intranet.publish]\npath = \"/posts/{{ id }}/publish\"\n"
    })
}

#[test]
fn a_note_is_made_public_after_it_is_there_and_a_draft_is_not() {
    let bench = bench();
    bench.note("status: draft\n", "First.");
    bench.publish().expect(0);
    assert_eq!(bench.post()["published"], json!(false));
    bench.note("", "Second.");
    bench.publish().expect(0);
    assert_eq!(bench.post()["published"], json!(true));
}

#[test]
fn a_post_that_was_created_and_not_made_public_is_made_so_by_the_next_run() {
    let bench = bench();
    bench.note("", "First.");
    bench.api.play(Method::POST, "/publish", Trick::Fail);
    let run = bench.publish();
    assert_eq!(run.code, Some(1), "{}", run.transcript());
    assert_eq!(bench.post()["published"], json!(false));
    // The interrupted run's step is free once its lease is over.
    std::thread::sleep(std::time::Duration::from_secs(8));
    bench.publish().expect(0);
    assert_eq!(bench.post()["published"], json!(true));
}
