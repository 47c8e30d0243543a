//! `--preview DIR`: the exact bodies that would be sent, as files to look at and to compare; and whole
//! requests, where a target describes them, for `--verbose`.

use std::path::Path;

use crate::{
    error::{Error, Result},
    plan::Action,
    publish::Observed,
};

/// Writes `DIR/payload/<target>/<note's path without .md>.html` for everything that was rendered; whole
/// requests go into files that end in `.http`.
///
/// # Errors
/// When a file cannot be written.
pub fn write(folder: &Path, observed: &Observed<'_>) -> Result<usize> {
    let mut written = 0;
    for work in &observed.work {
        if let Some(rendered) = &work.rendered {
            let (text, ending) = match work.target.requests(&rendered.rendering, work.marker) {
                Some(requests) => (requests, "http"),
                None => (work.target.payload(&rendered.rendering, work.marker), "html"),
            };
            let note = observed.notes[work.note].0.note.path();
            let name = format!("{}.{ending}", note.strip_suffix(".md").unwrap_or(note));
            let file = folder.join("payload").join(&work.target.common().name).join(name);
            write_one(&file, &text)?;
            written += 1;
        }
    }
    Ok(written)
}

/// The requests of what a plan would send, where its targets can tell them.
#[must_use]
pub fn requests(observed: &Observed<'_>) -> Vec<String> {
    let sent = observed.work.iter().filter(|work| {
        work.error.is_none() && matches!(work.decision.action, Action::Create | Action::Update)
    });
    sent.filter_map(|work| work.target.requests(&work.rendered.as_ref()?.rendering, work.marker)).collect()
}

fn write_one(file: &Path, text: &str) -> Result<()> {
    let parent = file.parent().unwrap_or(file);
    std::fs::create_dir_all(parent).and_then(|()| std::fs::write(file, text)).map_err(|e| {
        Error::failed("the preview cannot be written").detail("file", file.display().to_string()).cause(e)
    })
}
