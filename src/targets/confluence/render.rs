//! What a space would be sent. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::{config::Config, labels::label, survey::Home};
use crate::{
    error::{Error, Result, Warning},
    render::{
        self, Context, Digest, Document, LinkFate, PENDING_LINK, Rendering,
        storage::{self, Options},
    },
};

/// A title's greatest length in characters.
const LONGEST_TITLE: usize = 255;
/// A body's greatest length in bytes (413 above it), with room for the places of readers' comments.
const LARGEST_BODY: usize = 5_000_000;

/// A digest of what changes a rendering besides the note: the configuration, this program.
#[must_use]
pub fn version(config: &Config) -> Digest {
    Digest::of_json(&(
        env!("CARGO_PKG_VERSION"),
        storage::VERSION,
        config.edition,
        config.home_key(),
        &config.labels,
    ))
}

/// Renders a note for a space.
///
/// # Errors
/// A body that is larger than Confluence takes.
pub fn render(config: &Config, document: &Document, context: &Context<'_>) -> Result<Rendering, Vec<Error>> {
    let meta = context.meta;
    let mut warnings = document.warnings.clone();
    let title = title(&meta.title, &mut warnings);
    let labels = labels(config, context, &mut warnings);
    let home = context.site.get(&config.home_key()).and_then(|home| Home::remembered(home));
    let options =
        Options { edition: config.edition, pictures_on: home.as_ref().map(|home| home.title.as_str()) };
    let mut parts: Vec<String> =
        leading_picture(document, context, options, &mut warnings).into_iter().collect();
    parts.push(storage::render(document, context, options, &mut warnings));
    parts.extend(original(context));
    parts.push(storage::mark(context.marker));
    parts.retain(|part| !part.is_empty());
    let body = parts.join("\n");
    if body.len() > LARGEST_BODY {
        return Err(vec![
            Error::invalid(format!("the page would have {} MB: Confluence takes 5", body.len() / 1_000_000))
                .help("split the note"),
        ]);
    }
    warnings.sort();
    Ok(Rendering {
        title,
        slug: None,
        excerpt: None,
        status: meta.status,
        date: meta.date,
        tags: labels,
        categories: None,
        author: None,
        canonical: meta.canonical.clone(),
        featured: None,
        body,
        extra: BTreeMap::new(),
        needs: render::needs(document, context),
        warnings,
    })
}

/// On one line, and no longer than Confluence takes.
fn title(wanted: &str, warnings: &mut Vec<Warning>) -> String {
    let title = wanted.split_whitespace().collect::<Vec<_>>().join(" ");
    if title.chars().count() <= LONGEST_TITLE {
        return title;
    }
    let cut: String = title.chars().take(LONGEST_TITLE - 1).collect();
    let cut = format!("{}…", cut.trim_end());
    warnings.push(Warning::new(
        "title-changed",
        0,
        format!("a title has at most {LONGEST_TITLE} characters: it is \"{cut}\" there"),
    ));
    cut
}

/// The note's tags and categories, and the target's labels, each once.
fn labels(config: &Config, context: &Context<'_>, warnings: &mut Vec<Warning>) -> Option<Vec<String>> {
    let meta = context.meta;
    if meta.categories.is_none() && meta.tags.is_none() && config.labels.is_empty() {
        return None;
    }
    let of_note = meta.categories.iter().chain(&meta.tags).flatten();
    let mut labels = BTreeSet::new();
    for tag in of_note.chain(&config.labels) {
        let label = label(tag);
        let alike = tag.to_lowercase().split_whitespace().collect::<Vec<_>>().join("-");
        if label != alike {
            let instead = if label.is_empty() { "left out".to_owned() } else { format!("`{label}` there") };
            let message = format!("`{tag}` cannot be a label: it is {instead}");
            warnings.push(Warning::new("label-changed", 0, message));
        }
        labels.insert(label);
    }
    labels.remove("");
    Some(labels.into_iter().collect())
}

/// The featured picture, unless the text shows it anyway.
fn leading_picture(
    document: &Document,
    context: &Context<'_>,
    options: Options<'_>,
    warnings: &mut Vec<Warning>,
) -> Option<String> {
    let src = context.meta.image.as_ref()?;
    let Some((picture, _)) = context.pictures.get(src) else {
        let message = format!("the featured picture `{src}` is not a file beside the note: it is left out");
        warnings.push(Warning::new("featured-not-local", 0, message));
        return None;
    };
    if document.pictures().iter().any(|(shown, _)| shown == src) {
        return None;
    }
    let alt = context.meta.image_alt.as_deref().unwrap_or_default();
    Some(storage::leading_picture(&storage::content_name(picture), alt, options))
}

/// Where the note was first published, if that is known and may be named here.
fn original(context: &Context<'_>) -> Option<String> {
    let canonical = context.meta.canonical.as_deref()?;
    if canonical.starts_with(PENDING_LINK) {
        return Some(storage::first_published(canonical, None));
    }
    let LinkFate::To(url) = context.links.fate(canonical, 0, &mut Vec::new()) else { return None };
    let host = url::Url::parse(&url).ok().and_then(|url| url.host_str().map(str::to_owned));
    Some(storage::first_published(host.as_deref().unwrap_or(&url), Some(&url)))
}
