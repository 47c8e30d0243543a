//! What Medium would be sent for a note.

use serde_json::json;

use super::config::Settings;
use crate::{
    error::{Error, Warning},
    render::{Context, Digest, Document, LinkFate, PENDING_LINK, Rendering, medium},
};

/// Medium keeps the first three tags (its API documentation, "Creating a post").
const MAX_TAGS: usize = 3;
/// Longer tags are dropped, in characters.
const MAX_TAG: usize = 25;
/// A longer title is ignored and made up from the content, in characters.
const MAX_TITLE: usize = 100;

/// What changes renderings. How a story is made (`visibility`, `license`, `notify`) is not in it:
/// to change that asks nothing of stories that exist.
pub(super) fn version(settings: &Settings) -> Digest {
    Digest::of_json(&json!([medium::VERSION, settings.tables]))
}

pub(super) fn render(
    target: &str,
    settings: &Settings,
    document: &Document,
    context: &Context<'_>,
) -> Result<Rendering, Vec<Error>> {
    let meta = context.meta;
    check_canonical(target, context).map_err(|error| vec![error])?;
    let story = medium::write(document, context, settings.tables);
    let mut warnings = title_warning(&meta.title).into_iter().collect();
    let tags = meta.tags.as_deref().map(|tags| keep_tags(tags, &mut warnings));
    warnings.extend(story.warnings);
    Ok(Rendering {
        title: meta.title.clone(),
        slug: None,
        excerpt: story.subtitle,
        status: meta.status,
        date: meta.date,
        tags,
        categories: None,
        author: None,
        canonical: meta.canonical.clone(),
        featured: story.featured,
        body: story.html,
        extra: std::collections::BTreeMap::new(),
        needs: story.needs,
        warnings,
    })
}

/// The original's address stands in a public story: it must be one that the public may see.
fn check_canonical(target: &str, context: &Context<'_>) -> Result<(), Error> {
    let Some(canonical) = context.meta.canonical.as_deref() else { return Ok(()) };
    let known = !canonical.starts_with(PENDING_LINK);
    // The warnings of a link do not fit: this one is refused.
    if known && !matches!(context.links.fate(canonical, 0, &mut Vec::new()), LinkFate::To(_)) {
        return Err(Error::invalid(format!("the canonical address may not be shown at `{target}`"))
            .code("canonical-internal")
            .help(format!(
                "give the note another one there: `targets: {{{target}: {{canonical: \"https://…\"}}}}`"
            )));
    }
    Ok(())
}

fn title_warning(title: &str) -> Option<Warning> {
    let length = title.chars().count();
    (length > MAX_TITLE).then(|| {
        let message = format!(
            "the title has {length} characters: over {MAX_TITLE}, Medium lists the story under one that it makes up from the text"
        );
        Warning::new("title-too-long", 0, message)
    })
}

/// The tags that Medium will keep, and a warning that names the others.
fn keep_tags(tags: &[String], warnings: &mut Vec<Warning>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    let mut cut: Vec<&str> = Vec::new();
    for tag in tags.iter().map(|tag| tag.trim()).filter(|tag| !tag.is_empty()) {
        if kept.iter().any(|known| known.to_lowercase() == tag.to_lowercase()) {
            continue;
        }
        if kept.len() < MAX_TAGS && tag.chars().count() <= MAX_TAG {
            kept.push(tag.to_owned());
        } else {
            cut.push(tag);
        }
    }
    if !cut.is_empty() {
        let message = format!(
            "Medium takes {MAX_TAGS} tags of at most {MAX_TAG} characters: left out are {}",
            cut.join(", ")
        );
        warnings.push(Warning::new("tags-cut", 0, message));
    }
    kept
}
