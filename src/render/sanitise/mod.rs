//! What raw HTML may stay in a post: an allow-list of elements, attributes and address schemes.
//! Everything else is removed, and said.

mod addresses;
mod report;
mod rewrite;
pub mod token;

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use ammonia::Builder;

pub use addresses::{AddressKind, map_addresses};
pub use report::{MISSING_ALT, lost_inline_attributes, missing_alt, removed, report, unsafe_address};
pub use rewrite::{on_one_line, shift_headings};

use token::Tag;

/// Elements that may stand within text.
pub const INLINE_ELEMENTS: &[&str] = &[
    "abbr", "b", "bdi", "bdo", "br", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q",
    "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
];

/// Elements that may stand in raw HTML besides [`INLINE_ELEMENTS`].
const OTHER_ELEMENTS: &[&str] = &[
    "a",
    "address",
    "article",
    "aside",
    "audio",
    "blockquote",
    "caption",
    "center",
    "col",
    "colgroup",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "img",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "source",
    "strike",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "track",
    "tt",
    "ul",
    "video",
];

/// Elements whose content goes with them: it is no text for readers.
const REMOVED_WHOLE: &[&str] = &[
    "applet",
    "canvas",
    "datalist",
    "embed",
    "head",
    "iframe",
    "math",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "optgroup",
    "option",
    "plaintext",
    "script",
    "select",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
    "xmp",
];

/// Attributes that may stand on any element. No `cite`: it holds an address that no reader sees,
/// and so could carry an internal one out.
const ATTRIBUTES: &[&str] = &["class", "dir", "id", "lang", "role", "title", "aria-label", "aria-hidden"];

/// Attributes that may stand on an element within text.
const INLINE_ATTRIBUTES: &[&str] = &["datetime", "dir", "id", "lang", "title"];

/// Addresses. Where an element can have none, they show that its tag is broken: [`mend`].
const ADDRESSES: &[&str] = &["href", "src"];

/// Attributes of certain elements.
const ELEMENT_ATTRIBUTES: &[(&str, &[&str])] = &[
    ("a", &["href", "hreflang", "name", "rel"]),
    ("audio", &["controls", "loop", "muted", "preload", "src"]),
    ("col", &["span", "style"]),
    ("colgroup", &["span", "style"]),
    ("del", &["datetime"]),
    ("details", &["open"]),
    ("div", &["align", "style"]),
    ("figure", &["style"]),
    ("h1", &["align", "style"]),
    ("h2", &["align", "style"]),
    ("h3", &["align", "style"]),
    ("h4", &["align", "style"]),
    ("h5", &["align", "style"]),
    ("h6", &["align", "style"]),
    ("img", &["align", "alt", "height", "src", "style", "width"]),
    ("ins", &["datetime"]),
    ("li", &["value"]),
    ("ol", &["reversed", "start", "type"]),
    ("p", &["align", "style"]),
    ("source", &["src", "type"]),
    ("table", &["align", "style"]),
    ("td", &["align", "colspan", "headers", "rowspan", "style", "valign"]),
    ("th", &["align", "colspan", "headers", "rowspan", "scope", "style", "valign"]),
    ("time", &["datetime"]),
    ("track", &["default", "kind", "label", "src", "srclang"]),
    ("video", &["controls", "height", "loop", "muted", "playsinline", "poster", "preload", "src", "width"]),
];

/// What `style` may set.
const STYLE_PROPERTIES: &[&str] = &["height", "max-width", "text-align", "vertical-align", "width"];

/// Address schemes that are safe to follow.
const SCHEMES: &[&str] = &[
    "bitcoin", "ftp", "ftps", "geo", "http", "https", "irc", "ircs", "magnet", "mailto", "matrix", "news",
    "sip", "sms", "ssh", "tel", "webcal", "xmpp",
];

static BUILDER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(INLINE_ELEMENTS.iter().chain(OTHER_ELEMENTS).copied().collect())
        .clean_content_tags(REMOVED_WHOLE.iter().copied().collect())
        .generic_attributes(ATTRIBUTES.iter().chain(ADDRESSES).copied().collect())
        .tag_attributes(element_attributes())
        .filter_style_properties(STYLE_PROPERTIES.iter().copied().collect())
        .url_schemes(SCHEMES.iter().copied().collect())
        .url_relative(ammonia::UrlRelative::PassThrough)
        .link_rel(None);
    builder
});

fn element_attributes() -> HashMap<&'static str, HashSet<&'static str>> {
    ELEMENT_ATTRIBUTES.iter().map(|(name, allowed)| (*name, allowed.iter().copied().collect())).collect()
}

/// Raw HTML with nothing in it that is not allowed, its tags balanced. Addresses stay as they are.
#[must_use]
pub fn clean(html: &str) -> String {
    rewrite::settled(&BUILDER.clean(html).to_string())
}

/// Whether an element of this name may stand within text.
#[must_use]
pub fn is_inline(name: &str) -> bool {
    INLINE_ELEMENTS.contains(&name)
}

/// Whether an element is kept at all.
#[must_use]
pub fn is_allowed(name: &str) -> bool {
    is_inline(name) || OTHER_ELEMENTS.contains(&name)
}

/// Whether an element goes with all it holds.
#[must_use]
pub fn is_removed_whole(name: &str) -> bool {
    REMOVED_WHOLE.contains(&name)
}

/// The attributes of an element within text that are kept.
#[must_use]
pub fn inline_attributes(tag: &Tag) -> Vec<(String, String)> {
    let kept = |name: &str| INLINE_ATTRIBUTES.contains(&name);
    let mut tag = tag.clone();
    mend(&mut tag);
    tag.attributes.into_iter().filter(|(name, _)| kept(name)).collect()
}

/// Takes an address from an element that can have none, and the words that go with it. They are those
/// of a link within a tag that was never closed (`<span id=<a href="…" title="…">`), and nobody would
/// look at where that link leads.
fn mend(tag: &mut Tag) {
    const WORDS: &[&str] = &["title", "aria-label"];
    let own = ELEMENT_ATTRIBUTES.iter().find(|(name, _)| *name == tag.name).map_or(&[][..], |(_, own)| *own);
    let stray = |name: &str| ADDRESSES.contains(&name) && !own.contains(&name);
    if tag.attributes.iter().any(|(name, _)| stray(name)) {
        tag.attributes.retain(|(name, _)| !stray(name) && !WORDS.contains(&name.as_str()));
    }
}

/// Whether an address may be followed: relative, or of a scheme that is known to be harmless.
/// Blanks and control characters do not hide a scheme, since browsers pass over them.
#[must_use]
pub fn is_safe_address(address: &str) -> bool {
    match scheme(address) {
        Some(scheme) => SCHEMES.contains(&scheme.as_str()),
        None => true,
    }
}

/// Whether a picture may be shown from an address: as [`is_safe_address`], and pixels inside it.
#[must_use]
pub fn is_safe_picture(address: &str) -> bool {
    const PIXELS: [&str; 5] =
        ["data:image/png;", "data:image/jpeg;", "data:image/gif;", "data:image/webp;", "data:image/avif;"];
    is_safe_address(address) || PIXELS.iter().any(|start| address.starts_with(start))
}

/// The scheme of an absolute address, lower case (RFC 3986, section 3.1).
fn scheme(address: &str) -> Option<String> {
    let seen: String = address.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let (scheme, _) = seen.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    is_scheme.then(|| scheme.to_ascii_lowercase())
}

#[cfg(test)]
mod tests;
