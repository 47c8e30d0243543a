//! What the page shows, as values.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::plan::change::Change;

/// The whole page.
#[derive(Debug, Default, Serialize)]
pub struct Page {
    /// The project's name.
    pub project: String,
    /// The notes, in their order.
    pub notes: Vec<NoteView>,
    /// What is wrong besides the notes: the configuration, a note that cannot be read.
    pub problems: Vec<Remark>,
    /// The pictures as `data:` addresses, by the name that frames call them.
    pub pictures: BTreeMap<String, String>,
    /// Whether a server stands behind it that tells of changes; its present state.
    pub live: Option<String>,
}

/// A note.
#[derive(Debug, Serialize)]
pub struct NoteView {
    /// Its path.
    pub path: String,
    /// The title, or the path where there is none to show.
    pub title: String,
    /// Where it can be opened, if that is known.
    pub href: Option<String>,
    /// What is wrong with it.
    pub problems: Vec<Remark>,
    /// Its targets.
    pub targets: Vec<TargetView>,
    /// Whether it cannot go to some target.
    refused: bool,
    /// How much is lost, at all of them.
    lost: usize,
}

impl NoteView {
    /// A note and its targets.
    #[must_use]
    pub fn new(path: String, title: String, problems: Vec<Remark>, targets: Vec<TargetView>) -> Self {
        let refused = !problems.is_empty() || targets.iter().any(|target| !target.problems.is_empty());
        let lost = targets.iter().map(|target| target.warnings.len()).sum();
        Self { path, title, href: None, problems, targets, refused, lost }
    }
}

/// A note at a target.
#[derive(Debug, Serialize)]
pub struct TargetView {
    /// The target's name.
    pub name: String,
    /// `wordpress`.
    pub kind: &'static str,
    /// Where it is.
    pub location: String,
    /// `public` or `internal`.
    pub audience: String,
    /// What publishing would do, as far as is known.
    pub action: String,
    /// Why, in a few words.
    pub reason: Option<String>,
    /// What stands in the way.
    pub problems: Vec<Remark>,
    /// Title, slug, tags and so on.
    pub facts: Vec<Fact>,
    /// What is lost, or becomes otherwise.
    pub warnings: Vec<Remark>,
    /// The look, as a document for a frame; none where the note does not go there.
    pub frame: Option<String>,
    /// The exact body that would be sent.
    pub payload: Option<String>,
    /// How the post as it is now differs.
    pub changes: Vec<Change>,
    /// Whether the site was asked, so that no difference means that there is none.
    pub compared: bool,
}

/// A row of the table.
#[derive(Debug, Serialize)]
pub struct Fact {
    /// What it is: `Title`.
    pub name: &'static str,
    /// What the note says; empty where it leaves it to the site.
    pub value: String,
    /// The name of a picture to show.
    pub picture: Option<String>,
}

/// Something that a person should know.
#[derive(Debug, Clone, Serialize)]
pub struct Remark {
    /// `notes/a.md:31`; empty where it belongs to no line.
    pub place: String,
    /// Where that can be opened.
    pub href: Option<String>,
    /// What it says.
    pub message: String,
    /// The rest of what there is to say, line by line.
    pub details: Vec<String>,
    /// The line of the note, as far as this target's readers may see it.
    pub excerpt: Option<String>,
    /// `table-flattened`
    pub code: String,
}
