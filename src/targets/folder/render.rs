//! What a note becomes in the folder: a whole page. Pure.

use super::{
    card::{Card, Person},
    config::Settings,
    page::{Featured, Page},
};
use crate::{
    error::{Error, Result, Warning},
    note::Status,
    render::{
        self, Context, Document, LinkFate, Links, Rendering,
        document::{BlockKind, plain_text},
        html,
    },
};

/// Counts the changes of this module and its templates that the embedded texts do not show.
pub const VERSION: u32 = 1;
/// How long a summary taken from the text may be, in characters: what search engines and feed
/// readers show of one.
const SUMMARY: usize = 200;
/// How long a page's name may be, in bytes: file systems stop at 255.
const SLUG: usize = 120;

/// The page of a note, as [`Rendering::body`].
///
/// # Errors
/// A private note, since everybody who sees the folder sees all of it; a slug that is the list's.
pub fn render(
    settings: &Settings,
    document: &Document,
    context: &Context<'_>,
) -> Result<Rendering, Vec<Error>> {
    let meta = context.meta;
    if meta.status == Status::Private {
        return Err(vec![private()]);
    }
    let slug = slug(context).map_err(|e| vec![e])?;
    let mut warnings = document.warnings.clone();
    let body = body(settings, document, context, &mut warnings);
    let featured = featured(context);
    let address = settings.url.is_some().then(|| settings.address(&file_name(&slug)));
    let page = Page {
        marker: context.marker,
        canonical: meta.canonical.clone().or_else(|| address.clone()),
        address,
        card: card(document, context),
        picture: featured.as_ref().map(|picture| Featured {
            url: &picture.url,
            alt: &picture.alt,
            size: size(context, &picture.src),
        }),
        body: &body,
    };
    if page.card.is_listed() && meta.date.is_none() {
        warnings.push(Warning::new("no-date", 0, "the feed leaves this note out, since it has no date"));
    }
    let body = page.html(settings).map_err(|e| vec![e])?;
    Ok(Rendering {
        title: meta.title.clone(),
        slug: Some(slug),
        excerpt: Some(page.card.description).filter(|text| !text.is_empty()),
        status: meta.status,
        date: meta.date,
        tags: meta.tags.clone(),
        categories: meta.categories.clone(),
        author: meta.author.clone(),
        canonical: meta.canonical.clone(),
        needs: needs(document, context),
        featured,
        body,
        extra: std::collections::BTreeMap::new(),
        warnings,
    })
}

/// The file of a page.
#[must_use]
pub fn file_name(slug: &str) -> String {
    format!("{slug}.html")
}

fn private() -> Error {
    Error::invalid("a private note cannot go to a folder: everybody who sees the folder sees all of it")
        .help("leave this target out with `targets`, or choose `status: draft`")
}

/// The page's name: what the author chose, else the file's name, else the title (a note called
/// `index.md` is named by its folder in other tools), else a piece of the marker.
fn slug(context: &Context<'_>) -> Result<String> {
    let meta = context.meta;
    if let Some(chosen) = &meta.slug {
        let slug = shortened(&slug::slugify(chosen));
        return match slug.as_str() {
            "index" => Err(Error::invalid("the slug `index` is taken: `index.html` lists all notes")
                .help("give the note another `slug`")),
            "" => Ok(marker_slug(context)),
            _ => Ok(slug),
        };
    }
    let made = [&meta.stem, &meta.title].map(|text| shortened(&slug::slugify(text)));
    let usable = made.into_iter().find(|slug| !slug.is_empty() && slug != "index");
    Ok(usable.unwrap_or_else(|| marker_slug(context)))
}

fn marker_slug(context: &Context<'_>) -> String {
    format!("note-{}", context.marker.to_string().split('-').next().unwrap_or_default())
}

/// A slug (ASCII) of a length that every file system takes, cut between words where there are any.
fn shortened(slug: &str) -> String {
    let Some(start) = slug.get(..SLUG) else { return slug.to_owned() };
    start.rsplit_once('-').map_or(start, |(words, _)| words).to_owned()
}

fn body(
    settings: &Settings,
    document: &Document,
    context: &Context<'_>,
    warnings: &mut Vec<Warning>,
) -> String {
    let links = InFolder { links: context.links, base: settings.address_of_folder() };
    let context = Context { links: &links, ..*context };
    let options = html::Options {
        heading_shift: html::heading_shift(document),
        checkboxes: true,
        ..html::Options::default()
    };
    html::render(document, &context, &options, warnings)
}

/// Links to other pages of the folder are relative, so that the folder can be opened from disk and
/// moved.
struct InFolder<'a> {
    links: &'a dyn Links,
    base: String,
}

impl Links for InFolder<'_> {
    fn fate(&self, href: &str, line: u32, warnings: &mut Vec<Warning>) -> LinkFate {
        match self.links.fate(href, line, warnings) {
            LinkFate::To(address) => LinkFate::To(self.relative(address)),
            other => other,
        }
    }
}

impl InFolder<'_> {
    fn relative(&self, address: String) -> String {
        match address.strip_prefix(&self.base) {
            Some("") => super::index::FILE.to_owned(),
            Some(rest) if !rest.starts_with(['/', '#', '?']) => rest.to_owned(),
            _ => address,
        }
    }
}

fn card(document: &Document, context: &Context<'_>) -> Card {
    let meta = context.meta;
    let mut card = Card::new(&meta.title);
    card.description = meta.excerpt.clone().unwrap_or_else(|| summary(document));
    card.date_published = meta.date;
    card.author = meta.author.as_deref().map(Person::new);
    card.keywords = topics(context);
    card.creative_work_status = Card::status_word(meta.status).map(str::to_owned);
    card
}

/// The first paragraph's first words.
fn summary(document: &Document) -> String {
    // What stands on no line of the note is the target's header.
    let mut own = document.blocks.iter().filter(|block| block.line > 0);
    let first = own.find_map(|block| match &block.kind {
        BlockKind::Paragraph(content) => Some(plain_text(content)),
        _ => None,
    });
    let text = first.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = text.char_indices().nth(SUMMARY) else { return text };
    let start = text.get(..end).unwrap_or_default();
    format!("{}…", start.rsplit_once(' ').map_or(start, |(words, _)| words))
}

/// Categories and tags, each once: a site of one folder has no use for the difference.
fn topics(context: &Context<'_>) -> Vec<String> {
    let mut topics: Vec<String> = Vec::new();
    for word in [&context.meta.categories, &context.meta.tags].into_iter().flatten().flatten() {
        if !topics.iter().any(|known| known.to_lowercase() == word.to_lowercase()) {
            topics.push(word.clone());
        }
    }
    topics
}

fn featured(context: &Context<'_>) -> Option<render::Featured> {
    let src = context.meta.image.as_ref()?;
    Some(render::Featured {
        src: src.clone(),
        url: context.pictures.url(src),
        alt: context.meta.image_alt.clone().unwrap_or_default(),
    })
}

fn size(context: &Context<'_>, src: &str) -> Option<(u32, u32)> {
    let (picture, _) = context.pictures.get(src)?;
    Some((picture.width, picture.height)).filter(|(width, height)| *width > 0 && *height > 0)
}

/// The local pictures that the page shows, each once.
fn needs(document: &Document, context: &Context<'_>) -> Vec<(String, String)> {
    let mut needs = document.pictures();
    if let Some(src) = &context.meta.image
        && !needs.iter().any(|(known, _)| known == src)
    {
        needs.push((src.clone(), context.meta.image_alt.clone().unwrap_or_default()));
    }
    needs.retain(|(src, _)| context.pictures.get(src).is_some());
    needs
}
