//! Escaping for XML 1.0, which has no form at all for most control characters.

use crate::render::html::escape as html;

/// Appends text.
pub fn text(text: &str, out: &mut String) {
    for c in text.chars().filter(|c| is_allowed(*c)) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            _ => out.push(c),
        }
    }
}

/// Text, escaped.
#[must_use]
pub fn escaped(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    text(raw, &mut out);
    out
}

/// A value for an attribute, on one line.
#[must_use]
pub fn value(raw: &str) -> String {
    escaped(&raw.replace(['\n', '\r', '\t'], " ")).replace('"', "&quot;")
}

/// An address for an attribute.
#[must_use]
pub fn address(url: &str) -> String {
    value(&html::address(url))
}

/// Text for where only CDATA is read, in as many sections as it takes.
#[must_use]
pub fn cdata(raw: &str) -> String {
    let text: String = raw.chars().filter(|c| is_allowed(*c)).collect();
    format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>"))
}

/// XML 1.0, production 2 (`Char`).
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_left_out_and_the_rest_stays() {
        assert_eq!(escaped("a<b>&\u{0}\u{b}\u{ffff}\u{a0}🚀"), "a&lt;b&gt;&amp;\u{a0}🚀");
        assert_eq!(value("say \"<hi>\"\n"), "say &quot;&lt;hi&gt;&quot; ");
        assert_eq!(cdata("a]]>b\u{1}"), "<![CDATA[a]]]]><![CDATA[>b]]>");
    }
}
