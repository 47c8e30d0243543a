//! A block's own notation: comments with JSON around HTML (the block grammar of WordPress). All of it
//! is appended to the text that grows: a post has a hundred blocks in one another.

use serde_json::Value;

/// A block: `<!-- wp:NAME {…} -->`, its HTML, `<!-- /wp:NAME -->`. `attributes` as [`json`] writes
/// them.
pub(super) fn block(out: &mut String, name: &str, attributes: &str, html: &[&str]) {
    open(out, name, attributes);
    out.extend(html.iter().copied());
    close(out, name);
}

/// A block around what `inside` writes; nothing at all where it writes nothing.
pub(super) fn holding(out: &mut String, name: &str, attributes: &str, inside: impl FnOnce(&mut String)) {
    let start = out.len();
    open(out, name, attributes);
    let begun = out.len();
    inside(out);
    if out.len() == begun {
        out.truncate(start);
    } else {
        close(out, name);
    }
}

/// The start of a block. Its HTML comes next.
pub(super) fn open(out: &mut String, name: &str, attributes: &str) {
    let gap = if attributes.is_empty() { "" } else { " " };
    out.extend(["<!-- wp:", name, " ", attributes, gap, "-->\n"]);
}

/// The end of a block.
pub(super) fn close(out: &mut String, name: &str) {
    out.extend(["\n<!-- /wp:", name, " -->"]);
}

/// What `inside` writes, between `before` and `after`; nothing at all where it writes nothing.
pub(super) fn around(out: &mut String, before: &[&str], after: &[&str], inside: impl FnOnce(&mut String)) {
    let start = out.len();
    out.extend(before.iter().copied());
    let begun = out.len();
    inside(out);
    if out.len() == begun {
        out.truncate(start);
    } else {
        out.extend(after.iter().copied());
    }
}

/// A block without HTML of its own.
pub(super) fn void(out: &mut String, name: &str) {
    out.extend(["<!-- wp:", name, " /-->"]);
}

/// One more of the blocks that begin at `first`, with the blank line that the editor puts between two.
/// One that writes nothing leaves no gap.
pub(super) fn next(out: &mut String, first: usize, block: impl FnOnce(&mut String)) {
    let gap = if out.len() > first { "\n\n" } else { "" };
    around(out, &[gap], &[], block);
}

/// Attributes. Escaped as the editor does: raw dashes or angle brackets would end the comment
/// (WordPress fact 39).
pub(super) fn json(attributes: &[(&str, Value)]) -> String {
    if attributes.is_empty() {
        return String::new();
    }
    let pairs = attributes.iter().map(|(name, value)| format!("\"{name}\":{value}"));
    let json = format!("{{{}}}", pairs.collect::<Vec<_>>().join(","));
    if !json.contains(['\\', '<', '>', '&']) && !json.contains("--") {
        return json;
    }
    // Quotes within strings come last: their backslash must not be taken for another's.
    let json = json.replace("\\\\", "\\u005c").replace("--", "\\u002d\\u002d");
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026").replace("\\\"", "\\u0022")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_cannot_end_the_comment() {
        let mut out = String::new();
        block(&mut out, "x", &json(&[("a", Value::from("--><b> & \"q\" \\"))]), &[]);
        assert_eq!(
            out,
            "<!-- wp:x {\"a\":\"\\u002d\\u002d\\u003e\\u003cb\\u003e \\u0026 \\u0022q\\u0022 \\u005c\"} -->\n\n<!-- /wp:x -->"
        );
    }

    #[test]
    fn empty_blocks_leave_no_gap() {
        let mut out = "before ".to_owned();
        let first = out.len();
        for text in ["", "a", "", "b", ""] {
            next(&mut out, first, |out| out.push_str(text));
        }
        assert_eq!(out, "before a\n\nb");
    }
}
