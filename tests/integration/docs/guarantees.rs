//! Every test that `docs/guarantees.md` names is there.

use std::{collections::BTreeSet, fs};

use regex::Regex;

#[test]
fn every_guarantee_names_tests_that_exist() {
    let test = Regex::new(r"`([a-z][a-z0-9]*(?:_[a-z0-9]+){3,})`").unwrap();
    let text = super::read("docs/guarantees.md");
    let named: BTreeSet<&str> = test.captures_iter(&text).filter_map(|c| Some(c.get(1)?.as_str())).collect();
    assert!(named.len() > 30, "{named:?}");
    let sources: String = walkdir::WalkDir::new(super::root().join("tests/integration"))
        .into_iter()
        .filter_map(Result::ok)
        .filter(|file| file.path().extension().is_some_and(|extension| extension == "rs"))
        .map(|file| fs::read_to_string(file.path()).unwrap())
        .collect();
    let missing: Vec<&&str> = named.iter().filter(|name| !sources.contains(&format!("fn {name}("))).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}
