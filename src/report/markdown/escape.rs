//! Text that stays text in GitHub's Markdown, wherever it stands: in a cell, an item, a link.

use std::fmt::Write as _;

/// Characters that Markdown gives a meaning. (`$` opens a formula at GitHub.)
const SPECIAL: &str = "\\`*_[]()#|~!$";

/// A zero-width space: behind `@` and `#` it keeps people from being called and other issues from
/// being linked, which GitHub does in any text that is not code, escaped or not.
const GAP: char = '\u{200b}';

/// Some text, on one line.
#[must_use]
pub fn text(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for (at, c) in raw.trim().chars().enumerate() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.extend(['@', GAP]),
            '#' => out.extend(['\\', '#', GAP]),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => out.push(' '),
            c if SPECIAL.contains(c) || (at == 0 && "-+=".contains(c)) => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

/// A link, if the address is one of the web.
#[must_use]
pub fn link(words: &str, url: &str) -> Option<String> {
    let is_web = ["https://", "http://"].iter().any(|start| url.starts_with(start));
    is_web.then(|| format!("[{}](<{}>)", text(words), address(url)))
}

/// Text that links to an address, if there is one.
#[must_use]
pub fn linked(words: &str, url: Option<&str>) -> String {
    url.and_then(|url| link(words, url)).unwrap_or_else(|| text(words))
}

/// An address between `<` and `>` in a cell: what could end one of them is percent-encoded.
fn address(url: &str) -> String {
    let mut out = String::new();
    for c in url.chars() {
        if c.is_whitespace() || c.is_control() || "<>|\\`\"@[]".contains(c) {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                let _ = write!(out, "%{byte:02X}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// Lines as a block of code that nothing in them can end.
#[must_use]
pub fn fenced(info: &str, lines: &str) -> String {
    let longest = lines.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{info}\n{lines}{fence}\n")
}
