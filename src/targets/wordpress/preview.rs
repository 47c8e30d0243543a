//! How a post will look: as the theme that comes with WordPress shows it (Twenty Twenty-Five), and
//! where colleagues read it, as a plain intranet does.

use serde_json::Value;

use super::{config::Config, render::FOOTNOTES};
use crate::{
    note::Audience,
    render::{Context, Rendering, html::escape::escaped},
    targets::{Common, preview, preview::Preview},
};

/// The block that the site fills with the footnotes when it shows the post.
const FOOTNOTES_BLOCK: &str = "<!-- wp:footnotes /-->";

/// The page that a site would make of a rendering.
#[must_use]
pub fn page(common: &Common, config: &Config, rendering: &Rendering, context: &Context<'_>) -> Preview {
    let is_inside = common.audience == Audience::Internal;
    let site = escaped(config.url.host_str().unwrap_or_default());
    let byline =
        preview::byline(context.meta, &common.timezone).join(" <span aria-hidden=\"true\">·</span> ");
    let terms = [("categories", &rendering.categories), ("tags", &rendering.tags)];
    let terms: String = terms
        .iter()
        .map(|(class, names)| preview::words(class, names.as_deref().unwrap_or_default()))
        .collect();
    let html = format!(
        "<header class=\"site\"><p class=\"site-title\">{site}</p></header>\n\
         <main>\n<article>\n<h1>{}</h1>\n<p class=\"byline\">{byline}</p>\n{}\
         <div class=\"entry-content\">\n{}\n</div>\n{terms}</article>\n</main>",
        escaped(&rendering.title),
        preview::featured(context),
        body(rendering),
    );
    Preview::new(html, if is_inside { include_str!("intranet.css") } else { include_str!("blog.css") })
}

/// The content with what the site itself puts in.
fn body(rendering: &Rendering) -> String {
    let more = "<p class=\"more\"><span>The list of posts stops here</span></p>";
    let body = rendering.body.replacen("<!--more", &format!("{more}<!--more"), 1);
    match rendering.extra.get(FOOTNOTES).and_then(Value::as_str) {
        Some(notes) => body.replacen(FOOTNOTES_BLOCK, &footnotes(notes), 1),
        None => body,
    }
}

/// WordPress's list of footnotes (`render_block_core_footnotes`), from `meta.footnotes`.
fn footnotes(json: &str) -> String {
    let notes: Vec<Value> = serde_json::from_str(json).unwrap_or_default();
    let item = |note: &Value| {
        let text = |key: &str| note.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let id = escaped(&text("id"));
        format!(
            "<li id=\"{id}\">{} <a href=\"#{id}-link\" aria-label=\"Back to the text\">↩\u{fe0e}</a></li>",
            text("content")
        )
    };
    let items: String = notes.iter().map(item).collect();
    format!("<ol class=\"wp-block-footnotes\">{items}</ol>")
}
