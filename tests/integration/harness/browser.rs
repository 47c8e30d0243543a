//! A real, headless Chromium that looks at a preview's page, with axe-core.

use std::process::Stdio;

use serde::Deserialize;
use serde_json::Value;

use super::lab_script;

/// What was seen.
#[derive(Debug, Deserialize)]
pub struct Seen {
    /// What axe-core complains of.
    pub violations: Vec<Violation>,
    /// Error messages in the console.
    pub errors: Vec<String>,
    /// Addresses that were asked for besides the page's own.
    pub requests: Vec<String>,
    /// The frames' titles.
    pub frames: Vec<String>,
    /// What each frame shows.
    pub texts: Vec<String>,
    /// How many pictures are drawn in the frames, of how many.
    pub pictures: (usize, usize),
    /// The selected tab after each key.
    pub tabs: Vec<String>,
    /// Whether a script of a note ran.
    pub scripts: bool,
}

/// One complaint.
#[derive(Debug, Deserialize)]
pub struct Violation {
    /// `390 px, dark, How the note looks at blog`
    pub r#where: String,
    /// axe-core's name for it.
    pub rule: String,
    /// The elements, and what is the matter.
    pub targets: Vec<String>,
}

/// Looks at a page as the request (see `tests/lab/look.mjs`) says.
///
/// # Panics
/// With the reason, when the browser does not run.
pub fn look(request: &Value) -> Seen {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("request.json");
    std::fs::write(&file, request.to_string()).expect("the file can be written");
    let output =
        lab_script("look.sh").arg(&file).stdin(Stdio::null()).output().expect("bash runs the lab's scripts");
    assert!(
        output.status.success(),
        "the browser does not run; `tests/run` installs what is missing:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("what was seen")
}
