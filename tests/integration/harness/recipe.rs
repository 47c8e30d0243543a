//! The ready configurations of `examples/intranets`.

use std::path::Path;

/// A recipe's `crosspost.toml` as it stands there.
///
/// # Panics
/// When there is none of this name.
pub fn text(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/intranets").join(name);
    std::fs::read_to_string(folder.join("crosspost.toml")).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// The tables of a recipe's target under another name, with another address: for the suites, whose
/// target is called `place`. The heading of the first table is left out.
///
/// # Panics
/// When the recipe is no longer as it is taken for here.
pub fn table(name: &str, url: &str) -> String {
    let text = text(name);
    let (_, tables) = text.split_once("[targets.intranet]\n").expect("the target's table");
    let is_address = |line: &&str| line.starts_with("url ");
    let own = tables.lines().find(is_address).expect("the target's address").to_owned();
    tables
        .replace(&own, &format!("url = \"{url}\"\ntimeout = 20"))
        .replace("[targets.intranet.", "[targets.place.")
}
