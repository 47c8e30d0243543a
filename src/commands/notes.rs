//! Which notes a command means, and reading them.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use globset::{Glob, GlobSet, GlobSetBuilder};
use walkdir::WalkDir;

use super::project::Project;
use crate::{
    error::{Error, Result},
    note::{self, Note, Source},
    parallel,
    publish::veil::Veil,
};

/// The names of the notes that the paths mean; without paths those of the configuration's globs.
///
/// # Errors
/// A path that is not there, lies outside the project, or holds no note.
pub fn select(project: &Project, paths: &[PathBuf]) -> Result<Vec<String>> {
    if paths.is_empty() {
        let found = configured(project)?;
        if found.is_empty() {
            return Err(Error::invalid("there are no notes")
                .detail("looked for", project.config.notes.join(", "))
                .detail("in", project.files.root().display().to_string())
                .help("name a note on the command line, or set `notes` in crosspost.toml"));
        }
        return Ok(found);
    }
    let mut names = BTreeSet::new();
    for path in paths {
        names.extend(named(project, path)?);
    }
    Ok(names.into_iter().collect())
}

/// The notes that the configuration's globs find, in the order of their names.
///
/// # Errors
/// A glob that cannot be read.
pub fn configured(project: &Project) -> Result<Vec<String>> {
    let globs = globs(&project.config.notes)?;
    let mut names = Vec::new();
    for pattern in &project.config.notes {
        let start = project.files.root().join(fixed_part(pattern));
        let files = walk(&start).filter_map(|path| project.files.name(&path));
        names.extend(files.filter(|name| globs.is_match(name)));
    }
    names.sort_unstable();
    names.dedup();
    Ok(names)
}

fn globs(patterns: &[String]) -> Result<GlobSet> {
    let wrong = |pattern: &str, e: &globset::Error| {
        Error::invalid(format!("`{pattern}` in `notes` is no glob")).cause(e.kind())
    };
    let mut builder = GlobSetBuilder::new();
    for pattern in patterns {
        builder.add(Glob::new(pattern).map_err(|e| wrong(pattern, &e))?);
    }
    builder.build().map_err(|e| wrong("", &e))
}

/// The folders of a glob before its first wildcard.
pub fn fixed_part(pattern: &str) -> &str {
    let wild = pattern.find(['*', '?', '[', '{']).unwrap_or(pattern.len());
    pattern[..wild].rsplit_once('/').map_or("", |(folders, _)| folders)
}

fn walk(start: &Path) -> impl Iterator<Item = PathBuf> {
    let hidden = |entry: &walkdir::DirEntry| {
        entry.depth() > 0 && entry.file_name().to_str().is_some_and(|n| n.starts_with('.'))
    };
    WalkDir::new(start)
        .into_iter()
        .filter_entry(move |entry| !hidden(entry))
        .filter_map(std::result::Result::ok)
        .filter(|entry| !entry.file_type().is_dir())
        .map(walkdir::DirEntry::into_path)
}

fn named(project: &Project, path: &Path) -> Result<Vec<String>> {
    let here = std::env::current_dir().unwrap_or_default().join(path);
    let missing = || Error::invalid("there is no such note").detail("path", path.display().to_string());
    if here.is_dir() {
        let is_note =
            |p: &PathBuf| p.extension().is_some_and(|e| e.eq_ignore_ascii_case("md") || e == "markdown");
        let notes: Vec<String> =
            walk(&here).filter(is_note).filter_map(|p| project.files.name(&clean(&p))).collect();
        if notes.is_empty() {
            return Err(missing().help("the folder holds no .md file"));
        }
        return Ok(notes);
    }
    if here.symlink_metadata().is_err() {
        return Err(missing());
    }
    let name = project.files.name(&clean(&here)).ok_or_else(|| {
        Error::invalid("the note lies outside the project's folder")
            .detail("path", path.display().to_string())
            .detail("folder", project.files.root().display().to_string())
    })?;
    Ok(vec![name])
}

/// A path without `.` and `..`, links left alone.
fn clean(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => drop(out.pop()),
            other => out.push(other),
        }
    }
    out
}

/// Reads notes. The mistakes of one do not stop the others.
pub fn read(project: &Project, names: &[String]) -> (Vec<Note>, Vec<Error>) {
    let (mut notes, mut errors) = (Vec::new(), Vec::new());
    for read in parallel::map_long(names, |name| read_one(project, name)) {
        match read {
            Ok(note) => notes.push(note),
            Err(wrong) => errors.extend(Veil::of_unread(&project.config.internal.hosts).errors(wrong)),
        }
    }
    (notes, errors)
}

/// Reads one note.
///
/// # Errors
/// All its mistakes.
pub fn read_one(project: &Project, name: &str) -> Result<Note, Vec<Error>> {
    let bytes = project.files.read(name, note::read::MAX_BYTES as u64).map_err(|e| vec![e])?;
    let source = Source::decode(name, &bytes).map_err(|e| vec![e])?;
    let note = Note::parse(source, &project.config.ignored_keys)?;
    let unknown = unknown_targets(project, &note);
    if unknown.is_empty() { Ok(note) } else { Err(unknown) }
}

/// The targets that a note names and the configuration does not have.
pub fn unknown_targets(project: &Project, note: &Note) -> Vec<Error> {
    let place = note.meta.places.get("targets").cloned().unwrap_or_else(|| note.source.line(1));
    let unknown = note.meta.targets.names().filter(|name| project.config.target(name).is_none());
    let place = |name: &str| note.meta.target_places.get(name).unwrap_or(&place).clone();
    unknown.map(|name| project.unknown_target(name).code("unknown-target").at(place(name))).collect()
}
