//! Every warning that a person may meet is explained.

use std::collections::BTreeSet;

use regex::Regex;

use super::{document, root};

#[test]
fn every_warning_is_explained_in_the_page_about_targets() {
    let said: BTreeSet<String> = document("docs/targets.md").spans.into_iter().collect();
    let missing: BTreeSet<String> = codes().into_iter().filter(|code| !said.contains(code)).collect();
    assert_eq!(missing, BTreeSet::new(), "docs/targets.md does not explain these warnings");
}

/// The codes of the warnings that the program's source names.
fn codes() -> BTreeSet<String> {
    // `Warning::new("code", …)`, `warn("code", …)`, and what closures of such names are given.
    let call = Regex::new(r#"(?:Warning::new|warn|unlink)\(\s*(?:line,\s*)?"([a-z]+(?:-[a-z]+)+)""#)
        .expect("a regex");
    let pair = Regex::new(r#"\(\s*"([a-z]+(?:-[a-z]+)+)",\s*(?:line,\s*)?format!"#).expect("a regex");
    let mut codes = BTreeSet::new();
    for entry in walkdir::WalkDir::new(root().join("src")).into_iter().filter_map(Result::ok) {
        let path = entry.path();
        // What `check` alone says stands in the page about it.
        let part = |name: &str| path.components().any(|part| part.as_os_str() == name);
        // A dialect is written before the target that speaks it.
        let is_spoken = !part("wikitext")
            || crosspost::targets::DRIVERS.iter().any(|driver| driver.kind() == "mediawiki");
        if !is_spoken
            || part("tests")
            || part("tests.rs")
            || part("check")
            || path.extension().is_none_or(|ending| ending != "rs")
        {
            continue;
        }
        let text = std::fs::read_to_string(path).expect("a source");
        let text = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
        let found = call.captures_iter(&text).chain(pair.captures_iter(&text));
        codes.extend(found.map(|found| found[1].to_owned()));
    }
    codes
}
