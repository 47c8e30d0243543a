//! Escaping for wikitext: characters become entities where they would be markup, and stay where
//! they are just themselves, since people read this.

use std::fmt::Write as _;

use crate::render::html::escape as html;

/// Where text stands, as far as it decides what is markup.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// In a table's cell, where `!!` begins the next one.
    pub cell: bool,
    /// In a term, which a colon ends.
    pub term: bool,
    /// In the text of a link, where no address becomes one.
    pub link: bool,
}

/// Schemes of addresses that become links by themselves, where no `//` follows.
const BARE_SCHEMES: &[&str] =
    &["mailto", "news", "tel", "sms", "sip", "sips", "geo", "urn", "bitcoin", "magnet", "xmpp", "matrix"];

/// Appends text so that a reader sees just that. Line ends become blanks.
///
/// What stands before it in `out` counts: two apostrophes are markup however they came together.
pub fn text(text: &str, place: Place, out: &mut String) {
    // `[[a]]b` would make `b` a part of the link.
    if out.ends_with("]]") && text.starts_with(char::is_alphabetic) {
        out.push_str("<nowiki/>");
    }
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let doubles = |markup: char| c == markup && out.ends_with(markup);
        let next = rest.as_str().chars().next();
        let is_markup = match c {
            // U+FFFD as such ends a link.
            '[' | ']' | '{' | '}' | '|' | '\u{fffd}' => true,
            '&' => next.is_none_or(|next| next.is_ascii_alphanumeric() || next == '#'),
            ':' => place.term || (!place.link && begins_address(out, rest.as_str())),
            '!' => place.cell && doubles('!'),
            _ => doubles('\'') || doubles('~') || doubles('_'),
        };
        if is_markup { entity(c, out) } else { plain(c, out) }
    }
}

/// Whether a colon after `before` and before `rest` would begin a link.
fn begins_address(before: &str, rest: &str) -> bool {
    let tail = before.rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    rest.starts_with("//") || BARE_SCHEMES.iter().any(|scheme| scheme.eq_ignore_ascii_case(tail))
}

/// A character that is no markup here.
fn plain(c: char, out: &mut String) {
    match c {
        '<' => out.push_str("&lt;"),
        '\u{a0}' => out.push_str("&nbsp;"),
        '\n' | '\r' | '\t' => out.push(' '),
        // MediaWiki would store these as U+FFFD.
        c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
        c => out.push(c),
    }
}

/// A character as an entity that MediaWiki passes on.
fn entity(c: char, out: &mut String) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '"' => out.push_str("&quot;"),
        c => {
            let _ = write!(out, "&#{};", u32::from(c));
        }
    }
}

/// Guards the first character of a line, and takes blanks away from its ends: `*`, `#`, `:`, `;`,
/// `=`, four dashes and blanks mean something there.
#[must_use]
pub fn line(text: &str) -> String {
    let text = text.trim_matches(' ');
    match text.chars().next() {
        Some(first @ ('*' | '#' | ':' | ';' | '=' | '-')) => {
            let mut out = String::with_capacity(text.len() + 4);
            entity(first, &mut out);
            out.push_str(&text[first.len_utf8()..]);
            out
        }
        _ => text.to_owned(),
    }
}

/// Code for within `<nowiki>` or `<pre>`, where only entities mean anything; line ends stay.
#[must_use]
pub fn code(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let mut rest = code.chars();
    let mut before = None;
    while let Some(c) = rest.next() {
        let next = rest.as_str().chars().next();
        match c {
            '\n' | '\t' => out.push(c),
            '&' | '<' => entity(c, &mut out),
            // MediaWiki puts no-break spaces where French wants them, even into code.
            ' ' if next.is_some_and(|c| "?:;!%»›".contains(c))
                || before.is_some_and(|c| "«‹".contains(c)) =>
            {
                entity(c, &mut out);
            }
            _ => plain(c, &mut out),
        }
        before = Some(c);
    }
    out
}

/// A value for an attribute of a tag, or for a picture's parameter.
#[must_use]
pub fn parameter(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '[' | ']' | '{' | '}' | '|' | '\'' | '~' | '_' | ':' | '&' | '<' | '>' | '"' | '=' => {
                entity(c, &mut out);
            }
            _ => plain(c, &mut out),
        }
    }
    out
}

/// An address for a link, with nothing in it that wikitext would read.
#[must_use]
pub fn address(url: &str) -> String {
    let encoded = html::address(url);
    let mut out = String::with_capacity(encoded.len());
    let mut rest = encoded.chars();
    while let Some(c) = rest.next() {
        match c {
            '\'' => out.push_str("%27"),
            '~' if out.ends_with('~') => out.push_str("%7E"),
            '_' if out.ends_with('_') => out.push_str("%5F"),
            '&' if is_entity(rest.as_str()) => out.push_str("&amp;"),
            _ => out.push(c),
        }
    }
    out
}

/// Whether what follows an ampersand makes an entity of it.
fn is_entity(rest: &str) -> bool {
    let name = rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '#').next().unwrap_or_default();
    !name.is_empty() && rest[name.len()..].starts_with(';')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(plain: &str) -> String {
        let mut out = String::new();
        text(plain, Place::default(), &mut out);
        out
    }

    #[test]
    fn ordinary_text_stays_readable() {
        let ordinary = "It's 5 > 4 & ~3, a_b: yes! (no) - 12:30 = \"x\" # * ; at 10%";
        assert_eq!(escaped(ordinary), ordinary);
    }

    #[test]
    fn markup_becomes_text() {
        assert_eq!(escaped("[[a|b]] {{c}}"), "&#91;&#91;a&#124;b&#93;&#93; &#123;&#123;c&#125;&#125;");
        assert_eq!(escaped("''x''"), "'&#39;x'&#39;");
        assert_eq!(escaped("~~~~ __TOC__"), "~&#126;~&#126; _&#95;TOC_&#95;");
        assert_eq!(escaped("<b> &lt; R&D &"), "&lt;b> &amp;lt; R&amp;D &amp;");
        assert_eq!(escaped("http://a mailto:b x:y"), "http&#58;//a mailto&#58;b x:y");
        assert_eq!(escaped("a\u{a0}b\nc\u{7f}"), "a&nbsp;b c");
    }

    #[test]
    fn what_stands_before_counts() {
        let mut out = "''a''".to_owned();
        text("'s", Place::default(), &mut out);
        assert_eq!(out, "''a''&#39;s");
        let mut out = "[[A]]".to_owned();
        text("s", Place::default(), &mut out);
        assert_eq!(out, "[[A]]<nowiki/>s");
    }

    #[test]
    fn a_line_begins_with_text() {
        assert_eq!(line("# 1"), "&#35; 1");
        assert_eq!(line("  ---- x "), "&#45;--- x");
        assert_eq!(line("a # b"), "a # b");
    }

    #[test]
    fn addresses_hold_no_markup() {
        assert_eq!(
            address("https://x.y/a''b__c~~~?d=[e]&lt;=f&g=h|{{i}}"),
            "https://x.y/a%27%27b_%5Fc~%7E~?d=%5Be%5D&amp;lt;=f&g=h%7C%7B%7Bi%7D%7D"
        );
    }

    #[test]
    fn code_is_only_guarded_against_entities_and_french_spaces() {
        assert_eq!(code("a && b ? [[c]] : <d>\n\t"), "a &amp;&amp; b&#32;? [[c]]&#32;: &lt;d>\n\t");
    }
}
