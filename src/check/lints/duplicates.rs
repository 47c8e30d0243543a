//! Two notes that would be one, or would stand at one address.

use std::collections::BTreeMap;

use crate::{
    check::{Code, Facts, Known, Lint, Look, Problem, Spot, Subject},
    note::NoteId,
};

const DUPLICATE_ID: Code = Code::error("duplicate-id", "two notes have the same `id`");
const DUPLICATE_SLUG: Code =
    Code::error("duplicate-slug", "two notes would have the same address at a target");

/// The lint.
pub const LINT: Lint = Lint { codes: &[&DUPLICATE_ID, &DUPLICATE_SLUG], look: Look::Project(look) };

fn look(subjects: &[Subject<'_>], facts: &Facts<'_>) -> Vec<Problem> {
    let (ids, slugs) = (ids(facts), slugs(subjects, facts));
    let mut problems = Vec::new();
    for subject in subjects {
        let path = subject.note.path();
        for other in others(ids.get(&subject.note.id), path) {
            let message = format!("`{other}` has the same id `{}`", subject.note.id);
            problems.push(
                Problem::new(&DUPLICATE_ID, path, place(subject, "id"), message)
                    .help("an id is one note's alone: the two would overwrite each other's posts"),
            );
        }
        for ((target, slug), paths) in &slugs {
            for other in others(Some(paths).filter(|paths| paths.contains(&path)), path) {
                let message = format!("`{other}` has the same slug `{slug}`");
                problems.push(
                    Problem::new(&DUPLICATE_SLUG, path, place(subject, "slug"), message)
                        .only_at(target)
                        .help("give one of the two another `slug`"),
                );
            }
        }
    }
    problems
}

/// The key of the front matter, or the first line.
fn place(subject: &Subject<'_>, key: &str) -> Spot {
    match subject.key(key) {
        Spot { line: 0, .. } => Spot { line: 1, ..Spot::default() },
        spot => spot,
    }
}

fn others<'a>(paths: Option<&Vec<&'a str>>, own: &str) -> Vec<&'a str> {
    paths.into_iter().flatten().copied().filter(|path| *path != own).collect()
}

fn ids<'a>(facts: &Facts<'a>) -> BTreeMap<&'a NoteId, Vec<&'a str>> {
    let mut ids: BTreeMap<&NoteId, Vec<&str>> = BTreeMap::new();
    for (path, known) in facts.notes {
        ids.entry(&known.id).or_default().push(path);
    }
    ids
}

/// The notes by target and slug. What a note that is checked was rendered with counts, since some
/// targets make a slug of the file's name.
fn slugs<'a>(subjects: &'a [Subject<'_>], facts: &Facts<'a>) -> BTreeMap<(&'a str, &'a str), Vec<&'a str>> {
    let mut slugs: BTreeMap<(&'a str, &'a str), Vec<&'a str>> = BTreeMap::new();
    let rendered: BTreeMap<(&str, &str), &'a str> = subjects.iter().flat_map(rendered).collect();
    for (path, Known { slugs: chosen, .. }) in facts.notes {
        for (target, slug) in chosen {
            let slug = rendered.get(&(path.as_str(), target.as_str())).copied().or(slug.as_deref());
            if let Some(slug) = slug {
                slugs.entry((target, slug)).or_default().push(path);
            }
        }
    }
    slugs.retain(|_, paths| paths.len() > 1);
    slugs
}

/// The slugs in a note's renderings, by its path and the target.
fn rendered<'s>(subject: &'s Subject<'_>) -> impl Iterator<Item = ((&'s str, &'s str), &'s str)> {
    subject.trials.iter().filter_map(|trial| {
        let slug = trial.result.as_ref().ok()?.slug.as_deref()?;
        Some(((subject.note.path(), trial.target.common().name.as_str()), slug))
    })
}
