//! `docs/dependencies.md` tells of every dependency, and of no other.

use std::collections::BTreeSet;

use super::read;

#[test]
fn every_direct_dependency_is_accounted_for() {
    let manifest: toml::Table = toml::from_str(&read("Cargo.toml")).expect("TOML");
    for (table, heading) in [("dependencies", "## In the program"), ("dev-dependencies", "## In the tests")] {
        let used: BTreeSet<String> = manifest[table]
            .as_table()
            .expect("a table")
            .keys()
            .filter(|name| !is_both(&manifest, table, name))
            .cloned()
            .collect();
        let page = read("docs/dependencies.md");
        let part = page.split(heading).nth(1).unwrap_or_default().split("\n## ").next().unwrap_or_default();
        let rows = part.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
        let told: BTreeSet<String> = rows.map(|(name, _)| name.to_owned()).collect();
        assert_eq!(told, used, "docs/dependencies.md, {heading}");
    }
}

/// A dependency of the tests that the program has too, with fewer features.
fn is_both(manifest: &toml::Table, table: &str, name: &str) -> bool {
    table == "dev-dependencies"
        && manifest["dependencies"].as_table().is_some_and(|all| all.contains_key(name))
}
