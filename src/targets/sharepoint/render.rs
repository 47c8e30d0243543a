//! What a site would be sent. Pure.

use std::collections::BTreeMap;

use crate::{
    error::Warning,
    note::Status,
    render::{
        self, Context, Digest, Document, Featured, LinkFate, PENDING_LINK, Rendering,
        canvas::{self, Part},
    },
};

/// A digest of what changes a rendering besides the note: this program.
#[must_use]
pub fn version() -> Digest {
    Digest::of_json(&(env!("CARGO_PKG_VERSION"), canvas::VERSION))
}

/// Renders a note for a site.
#[must_use]
pub fn render(document: &Document, context: &Context<'_>) -> Rendering {
    let meta = context.meta;
    let mut warnings = document.warnings.clone();
    let mut parts = canvas::write(document, context, &mut warnings);
    let last = [original(context), tags(context, &mut warnings)];
    parts.extend(last.into_iter().flatten().map(Part::Text));
    let featured = featured(context, &mut warnings);
    warnings.sort();
    warnings.dedup();
    Rendering {
        title: meta.title.clone(),
        slug: None,
        excerpt: meta.excerpt.clone(),
        // A page that is not published waits for its editors, whoever they are.
        status: if meta.status == Status::Pending { Status::Draft } else { meta.status },
        date: meta.date,
        tags: None,
        categories: None,
        author: None,
        canonical: meta.canonical.clone(),
        featured,
        body: canvas::join(&parts),
        extra: BTreeMap::new(),
        needs: render::needs(document, context),
        warnings,
    }
}

/// A page has no tags: they are its last line, which SharePoint's search finds.
fn tags(context: &Context<'_>, warnings: &mut Vec<Warning>) -> Option<String> {
    let meta = context.meta;
    let mut names: Vec<&str> = Vec::new();
    for name in meta.categories.iter().chain(&meta.tags).flatten() {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    if names.is_empty() {
        return None;
    }
    let message = "SharePoint's pages have no tags: they stand in the last line, where its search finds them";
    warnings.push(Warning::new("tags-as-text", 0, message));
    Some(canvas::small_print(&format!("Tags: {}", names.join(", "))))
}

fn featured(context: &Context<'_>, warnings: &mut Vec<Warning>) -> Option<Featured> {
    let src = context.meta.image.as_ref()?;
    if context.pictures.get(src).is_none() {
        let message = format!(
            "the featured picture `{src}` is not a file beside the note: SharePoint shows only pictures of its own there"
        );
        warnings.push(Warning::new("featured-not-local", 0, message));
        return None;
    }
    let alt = context.meta.image_alt.clone().unwrap_or_default();
    Some(Featured { src: src.clone(), url: context.pictures.url(src), alt })
}

/// Where the note was first published, if that is known and may be named here.
fn original(context: &Context<'_>) -> Option<String> {
    let canonical = context.meta.canonical.as_deref()?;
    if canonical.starts_with(PENDING_LINK) {
        return Some(canvas::small_print(&format!("First published at {canonical}.")));
    }
    let LinkFate::To(url) = context.links.fate(canonical, 0, &mut Vec::new()) else { return None };
    let host = url::Url::parse(&url).ok().and_then(|url| url.host_str().map(str::to_owned));
    let link = canvas::link(&url, host.as_deref().unwrap_or(&url));
    Some(format!("<p><em>First published at {link}.</em></p>"))
}

#[cfg(test)]
mod tests;
