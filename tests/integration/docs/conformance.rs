//! `docs/conformance.md` has a cell for each kind of target and each row of the suite, and says no
//! more than the program does.

use std::{collections::BTreeMap, path::Path};

use crosspost::{
    config::Config,
    targets::{Capabilities, DRIVERS, Finding},
};
use regex::Regex;

use super::{read, root};

const PAGE: &str = "docs/conformance.md";

/// The table: the text of each cell, by row and kind.
fn table() -> Vec<(String, BTreeMap<String, String>)> {
    let page = read(PAGE);
    let mut rows = page.lines().filter(|line| line.starts_with('|')).map(cells);
    let kinds = rows.next().expect("a table");
    let kinds: Vec<String> = kinds[1..].iter().map(|kind| kind.trim_matches('`').to_owned()).collect();
    let row =
        |cells: Vec<String>| (cells[0].clone(), kinds.iter().cloned().zip(cells[1..].to_vec()).collect());
    rows.skip(1).map(row).collect()
}

fn cells(line: &str) -> Vec<String> {
    line.trim().trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
}

/// The tests that `conformance!` makes for each kind.
fn suite() -> Vec<String> {
    let source = read("tests/integration/conformance/mod.rs");
    let body = source.split("macro_rules! conformance").nth(1).expect("the macro");
    let body = body.split("\n/// ").next().unwrap_or_default();
    let test = Regex::new(r"#\[test\]\s+fn (\w+)\(\)").expect("a regex");
    test.captures_iter(body).map(|found| found[1].to_owned()).collect()
}

/// The file that puts a kind into the suite.
fn place(kind: &str) -> String {
    let files =
        ["conformance", "real/conformance"].map(|folder| format!("tests/integration/{folder}/{kind}.rs"));
    let file = files.iter().find(|file| root().join(file).exists());
    read(file.unwrap_or_else(|| panic!("{kind} is not in the suite")))
}

/// What each kind can do, by the program's own word.
fn capabilities() -> BTreeMap<String, Capabilities> {
    let config =
        Config::parse(&read("config.example.toml"), Path::new("crosspost.toml")).expect("the example");
    config.targets.iter().map(|target| (target.kind().to_owned(), target.capabilities())).collect()
}

#[test]
fn every_kind_has_its_column_and_every_test_of_the_suite_its_row() {
    let table = table();
    let rows: Vec<String> = table.iter().map(|(row, _)| row.replace(' ', "_")).collect();
    let mut tests = suite();
    tests.retain(|test| test != "wrong_secret");
    assert_eq!(rows, tests, "{PAGE}: its rows are the suite's tests");
    assert_eq!(rows.len(), 15);
    for driver in DRIVERS {
        for (row, cells) in &table {
            let cell = cells.get(driver.kind()).map(String::as_str).unwrap_or_default();
            assert!(!cell.is_empty(), "{PAGE} does not say what `{}` does about {row}", driver.kind());
        }
        assert!(place(driver.kind()).contains("crate::conformance!("), "{}", driver.kind());
    }
    assert!(table.iter().all(|(_, cells)| cells.len() == DRIVERS.len()), "{PAGE} has a column too many");
}

#[test]
fn what_the_table_says_is_what_the_program_says() {
    let capabilities = capabilities();
    for (row, cells) in table() {
        for (kind, cell) in cells {
            let can = capabilities[&kind];
            let truth = match row.as_str() {
                "update" => can.update,
                "unpublish" => can.unpublish,
                "find again" => can.find == Finding::Certain,
                "conflict" => place(&kind).contains("fn hold_next_update("),
                "create" => true,
                _ => continue,
            };
            let word = if truth { "yes" } else { "no" };
            assert!(cell.split([',', ':', ' ']).next() == Some(word), "{PAGE}: {row} of {kind}: {cell}");
        }
    }
}

#[test]
fn every_kind_with_a_secret_is_tried_with_a_wrong_one() {
    assert!(suite().contains(&"wrong_secret".to_owned()));
    for driver in DRIVERS.iter().filter(|driver| !driver.secrets().is_empty()) {
        assert!(place(driver.kind()).contains("\"CROSSPOST_PLACE_"), "{} shows no secret", driver.kind());
    }
}
