//! `--preview DIR` and `preview --out DIR`: the page, and the exact bodies that would be sent, as
//! files to look at and to compare; and whole requests, where a target describes them, for `--verbose`.

use std::path::{Path, PathBuf};

use super::{showing::Showing, sources};
use crate::{
    error::{Error, Result},
    plan::Action,
    preview::{self, Page},
    publish::{Observed, Run},
};

/// What was written.
pub struct Written {
    /// The page.
    pub page: PathBuf,
    /// How many bodies.
    pub bodies: usize,
}

/// Writes `DIR/index.html`, and `DIR/payload/<target>/<note's path without .md>.html` for everything
/// that was rendered; whole requests go into files that end in `.http`.
///
/// # Errors
/// When a file cannot be written.
pub async fn write(folder: &Path, run: &Run<'_>, observed: &Observed<'_>) -> Result<Written> {
    let sources = sources::of_forge(run.root);
    let page = Showing::new(run, observed, &sources).page().await;
    let mut bodies = 0;
    for work in &observed.work {
        if let Some(rendered) = &work.rendered {
            let (text, ending) = match work.target.requests(&rendered.rendering, work.marker) {
                Some(requests) => (requests, "http"),
                None => (work.target.payload(&rendered.rendering, work.marker), "html"),
            };
            let note = observed.notes[work.note].0.note.path();
            let name = format!("{}.{ending}", note.strip_suffix(".md").unwrap_or(note));
            write_file(&folder.join("payload").join(&work.target.common().name).join(name), &text)?;
            bodies += 1;
        }
    }
    Ok(Written { page: write_page(folder, &page)?, bodies })
}

/// The requests of what a plan would send, where its targets can tell them: without their bodies, since
/// a log may be read by others than the target is.
#[must_use]
pub fn requests(observed: &Observed<'_>) -> Vec<String> {
    let sent = observed.work.iter().filter(|work| {
        work.error.is_none() && matches!(work.decision.action, Action::Create | Action::Update)
    });
    let whole = sent.filter_map(|work| work.target.requests(&work.rendered.as_ref()?.rendering, work.marker));
    whole.map(|requests| heads(&requests)).collect()
}

/// The parts of a `.http` file that are no bodies: what follows an empty line is one.
fn heads(requests: &str) -> String {
    let parts = requests.split("\n\n").filter(|part| part.trim_start().starts_with("###"));
    parts.map(str::trim).collect::<Vec<_>>().join("\n")
}

fn write_page(folder: &Path, page: &Page) -> Result<PathBuf> {
    let file = folder.join("index.html");
    write_file(&file, &preview::page(page)?)?;
    Ok(file)
}

fn write_file(file: &Path, text: &str) -> Result<()> {
    let parent = file.parent().unwrap_or(file);
    std::fs::create_dir_all(parent).and_then(|()| std::fs::write(file, text)).map_err(|e| {
        Error::failed("the preview cannot be written").detail("file", file.display().to_string()).cause(e)
    })
}
