//! What a wiki would be sent. Pure.

use super::{
    config::Config,
    survey::{CASE, PREFIXES},
    title,
};
use crate::{
    error::{Error, Result, Warning},
    render::{
        self, Context, Digest, Document, LinkFate, PENDING_LINK, Rendering,
        wikitext::{self, Abilities},
    },
};

/// A digest of what changes a rendering besides the note: the configuration, this program.
#[must_use]
pub fn version(config: &Config) -> Digest {
    Digest::of_json(&(
        env!("CARGO_PKG_VERSION"),
        wikitext::VERSION,
        config.before_title(),
        &config.categories,
    ))
}

/// Renders a note for a wiki.
///
/// # Errors
/// A title that has nothing in it that a wiki's title can hold.
pub fn render(config: &Config, document: &Document, context: &Context<'_>) -> Result<Rendering, Vec<Error>> {
    let meta = context.meta;
    let mut warnings = document.warnings.clone();
    let title = page_title(config, context, &mut warnings);
    if title.is_empty() {
        return Err(vec![Error::invalid(format!("\"{}\" cannot be the title of a wiki's page", meta.title))]);
    }
    let categories = categories(config, context);
    let mut parts: Vec<String> = leading_picture(document, context, &mut warnings).into_iter().collect();
    let abilities = Abilities::of_site(context.site);
    parts.push(wikitext::render(document, context, &abilities, &mut warnings));
    parts.extend(original(context));
    let links: Vec<String> = categories.iter().flatten().map(|name| wikitext::category(name)).collect();
    parts.push(links.join("\n"));
    parts.push(wikitext::marker(context.marker));
    parts.retain(|part| !part.is_empty());
    warnings.sort();
    Ok(Rendering {
        title,
        slug: None,
        excerpt: None,
        status: meta.status,
        date: meta.date,
        tags: None,
        categories,
        author: None,
        canonical: meta.canonical.clone(),
        featured: None,
        body: parts.join("\n\n"),
        extra: std::collections::BTreeMap::new(),
        needs: render::needs(document, context),
        warnings,
    })
}

fn page_title(config: &Config, context: &Context<'_>, warnings: &mut Vec<Warning>) -> String {
    let prefixes: Vec<&str> =
        context.site.get(PREFIXES).map(|all| all.split('|').collect()).unwrap_or_default();
    let wanted = &context.meta.title;
    let title = title::page_title(wanted, &config.before_title(), &prefixes, has_capitals(context));
    let alike = |text: &str| title::spaced(text).to_lowercase();
    if alike(&title) != alike(wanted) {
        let message = format!("a wiki cannot have a page of this title: it is called \"{title}\" there");
        warnings.push(Warning::new("title-changed", 0, message));
    }
    title
}

fn has_capitals(context: &Context<'_>) -> bool {
    context.site.get(CASE).is_none_or(|case| case == "first-letter")
}

/// The note's categories and tags, and the target's categories, each once: a wiki has the one kind.
fn categories(config: &Config, context: &Context<'_>) -> Option<Vec<String>> {
    let meta = context.meta;
    if meta.categories.is_none() && meta.tags.is_none() && config.categories.is_empty() {
        return None;
    }
    let of_note = meta.categories.iter().chain(&meta.tags).flatten();
    let mut names: Vec<String> = Vec::new();
    for name in of_note.chain(&config.categories) {
        let name = title::page_title(name, "Category:", &[], false);
        let is_there = |known: &String| title::with_first_letter(known) == title::with_first_letter(&name);
        if !name.is_empty() && !names.iter().any(is_there) {
            names.push(name);
        }
    }
    Some(names)
}

/// The featured picture, unless the text shows it anyway.
fn leading_picture(
    document: &Document,
    context: &Context<'_>,
    warnings: &mut Vec<Warning>,
) -> Option<String> {
    let src = context.meta.image.as_ref()?;
    let Some((picture, remote)) = context.pictures.get(src) else {
        let message = format!(
            "the featured picture `{src}` is not a file beside the note: a wiki shows only pictures of its own"
        );
        warnings.push(Warning::new("featured-not-local", 0, message));
        return None;
    };
    if document.pictures().iter().any(|(shown, _)| shown == src) {
        return None;
    }
    let alt = context.meta.image_alt.as_deref().unwrap_or_default();
    Some(wikitext::leading_picture(&wikitext::file_name(picture, remote), alt))
}

/// Where the note was first published, if that is known and may be named here.
fn original(context: &Context<'_>) -> Option<String> {
    let canonical = context.meta.canonical.as_deref()?;
    let url = match canonical.strip_prefix(PENDING_LINK) {
        Some(_) => return Some(format!("''First published at {}.''", wikitext::text(canonical))),
        None => context.links.fate(canonical, 0, &mut Vec::new()),
    };
    let LinkFate::To(url) = url else { return None };
    let host = url::Url::parse(&url).ok().and_then(|url| url.host_str().map(str::to_owned));
    let link = wikitext::external_link(&url, host.as_deref().unwrap_or(&url));
    Some(format!("''First published at {link}.''"))
}

#[cfg(test)]
mod tests;
