//! The house's rule, held to the source: who may know whom, and who knows nothing of the world.
//! See `docs/architecture.md`.

use std::{collections::BTreeSet, fs, path::Path};

use regex::Regex;

/// Each part of the program and the parts that it may use besides itself. What is not listed here (the commands)
/// may use everything, and is used by nobody that is.
const MAY_USE: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("note/", &["error"]),
    ("render/", &["error", "note"]),
    ("pictures/", &["error", "render"]),
    ("plan/", &["error", "note", "render", "state", "targets"]),
    ("memory", &["render"]),
    ("state/", &["error", "memory", "note", "parallel", "render", "targets"]),
    ("publish/", &["error", "note", "parallel", "pictures", "render", "plan", "state", "targets"]),
    ("check/", &["error", "note", "pictures", "plan", "render", "targets"]),
    ("report/", &["check", "error", "plan", "state", "targets"]),
    ("preview/", &["error", "plan", "render", "targets"]),
    ("secrets/", &["error"]),
    ("config", &["error", "note", "pictures", "render", "targets"]),
    ("targets/", &["config", "error", "note", "pictures", "render", "secrets"]),
];

/// The parts that are functions of what they are given.
const PURE: &[&str] = &["note/", "pictures/", "render/", "plan/", "check/", "report/", "preview/"];

/// How a source reaches for the world. (`std::io::Cursor` reads memory.)
const WORLD: &str = r"std::(fs|env|net|process|thread|time::(SystemTime|Instant))\b|\bstd::io\b([^:]|::[^C])|\b(tokio|reqwest|keyring|object_store|walkdir|tempfile|indicatif|dialoguer)::|\b(Timestamp|Zoned|SystemTime|Instant)::now\(|TimeZone::system\(|Uuid::new_v4\(|\bprintln!|\beprintln!";

/// How a source reaches past the traits of targets and ledgers to one of them.
const PAST_THE_TRAITS: &str = r"\btargets::(wordpress|medium|folder|client)\b|\bDRIVERS\b|\bstate::(file|git|object|open)\b|\b(File|Git|Object)Ledger\b";

/// A source file without comments and tests.
struct Source {
    path: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = walkdir::WalkDir::new(&root).sort_by_file_name().into_iter().filter_map(Result::ok);
    let files = files.filter(|entry| entry.path().extension().is_some_and(|ending| ending == "rs"));
    let all = files.map(|entry| {
        let path = entry.path().strip_prefix(&root).expect("a file below").display().to_string();
        Source { path, text: code(&fs::read_to_string(entry.path()).expect("a source")) }
    });
    let is_test = |path: &str| path.split('/').any(|part| matches!(part, "tests" | "tests.rs"));
    all.filter(|source| !is_test(&source.path)).collect()
}

/// What is compiled into the program: no comments, nothing below `#[cfg(test)]`.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Every line of the program, with the file that it stands in.
pub fn lines() -> Vec<(String, String)> {
    let lines = |source: Source| {
        source.text.lines().map(|line| (source.path.clone(), line.to_owned())).collect::<Vec<_>>()
    };
    sources().into_iter().flat_map(lines).collect()
}

impl Source {
    /// Whether it belongs to a part: `note/` is `note.rs` or all below `note`.
    fn is_in(&self, part: &str) -> bool {
        let file = format!("{}.rs", part.trim_end_matches('/'));
        self.path == file || (part.ends_with('/') && self.path.starts_with(part))
    }

    /// The parts of the crate that it names.
    fn uses(&self) -> BTreeSet<String> {
        let direct = Regex::new(r"\bcrate::(\w+)").expect("a regex");
        let mut used: BTreeSet<String> =
            direct.captures_iter(&self.text).map(|found| found[1].to_owned()).collect();
        for group in self.text.split("crate::{").skip(1) {
            used.extend(names_in(group));
        }
        used
    }

    /// The first line in which an expression is found.
    fn first(&self, pattern: &str) -> Option<String> {
        let pattern = Regex::new(pattern).expect("a regex");
        let line = self.text.lines().find(|line| pattern.is_match(line))?;
        Some(format!("{}: {}", self.path, line.trim()))
    }
}

/// The first names in `note::{self, Note}, error::Error};`, up to the brace that closes it all.
fn names_in(group: &str) -> Vec<String> {
    let (mut depth, mut top) = (0, String::new());
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            c if depth == 0 => top.push(c),
            _ => {}
        }
    }
    top.split(',')
        .filter_map(|path| path.trim().split("::").next().map(str::to_owned))
        .filter(|n| !n.is_empty())
        .collect()
}

#[test]
fn each_part_uses_only_the_parts_below_it() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (part, allowed) in MAY_USE.iter().filter(|(part, _)| source.is_in(part)) {
            let (used, itself) = (source.uses(), part.trim_end_matches('/'));
            let strangers = used.iter().filter(|used| *used != itself && !allowed.contains(&used.as_str()));
            wrong.extend(strangers.map(|used| format!("{} uses `{used}`", source.path)));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn notes_renderings_and_plans_know_nothing_of_the_world() {
    let is_pure = |source: &Source| {
        PURE.iter().any(|part| source.is_in(part))
            || source.path.starts_with("targets/") && source.path.ends_with("/render.rs")
    };
    let wrong: Vec<String> =
        sources().into_iter().filter(is_pure).filter_map(|source| source.first(WORLD)).collect();
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn planning_and_publishing_see_targets_and_ledgers_through_their_traits() {
    let wrong: Vec<String> = sources()
        .into_iter()
        .filter(|source| {
            ["note/", "render/", "plan/", "check/", "publish/"].iter().any(|part| source.is_in(part))
        })
        .filter_map(|source| source.first(PAST_THE_TRAITS))
        .collect();
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn a_targets_rendering_is_made_of_the_note_alone() {
    let mut wrong = Vec::new();
    for source in
        sources().into_iter().filter(|s| s.path.starts_with("targets/") && s.path.ends_with("/render.rs"))
    {
        let used = source.uses();
        let strangers = used.iter().filter(|used| !["error", "note", "render"].contains(&used.as_str()));
        wrong.extend(strangers.map(|used| format!("{} uses `{used}`", source.path)));
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn no_driver_knows_another() {
    let mut wrong = Vec::new();
    let drivers: Vec<&str> = crosspost::targets::DRIVERS.iter().map(|driver| driver.kind()).collect();
    for source in sources() {
        let Some(own) = drivers.iter().find(|own| source.path.starts_with(&format!("targets/{own}/"))) else {
            continue;
        };
        let others = drivers.iter().filter(|other| *other != own);
        wrong.extend(
            others.filter_map(|other| source.first(&format!(r"targets::{other}\b|super::super::{other}\b"))),
        );
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn a_broken_rule_is_seen() {
    let source = |text: &str| Source { path: "plan/x.rs".to_owned(), text: code(text) };
    let names = |text: &str| source(text).uses().into_iter().collect::<Vec<_>>().join(" ");
    assert_eq!(
        names("use crate::{\n    note::{self, Note},\n    targets::Target,\n};\ncrate::cli::run()"),
        "cli note targets"
    );
    assert!(source("let now = Timestamp::now();").first(WORLD).is_some());
    assert!(source("// Timestamp::now() is not for here").first(WORLD).is_none());
    assert!(source("#[cfg(test)]\nmod tests {\nuse std::fs;\n}").first(WORLD).is_none());
    assert!(sources().len() > 100, "the sources were not found");
}
