//! Pages as they are written and published.

use super::{assert_step, bench, bench_with, warnings};
use crate::{conformance::Place, fakes::sharepoint::Fault};

#[test]
fn a_page_is_published_after_every_write() {
    let (sharepoint, bench) = bench();
    bench.note("one", "excerpt: What it says\n", "Before");
    bench.publish(&[]);
    bench.note("one", "excerpt: What it says\n", "Afterwards");
    let (_, report) = bench.publish(&[]);
    assert_step(&report, "update done");
    let pages = sharepoint.pages();
    let page = &pages[0];
    assert_eq!((page.level, page.major, page.description.as_str()), ("published", 2, "What it says"));
    assert_eq!(page.promotion, "page");
    assert!(page.name.starts_with("crosspost-"), "{}", page.name);
}

#[test]
fn a_target_of_news_makes_news_posts() {
    let (sharepoint, bench) = bench_with("news = true\n");
    bench.note("one", "", "News");
    bench.publish(&[]);
    assert_eq!(sharepoint.pages()[0].promotion, "newsPost");
}

#[test]
fn a_draft_is_kept_unseen_then_published_and_cannot_be_taken_back_unsaid() {
    let (sharepoint, bench) = bench();
    bench.note("one", "status: draft\n", "Text");
    let (code, report) = bench.publish(&[]);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(sharepoint.pages()[0].level, "draft");
    bench.note("one", "", "Text");
    bench.publish(&[]);
    assert_eq!(sharepoint.pages()[0].level, "published");
    bench.note("one", "status: draft\n", "Other text");
    let (code, report) = bench.publish(&[]);
    assert_eq!(code, 0, "{report:#}");
    assert!(warnings(&report).contains("still-public"), "{report:#}");
    assert_eq!((sharepoint.pages()[0].level, sharepoint.pages()[0].major), ("draft", 1));
}

#[test]
fn a_rich_note_is_kept_as_it_was_sent_though_sharepoint_rewrites_it() {
    let (_sharepoint, bench) = bench();
    let rich = "| A | B |\n|---|---|\n| \"1\" | 2 |\n\n---\n\n> [!NOTE]\n> Careful\n\nText";
    bench.note("one", "tags: [a, b]\n", rich);
    bench.publish(&[]);
    // The ledger is lost: the page is known again by what it says of itself.
    std::fs::remove_dir_all(bench.project.root().join(".crosspost")).expect("the ledger");
    let (code, report) = bench.publish(&[]);
    assert_eq!(code, 0, "{report:#}");
    assert_step(&report, "adopt done");
    let (_, report) = bench.publish(&[]);
    assert_step(&report, "unchanged done");
}

#[test]
fn a_page_is_known_again_by_its_text_where_ids_are_not_kept() {
    let (sharepoint, bench) = bench();
    sharepoint.set(|state| state.keeps_ids = false);
    bench.note("one", "", "Text with | a [link](https://a.example/) in it");
    bench.publish(&[]);
    std::fs::remove_dir_all(bench.project.root().join(".crosspost")).expect("the ledger");
    let (code, report) = bench.publish(&[]);
    assert_eq!(code, 0, "{report:#}");
    assert_step(&report, "adopt done");
}

#[test]
fn an_edit_between_the_look_and_the_write_is_never_written_over() {
    let (sharepoint, bench) = bench();
    bench.note("one", "", "The first text");
    bench.publish(&[]);
    bench.note("one", "", "The third text");
    sharepoint.fail("PATCH", "/microsoft.graph.sitePage", Fault::EditedFirst);
    let run = bench.run(&["publish"]);
    assert_eq!(run.code, Some(3), "{}", run.transcript());
    assert!(run.transcript().contains("somebody edited the page at the same moment"), "{}", run.transcript());
    assert!(sharepoint.pages()[0].text().contains("second"));
}

#[test]
fn an_edit_that_no_lock_kept_is_told_and_shows_as_drift() {
    let (sharepoint, bench) = bench();
    sharepoint.set(|state| state.locks = false);
    bench.note("one", "", "The first text");
    bench.publish(&[]);
    bench.note("one", "", "The third text");
    sharepoint.fail("PATCH", "/microsoft.graph.sitePage", Fault::EditedFirst);
    let (_, report) = bench.publish(&[]);
    assert!(warnings(&report).contains("edited-meanwhile"), "{report:#}");
    bench.note("one", "", "The fourth text");
    let (code, report) = bench.publish(&[]);
    assert_eq!(code, 3, "{report:#}");
    assert_step(&report, "blocked planned");
}

#[test]
fn pictures_go_to_the_library_that_is_named() {
    let (sharepoint, bench) = bench_with("library = \"Site Assets\"\n");
    let example = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/pictures/week-24.png");
    bench.project.write("notes/p.png", std::fs::read(example).expect("the example's picture"));
    bench.note("one", "image: p.png\nimage_alt: A chart\n", "![A chart](p.png)\n\nText");
    let (code, report) = bench.publish(&[]);
    assert_eq!(code, 0, "{report:#}");
    let page = sharepoint.pages().remove(0);
    let url = page.thumbnail.clone().expect("a thumbnail");
    assert!(url.contains("/SiteAssets/crosspost/"), "{url}");
    assert!(page.text().contains(&format!("<img src=\"{url}\">")), "{}", page.text());
}

#[test]
fn a_library_that_there_is_not_is_told_with_those_that_there_are() {
    let (_sharepoint, bench) = bench_with("library = \"Pictures\"\n");
    let example = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/pictures/week-24.png");
    bench.project.write("notes/p.png", std::fs::read(example).expect("the example's picture"));
    bench.note("one", "", "![A chart](p.png)\n\nText");
    let run = bench.run(&["publish"]);
    assert!(run.transcript().contains("it has: Documents, Site Assets"), "{}", run.transcript());
    assert!(bench.posts("one").is_empty());
}

#[test]
fn a_page_can_be_adopted_by_its_address() {
    let (sharepoint, bench) = bench();
    bench.note("one", "", "Text");
    bench.publish(&[]);
    sharepoint.set(|state| state.pages[0].name = "by-hand.aspx".to_owned());
    std::fs::remove_dir_all(bench.project.root().join(".crosspost")).expect("the ledger");
    let site = &bench.place.proxy().expect("the way to the site").url;
    let url = format!("{site}/sites/intranet/SitePages/by-hand.aspx");
    let run = bench.run(&["adopt", "notes/one.md", "--target", "place", "--url", &url, "--yes"]);
    assert_eq!(run.code, Some(0), "{}", run.transcript());
    bench.note("one", "", "Other text");
    bench.publish(&["--on-drift", "overwrite"]);
    assert!(bench.one_post("one").contains("Other text"));
}
