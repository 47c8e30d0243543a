//! What is somebody else's stays as it is; what breaks, breaks without a trace.

use crosspost::{error::Kind, targets::WriteError};

use super::bench::{Bench, page};

const NOTE: &str = "---\ntitle: A note\n---\nText.\n";
const CHANGED: &str = "---\ntitle: A note\n---\nOther text.\n";

#[tokio::test]
async fn a_file_that_crosspost_did_not_write_is_never_overwritten() {
    let bench = Bench::new();
    bench.put_file("a.html", "<p>Mine.</p>");
    let ready = bench.ready("a.md", NOTE);
    let found = ready.find(&*bench.connect()).await;
    assert_eq!(found.lookalikes[0].url.as_deref(), Some("crosspost-out/a.html"));
    let error = match ready.create(&*bench.connect()).await {
        Err(WriteError::NotDone(error)) => error,
        other => panic!("{other:?}"),
    };
    assert_eq!(error.kind(), Kind::Decision);
    assert_eq!(error.message(), "`crosspost-out/a.html` is there already, and crosspost did not write it");
    assert_eq!(bench.file("a.html"), "<p>Mine.</p>");
}

#[tokio::test]
async fn two_notes_cannot_have_one_page() {
    let bench = Bench::new();
    let writer = bench.connect();
    let first = bench.ready("one/a.md", NOTE);
    first.create(&*writer).await.expect("a page");
    let second = bench.ready("two/a.md", CHANGED);
    let error = second.create(&*writer).await.expect_err("taken").into_error();
    assert_eq!((error.kind(), error.name()), (Kind::Invalid, Some("slug-taken")));
    assert_eq!(bench.file("a.html"), first.rendering.body);

    let third = bench.ready("c.md", CHANGED).create(&*writer).await.expect("a page").remote.id;
    let moved = bench.ready("c.md", "---\ntitle: A note\nslug: a\n---\nText.\n");
    moved.update(&*writer, &third).await.expect_err("taken");
    assert_eq!(bench.file("a.html"), first.rendering.body);
    assert!(bench.has("c.html"));
}

#[tokio::test]
async fn an_edit_is_seen_as_drift_and_not_lost_to_a_second_create() {
    let bench = Bench::new();
    let ready = bench.ready("a.md", NOTE);
    let written = ready.create(&*bench.connect()).await.expect("a page");
    let edited = ready.rendering.body.replace("Text.", "Text, corrected.");
    bench.put_file("a.html", &edited);

    let writer = bench.connect();
    let found = ready.find(&*writer).await;
    assert_ne!(found.ours[0].echo(), written.remote.echo());
    assert_eq!(page(&*writer, &written.remote.id).await, Some(edited.clone()));
    let error = bench.ready("a.md", CHANGED).create(&*writer).await.expect_err("edited").into_error();
    assert_eq!(error.kind(), Kind::Decision);
    assert_eq!(bench.file("a.html"), edited);
}

#[tokio::test]
async fn an_untouched_page_of_a_run_that_died_is_brought_up_to_date_by_a_create() {
    let bench = Bench::new();
    bench.ready("a.md", NOTE).create(&*bench.connect()).await.expect("a page");
    let changed = bench.ready("a.md", CHANGED);
    changed.create(&*bench.connect()).await.expect("a page");
    assert_eq!(bench.file("a.html"), changed.rendering.body);
}

#[tokio::test]
async fn a_style_sheet_and_a_list_that_somebody_changed_are_left_alone() {
    let bench = Bench::new();
    bench.ready("a.md", NOTE).create(&*bench.connect()).await.expect("a page");
    let style = bench.file("style.css").replace("--link: #0a5a8c", "--link: hotpink");
    let list = bench.file("index.html").replace("<h1>Notes</h1>", "<h1>Our notes</h1>");
    bench.put_file("style.css", &style);
    bench.put_file("index.html", &list);

    let writer = bench.connect();
    let written = bench.ready("b.md", NOTE).create(&*writer).await.expect("a page");
    assert_eq!(written.warnings[0].code, "list-kept");
    writer.finish().await.expect("it was told");
    assert_eq!((bench.file("style.css"), bench.file("index.html")), (style, list));
    let error = bench.connect().finish().await.expect_err("nobody was told in this run");
    assert_eq!(error.message(), "`crosspost-out/index.html` was changed by hand and is left alone");
}

#[tokio::test]
async fn another_site_is_not_moved_into() {
    let bench = Bench::new();
    bench.put_file("index.html", "<h1>The council</h1>");
    let writer = bench.connect();
    let error = bench.ready("a.md", NOTE).create(&*writer).await.expect_err("refused").into_error();
    assert!(error.message().contains("holds a site that crosspost did not make"), "{error}");
    writer.finish().await.expect("nothing to do");
    assert_eq!(bench.files(), ["index.html"]);
}

#[tokio::test]
async fn a_file_where_the_folder_should_be_is_an_error_that_says_so() {
    let bench = Bench::new();
    std::fs::write(bench.out(), "a file").expect("a file");
    let error = match bench.ready("a.md", NOTE).create(&*bench.connect()).await {
        Err(WriteError::NotDone(error)) => error,
        other => panic!("{other:?}"),
    };
    assert_eq!(error.message(), "cannot write to `crosspost-out`");
    assert!(error.hints()[0].starts_with("a file stands where the folder should be"), "{error}");
}

#[tokio::test]
async fn a_folder_in_the_way_of_a_page_leaves_everything_as_it_was() {
    let bench = Bench::new();
    std::fs::create_dir_all(bench.out().join("a.html")).expect("a folder");
    let writer = bench.connect();
    let error = bench.ready("a.md", NOTE).create(&*writer).await.expect_err("in the way");
    assert!(matches!(error, WriteError::NotDone(_)), "{error:?}");
    bench.ready("b.md", NOTE).create(&*writer).await.expect("another page");
    let left = std::fs::read_dir(bench.out()).expect("the folder");
    let temporary =
        left.filter(|e| e.as_ref().is_ok_and(|e| e.file_name().to_string_lossy().ends_with(".tmp")));
    assert_eq!(temporary.count(), 0);
}

#[test]
fn writers_at_once_lose_nothing() {
    let bench = Bench::new();
    std::thread::scope(|scope| {
        for worker in 0..4 {
            let bench = &bench;
            scope.spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
                let writer = bench.connect();
                for n in 0..10 {
                    // Two of them write the same notes.
                    let path = format!("w{}-{n}.md", worker / 2);
                    let ready = bench.ready(&path, &format!("---\ntitle: {path}\n---\nText.\n"));
                    runtime.block_on(ready.create(&*writer)).expect("a page");
                }
                runtime.block_on(writer.finish()).expect("a list");
            });
        }
    });
    assert_eq!(bench.files().iter().filter(|name| name.starts_with('w')).count(), 20);
    assert_eq!(bench.file("index.html").matches("<h2>").count(), 20);
}
