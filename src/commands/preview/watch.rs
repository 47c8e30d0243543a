//! Whether anything has changed that the page is made of. Asked again and again: what file systems
//! tell by themselves differs from one to the next and is silent on network drives and in
//! containers, where a look at the time of some files costs nothing.

use std::{path::Path, time::SystemTime};

use crate::{
    cli,
    commands::{notes, project::Project},
    error::Result,
};

/// The files that were looked at, each with its time and length.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prints(Vec<(String, Option<(SystemTime, u64)>)>);

impl Prints {
    /// Of the configuration, the notes and these pictures, as they are now. A project that cannot be
    /// read has no notes.
    pub fn take(
        project: &Result<Project>,
        config: Option<&Path>,
        args: &cli::Preview,
        pictures: &[String],
    ) -> Self {
        let mut prints: Vec<_> =
            config.iter().map(|file| (file.display().to_string(), print(file))).collect();
        if let Ok(project) = project {
            let names = notes::select(project, &args.paths).unwrap_or_default();
            let files = names.iter().chain(pictures);
            prints.extend(files.map(|name| (name.clone(), print(&project.files.root().join(name)))));
        }
        Self(prints)
    }
}

fn print(file: &Path) -> Option<(SystemTime, u64)> {
    let data = std::fs::metadata(file).ok()?;
    Some((data.modified().ok()?, data.len()))
}
