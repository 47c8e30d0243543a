//! What the preview's page shows of the notes of a run.

use std::collections::BTreeMap;

use base64::{Engine as _, prelude::BASE64_STANDARD};

use crate::{
    error::{Error, Place, Warning},
    note::path::resolve_relative,
    plan::Step,
    preview::{
        Fact, NoteView, Page, Remark, TargetView,
        frame::{self, Marks},
    },
    publish::{Observed, Run, Work, difference, observe, prepare::Shown},
    render::{PENDING_LINK, Rendering},
    report::source::Sources,
    targets::Target,
};

/// Makes the page of what was seen.
pub struct Showing<'s, 'r> {
    run: &'s Run<'r>,
    observed: &'s Observed<'r>,
    sources: &'s Sources,
    pictures: BTreeMap<String, String>,
    /// The pictures' files, from the project's folder: what a page must be made anew for.
    pub files: Vec<String>,
}

impl<'s, 'r> Showing<'s, 'r> {
    /// A page of these notes.
    pub fn new(run: &'s Run<'r>, observed: &'s Observed<'r>, sources: &'s Sources) -> Self {
        Self { run, observed, sources, pictures: BTreeMap::new(), files: Vec::new() }
    }

    /// The page's values.
    pub async fn page(&mut self) -> Page {
        let observed = self.observed;
        let is_of_a_note =
            |error: &&Error| error.place().is_some_and(|p| observed.index_of(&p.path).is_some());
        let problems = observed.errors.iter().filter(|error| !is_of_a_note(error));
        let problems = problems.map(|error| self.problem(error)).collect();
        let mut notes = Vec::new();
        for index in 0..observed.notes.len() {
            notes.push(self.note(index).await);
        }
        Page {
            project: self.run.project.to_owned(),
            notes,
            problems,
            pictures: std::mem::take(&mut self.pictures),
            live: None,
        }
    }

    async fn note(&mut self, index: usize) -> NoteView {
        let prepared = &self.observed.notes[index].0;
        let path = prepared.note.path().to_owned();
        let mut targets = Vec::new();
        for target in self.run.targets.clone() {
            let name = &target.common().name;
            if !prepared.note.meta.goes_to(name) {
                continue;
            }
            let work = self.observed.of_note(index).into_iter().find(|w| w.target.common().name == *name);
            targets.push(match work {
                Some(work) => self.target(work).await,
                // It could not be rendered: why stands above.
                None => TargetView { reason: Some("see above".to_owned()), ..empty(&*target, "refused") },
            });
        }
        let title = prepared.shown_title(self.run);
        let title = if title.is_empty() { path.clone() } else { title.to_owned() };
        let (href, problems) = (self.sources.line(&path, 0), self.problems_of(&path));
        let mut note = NoteView::new(path, title, problems, targets);
        note.href = href;
        note
    }

    /// What is wrong with a note. Two audiences may tell the same in other words: once is enough.
    fn problems_of(&self, path: &str) -> Vec<Remark> {
        let mut problems: Vec<Remark> = Vec::new();
        for error in self.observed.errors.iter().filter(|e| e.place().is_some_and(|p| p.path == path)) {
            let problem = self.problem(error);
            let is_it = |known: &Remark| (&known.place, &known.code) == (&problem.place, &problem.code);
            if !problems.iter().any(is_it) {
                problems.push(problem);
            }
        }
        problems
    }

    async fn target(&mut self, work: &Work) -> TargetView {
        let step = self.observed.step(self.run, work);
        let target = &*work.target;
        let mut view = TargetView { reason: step.reason.clone(), ..empty(target, action(&step)) };
        view.problems.extend(step.error.as_ref().map(|error| self.problem(error)));
        match observe::preview(self.run, self.observed, work).await {
            Ok(Some(shown)) => self.look(&mut view, work, &step, shown).await,
            Ok(None) => {}
            Err(errors) => view.problems.extend(errors.iter().map(|error| self.problem(error))),
        }
        view
    }

    async fn look(&mut self, view: &mut TargetView, work: &Work, step: &Step, shown: Shown) {
        let rendering = &shown.rendered.rendering;
        for src in sources_of(rendering) {
            if let Err(error) = self.picture(&step.note, src, &shown).await {
                view.problems.push(self.problem(&error));
            }
        }
        let marks = Marks { pins: &shown.pins, warnings: &rendering.warnings, whole: shown.whole };
        view.frame = Some(frame::document(&shown.preview, &rendering.title, &marks));
        view.facts = facts(rendering, &shown, self.run);
        let remark = |warning: &Warning| self.warning(&step.note, warning, &shown.lines);
        view.warnings = rendering.warnings.iter().map(remark).collect();
        view.payload = Some(work.target.payload(rendering, work.marker));
        view.compared = work.remote.is_some();
        if let Some(remote) = &work.remote {
            view.changes = difference::changes(&remote.parts, rendering);
        }
    }

    /// Puts a picture into the page, unless it is there.
    async fn picture(&mut self, note: &str, src: &str, shown: &Shown) -> crate::error::Result<()> {
        let Some((picture, _)) = shown.pictures.get(src) else { return Ok(()) };
        let id = picture.digest.short();
        self.files.extend(resolve_relative(note, src).ok());
        let Some((_, original, order)) = shown.orders.source(&picture.digest) else { return Ok(()) };
        if self.pictures.contains_key(&id) {
            return Ok(());
        }
        let media_type = picture.media_type;
        let data =
            async |bytes: Vec<u8>| Ok(format!("data:{media_type};base64,{}", BASE64_STANDARD.encode(bytes)));
        let uploads = &self.observed.uploads;
        let data = uploads.with_bytes(self.run.files, (note, src), original, order, data).await?;
        self.pictures.insert(id, data);
        Ok(())
    }

    fn warning(&self, note: &str, warning: &Warning, lines: &BTreeMap<u32, String>) -> Remark {
        let excerpt = lines.get(&warning.line).map(|line| line.trim().to_owned());
        Remark {
            place: Place::new(note, warning.line, 0).to_string(),
            href: self.sources.line(note, warning.line),
            message: warning.message.clone(),
            details: Vec::new(),
            excerpt: excerpt.filter(|line| !line.is_empty()),
            code: warning.code.to_owned(),
        }
    }

    fn problem(&self, error: &Error) -> Remark {
        let place = error.place();
        let details = error.details().iter().map(|(label, text)| format!("{label}: {text}"));
        let help = error.hints().iter().map(|hint| format!("help: {hint}"));
        Remark {
            place: place.map(ToString::to_string).unwrap_or_default(),
            href: place.and_then(|place| self.sources.line(&place.path, place.line)),
            message: error.message().to_owned(),
            details: details.chain(help).collect(),
            excerpt: None,
            code: error.name().unwrap_or_default().to_owned(),
        }
    }
}

fn empty(target: &dyn Target, action: &str) -> TargetView {
    TargetView {
        name: target.common().name.clone(),
        kind: target.kind(),
        location: target.location(),
        audience: target.common().audience.to_string(),
        action: action.to_owned(),
        reason: None,
        problems: Vec::new(),
        facts: Vec::new(),
        warnings: Vec::new(),
        frame: None,
        payload: None,
        changes: Vec::new(),
        compared: false,
    }
}

fn action(step: &Step) -> &'static str {
    if step.error.is_some() { "refused" } else { step.action.as_str() }
}

/// The `src` of every local picture that a rendering shows.
fn sources_of(rendering: &Rendering) -> impl Iterator<Item = &str> {
    let featured = rendering.featured.iter().map(|featured| featured.src.as_str());
    rendering.needs.iter().map(|(src, _)| src.as_str()).chain(featured)
}

/// The table. What a note leaves to the site is empty.
fn facts(rendering: &Rendering, shown: &Shown, run: &Run<'_>) -> Vec<Fact> {
    let fact = |name, value: String| Fact { name, value, picture: None };
    let names = |names: &Option<Vec<String>>| match names.as_deref() {
        None => String::new(),
        Some([]) => "none".to_owned(),
        Some(names) => names.join(", "),
    };
    let date = rendering.date.map(|at| at.to_zoned(run.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string());
    let mut facts = vec![
        fact("Title", rendering.title.clone()),
        fact("Slug", rendering.slug.clone().unwrap_or_default()),
        fact("Status", rendering.status.as_str().to_owned()),
        fact("Date", date.unwrap_or_default()),
        fact("Tags", names(&rendering.tags)),
        fact("Categories", names(&rendering.categories)),
    ];
    facts.extend(rendering.author.clone().map(|author| fact("Author", author)));
    facts.extend(rendering.excerpt.clone().map(|excerpt| fact("Summary", excerpt)));
    facts.extend(rendering.canonical.as_deref().map(|url| fact("Canonical", canonical(url))));
    if let Some(featured) = &rendering.featured {
        let picture = shown.pictures.get(&featured.src).map(|(picture, _)| picture.digest.short());
        facts.push(Fact { name: "Picture", value: featured.src.clone(), picture });
    } else {
        facts.push(fact("Picture", "none".to_owned()));
    }
    facts
}

fn canonical(url: &str) -> String {
    match url.strip_prefix(PENDING_LINK) {
        Some(target) => format!("the address that {target} gives it"),
        None => url.to_owned(),
    }
}
