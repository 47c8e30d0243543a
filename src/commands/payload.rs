//! `--preview DIR` and `preview --out DIR`: the page, and the exact bodies that would be sent, as
//! files to look at and to compare.

use std::path::{Path, PathBuf};

use super::{showing::Showing, sources};
use crate::{
    error::{Error, Result},
    preview::{self, Page},
    publish::{Observed, Run, Work},
};

/// What was written.
pub struct Written {
    /// The page.
    pub page: PathBuf,
    /// How many bodies.
    pub bodies: usize,
}

/// Writes `DIR/index.html`, and `DIR/payload/<target>/<note's path without .md>.html` for everything
/// that was rendered.
///
/// # Errors
/// When a file cannot be written.
pub async fn write(folder: &Path, run: &Run<'_>, observed: &Observed<'_>) -> Result<Written> {
    let sources = sources::of_forge(run.root);
    let page = Showing::new(run, observed, &sources).page().await;
    let mut bodies = 0;
    for work in &observed.work {
        if let Some(rendered) = &work.rendered {
            let body = work.target.payload(&rendered.rendering, work.marker);
            write_file(&body_of(folder, observed.notes[work.note].0.note.path(), work), &body)?;
            bodies += 1;
        }
    }
    Ok(Written { page: write_page(folder, &page)?, bodies })
}

fn write_page(folder: &Path, page: &Page) -> Result<PathBuf> {
    let file = folder.join("index.html");
    write_file(&file, &preview::page(page)?)?;
    Ok(file)
}

fn body_of(folder: &Path, note: &str, work: &Work) -> PathBuf {
    let name = note.strip_suffix(".md").unwrap_or(note);
    folder.join("payload").join(&work.target.common().name).join(format!("{name}.html"))
}

fn write_file(file: &Path, text: &str) -> Result<()> {
    let parent = file.parent().unwrap_or(file);
    std::fs::create_dir_all(parent).and_then(|()| std::fs::write(file, text)).map_err(|e| {
        Error::failed("the preview cannot be written").detail("file", file.display().to_string()).cause(e)
    })
}
