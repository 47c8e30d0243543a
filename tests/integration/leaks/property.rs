//! Whatever is written around it, an internal passage stays inside.

use std::time::{Duration, Instant};

use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};

use super::compose::{Public, SECRET, compose};

/// How many seconds to look for a leak; without it, a fixed number of notes.
const SECONDS: &str = "CROSSPOST_FUZZ_SECONDS";
const NOTES: u32 = 2000;

fn look(runner: &mut TestRunner, public: &Public) {
    let outcome = runner.run(&vec(any::<u8>(), 0..80), |bytes| {
        let note = compose(&bytes);
        match public.leak(&note) {
            Some(leak) => Err(TestCaseError::fail(format!("{leak}\n--- in the note\n{note}"))),
            None => Ok(()),
        }
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

#[test]
fn no_composition_of_markdown_gets_a_passage_out() {
    let public = Public::new();
    let seconds = std::env::var(SECONDS).ok().and_then(|seconds| seconds.parse().ok());
    let config = Config { cases: NOTES, failure_persistence: None, ..Config::default() };
    let (start, mut notes) = (Instant::now(), 0);
    while notes == 0 || seconds.is_some_and(|seconds| start.elapsed() < Duration::from_secs(seconds)) {
        look(&mut TestRunner::new(config.clone()), &public);
        notes += NOTES;
    }
    println!("{notes} notes in {} s", start.elapsed().as_secs());
}

/// What the search has found once.
#[test]
fn a_link_in_a_broken_tag_leaves_nothing_behind() {
    let public = Public::new();
    for before in ["<div>\n# ", "", "text "] {
        let note = format!(
            "---\ntitle: T\n---\n{before}<span id=<a href='//zqhost.example/zqlinkzq' title=zqlinkzq>\n"
        );
        assert_eq!(public.leak(&note), None, "{note}");
    }
}

/// Guards against a search that can find nothing.
#[test]
fn a_passage_that_is_not_cut_is_found() {
    let public = Public::new();
    assert!(public.leak(&format!("---\ntitle: T\n---\nShown.\n\n:::internal\n{SECRET}\n:::\n")).is_none());
    for note in ["x[^1]\n\n[^1]: zqlinkzq\n", "[x](https://a.example/zqlinkzq)\n", "`zq**link**zq`\n"] {
        let note = format!("---\ntitle: T\n---\n{note}");
        assert!(public.leak(&note).is_some(), "{note}");
    }
    let kept = (0..200u8).filter(|seed| {
        let bytes: Vec<u8> = (0..40u8).map(|n| n.wrapping_mul(37).wrapping_add(*seed)).collect();
        compose(&bytes).contains(SECRET)
    });
    assert!(kept.count() > 20, "most notes hold the secret");
}
