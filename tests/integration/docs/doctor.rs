//! `docs/doctor.md` tells what each finding means, and no message names a page that is not there.

use std::{collections::BTreeSet, fs};

use crosspost::report::pages;
use regex::Regex;

use super::{document, read, root};

#[test]
fn every_page_that_an_error_or_a_finding_names_is_there() {
    for page in pages::all() {
        let (path, anchor) = page.split_once('#').unwrap_or((&page, ""));
        assert!(root().join(path).exists(), "{page}");
        assert!(anchor.is_empty() || document(path).anchors.contains(anchor), "{page}");
    }
}

#[test]
fn the_page_of_findings_explains_each_of_them_and_no_other() {
    let known: BTreeSet<&str> = pages::FINDINGS.iter().copied().collect();
    let text = read("docs/doctor.md");
    let told: BTreeSet<&str> = text.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    assert_eq!(told, known);
}

#[test]
fn every_finding_that_a_driver_or_the_doctor_can_make_is_explained() {
    let code = Regex::new(r#"\.code\("([a-z-]+)"\)|"(cannot-[a-z]+)""#).expect("a regex");
    let files = walkdir::WalkDir::new(root().join("src")).into_iter().filter_map(Result::ok);
    let is_of_doctor = |path: &str| path.contains("commands/doctor") || path.contains("diagnose");
    let mut seen = BTreeSet::new();
    for file in files.filter(|file| is_of_doctor(&file.path().display().to_string())) {
        let Ok(text) = fs::read_to_string(file.path()) else { continue };
        let codes = code.captures_iter(&text).filter_map(|found| found.get(1).or(found.get(2)));
        seen.extend(codes.map(|found| found.as_str().to_owned()));
    }
    assert!(seen.len() > 20, "{seen:?}");
    let unexplained: Vec<&String> =
        seen.iter().filter(|code| !pages::FINDINGS.contains(&code.as_str())).collect();
    assert!(unexplained.is_empty(), "{unexplained:?}");
}
