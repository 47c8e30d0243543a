//! How a story will look at Medium.

use crate::{
    render::{Context, Rendering, html::escape::escaped},
    targets::{Common, preview, preview::Preview},
};

/// Medium reckons with so many words a minute.
const WORDS_A_MINUTE: usize = 265;

/// The page of a story. The title, the subtitle and the pictures stand in the body.
#[must_use]
pub fn page(common: &Common, rendering: &Rendering, context: &Context<'_>) -> Preview {
    let author = context.meta.author.as_deref().unwrap_or("The account's owner");
    let initial: String = author.chars().take(1).flat_map(char::to_uppercase).collect();
    let words = crate::render::text::visible_text(&rendering.body).split_whitespace().count();
    let minutes = words.div_ceil(WORDS_A_MINUTE).max(1);
    let day = context.meta.date.map(|at| format!(" · {}", preview::day(at, &common.timezone)));
    let who = format!(
        "<p class=\"who\"><span class=\"face\" aria-hidden=\"true\">{}</span><span>{}<br>\
         <small>{minutes} min read{}</small></span></p>",
        escaped(&initial),
        escaped(author),
        day.unwrap_or_default()
    );
    let tags = preview::words("tags", rendering.tags.as_deref().unwrap_or_default());
    let (head, text) = head(&rendering.body);
    // Medium leaves levels out; a page that is read aloud should not.
    let head = head.replace("<h2>", "<p class=\"subtitle\">").replace("</h2>", "</p>");
    let levels = [("h3>", "h2>"), ("h4>", "h3>")];
    let text = levels.iter().fold(text.to_owned(), |text, (from, to)| {
        text.replace(&format!("<{from}"), &format!("<{to}")).replace(&format!("</{from}"), &format!("</{to}"))
    });
    Preview::new(
        format!("<main>\n<article>\n{head}\n{who}\n{text}\n</article>\n{tags}</main>"),
        include_str!("story.css"),
    )
}

/// Title and subtitle, and what follows: Medium sets the author between them.
fn head(body: &str) -> (&str, &str) {
    let after = |closing: &str, from: usize| {
        body.get(from..).and_then(|rest| rest.find(closing)).map(|at| from + at + closing.len())
    };
    let title = after("</h1>", 0).unwrap_or(0);
    let subtitled = body.get(title..).is_some_and(|rest| rest.trim_start().starts_with("<h2"));
    let end = if subtitled { after("</h2>", title).unwrap_or(title) } else { title };
    body.split_at(end)
}
