//! Which notes a command means, and reading them.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use globset::{Glob, GlobSet, GlobSetBuilder};
use walkdir::WalkDir;

use super::shell::Shell;
use crate::{
    error::{Error, Result},
    note::{self, Note, Source},
    publish::veil::Veil,
};

/// The names of the notes that the paths mean; without paths those of the configuration's globs.
///
/// # Errors
/// A path that is not there, lies outside the project, or holds no note.
pub fn select(shell: &Shell, paths: &[PathBuf]) -> Result<Vec<String>> {
    if paths.is_empty() {
        let found = configured(shell)?;
        if found.is_empty() {
            return Err(Error::invalid("there are no notes")
                .detail("looked for", shell.config.notes.join(", "))
                .detail("in", shell.files.root().display().to_string())
                .help("name a note on the command line, or set `notes` in crosspost.toml"));
        }
        return Ok(found);
    }
    let mut names = BTreeSet::new();
    for path in paths {
        names.extend(named(shell, path)?);
    }
    Ok(names.into_iter().collect())
}

/// The notes that the configuration's globs find, in the order of their names.
///
/// # Errors
/// A glob that cannot be read.
pub fn configured(shell: &Shell) -> Result<Vec<String>> {
    let globs = globs(&shell.config.notes)?;
    let mut names = BTreeSet::new();
    for pattern in &shell.config.notes {
        let start = shell.files.root().join(fixed_part(pattern));
        let files = walk(&start).filter_map(|path| shell.files.name(&path));
        names.extend(files.filter(|name| globs.is_match(name)));
    }
    Ok(names.into_iter().collect())
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
fn fixed_part(pattern: &str) -> &str {
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

fn named(shell: &Shell, path: &Path) -> Result<Vec<String>> {
    let here = std::env::current_dir().unwrap_or_default().join(path);
    let missing = || Error::invalid("there is no such note").detail("path", path.display().to_string());
    if here.is_dir() {
        let is_note =
            |p: &PathBuf| p.extension().is_some_and(|e| e.eq_ignore_ascii_case("md") || e == "markdown");
        let notes: Vec<String> =
            walk(&here).filter(is_note).filter_map(|p| shell.files.name(&clean(&p))).collect();
        if notes.is_empty() {
            return Err(missing().help("the folder holds no .md file"));
        }
        return Ok(notes);
    }
    if here.symlink_metadata().is_err() {
        return Err(missing());
    }
    let name = shell.files.name(&clean(&here)).ok_or_else(|| {
        Error::invalid("the note lies outside the project's folder")
            .detail("path", path.display().to_string())
            .detail("folder", shell.files.root().display().to_string())
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
pub fn read(shell: &Shell, names: &[String]) -> (Vec<Note>, Vec<Error>) {
    let (mut notes, mut errors) = (Vec::new(), Vec::new());
    for name in names {
        match read_one(shell, name) {
            Ok(note) => notes.push(note),
            Err(wrong) => errors.extend(Veil::of_unread(&shell.config.internal.hosts).errors(wrong)),
        }
    }
    (notes, errors)
}

/// Reads one note.
///
/// # Errors
/// All its mistakes.
pub fn read_one(shell: &Shell, name: &str) -> Result<Note, Vec<Error>> {
    let bytes = shell.files.read(name, note::read::MAX_BYTES as u64).map_err(|e| vec![e])?;
    let source = Source::decode(name, &bytes).map_err(|e| vec![e])?;
    let note = Note::parse(source, &shell.config.ignored_keys)?;
    let unknown: Vec<Error> = note
        .meta
        .targets
        .names()
        .filter(|name| shell.config.target(name).is_none())
        .map(|target| {
            let place = note.meta.places.get("targets").cloned();
            let error = shell.unknown_target(target).code("unknown-target");
            place.map_or_else(|| error.clone(), |place| error.clone().at(place))
        })
        .collect();
    if unknown.is_empty() { Ok(note) } else { Err(unknown) }
}
