//! The preview's page in a real browser.

use serde_json::json;

use crate::{harness::browser::look, preview::project};

const NOTE: &str = "#note-1";

fn page(project: &crate::harness::program::Project) -> std::path::PathBuf {
    project.run(&["preview", "--out", "shown"]).expect(0);
    project.root().join("shown/index.html")
}

/// Phone and desk, light and dark, a target of every kind. `CROSSPOST_TEST_SHOTS=FOLDER` keeps the
/// screenshots.
#[test]
fn axe_finds_nothing_on_the_pages_of_any_target_light_or_dark_on_phone_or_desk() {
    let project = project();
    let shots = std::env::var("CROSSPOST_TEST_SHOTS").ok();
    let seen = look(&json!({
        "page": page(&project), "note": NOTE, "widths": [390, 1440], "schemes": ["light", "dark"], "shots": shots,
    }));
    assert!(seen.violations.is_empty(), "{:#?}", seen.violations);
    assert_eq!(seen.frames.len(), 5, "{:?}", seen.frames);
    assert!(seen.errors.is_empty(), "{:#?}", seen.errors);
    assert!(seen.requests.is_empty(), "the page asks nobody: {:#?}", seen.requests);
}

#[test]
fn axe_finds_nothing_on_a_page_of_mistakes() {
    let project = project();
    project.write("notes/bad.md", "---\ntitle: Bad\n---\n::: internal\n");
    project.write("notes/worse.md", "---\ntitel: Worse\n---\n");
    project.run(&["preview", "--out", "shown"]).expect(2);
    let page = project.root().join("shown/index.html");
    let seen = look(&json!({"page": page, "note": "#note-2", "widths": [390], "schemes": ["light", "dark"]}));
    assert!(seen.violations.is_empty(), "{:#?}", seen.violations);
}

#[test]
fn tabs_go_by_arrow_keys_pictures_are_drawn_and_no_script_of_a_note_runs() {
    let project = project();
    let keys = ["ArrowRight", "ArrowRight", "End", "ArrowRight", "ArrowLeft", "Home"];
    let seen = look(&json!({"page": page(&project), "note": NOTE, "steps": keys}));
    let order = ["blog", "intranet", "site"];
    assert!(order.contains(&&*seen.tabs[0]), "{:?}", seen.tabs);
    assert_eq!(seen.tabs[0], seen.tabs[4], "round the end: {:?}", seen.tabs);
    assert_eq!(seen.tabs[3], seen.tabs[5], "and back: {:?}", seen.tabs);
    assert_eq!(seen.tabs[0], seen.tabs[6], "home: {:?}", seen.tabs);
    assert!(seen.tabs[0] != seen.tabs[1] && seen.tabs[1] != seen.tabs[2], "{:?}", seen.tabs);
    assert!(!seen.scripts);
    let shown: Vec<&String> = seen.texts.iter().filter(|text| text.contains("Mind the gap")).collect();
    assert_eq!(shown.len(), 5, "{:#?}", seen.texts);
    assert_eq!(seen.pictures, (5, 5), "each target shows the picture");
    let inside = seen.texts.iter().filter(|text| text.contains("zqmole")).count();
    assert_eq!(inside, 2, "the intranet and the wiki");
}
