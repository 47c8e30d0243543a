//! What goes wrong between the program and SharePoint.

use super::{assert_step, bench, publish_in_the_end};
use crate::fakes::sharepoint::Fault;

#[test]
fn a_page_that_was_made_and_not_published_is_published_by_the_next_run() {
    for fault in [Fault::Lost, Fault::Failed, Fault::Refuse { status: 503, code: "serviceNotAvailable" }] {
        let (sharepoint, bench) = bench();
        sharepoint.fail("POST", "/publish", fault.clone());
        bench.note("one", "", "Text");
        let (code, report) = bench.publish(&[]);
        // Where the publication was done and only its answer lost, a look tells.
        let done = !matches!(fault, Fault::Refuse { .. });
        assert_eq!(code == 0, done, "{fault:?}: {report:#}");
        assert_eq!(sharepoint.pages()[0].level == "published", done, "{fault:?}");
        let (code, report) = publish_in_the_end(&bench);
        assert_eq!(code, 0, "{fault:?}: {report:#}");
        assert_eq!((sharepoint.pages().len(), sharepoint.pages()[0].level), (1, "published"), "{fault:?}");
    }
}

#[test]
fn a_page_that_may_not_be_published_says_why_and_is_published_when_it_may() {
    let (sharepoint, bench) = bench();
    sharepoint.fail("POST", "/publish", Fault::Refuse { status: 403, code: "accessDenied" });
    bench.note("one", "", "Text");
    let run = bench.run(&["publish"]);
    assert_eq!(run.code, Some(1), "{}", run.transcript());
    assert!(run.transcript().contains("did not publish the page"), "{}", run.transcript());
    let (code, report) = bench.publish(&[]);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!((sharepoint.pages().len(), sharepoint.pages()[0].level), (1, "published"));
}

#[test]
fn an_update_that_was_not_published_is_published_by_the_next_run() {
    let (sharepoint, bench) = bench();
    bench.note("one", "", "Before");
    bench.publish(&[]);
    bench.note("one", "", "Afterwards");
    sharepoint.fail("POST", "/publish", Fault::Refuse { status: 503, code: "serviceNotAvailable" });
    bench.publish(&[]);
    assert_eq!(sharepoint.pages()[0].level, "draft");
    let (code, report) = publish_in_the_end(&bench);
    assert_eq!(code, 0, "{report:#}");
    let page = &sharepoint.pages()[0];
    assert!(page.level == "published" && page.text().contains("Afterwards"), "{page:?}");
}

#[test]
fn a_page_that_somebody_has_checked_out_is_left_alone_and_says_who() {
    let (sharepoint, bench) = bench();
    bench.note("one", "", "Before");
    bench.publish(&[]);
    sharepoint.set(|state| state.pages[0].holder = Some("Dora Example".to_owned()));
    bench.note("one", "", "Afterwards");
    let run = bench.run(&["publish", "--on-drift", "overwrite"]);
    assert_eq!(run.code, Some(3), "{}", run.transcript());
    let told = run.transcript();
    assert!(told.contains("the page is checked out by Dora Example"), "{told}");
    assert!(told.contains("ask Dora Example to publish the page"), "{told}");
    assert!(bench.one_post("one").contains("Before"));
    sharepoint.set(|state| state.pages[0].holder = None);
    let (code, report) = publish_in_the_end(&bench);
    assert_eq!(code, 0, "{report:#}");
    assert!(bench.one_post("one").contains("Afterwards"));
}

#[test]
fn a_busy_server_is_asked_again_and_makes_one_page() {
    let (sharepoint, bench) = bench();
    for (method, end) in [("POST", "/pages"), ("POST", "/publish"), ("POST", "/token"), ("GET", "/pages")] {
        sharepoint.fail(method, end, Fault::Busy);
    }
    bench.note("one", "", "Text");
    let (code, report) = bench.publish(&[]);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!((sharepoint.pages().len(), sharepoint.count("POST", "/pages")), (1, 2));
}

#[test]
fn a_create_that_failed_on_the_server_is_never_sent_twice() {
    let (sharepoint, bench) = bench();
    sharepoint.fail("POST", "/pages", Fault::Failed);
    bench.note("one", "", "Text");
    bench.publish(&[]);
    assert_eq!(sharepoint.count("POST", "/pages"), 1);
    let (code, report) = publish_in_the_end(&bench);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!((sharepoint.pages().len(), sharepoint.count("POST", "/pages")), (1, 1));
    assert_eq!(sharepoint.pages()[0].level, "published");
}

#[test]
fn a_name_that_is_taken_is_never_taken_twice() {
    let (sharepoint, bench) = bench();
    sharepoint.fail("POST", "/pages", Fault::Refuse { status: 409, code: "nameAlreadyExists" });
    bench.note("one", "", "Text");
    let run = bench.run(&["publish"]);
    assert!(run.transcript().contains("already has a page of this note's name"), "{}", run.transcript());
    assert_eq!(sharepoint.count("POST", "/pages"), 1);
}

#[test]
fn pages_are_found_without_filters_and_in_many_parts() {
    let (sharepoint, bench) = bench();
    for name in ["one", "two", "three", "four", "five"] {
        bench.note(name, "", "Text of");
    }
    bench.publish(&[]);
    sharepoint.set(|state| {
        state.filters = false;
        state.part = 2;
    });
    for notes in [&["notes/one.md"][..], &[]] {
        std::fs::remove_dir_all(bench.project.root().join(".crosspost")).expect("the ledger");
        let (code, report) = bench.publish(notes);
        assert_eq!(code, 0, "{report:#}");
        assert_step(&report, "adopt done");
    }
    assert_eq!(sharepoint.pages().len(), 5);
}
