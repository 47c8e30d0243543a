//! Whether block markup is native and valid: asks a WordPress release's own editor scripts.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::Stdio,
};

use serde::Deserialize;

use super::lab_script;

/// A release whose editor is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Release {
    /// 7.1.
    Wp71,
    /// 6.8.
    Wp68,
}

impl Release {
    /// Each of them.
    pub const ALL: [Self; 2] = [Self::Wp71, Self::Wp68];

    fn name(self) -> &'static str {
        match self {
            Self::Wp71 => "7.1",
            Self::Wp68 => "6.8",
        }
    }
}

/// What the editor makes of one post's content.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// The name that the content was given.
    pub name: String,
    /// Whether every block is valid, and none is missing or Classic.
    pub valid: bool,
    /// Whether saving without an edit leaves every byte alone. Content that the editor would drop
    /// shows only here.
    pub round_trip: bool,
    /// How many blocks only an older version of their type accepts.
    pub migrated: usize,
    /// The blocks, inner ones after their outer one.
    pub blocks: Vec<Block>,
    /// What the editor would save, where it differs.
    pub saved: Option<String>,
}

/// One block.
#[derive(Debug, Clone, Deserialize)]
pub struct Block {
    /// How deep it stands: 0 outside.
    pub depth: usize,
    /// `core/paragraph`.
    pub name: String,
    /// Whether the editor takes it as it is.
    pub valid: bool,
    /// Why not.
    pub issues: Vec<String>,
}

impl Verdict {
    /// Whether the content is what the editor itself would have written.
    pub fn is_native(&self) -> bool {
        self.valid && self.round_trip && self.migrated == 0
    }

    /// What is wrong, for a failing test's message.
    pub fn complaint(&self) -> String {
        let issues = self.blocks.iter().filter(|block| !block.valid || is_foreign(block)).map(|block| {
            format!(
                "{} {}: {}",
                block.name,
                if block.valid { "foreign" } else { "invalid" },
                block.issues.join("; ")
            )
        });
        let saved = self.saved.iter().map(|saved| format!("the editor would save: {saved}"));
        let lines: Vec<_> = issues.chain(saved).collect();
        format!("{} ({} migrated)\n{}", self.name, self.migrated, lines.join("\n"))
    }
}

fn is_foreign(block: &Block) -> bool {
    matches!(block.name.as_str(), "core/missing" | "core/freeform")
}

/// Judges many contents, each with a name, in one process (a second for its start, milliseconds for
/// each content). One verdict for each, in order.
///
/// # Panics
/// With the reason, when the validator does not run.
pub fn validate<N: AsRef<str>, C: AsRef<str>>(release: Release, contents: &[(N, C)]) -> Vec<Verdict> {
    let mut node = lab_script("validate.sh")
        .args([release.name(), "--lines"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("bash runs the lab's scripts");
    let lines: Vec<_> = contents
        .iter()
        .map(|(name, content)| serde_json::json!({"name": name.as_ref(), "content": content.as_ref()}))
        .map(|line| line.to_string())
        .collect();
    let mut input = node.stdin.take().expect("it was asked for");
    // Beside the reading, so that neither side waits for the other's full pipe.
    let writer = std::thread::spawn(move || writeln!(input, "{}", lines.join("\n")));
    let output = BufReader::new(node.stdout.take().expect("it was asked for"));
    let verdicts: Vec<Verdict> = output
        .lines()
        .map(|line| serde_json::from_str(&line.expect("UTF-8")).expect("a verdict on each line"))
        .collect();
    let status = node.wait().expect("it ends");
    assert!(status.success(), "the block validator does not run: `tests/run` installs what is missing");
    writer.join().expect("no panic").expect("the validator reads all of it");
    assert_eq!(verdicts.len(), contents.len(), "one verdict for each content");
    verdicts
}

/// Asserts that a release's editor would have written each of these itself.
///
/// # Panics
/// With what is wrong with those that it would not.
#[track_caller]
pub fn assert_native<N: AsRef<str>, C: AsRef<str>>(release: Release, contents: &[(N, C)]) {
    let verdicts = validate(release, contents);
    let complaints: Vec<_> =
        verdicts.iter().filter(|verdict| !verdict.is_native()).map(Verdict::complaint).collect();
    assert!(complaints.is_empty(), "on {release:?}:\n{}", complaints.join("\n"));
}
