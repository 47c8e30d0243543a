//! Escaping for HTML.

use memchr::{memchr_iter, memchr3};

/// Appends text with `&`, `<`, `>` and no-break spaces escaped.
pub fn text(text: &str, out: &mut String) {
    push(text, out, |bytes| memchr3(b'&', b'<', b'>', bytes));
}

/// Appends ` name="value"`, the value escaped.
pub fn attribute(name: &str, value: &str, out: &mut String) {
    out.extend([" ", name, "=\""]);
    push(value, out, |bytes| bytes.iter().position(|byte| matches!(byte, b'"' | b'&' | b'<' | b'>')));
    out.push('"');
}

/// Appends text with the escapes of no-break spaces and of the characters that `find` finds the first
/// of. What stands between them comes in one piece, and is passed over many bytes at a time: most text
/// has none, and every text of every rendering comes by here.
fn push(text: &str, out: &mut String, find: impl Fn(&[u8]) -> Option<usize>) {
    const NO_BREAK_SPACE: [u8; 2] = [0xc2, 0xa0];
    let bytes = text.as_bytes();
    let is_space = |at: &usize| bytes[*at..].starts_with(&NO_BREAK_SPACE);
    let mut done = 0;
    for at in memchr_iter(NO_BREAK_SPACE[0], bytes).filter(is_space) {
        push_piece(&text[done..at], out, &find);
        out.push_str("&nbsp;");
        done = at + NO_BREAK_SPACE.len();
    }
    push_piece(&text[done..], out, &find);
}

fn push_piece(text: &str, out: &mut String, find: impl Fn(&[u8]) -> Option<usize>) {
    let mut rest = text;
    while let Some(at) = find(rest.as_bytes()) {
        let (before, from) = rest.split_at(at);
        let instead = match from.as_bytes().first() {
            Some(b'&') => "&amp;",
            Some(b'<') => "&lt;",
            Some(b'>') => "&gt;",
            _ => "&quot;",
        };
        out.extend([before, instead]);
        rest = &from[1..];
    }
    out.push_str(rest);
}

/// Text, escaped.
#[must_use]
pub fn escaped(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    text(raw, &mut out);
    out
}

/// An address with everything percent-encoded that may not stand in one (RFC 3986), the way
/// Markdown's reference implementation does it: what is encoded already stays. `[` and `]` stay only
/// around a host (`http://[::1]/`).
#[must_use]
pub fn address(raw: &str) -> String {
    if raw.bytes().all(is_address_byte) {
        return raw.to_owned();
    }
    let host_end = bracketed_host_end(raw);
    let mut out = raw.get(..host_end).unwrap_or_default().to_owned();
    let bytes = raw.as_bytes();
    for (at, byte) in bytes.iter().enumerate().skip(host_end) {
        let is_encoded =
            || bytes.get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit));
        if is_address_byte(*byte) || (*byte == b'%' && is_encoded()) {
            out.push(char::from(*byte));
        } else {
            out.push_str(percent_encoding::percent_encode_byte(*byte));
        }
    }
    out
}

fn is_address_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'-' | b'_'
                | b'.'
                | b'+'
                | b'!'
                | b'*'
                | b'\''
                | b'('
                | b')'
                | b','
                | b'#'
                | b'@'
                | b'?'
                | b'='
                | b';'
                | b':'
                | b'/'
                | b'$'
                | b'~'
                | b'&'
        )
}

/// Where a host in brackets ends (an IPv6 address: RFC 3986, section 3.2.2), or 0.
fn bracketed_host_end(raw: &str) -> usize {
    let Some(start) = raw.find("://[").map(|at| at + 4) else { return 0 };
    let is_host = |host: &str| host.chars().all(|c| c.is_ascii_hexdigit() || ":.".contains(c));
    let is_scheme = raw.chars().take(start - 4).all(|c| c.is_ascii_alphanumeric());
    match raw.get(start..).and_then(|rest| rest.split_once(']')) {
        Some((host, _)) if is_scheme && is_host(host) => start + host.len() + 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_attributes_stay_what_they_are() {
        assert_eq!(escaped("a < b & c > \"d\" \u{a0}"), "a &lt; b &amp; c &gt; \"d\" &nbsp;");
        let mut out = String::new();
        attribute("alt", "say \"<hi>\" & go", &mut out);
        assert_eq!(out, " alt=\"say &quot;&lt;hi&gt;&quot; &amp; go\"");
        // These begin, or end, with a byte of the no-break space.
        assert_eq!(escaped("\u{a2}\u{a0}\u{a0}\u{e0}\u{a9}"), "\u{a2}&nbsp;&nbsp;\u{e0}\u{a9}");
    }

    #[test]
    fn addresses_are_encoded_once() {
        assert_eq!(address("my file.png"), "my%20file.png");
        assert_eq!(address("my%20file.png"), "my%20file.png");
        assert_eq!(address("100%.html"), "100%25.html");
        assert_eq!(address("/été?q=[a]&b=\"c\""), "/%C3%A9t%C3%A9?q=%5Ba%5D&b=%22c%22");
        assert_eq!(address("http://[2001:db8::1]/[a]"), "http://[2001:db8::1]/%5Ba%5D");
        assert_eq!(address("x\" onclick=://[a]"), "x%22%20onclick=://%5Ba%5D");
    }
}
