//! Text in rich text, attributes and code, so that three readers agree on it: the site that shows
//! it, the editor that would save it again, and WordPress' shortcodes and embeds, which must find
//! nothing to run (WordPress fact 41).

use crate::render::html::escape;

/// U+2060, word joiner: seen by nobody, and enough that a bracket opens no shortcode and `&copy;`
/// is no entity, where an escape would not outlive the editor.
const JOINER: char = '\u{2060}';

/// Text of a paragraph, as the editor writes it. Line ends within a text node are blanks, since
/// WordPress looks for addresses alone on a line.
pub(super) fn text(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    push_text(raw, &mut out);
    out
}

/// The same, appended.
pub(super) fn push_text(raw: &str, out: &mut String) {
    if may_hold_controls(raw) {
        escape::text(&raw.replace(|c: char| c.is_control() && c != '\t', " "), out);
    } else {
        escape::text(raw, out);
    }
}

/// Whether a byte is in a text with which a control character could begin. Looks at eight at a time
/// (the tests for a small and for a zero byte in a word are Warren's, "Hacker's Delight", 6-1).
fn may_hold_controls(text: &str) -> bool {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const TOPS: u64 = ONES << 7;
    // Exact for the lowest such byte, and so for whether there is one.
    let has_below = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word & TOPS != 0;
    // Controls beyond ASCII begin with 0xC2.
    let is_suspect = |word: u64| {
        has_below(word, 0x20) || has_below(word ^ (ONES * 0x7f), 1) || has_below(word ^ (ONES * 0xc2), 1)
    };
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let mut last = [b' '; 8];
    last[..rest.len()].copy_from_slice(rest);
    words.iter().chain([&last]).any(|word| is_suspect(u64::from_ne_bytes(*word)))
}

/// The value of an attribute that people read (`alt`, `title`).
///
/// `<` and `>` become their full-width forms: the editors of 6.8, of 7.1 and the browsers each
/// escape them differently there. Entity-like text gets a joiner, since the image block would save
/// `&amp;copy;` as `&copy;`.
pub(super) fn attribute(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw.chars();
    while let Some(c) = rest.next() {
        match c {
            '&' if is_entity(rest.as_str()) => out.extend(['&', 'a', 'm', 'p', ';', JOINER]),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '<' => out.push('＜'),
            '>' => out.push('＞'),
            '[' if opens_shortcode(rest.as_str()) => out.extend(['[', JOINER]),
            '\u{a0}' => out.push(' '),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// An address as an attribute's value and as the text of an embed.
pub(super) fn address(raw: &str) -> String {
    plain_address(raw).replace('&', "&amp;")
}

/// An address with everything encoded that may not stand in one, and nothing that looks like an
/// entity.
pub(super) fn plain_address(raw: &str) -> String {
    let encoded = escape::address(raw);
    if !encoded.contains('&') {
        return encoded;
    }
    let mut parts = encoded.split('&');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push('&');
        out.push_str(&if is_entity(part) { part.replacen(';', "%3B", 1) } else { part.to_owned() });
    }
    out
}

/// Whether text that follows `&` makes an entity of it, as the editor tells one.
fn is_entity(after: &str) -> bool {
    let Some((name, _)) = after.split_once(';') else { return false };
    let all = |text: &str, is: fn(&u8) -> bool| !text.is_empty() && text.bytes().all(|byte| is(&byte));
    match name.strip_prefix('#') {
        Some(number) => {
            all(number, u8::is_ascii_digit)
                || number.strip_prefix(['x', 'X']).is_some_and(|hex| all(hex, u8::is_ascii_hexdigit))
        }
        None => all(name, u8::is_ascii_alphanumeric),
    }
}

/// Whether text that follows `[` may be a shortcode's name: the characters of WordPress' own
/// pattern, since any plugin may have taken any name.
fn opens_shortcode(after: &str) -> bool {
    after.starts_with(|c: char| c > ' ' && !"<>&/[]=".contains(c))
}

/// Sees to it that no bracket of the rich text from `start` on opens a shortcode. The bracket stands
/// in a `span` of its own: an entity would be a bracket again as soon as the editor saves.
pub(super) fn keep_shortcodes_out(out: &mut String, start: usize) {
    if out[start..].contains('[') {
        let html = out.split_off(start);
        out.push_str(&without_shortcodes(&html));
    }
}

fn without_shortcodes(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut in_tag = false;
    for (at, c) in html.char_indices() {
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            _ => {}
        }
        let opens = || html.get(at + 1..).is_some_and(opens_shortcode);
        if c == '[' && !in_tag && opens() {
            out.push_str("<span>[</span>");
        } else {
            out.push(c);
        }
    }
    out
}

/// Sees to it that a paragraph's rich text, from `start` on, is not an address and nothing else:
/// WordPress would embed it.
pub(super) fn keep_embed_out(out: &mut String, start: usize) {
    if is_lone_address(&out[start..]) {
        let html = out.split_off(start);
        out.push_str(&html.replacen("//", "<span>//</span>", 1));
    }
}

/// Whether a line of HTML is an address and nothing else, as WordPress' autoembed and the editor's
/// code block tell one.
pub(super) fn is_lone_address(line: &str) -> bool {
    let line = line.trim_matches(is_blank);
    let Some(rest) = line.strip_prefix("http://").or_else(|| line.strip_prefix("https://")) else {
        return false;
    };
    !rest.is_empty() && !rest.contains(|c: char| is_blank(c) || "<>\"".contains(c))
}

/// JavaScript's blanks: U+FEFF is one, U+0085 is none.
pub(super) fn is_blank(c: char) -> bool {
    c == '\u{feff}' || (c.is_whitespace() && c != '\u{85}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bracket_that_could_open_a_shortcode_stands_apart() {
        assert_eq!(
            without_shortcodes("[gallery] [ x] [/x] [<em>a"),
            "<span>[</span>gallery] [ x] [/x] [<em>a"
        );
        assert_eq!(without_shortcodes("<a title=\"[x\">[1]</a>"), "<a title=\"[x\"><span>[</span>1]</a>");
        assert_eq!(attribute("[gallery] [ ]"), "[\u{2060}gallery] [ ]");
    }

    #[test]
    fn what_looks_like_an_entity_stays_text() {
        assert_eq!(
            attribute("&copy; & &#x2f; AT&T;"),
            "&amp;\u{2060}copy; &amp; &amp;\u{2060}#x2f; AT&amp;\u{2060}T;"
        );
        assert_eq!(plain_address("https://e.x/?a=1&lt;=2&b=3"), "https://e.x/?a=1&lt%3B=2&b=3");
        assert_eq!(address("https://e.x/?a=1&b=[2]"), "https://e.x/?a=1&amp;b=%5B2%5D");
    }

    #[test]
    fn an_attribute_holds_no_angle_bracket_or_line_end() {
        assert_eq!(attribute("a<b>\n\"c\"\u{a0}"), "a＜b＞ &quot;c&quot; ");
    }

    #[test]
    fn a_lone_address_is_told_from_text() {
        assert!(is_lone_address(" https://e.x/a?b=c&amp;d "));
        assert!(!is_lone_address("https://"));
        assert!(!is_lone_address("see https://e.x"));
        assert!(!is_lone_address("https://e.x <em>"));
        for (text, shown) in
            [("<p>https://e.x", "<p>https:<span>//</span>e.x"), ("<p>a https://e.x", "<p>a https://e.x")]
        {
            let mut out = text.to_owned();
            keep_embed_out(&mut out, "<p>".len());
            assert_eq!(out, shown);
        }
    }

    #[test]
    fn controls_are_found_wherever_they_stand() {
        let letters = "abc é – “x” \u{10ffff} ~ ";
        assert!(!may_hold_controls(letters) && !may_hold_controls(""));
        for control in ['\0', '\n', '\t', '\u{1f}', '\u{7f}', '\u{80}', '\u{9f}'] {
            for at in (0..=letters.len()).filter(|at| letters.is_char_boundary(*at)) {
                let mut text = letters.to_owned();
                text.insert(at, control);
                assert!(may_hold_controls(&text), "{text:?}");
            }
        }
    }

    #[test]
    fn line_ends_and_controls_in_text_are_blanks() {
        assert_eq!(text("a\r\nb\u{a0}<c>\t&"), "a  b&nbsp;&lt;c&gt;\t&amp;");
    }
}
