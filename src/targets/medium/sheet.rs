//! What an author needs to bring a note to Medium: the ways there in a few words, and a page with the
//! story to copy and a list of what no copy takes along.

use std::sync::LazyLock;

use minijinja::{Environment, escape_formatter, value::Serde};
use serde::Serialize;

use super::{
    MediumTarget,
    config::{License, Settings, Visibility},
    handoff,
};
use crate::{
    error::{Error, Result},
    render::{PENDING_LINK, Rendering, html::escape::escaped},
    targets::Common,
};

/// Where Medium makes a story of a page: it takes the text, the date and the canonical link along.
const IMPORT: &str = "https://medium.com/p/import";
/// Medium's empty editor.
const NEW: &str = "https://medium.com/new-story";

/// By this a page is known to be one of ours.
pub(super) const SIGN: &str = "<meta name=\"generator\" content=\"crosspost\">";

static ENVIRONMENT: LazyLock<Result<Environment<'static>, minijinja::Error>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    // The default escapes `/` too, which makes every address unreadable and nothing safer.
    environment.set_formatter(|out, state, value| match value.as_str() {
        Some(text) if !value.is_safe() => out.write_str(&escaped(text)).map_err(Into::into),
        _ => escape_formatter(out, state, value),
    });
    environment.add_template("sheet.html", include_str!("sheet.html"))?;
    Ok(environment)
});

/// What the template is filled in with.
#[derive(Serialize)]
struct Sheet<'a> {
    title: &'a str,
    note: &'a str,
    target: &'a str,
    canonical: Option<&'a str>,
    import: &'static str,
    new: &'static str,
    story: &'a str,
    tags: &'a [String],
    pictures: Vec<&'a str>,
    /// Pictures that stand in the page and nowhere on the web.
    embedded: bool,
    settings: Vec<&'static str>,
    /// What the conversion changed, with the note's line.
    warnings: Vec<(u32, &'a str)>,
}

/// The ways to bring a note there, a line each.
pub(super) fn ways(target: &MediumTarget, rendering: &Rendering, note: &str) -> Vec<String> {
    let (common, settings) = (&target.common, &target.settings);
    let page = handoff::page(settings, common, note);
    let page = page.strip_prefix(&common.root).unwrap_or(&page).display().to_string();
    let import = rendering.canonical.as_deref().map(|canonical| match canonical.strip_prefix(PENDING_LINK) {
        Some(first) => format!("import the address of the post at `{first}` at {IMPORT}"),
        None => format!("import {canonical} at {IMPORT}"),
    });
    let copy = if import.is_some() { "or copy" } else { "copy" };
    let copy = format!("{copy} the story from {page} into {NEW}");
    import.into_iter().chain([copy]).collect()
}

/// The page.
///
/// # Errors
/// None in practice: the template is part of the program, and its tests fill it in.
pub(super) fn write(
    common: &Common,
    settings: &Settings,
    rendering: &Rendering,
    note: &str,
) -> Result<String> {
    let sheet = Sheet {
        title: &rendering.title,
        note,
        target: &common.name,
        canonical: rendering.canonical.as_deref(),
        import: IMPORT,
        new: NEW,
        story: &rendering.body,
        tags: rendering.tags.as_deref().unwrap_or_default(),
        pictures: rendering.needs.iter().map(|(_, alt)| alt.as_str()).collect(),
        embedded: rendering.body.contains("src=\"data:"),
        settings: choices(settings),
        warnings: rendering.warnings.iter().map(|w| (w.line, w.message.as_str())).collect(),
    };
    let broken = |e: &minijinja::Error| Error::failed("a page could not be put together").cause(e);
    let environment = ENVIRONMENT.as_ref().map_err(broken)?;
    environment.get_template("sheet.html").and_then(|t| t.render(Serde(&sheet))).map_err(|e| broken(&e))
}

/// What the API would have been told, for a person to choose.
fn choices(settings: &Settings) -> Vec<&'static str> {
    let publication = settings.publication.as_ref().map(|_| "Add the story to your publication.");
    let visibility = match settings.visibility {
        Visibility::Public => None,
        Visibility::Unlisted => Some("Publish it as unlisted."),
        Visibility::Draft => Some("Leave it as a draft."),
    };
    let license = settings.license.map(|license| match license {
        License::AllRightsReserved => "Choose the licence: all rights reserved.",
        License::Cc40By => "Choose the licence: CC BY 4.0.",
        License::Cc40BySa => "Choose the licence: CC BY-SA 4.0.",
        License::Cc40ByNd => "Choose the licence: CC BY-ND 4.0.",
        License::Cc40ByNc => "Choose the licence: CC BY-NC 4.0.",
        License::Cc40ByNcNd => "Choose the licence: CC BY-NC-ND 4.0.",
        License::Cc40ByNcSa => "Choose the licence: CC BY-NC-SA 4.0.",
        License::Cc40Zero => "Choose the licence: CC0 1.0.",
        License::PublicDomain => "Choose the licence: public domain.",
    });
    [publication, visibility, license].into_iter().flatten().collect()
}
