//! What the sanitiser takes away, said.

use super::{
    ATTRIBUTES, ELEMENT_ATTRIBUTES, INLINE_ATTRIBUTES, STYLE_PROPERTIES, is_allowed, is_safe_address,
    token::{Piece, Placed, Tag},
};
use crate::error::Warning;

/// What [`clean`](super::clean) will remove from some HTML, said.
pub fn report(pieces: &[Placed], warnings: &mut Vec<Warning>) {
    for placed in pieces {
        if let Piece::Open(tag) = &placed.piece {
            report_tag(tag, placed.line, warnings);
        }
    }
}

fn report_tag(tag: &Tag, line: u32, warnings: &mut Vec<Warning>) {
    if !is_allowed(&tag.name) {
        warnings.push(removed(&tag.name, line));
        return;
    }
    if tag.name == "img" && tag.get("alt").is_none() {
        warnings.push(missing_alt(tag.get("src").unwrap_or_default(), line));
    }
    for (name, value) in &tag.attributes {
        if matches!(name.as_str(), "href" | "src" | "poster") && !is_safe_address(value) {
            warnings.push(unsafe_address(value, line));
        }
    }
    let of_element =
        ELEMENT_ATTRIBUTES.iter().find(|(name, _)| *name == tag.name).map_or(&[][..], |(_, own)| own);
    let kept = |name: &str, value: &str| match name {
        "style" if of_element.contains(&"style") => has_known_style(value),
        name => ATTRIBUTES.contains(&name) || of_element.contains(&name),
    };
    warnings.extend(lost_attributes(tag, line, kept));
}

/// The warning that a picture says nothing to those who do not see it (WCAG 2.2, 1.1.1). One that
/// is mere decoration says so in HTML, with `alt=""`.
#[must_use]
pub fn missing_alt(src: &str, line: u32) -> Warning {
    let message = format!("the picture `{src}` has no alternative text: write `![what it shows]({src})`");
    Warning::new(MISSING_ALT, line, message)
}

/// Code of [`missing_alt`].
pub const MISSING_ALT: &str = "missing-alt";

/// The warning that an element within text loses attributes that a reader could have noticed.
#[must_use]
pub fn lost_inline_attributes(tag: &Tag, line: u32) -> Option<Warning> {
    lost_attributes(tag, line, |name, _| INLINE_ATTRIBUTES.contains(&name))
}

fn lost_attributes(tag: &Tag, line: u32, kept: impl Fn(&str, &str) -> bool) -> Option<Warning> {
    let lost = tag.attributes.iter().filter(|(name, value)| !kept(name, value) && !is_unnoticed(name));
    let names: Vec<String> = lost.map(|(name, _)| format!("`{name}`")).collect();
    let message = format!("attributes were removed from <{}>: {}", tag.name, names.join(", "));
    (!names.is_empty()).then(|| Warning::new("html-removed", line, message))
}

fn has_known_style(style: &str) -> bool {
    let properties = style.split(';').filter_map(|rule| rule.split_once(':')).map(|(name, _)| name.trim());
    properties.into_iter().all(|name| STYLE_PROPERTIES.contains(&name.to_ascii_lowercase().as_str()))
}

/// Attributes whose loss changes nothing that is seen.
fn is_unnoticed(name: &str) -> bool {
    const HINTS: &[&str] = &[
        "cite",
        "class",
        "decoding",
        "fetchpriority",
        "loading",
        "referrerpolicy",
        "rel",
        "sizes",
        "srcset",
        "target",
    ];
    HINTS.contains(&name) || name.starts_with("data-") || name.starts_with("aria-")
}

/// The warning that an element was removed.
#[must_use]
pub fn removed(name: &str, line: u32) -> Warning {
    Warning::new(
        "html-removed",
        line,
        format!("the HTML element <{name}> was removed: it is not safe in a post"),
    )
}

/// The warning that an address was removed.
#[must_use]
pub fn unsafe_address(address: &str, line: u32) -> Warning {
    let shown: String = address.chars().take(60).collect();
    Warning::new("unsafe-link", line, format!("the address `{shown}` was removed: its scheme is not safe"))
}
