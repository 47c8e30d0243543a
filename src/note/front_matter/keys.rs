//! The keys of the front matter, and the words that other tools use for the same.

/// A key, for reading, documentation and completion.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// crosspost's own word.
    pub name: &'static str,
    /// Other tools' words that mean the same (Hugo, Jekyll, dev.to, Astro, Obsidian).
    pub aliases: &'static [&'static str],
    /// Whether it may stand again in the table of one target.
    pub per_target: bool,
    /// What it says, in a sentence.
    pub meaning: &'static str,
}

const fn key(
    name: &'static str,
    aliases: &'static [&'static str],
    per_target: bool,
    meaning: &'static str,
) -> Key {
    Key { name, aliases, per_target, meaning }
}

/// Every key.
pub const KEYS: &[Key] = &[
    key("id", &[], false, "an identity that survives a move of the file"),
    key("title", &[], true, "the title; without it, the first H1"),
    key("slug", &[], true, "the last part of the post's address"),
    key(
        "date",
        &["publishDate", "publish_date", "published_at", "pubDate"],
        true,
        "when it appears: a date, with or without time and zone",
    ),
    key("status", &["draft", "published"], true, "draft, pending, private or publish"),
    key("tags", &["tag"], true, "a list, or words between commas"),
    key("categories", &["category"], true, "a list, or words between commas"),
    key("taxonomies", &[], true, "terms of a site's own taxonomies: a table of lists"),
    key("excerpt", &["summary", "description"], true, "a summary in plain text"),
    key(
        "image",
        &["cover_image", "featured_image", "featuredImage", "cover", "hero_image", "heroImage"],
        true,
        "the picture that stands for the post: a path beside the note, or a URL",
    ),
    key(
        "image_alt",
        &["cover_image_alt", "featured_image_alt", "heroImageAlt"],
        true,
        "what that picture shows, in words",
    ),
    key("author", &["authors"], false, "a login at the site, or a name that a target's `authors` lists"),
    key(
        "canonical",
        &["canonical_url", "canonicalUrl", "canonicalURL"],
        true,
        "the absolute URL of the original, where that is elsewhere",
    ),
    key("audience", &[], false, "public or internal: may only narrow"),
    key("targets", &[], false, "where the note goes: a list, or a table with what differs there"),
];

/// The key that a word means, whether crosspost's own or another tool's.
#[must_use]
pub fn find(word: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == word || key.aliases.contains(&word))
}

/// Whether a word means one of the keys.
#[must_use]
pub fn is_known(word: &str) -> bool {
    find(word).is_some()
}

/// Every word that is understood, crosspost's own first.
pub fn words() -> impl Iterator<Item = &'static str> {
    let own = KEYS.iter().map(|key| key.name);
    own.chain(KEYS.iter().flat_map(|key| key.aliases.iter().copied()))
}
