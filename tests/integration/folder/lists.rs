//! The list and the feed: made from the pages, whatever happened to them.

use atom_syndication::Feed;

use super::bench::Bench;

fn note(title: &str, more: &str) -> String {
    format!("---\ntitle: {title}\n{more}---\nWhat {title} says.\n")
}

/// The titles on the list, in order.
fn titles(bench: &Bench) -> Vec<String> {
    let list = bench.file("index.html");
    let links = list.split("<h2><a href=\"").skip(1);
    links.map(|rest| rest[rest.find('>').unwrap() + 1..rest.find("</a>").unwrap()].to_owned()).collect()
}

fn feed(bench: &Bench) -> Feed {
    bench.file("feed.xml").parse().expect("a feed")
}

#[tokio::test]
async fn the_list_is_newest_first_and_undated_notes_stand_last() {
    let bench = Bench::new();
    let writer = bench.connect();
    for (path, title, more) in [
        ("1.md", "Old", "date: 2025-01-01\n"),
        ("2.md", "undated b", ""),
        ("3.md", "New", "date: 2026-01-01\n"),
        ("4.md", "Undated A", ""),
        ("5.md", "Unfinished", "date: 2027-01-01\nstatus: draft\n"),
        ("6.md", "Waiting", "status: pending\n"),
    ] {
        bench.ready(path, &note(title, more)).create(&*writer).await.expect("a page");
    }
    writer.finish().await.expect("a list");

    assert_eq!(titles(&bench), ["New", "Old", "Undated A", "undated b"]);
    let feed = feed(&bench);
    assert_eq!(feed.entries.iter().map(|e| e.title.as_str()).collect::<Vec<_>>(), ["New", "Old"]);
    assert_eq!(feed.updated, feed.entries[0].updated);
    let draft = bench.file("5.html");
    assert!(draft.contains("<meta name=\"robots\" content=\"noindex\">"));
    assert!(draft.contains("<strong>Draft.</strong>"));
}

#[tokio::test]
async fn a_draft_that_is_published_comes_onto_the_list() {
    let bench = Bench::new();
    let writer = bench.connect();
    let draft = bench.ready("a.md", &note("A", "status: draft\n"));
    let written = draft.create(&*writer).await.expect("a page");
    assert!(!written.remote.permanent);
    assert!(titles(&bench).is_empty());
    bench.ready("a.md", &note("A", "")).update(&*writer, &written.remote.id).await.expect("a page");
    assert_eq!(titles(&bench), ["A"]);
}

#[tokio::test]
async fn a_list_that_was_lost_is_made_again_from_the_pages() {
    let bench = Bench::new();
    let writer = bench.connect();
    let full = note("A \\\"title\\\" & </script> <more>", "date: 2026-06-12\nauthor: Jo\ntags: [x, y]\n");
    bench
        .ready("a.md", &full.replace("title: A", "title: \"A").replace("<more>\n", "<more>\"\n"))
        .create(&*writer)
        .await
        .expect("a page");
    bench.ready("b.md", &note("B", "")).create(&*writer).await.expect("a page");
    writer.finish().await.expect("a list");
    let before = ["index.html", "feed.xml", "style.css"].map(|name| bench.file(name));
    for name in ["index.html", "feed.xml", "style.css", ".crosspost-folder.lock"] {
        std::fs::remove_file(bench.out().join(name)).expect("removed");
    }
    bench.connect().finish().await.expect("a list");
    assert_eq!(["index.html", "feed.xml", "style.css"].map(|name| bench.file(name)), before);
}

#[tokio::test]
async fn a_feed_is_valid_without_an_address_and_absolute_with_one() {
    for (keys, page, own) in [
        ("", "a.html", "feed.xml"),
        (
            "url = \"https://notes.example.gov.uk/w\"",
            "https://notes.example.gov.uk/w/a.html",
            "https://notes.example.gov.uk/w/feed.xml",
        ),
    ] {
        let bench = Bench::with(keys);
        let ready = bench.ready("a.md", &note("A note", "date: 2026-06-12\nauthor: Jo\n"));
        ready.create(&*bench.connect()).await.expect("a page");
        let feed = feed(&bench);
        let entry = &feed.entries[0];
        assert_eq!(entry.id, format!("urn:uuid:{}", ready.marker));
        assert_eq!(entry.title.as_str(), "A note");
        assert_eq!(entry.links[0].href, page);
        assert_eq!(entry.updated.to_rfc3339(), "2026-06-11T23:00:00+00:00");
        assert_eq!(entry.authors[0].name, "Jo");
        assert_eq!(feed.links[0].href, own);
        assert!(feed.id.starts_with("urn:uuid:") && !feed.authors.is_empty());
    }
}

#[tokio::test]
async fn a_date_is_shown_on_the_calendar_of_the_configuration() {
    let bench = Bench::new();
    bench.ready("a.md", &note("A", "date: 2026-06-12\n")).create(&*bench.connect()).await.expect("a page");
    let time = "<time datetime=\"2026-06-12T00:00:00+01:00\">12 June 2026</time>";
    assert!(bench.file("a.html").contains(time));
    assert!(bench.file("index.html").contains(time));
}

#[tokio::test]
async fn many_pages_do_not_cost_a_list_each() {
    let bench = Bench::new();
    let writer = bench.connect();
    let count = 250;
    let (mut rewritten, mut before) = (0, String::new());
    for n in 0..count {
        bench.ready(&format!("n{n}.md"), &note(&format!("N{n}"), "")).create(&*writer).await.expect("a page");
        let now = bench.file("index.html");
        let behind = n + 1 - now.matches("<h2>").count();
        assert!(behind <= n / 100 + 1, "{behind} of {n} pages are not on the list");
        rewritten += usize::from(now != before);
        before = now;
    }
    assert!(rewritten < 200, "the list was written {rewritten} times");
    writer.finish().await.expect("a list");
    assert_eq!(titles(&bench).len(), count);
}

#[tokio::test]
async fn what_a_killed_run_left_half_written_is_swept_away() {
    let bench = Bench::new();
    let writer = bench.connect();
    bench.ready("a.md", &note("A", "")).create(&*writer).await.expect("a page");
    std::fs::create_dir_all(bench.out().join("pictures")).expect("a folder");
    for name in [".crosspost-abc.tmp", "pictures/.crosspost-abc.tmp", "mine.tmp"] {
        bench.put_file(name, "half");
    }
    writer.finish().await.expect("a list");
    assert!(!bench.has(".crosspost-abc.tmp") && !bench.has("pictures/.crosspost-abc.tmp"));
    assert!(bench.has("mine.tmp"));
}
