//! Every configuration in the documentation is read by the program's own reader.

use std::{collections::BTreeSet, path::Path};

use crosspost::config::{COMMON_KEYS, Config};

use super::{documents, markdown::Fence, read};

/// What a piece without a target is completed with.
const A_TARGET: &str = "\n[targets.some]\nkind = \"folder\"\naudience = \"public\"\n";

fn parse(text: &str) -> Result<Config, String> {
    Config::parse(text, Path::new("/project/crosspost.toml")).map_err(|error| error.to_string())
}

#[test]
fn every_configuration_in_the_documentation_can_be_read() {
    let mut wrong = Vec::new();
    for page in documents() {
        for Fence { text, place, .. } in page.fences("toml") {
            let whole = if text.contains("[targets.") { text.clone() } else { format!("{text}{A_TARGET}") };
            wrong.extend(parse(&whole).err().map(|error| format!("{place}\n{error}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn the_example_can_be_read_as_it_stands_and_with_everything_in_it_switched_on() {
    let example = read("config.example.toml");
    parse(&example).unwrap();
    let config = parse(&switched_on(&example)).unwrap_or_else(|error| panic!("{error}"));
    let kinds: BTreeSet<&str> = config.targets.iter().map(|target| target.kind()).collect();
    let known: BTreeSet<&str> = crosspost::targets::DRIVERS.iter().map(|driver| driver.kind()).collect();
    assert_eq!(kinds, known, "the example shows every kind of target");
}

/// The example shows keys that are left at their defaults as `#key = …`: here they hold.
fn switched_on(example: &str) -> String {
    let line = |line: &str| match line.strip_prefix('#') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_lowercase() || c == '[') => rest.to_owned(),
        _ => line.to_owned(),
    };
    example.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_example_names_every_key_that_there_is() {
    let example: toml::Table = toml::from_str(&switched_on(&read("config.example.toml"))).expect("TOML");
    let targets: Vec<&toml::Table> =
        example["targets"].as_table().expect("a table").values().filter_map(toml::Value::as_table).collect();
    let mut missing = Vec::new();
    for key in known_keys(&format!("zzzzzz = 1{A_TARGET}")) {
        missing.extend((!example.contains_key(&key)).then_some(key));
    }
    for key in COMMON_KEYS {
        missing.extend((!targets.iter().any(|target| target.contains_key(*key))).then(|| (*key).to_owned()));
    }
    for kind in crosspost::targets::DRIVERS.iter().map(|driver| driver.kind()) {
        let text = format!("[targets.x]\nkind = \"{kind}\"\naudience = \"public\"\nzzzzzz = 1\n");
        let is_there = |key: &String| {
            targets.iter().any(|target| target["kind"].as_str() == Some(kind) && target.contains_key(key))
        };
        missing.extend(known_keys(&text).into_iter().filter(|key| !is_there(key)));
    }
    assert_eq!(missing, [""; 0], "config.example.toml lacks these keys");
}

/// The keys that the reader says it knows when it meets one that it does not.
fn known_keys(text: &str) -> Vec<String> {
    let error = Config::parse(text, Path::new("crosspost.toml")).err().expect("the key is unknown");
    let hint =
        error.hints().iter().find_map(|hint| hint.strip_prefix("known here: ")).expect("a list of keys");
    hint.split(", ").map(str::to_owned).collect()
}
