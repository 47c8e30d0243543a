//! How a page will look. A wiki makes HTML of its wikitext by itself; here it is made of the same
//! document, in the look of the skin that comes with MediaWiki 1.39 (Vector).

use crate::{
    render::{
        Context, Document, Rendering,
        html::{self, escape::escaped},
    },
    targets::{preview, preview::Preview},
};

/// The page of a rendering.
#[must_use]
pub fn page(rendering: &Rendering, document: &Document, context: &Context<'_>) -> Preview {
    let options = html::Options { heading_shift: html::heading_shift(document), ..html::Options::default() };
    let body = html::render(document, context, &options, &mut Vec::new());
    let shown =
        context.meta.image.as_ref().is_some_and(|src| document.pictures().iter().any(|(s, _)| s == src));
    let featured = if shown { String::new() } else { preview::featured(context) };
    let categories = preview::words("categories", rendering.categories.as_deref().unwrap_or_default());
    let categories = if categories.is_empty() {
        categories
    } else {
        format!(
            "<section class=\"catlinks\" aria-label=\"Categories\"><p>Categories:</p>{categories}</section>\n"
        )
    };
    let original = rendering.canonical.as_ref().map(|url| {
        let known = !url.starts_with(crate::render::PENDING_LINK);
        let url = escaped(url);
        if known {
            format!(
                "<p><i>First published at <a href=\"{}\">{url}</a>.</i></p>\n",
                url.replace('"', "&quot;")
            )
        } else {
            "<p><i>First published at the address that is not known yet.</i></p>\n".to_owned()
        }
    });
    Preview::new(
        format!(
            "<header><p class=\"tabs\"><span>Page</span><span>Discussion</span></p></header>\n\
             <main>\n<h1>{}</h1>\n<div class=\"content\">\n{featured}{body}\n{}</div>\n{categories}</main>",
            escaped(&rendering.title),
            original.unwrap_or_default(),
        ),
        include_str!("wiki.css"),
    )
}
