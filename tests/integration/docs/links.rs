//! Links between pages lead somewhere.

use std::path::Path;

use super::{documents, read, root};
use crate::docs::markdown::Document;

/// Pages that other parts of the project bring: a link to one is fine before it is there.
const COMING: &[&str] = &["docs/guarantees.md", "docs/audience.md", "docs/pictures.md"];

#[test]
fn every_link_within_the_documentation_leads_somewhere() {
    let mut broken = Vec::new();
    for page in documents() {
        for link in &page.links {
            if let Some(why) = trouble(&page, link) {
                broken.push(format!("{}: {link} {why}", page.path));
            }
        }
    }
    assert_eq!(broken, [""; 0]);
}

fn trouble(page: &Document, link: &str) -> Option<&'static str> {
    if link.contains("://") || link.starts_with("mailto:") {
        return None;
    }
    let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
    if path.is_empty() {
        return (!page.anchors.contains(anchor)).then_some("names no heading");
    }
    let folder = Path::new(&page.path).parent().expect("a page has a folder");
    let file = clean(&folder.join(path));
    if COMING.contains(&file.as_str()) && !root().join(&file).exists() {
        return None;
    }
    if !root().join(&file).exists() {
        return Some("is not there");
    }
    let is_page = Path::new(&file).extension().is_some_and(|ending| ending == "md");
    let lost =
        !anchor.is_empty() && is_page && !Document::parse(&file, &read(&file)).anchors.contains(anchor);
    lost.then_some("names no heading there")
}

fn clean(path: &Path) -> String {
    let mut parts: Vec<String> = Vec::new();
    for part in path.components() {
        match part.as_os_str().to_string_lossy().as_ref() {
            ".." => drop(parts.pop()),
            part => parts.push(part.to_owned()),
        }
    }
    parts.join("/")
}
