//! What a described API would be sent: plain HTML, and those values of the note that its requests
//! name. Pure.

use std::{cell::RefCell, collections::BTreeMap};

use super::{config::Config, names::Values};
use crate::{
    error::{Error, Warning},
    render::{
        self, Context, Digest, Document, Featured, LinkFate, Links, Pictures, Rendering,
        html::{self, heading_shift},
        stamp,
    },
};

/// A digest of what changes a rendering besides the note: the configuration, this program.
#[must_use]
pub fn version(config: &Config) -> Digest {
    let named = super::names::NOTE.iter().filter(|name| config.sends(name)).collect::<Vec<_>>();
    Digest::of_json(&(
        env!("CARGO_PKG_VERSION"),
        config.shape(),
        named,
        config.post.mark.is_some(),
        config.upload.is_some(),
    ))
}

/// Renders a note.
///
/// # Errors
/// What a request needs and this note does not have.
pub fn render(config: &Config, document: &Document, context: &Context<'_>) -> Result<Rendering, Vec<Error>> {
    let meta = context.meta;
    let mut warnings = document.warnings.clone();
    let shows_pictures = config.upload.is_some();
    let mut body = if shows_pictures {
        html_of(document, context, &mut warnings)
    } else {
        without_pictures(document, context, &mut warnings)
    };
    if config.post.mark.is_none() {
        body = format!("{}\n{}", body.trim_end(), stamp::comment(context.marker));
    }
    let featured = featured(config, context, &mut warnings);
    warnings.extend(unsent(config, context));
    warnings.sort();
    let sent = |name: &str| config.sends(name);
    let rendering = Rendering {
        title: meta.title.clone(),
        slug: meta.slug.clone().filter(|_| sent("slug")),
        excerpt: meta.excerpt.clone().filter(|_| sent("excerpt")),
        status: meta.status,
        date: meta.date.filter(|_| sent("date")),
        tags: meta.tags.clone().filter(|_| sent("tags")),
        categories: meta.categories.clone().filter(|_| sent("categories")),
        author: meta.author.clone().filter(|_| sent("author")),
        canonical: meta.canonical.clone().filter(|_| sent("canonical")),
        needs: needs(document, context, shows_pictures, featured.is_some()),
        featured,
        body,
        extra: BTreeMap::from([("shape".to_owned(), Digest::of_json(&config.shape()).short().into())]),
        warnings,
    };
    // What a template lacks is told before anything is sent.
    let values = Values::note(&rendering, context.marker);
    let made = config.create.request(&config.url, &config.headers, &values);
    made.and_then(|_| config.create.json(&values)).map_err(|error| vec![error])?;
    Ok(rendering)
}

fn html_of(document: &Document, context: &Context<'_>, warnings: &mut Vec<Warning>) -> String {
    let options = html::Options { heading_shift: heading_shift(document), ..html::Options::default() };
    html::render(document, context, &options, warnings)
}

/// HTML in which the pictures beside the note are their alternative texts.
fn without_pictures(document: &Document, context: &Context<'_>, warnings: &mut Vec<Warning>) -> String {
    let links = NoPictures { context, told: RefCell::default() };
    let pictures = Pictures::default();
    html_of(document, &Context { links: &links, pictures: &pictures, ..*context }, warnings)
}

struct NoPictures<'a> {
    context: &'a Context<'a>,
    told: RefCell<Vec<String>>,
}

impl Links for NoPictures<'_> {
    fn fate(&self, href: &str, line: u32, warnings: &mut Vec<Warning>) -> LinkFate {
        if self.context.pictures.get(href).is_none() {
            return self.context.links.fate(href, line, warnings);
        }
        let mut told = self.told.borrow_mut();
        if !told.iter().any(|known| known == href) {
            told.push(href.to_owned());
            let message = format!("no `upload` is described: the picture `{href}` is its alternative text");
            warnings.push(Warning::new("picture-unsupported", line, message));
        }
        LinkFate::Unlink
    }
}

/// The featured picture, where a request names it.
fn featured(config: &Config, context: &Context<'_>, warnings: &mut Vec<Warning>) -> Option<Featured> {
    let src = context.meta.image.as_ref().filter(|_| config.sends("featured"))?;
    if config.upload.is_none() && context.pictures.get(src).is_some() {
        let message = format!("no `upload` is described: the featured picture `{src}` is left out");
        warnings.push(Warning::new("picture-unsupported", 0, message));
        return None;
    }
    let alt = context.meta.image_alt.clone().unwrap_or_default();
    Some(Featured { src: src.clone(), url: context.pictures.url(src), alt })
}

fn needs(document: &Document, context: &Context<'_>, shows: bool, featured: bool) -> Vec<(String, String)> {
    if !shows {
        return Vec::new();
    }
    let image = context.meta.image.as_ref();
    let shown: Vec<String> = document.pictures().into_iter().map(|(src, _)| src).collect();
    let mut needs = render::needs(document, context);
    needs.retain(|(src, _)| featured || Some(src) != image || shown.contains(src));
    needs
}

/// What the note says and no request sends.
fn unsent(config: &Config, context: &Context<'_>) -> Vec<Warning> {
    let meta = context.meta;
    let all = [
        ("excerpt", meta.excerpt.is_some()),
        ("tags", meta.tags.is_some()),
        ("categories", meta.categories.is_some()),
        ("slug", meta.slug.is_some()),
        ("featured", meta.image.is_some()),
    ];
    let lost = all.into_iter().filter(|(name, is_set)| *is_set && !config.sends(name));
    lost.map(|(name, _)| {
        let message = format!("no request of this target sends `{{{{ {name} }}}}`: it is left out");
        Warning::new("not-supported", 0, message)
    })
    .collect()
}
