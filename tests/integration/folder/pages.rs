//! Pages: written, found, changed, moved and taken down.

use crosspost::{
    render::{KeepLinks, LinkFate, Links, Pictures},
    targets::RemoteId,
};

use super::bench::{Bench, page};

const NOTE: &str = "---\ntitle: A note\ndate: 2026-06-12\n---\nText.\n";

#[tokio::test]
async fn what_was_created_is_found_and_reads_back_as_it_was_sent() {
    let bench = Bench::new();
    let writer = bench.connect();
    let ready = bench.ready("notes/a.md", NOTE);
    let written = ready.create(&*writer).await.expect("a page");

    assert_eq!(bench.file("a.html"), ready.rendering.body);
    assert_eq!(ready.find(&*bench.connect()).await.ours, std::slice::from_ref(&written.remote));
    assert_eq!(page(&*bench.connect(), &written.remote.id).await, Some(ready.rendering.body));
    assert!(written.remote.permanent);
}

#[tokio::test]
async fn creating_twice_leaves_one_page_and_writes_nothing_the_second_time() {
    let bench = Bench::new();
    let ready = bench.ready("a.md", NOTE);
    ready.create(&*bench.connect()).await.expect("a page");
    let state =
        |name: &str| std::fs::metadata(bench.out().join(name)).expect("a file").modified().expect("a time");
    let names = ["a.html", "index.html", "feed.xml", "style.css"];
    let before = names.map(state);
    std::thread::sleep(std::time::Duration::from_millis(20));
    let again = bench.connect();
    ready.create(&*again).await.expect("the same page");
    again.finish().await.expect("a list");

    assert_eq!(names.map(state), before);
    assert_eq!(bench.files(), ["a.html", "feed.xml", "index.html", "style.css"]);
}

#[tokio::test]
async fn a_new_slug_moves_the_page() {
    let bench = Bench::new();
    let writer = bench.connect();
    let id = bench.ready("a.md", NOTE).create(&*writer).await.expect("a page").remote.id;
    let moved = bench.ready("a.md", "---\ntitle: A note\nslug: new-name\n---\nText.\n");
    let written = moved.update(&*writer, &id).await.expect("the page, moved");

    assert!(!bench.has("a.html"));
    assert_eq!(bench.file("new-name.html"), moved.rendering.body);
    assert_eq!(written.remote.id, id, "a page keeps its id");
    assert_eq!(written.remote.url.as_deref(), Some("crosspost-out/new-name.html"));
    assert!(bench.file("index.html").contains("href=\"new-name.html\""));
    assert!(!bench.file("index.html").contains("href=\"a.html\""));
}

#[tokio::test]
async fn a_page_that_somebody_renamed_is_found_by_its_marker() {
    let bench = Bench::new();
    let writer = bench.connect();
    let ready = bench.ready("a.md", NOTE);
    let id = ready.create(&*writer).await.expect("a page").remote.id;
    std::fs::rename(bench.out().join("a.html"), bench.out().join("b.html")).expect("renamed");

    let found = ready.find(&*writer).await;
    assert_eq!(found.ours[0].url.as_deref(), Some("crosspost-out/b.html"));
    assert!(page(&*writer, &id).await.is_some());
    // So does a run that died after it moved a page and before it wrote it.
    let moved = bench.ready("a.md", "---\ntitle: A note\nslug: b\n---\nOther text.\n");
    moved.update(&*bench.connect(), &id).await.expect("the page");
    assert_eq!(bench.file("b.html"), moved.rendering.body);
    assert!(!bench.has("a.html"));
}

#[tokio::test]
async fn a_page_that_was_deleted_is_gone_and_its_update_fails() {
    let bench = Bench::new();
    let writer = bench.connect();
    let ready = bench.ready("a.md", NOTE);
    let id = ready.create(&*writer).await.expect("a page").remote.id;
    std::fs::remove_file(bench.out().join("a.html")).expect("removed");

    assert_eq!(page(&*writer, &id).await, None);
    assert!(ready.find(&*writer).await.ours.is_empty());
    let error = ready.update(&*writer, &id).await.expect_err("nothing to update").into_error();
    assert_eq!(error.message(), "the page is no longer in `crosspost-out`");
}

#[tokio::test]
async fn a_page_that_is_taken_down_leaves_the_list_and_the_feed() {
    let bench = Bench::new();
    let writer = bench.connect();
    let id = bench.ready("a.md", NOTE).create(&*writer).await.expect("a page").remote.id;
    bench.ready("b.md", "---\ntitle: Other\n---\nText.\n").create(&*writer).await.expect("a page");
    writer.unpublish(&id).await.expect("taken down");
    writer.unpublish(&id).await.expect("nothing to do");
    writer.finish().await.expect("a list");

    assert!(!bench.has("a.html"));
    assert!(!bench.file("index.html").contains("A note"));
    assert!(!bench.file("feed.xml").contains("A note"));
    assert!(bench.file("index.html").contains("Other"));
}

#[tokio::test]
async fn the_last_page_leaves_an_empty_list() {
    let bench = Bench::new();
    let writer = bench.connect();
    let id = bench.ready("a.md", NOTE).create(&*writer).await.expect("a page").remote.id;
    writer.unpublish(&id).await.expect("taken down");
    writer.finish().await.expect("a list");
    assert!(bench.file("index.html").contains("Nothing is published yet."));
}

#[tokio::test]
async fn looking_makes_no_folder() {
    let bench = Bench::new();
    let writer = bench.connect();
    let ready = bench.ready("a.md", NOTE);
    assert!(ready.find(&*writer).await.ours.is_empty());
    assert_eq!(page(&*writer, &RemoteId(ready.marker.to_string())).await, None);
    writer.finish().await.expect("nothing to do");
    assert!(!bench.out().exists());
}

#[tokio::test]
async fn links_to_other_pages_are_relative() {
    struct Known;
    impl Links for Known {
        fn fate(&self, href: &str, line: u32, warnings: &mut Vec<crosspost::error::Warning>) -> LinkFate {
            match href {
                "b.md" => LinkFate::To("https://notes.example.gov.uk/x/b.html#part".to_owned()),
                other => KeepLinks.fate(other, line, warnings),
            }
        }
    }
    let bench = Bench::with("url = \"https://notes.example.gov.uk/x\"");
    let text = "---\ntitle: A\n---\n[other](b.md) [away](https://notes.example.gov.uk/y)\n";
    let ready = bench.ready_with("a.md", text, Pictures::default(), &Known);
    assert!(ready.rendering.body.contains("<a href=\"b.html#part\">other</a>"));
    assert!(ready.rendering.body.contains("<a href=\"https://notes.example.gov.uk/y\">away</a>"));
    let written = ready.create(&*bench.connect()).await.expect("a page");
    assert_eq!(written.remote.url.as_deref(), Some("https://notes.example.gov.uk/x/a.html"));
}

#[tokio::test]
async fn pictures_are_there_once_and_under_a_name_of_their_content() {
    let bench = Bench::new();
    let writer = bench.connect();
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");
    let text = "---\ntitle: A\n---\n![A chart](pictures/where-people-stop.png)\n";
    let first = bench.upload_all(&*writer, "a.md", text, examples).await;
    let second = bench.upload_all(&*writer, "b.md", text, examples).await;
    first.create(&*writer).await.expect("a page");
    let written = second.create(&*writer).await.expect("a page");
    assert_eq!(std::fs::read_dir(bench.out().join("pictures")).expect("pictures").count(), 1);
    assert_eq!(written.warnings, []);

    std::fs::remove_dir_all(bench.out().join("pictures")).expect("removed");
    let written = second.update(&*writer, &written.remote.id).await.expect("a page");
    assert_eq!(written.warnings[0].code, "picture-missing");
}

#[cfg(unix)]
#[tokio::test]
async fn a_web_server_may_read_what_is_written() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::new();
    bench.ready("a.md", NOTE).create(&*bench.connect()).await.expect("a page");
    bench.put_file("by-hand.txt", "what an ordinary file may");
    let mode = |name: &str| bench.out().join(name).metadata().expect("a file").permissions().mode();
    assert_eq!(mode("a.html"), mode("by-hand.txt"));
}

#[tokio::test]
async fn a_page_that_crosspost_did_not_write_can_be_taken_over_by_its_name() {
    let bench = Bench::new();
    bench.put_file("old-page.html", "<p>By hand.</p>");
    let writer = bench.connect();
    let id = RemoteId("old-page.html".to_owned());
    assert_eq!(page(&*writer, &id).await.as_deref(), Some("<p>By hand.</p>"));
    let ready = bench.ready("a.md", NOTE);
    let written = ready.update(&*writer, &id).await.expect("a page");
    assert_eq!(written.remote.id, RemoteId(ready.marker.to_string()));
    assert!(bench.has("a.html") && !bench.has("old-page.html"));
    for outside in ["../crosspost.toml", "/etc/passwd", "..", ".html", "x.html/../../y.html"] {
        assert_eq!(page(&*writer, &RemoteId(outside.to_owned())).await, None, "{outside}");
    }
}
