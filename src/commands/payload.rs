//! `--preview DIR`: the exact bodies that would be sent, as files to look at and to compare.

use std::path::Path;

use crate::{
    error::{Error, Result},
    publish::{Observed, Work},
};

/// Writes `DIR/payload/<target>/<note's path without .md>.html` for everything that was rendered.
///
/// # Errors
/// When a file cannot be written.
pub fn write(folder: &Path, observed: &Observed<'_>) -> Result<usize> {
    let mut written = 0;
    for work in &observed.work {
        if let Some(rendered) = &work.rendered {
            let body = work.target.payload(&rendered.rendering, work.marker);
            write_one(folder, observed.notes[work.note].0.note.path(), work, &body)?;
            written += 1;
        }
    }
    Ok(written)
}

fn write_one(folder: &Path, note: &str, work: &Work, body: &str) -> Result<()> {
    let name = note.strip_suffix(".md").unwrap_or(note);
    let file = folder.join("payload").join(&work.target.common().name).join(format!("{name}.html"));
    let parent = file.parent().unwrap_or(folder);
    std::fs::create_dir_all(parent).and_then(|()| std::fs::write(&file, body)).map_err(|e| {
        Error::failed("the preview cannot be written").detail("file", file.display().to_string()).cause(e)
    })
}
