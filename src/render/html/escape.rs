//! Escaping for HTML.

/// Appends text with `&`, `<`, `>` and no-break spaces escaped.
pub fn text(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\u{a0}' => out.push_str("&nbsp;"),
            _ => out.push(c),
        }
    }
}

/// Appends ` name="value"`, the value escaped.
pub fn attribute(name: &str, value: &str, out: &mut String) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    for c in value.chars() {
        match c {
            '"' => out.push_str("&quot;"),
            _ => text(c.encode_utf8(&mut [0; 4]), out),
        }
    }
    out.push('"');
}

/// Text, escaped.
#[must_use]
pub fn escaped(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    text(raw, &mut out);
    out
}

/// An address with everything percent-encoded that may not stand in one (RFC 3986), the way
/// Markdown's reference implementation does it: what is encoded already stays, `[` and `]` are
/// encoded.
#[must_use]
pub fn address(raw: &str) -> String {
    let bytes = raw.as_bytes();
    let mut out = String::with_capacity(raw.len());
    for (at, byte) in bytes.iter().enumerate() {
        let encoded = || bytes.get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit));
        if byte.is_ascii_alphanumeric()
            || b"-_.+!*'(),#@?=;:/$~&".contains(byte)
            || (*byte == b'%' && encoded())
        {
            out.push(char::from(*byte));
        } else {
            use std::fmt::Write as _;
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
