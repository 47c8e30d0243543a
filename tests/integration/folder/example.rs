//! The example that comes with crosspost, published as somebody would who has configured nothing.

use super::bench::Bench;

#[tokio::test]
async fn the_example_becomes_a_site() {
    let bench = Bench::new();
    let writer = bench.connect();
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");
    let text = std::fs::read_to_string(format!("{examples}/weeknote.md")).expect("the example");
    let ready = bench.upload_all(&*writer, "weeknote.md", &text, examples).await;
    let written = ready.create(&*writer).await.expect("a page");
    writer.finish().await.expect("a list");

    assert_eq!(written.remote.url.as_deref(), Some("crosspost-out/weeknote.html"));
    assert_eq!(bench.files(), ["feed.xml", "index.html", "pictures", "style.css", "weeknote.html"]);
    let page = bench.file("weeknote.html");
    for src in page.split("src=\"").skip(1).map(|rest| rest.split('"').next().unwrap_or_default()) {
        assert!(bench.has(src), "{src} is shown and is not there");
    }
    assert!(!page.contains("colleagues only"), "an internal passage is on a public page");
    assert_eq!(ready.rendering.warnings, [], "the example should lose nothing in a folder");
}
