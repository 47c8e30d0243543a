//! The feed at `medium.com/feed/@user`: the ten newest public stories.

use jiff::Timestamp;

use super::{Story, state::Author};

/// Writes an author's feed.
pub fn write(author: &Author, stories: &[Story], snippets: bool) -> String {
    let mine = stories.iter().rev().filter(|story| story.author.id == author.id && story.status == "public");
    let items: String = mine.take(10).map(|story| item(story, snippets)).collect();
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><rss xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:cc="http://cyber.law.harvard.edu/rss/creativeCommonsRssModule.html" version="2.0">
    <channel>
        <title>{title}</title>
        <description>{title}</description>
        <link>https://medium.com/@{user}?source=rss-{id}------2</link>
        <generator>Medium</generator>
{items}    </channel>
</rss>
"#,
        title = cdata(&format!("Stories by {} on Medium", author.name)),
        user = author.username,
        id = author.id,
    )
}

fn item(story: &Story, snippets: bool) -> String {
    let link = format!("{}?source=rss-{}------2", story.url, story.author.id);
    let categories: Vec<String> =
        story.tags.iter().map(|tag| format!("<category>{}</category>", cdata(&slug(tag)))).collect();
    let text = if snippets {
        let snippet = format!(
            "<div class=\"medium-feed-item\"><p class=\"medium-feed-snippet\">The first words.</p><p class=\"medium-feed-link\"><a href=\"{link}\">Continue reading on Medium »</a></p></div>"
        );
        format!("<description>{}</description>", cdata(&snippet))
    } else {
        format!("<content:encoded>{}</content:encoded>", cdata(&shown(story)))
    };
    format!(
        "        <item><title>{}</title><link>{link}</link><guid isPermaLink=\"false\">https://medium.com/p/{}</guid>{}<dc:creator>{}</dc:creator><pubDate>{}</pubDate>{text}</item>\n",
        cdata(&story.title),
        story.id,
        categories.concat(),
        cdata(story.author.name),
        date(story.created),
    )
}

/// The content without its title, and with the picture that counts readers.
fn shown(story: &Story) -> String {
    let body = story.content.split_once("</h1>").map_or(story.content.as_str(), |(_, rest)| rest);
    format!(
        "{}<img src=\"https://medium.com/_/stat?event=post.clientViewed&referrerSource=full_rss&postId={}\" width=\"1\" height=\"1\" alt=\"\">",
        body.trim(),
        story.id
    )
}

fn slug(tag: &str) -> String {
    tag.to_lowercase().replace(' ', "-")
}

fn date(milliseconds: i64) -> String {
    let at = Timestamp::from_millisecond(milliseconds).expect("the stand-in's clock is near");
    jiff::fmt::rfc2822::to_string(&at.to_zoned(jiff::tz::TimeZone::UTC)).expect("a date of this century")
}

fn cdata(text: &str) -> String {
    format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>"))
}
