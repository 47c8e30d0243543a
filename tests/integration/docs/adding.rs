//! `docs/adding-a-target.md`: what it names is there, and a kind of target is one folder and one
//! line.

use std::collections::BTreeSet;

use crosspost::targets::DRIVERS;
use regex::Regex;

use super::{read, root};

const PAGE: &str = "docs/adding-a-target.md";

/// Places outside of its folder that name a kind all the same, each with the reason.
const KNOWN: &[(&str, &str, &str)] = &[
    ("config.rs", "folder", "the folder stands in where there is no configuration"),
    ("commands/init.rs", "wordpress", "`init` writes a first configuration for a blog"),
    ("commands/init.rs", "medium", "and for Medium beside it"),
    ("commands/init.rs", "folder", "or for a folder"),
    ("cli.rs", "wordpress", "the options of `init`"),
];

fn captures(pattern: &str, text: &str) -> BTreeSet<String> {
    let pattern = Regex::new(pattern).expect("a regex");
    pattern.captures_iter(text).map(|found| found[1].to_owned()).collect()
}

#[test]
fn the_page_names_every_method_of_the_traits_and_no_other() {
    let (page, source) = (read(PAGE), read("src/targets/mod.rs"));
    for name in ["Driver", "Target", "Reader", "Writer"] {
        let body = source.split(&format!("pub trait {name}: ")).nth(1).expect("the trait");
        let body = body.split("\n}\n").next().unwrap_or_default();
        let there = captures(r"\n    (?:async )?fn (\w+)", body);
        let named = captures(&format!(r"\n\| `{name}::(\w+)`"), &page);
        assert_eq!(named, there, "{PAGE}: the methods of `{name}`");
    }
    let fields = source.split("pub struct Capabilities {").nth(1).and_then(|rest| rest.split("\n}").next());
    let there = captures(r"\n    pub (\w+):", fields.expect("the fields"));
    let part = page.split("| Field |").nth(1).and_then(|rest| rest.split("\n\n").next());
    assert_eq!(captures(r"\n\| `(\w+)`", part.expect("the table")), there, "{PAGE}: the capabilities");
}

#[test]
fn the_files_that_the_page_names_stand_in_every_drivers_folder() {
    let page = read(PAGE);
    let files = captures(r"\n\| `(\w+\.rs)`", &page);
    assert!(files.len() >= 5, "{files:?}");
    for driver in DRIVERS {
        let folder = root().join("src/targets").join(driver.kind());
        let lacking = files.iter().filter(|file| !folder.join(file).exists());
        // A target on this machine has no answers to read.
        let lacking: Vec<&String> =
            lacking.filter(|file| *file != "errors.rs" || !driver.secrets().is_empty()).collect();
        assert!(lacking.is_empty(), "src/targets/{}: {lacking:?}", driver.kind());
    }
}

#[test]
fn a_kind_of_target_is_one_folder_and_one_line() {
    let mut wrong = Vec::new();
    let mut needed = BTreeSet::new();
    for driver in DRIVERS {
        let kind = driver.kind();
        // `"http"` is a scheme first of all.
        let word = if kind == "http" { String::new() } else { format!(r#"|\\?"{kind}\\?""#) };
        let named = Regex::new(&format!(r"targets::{kind}\b|targets\.{kind}\]{word}")).expect("a regex");
        // The label of a message's detail is a word like any other.
        let label = format!(".detail(\"{kind}\"");
        for (path, line) in crate::architecture::lines() {
            if path.starts_with(&format!("targets/{kind}/")) || !named.is_match(&line.replace(&label, "")) {
                continue;
            }
            match KNOWN.iter().find(|(file, known, _)| *file == path && *known == kind) {
                Some(known) => drop(needed.insert(*known)),
                None => wrong.push(format!("{path} names `{kind}`: {}", line.trim())),
            }
        }
        let table = read("src/targets/mod.rs");
        assert_eq!(table.matches(&format!("pub mod {kind};")).count(), 1);
        assert_eq!(captures(&format!(r"&({kind})::\w+"), &table).len(), 1, "its line in DRIVERS");
    }
    assert_eq!(wrong, [""; 0], "only its own folder knows a kind of target");
    let unneeded: Vec<_> = KNOWN.iter().filter(|known| !needed.contains(known)).collect();
    assert!(unneeded.is_empty(), "no longer so: {unneeded:?}");
}
