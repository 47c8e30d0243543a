//! What keeps the documentation true: it is read as a reader would, and held to the program.
//!
//! `CROSSPOST_UPDATE_DOCS=1 cargo test --test integration docs` writes the generated pages anew.

mod adding;
mod check;
mod ci;
pub mod commands;
mod configuration;
mod conformance;
mod dependencies;
mod doctor;
mod generated;
mod guarantees;
mod links;
pub mod markdown;
mod notes;
pub mod recording;
mod warnings;

use std::{
    fs,
    path::{Path, PathBuf},
};

use markdown::Document;

/// The repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file of the repository.
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// Every page of the documentation: what stands in the repository's folder, and in `docs/`.
pub fn documents() -> Vec<Document> {
    let here = fs::read_dir(root()).expect("the repository").filter_map(|entry| Some(entry.ok()?.path()));
    let below = walkdir::WalkDir::new(root().join("docs")).sort_by_file_name().into_iter();
    let mut paths: Vec<PathBuf> =
        here.chain(below.filter_map(|entry| Some(entry.ok()?.into_path()))).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "md"));
    let name = |path: &PathBuf| path.strip_prefix(root()).expect("a file below").display().to_string();
    paths.iter().map(|path| document(&name(path))).collect()
}

/// One page.
pub fn document(path: &str) -> Document {
    Document::parse(path, &read(path))
}

/// Holds a generated file to what it should be; writes it where the environment says so.
#[track_caller]
pub fn assert_generated(path: &str, expected: &str) {
    if std::env::var_os("CROSSPOST_UPDATE_DOCS").is_some() {
        let file = root().join(path);
        fs::create_dir_all(file.parent().expect("a folder")).expect("the folder can be made");
        fs::write(file, expected).expect("the file can be written");
        return;
    }
    let is = fs::read_to_string(root().join(path)).unwrap_or_default();
    assert!(
        is == expected,
        "{path} is out of date: CROSSPOST_UPDATE_DOCS=1 cargo test --test integration docs\n{}",
        similar::TextDiff::from_lines(&is, expected).unified_diff()
    );
}
