//! What a WordPress site would be sent. Pure.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    config::{Config, Format},
    posts, text,
};
use crate::{
    error::{Error, Result, Warning},
    render::{
        self, Context, Digest, Document, Featured, Rendering, blocks,
        html::{self, heading_shift},
    },
};

/// The name under which footnotes are sent, as the API calls them.
pub const FOOTNOTES: &str = "footnotes";

/// Whether a rendering has footnotes of WordPress's own, which not every site takes.
#[must_use]
pub fn has_footnotes(rendering: &Rendering) -> bool {
    rendering.extra.contains_key(FOOTNOTES)
}

/// A digest of what changes a rendering besides the note: the configuration, this program.
#[must_use]
pub fn version(config: &Config) -> Digest {
    let Config { format, embeds, categories, tags, taxonomies, meta, .. } = config;
    Digest::of_json(&(env!("CARGO_PKG_VERSION"), format, embeds, categories, tags, taxonomies, meta))
}

/// Renders a note for a site.
///
/// # Errors
/// None: whatever a note says, WordPress can show in some way.
pub fn render(config: &Config, document: &Document, context: &Context<'_>) -> Result<Rendering, Vec<Error>> {
    let meta = context.meta;
    let mut warnings = document.warnings.clone();
    let mut body = body(config, document, context);
    warnings.append(&mut body.warnings);
    let featured = featured(context, &mut warnings);
    if meta.canonical.is_some() {
        let message = "WordPress has no field for the address of the original: it is not named there";
        warnings.push(Warning::new("no-canonical", 0, message));
    }
    let mut extra = extra(config, context, &mut warnings);
    extra.extend(body.footnotes.map(|notes| (FOOTNOTES.to_owned(), Value::String(notes))));
    warnings.sort();
    Ok(Rendering {
        title: meta.title.clone(),
        slug: meta.slug.clone(),
        excerpt: meta.excerpt.clone(),
        status: meta.status,
        date: meta.date,
        tags: names(meta.tags.as_ref(), &config.tags),
        categories: names(meta.categories.as_ref(), &config.categories),
        author: meta.author.clone(),
        canonical: None,
        featured,
        body: body.body,
        extra,
        needs: render::needs(document, context),
        warnings,
    })
}

fn body(config: &Config, document: &Document, context: &Context<'_>) -> blocks::BlockOutput {
    match config.format {
        Format::Blocks => blocks::render(document, context, &blocks::Options { embeds: config.embeds }),
        Format::Html => html_body(document, context),
    }
}

/// HTML for a site without blocks. There WordPress runs shortcodes even inside code, so that no `[`
/// may stand in it as such (WordPress fact 41).
fn html_body(document: &Document, context: &Context<'_>) -> blocks::BlockOutput {
    let mut warnings = Vec::new();
    let options = html::Options {
        heading_shift: heading_shift(document),
        checkboxes: true,
        one_line: true,
        ..html::Options::default()
    };
    let html = html::render(document, context, &options, &mut warnings).replace('[', "&#91;");
    let body = format!("{}\n<!-- {} -->", html.trim_end(), context.marker.token());
    blocks::BlockOutput { body, footnotes: None, warnings }
}

/// Terms of the site's own taxonomies, and its own fields. A note's terms are only taken where the
/// target's table has the taxonomy: which sites have which is known before any is asked.
fn extra(config: &Config, context: &Context<'_>, warnings: &mut Vec<Warning>) -> BTreeMap<String, Value> {
    let of_note = context.meta.taxonomies.iter().flatten();
    for (name, _) in of_note.filter(|(name, _)| !config.taxonomies.contains_key(*name)) {
        let message = format!("`{name}` is not among the target's `taxonomies`: its terms are not set");
        warnings.push(Warning::new("taxonomy-unknown", 0, message));
    }
    let terms = config.taxonomies.iter().filter_map(|(name, always)| {
        let note = context.meta.taxonomies.as_ref().and_then(|all| all.get(name));
        Some((posts::part(posts::TAXONOMIES, name), json!(names(note, always)?)))
    });
    let fields = config.meta.iter().map(|(key, value)| (posts::part(posts::META, key), value.clone()));
    terms.chain(fields).collect()
}

/// The featured picture. WordPress takes one of its own library only.
fn featured(context: &Context<'_>, warnings: &mut Vec<Warning>) -> Option<Featured> {
    let src = context.meta.image.as_ref()?;
    if context.pictures.get(src).is_none() {
        let message = format!(
            "the featured picture `{src}` is not a file beside the note: WordPress only takes pictures that are uploaded"
        );
        warnings.push(Warning::new("featured-not-local", 0, message));
        return None;
    }
    let alt = context.meta.image_alt.clone().unwrap_or_default();
    Some(Featured { src: src.clone(), url: context.pictures.url(src), alt })
}

/// The note's names and the target's, each once; `None` where neither says anything.
fn names(note: Option<&Vec<String>>, target: &[String]) -> Option<Vec<String>> {
    if note.is_none() && target.is_empty() {
        return None;
    }
    let mut names: Vec<String> = Vec::new();
    for name in note.into_iter().flatten().chain(target) {
        // An empty name is answered with a 500 (WordPress fact 22).
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let there = names.iter().any(|known| text::term_key(known) == text::term_key(&name));
        if !name.is_empty() && !there {
            names.push(name);
        }
    }
    Some(names)
}

#[cfg(test)]
mod tests;
