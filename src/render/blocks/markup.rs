//! A block's own notation: comments with JSON around HTML (the block grammar of WordPress).

use serde_json::{Map, Value};

/// A block: `<!-- wp:NAME {…} -->`, its HTML, `<!-- /wp:NAME -->`.
pub(super) fn block(name: &str, attributes: &[(&str, Value)], html: &str) -> String {
    let json = json(attributes);
    ["<!-- wp:", name, " ", &json, "-->\n", html, "\n<!-- /wp:", name, " -->"].concat()
}

/// A block without HTML of its own.
pub(super) fn void(name: &str) -> String {
    format!("<!-- wp:{name} /-->")
}

/// Blocks one after another, with the blank line that the editor puts between them. Empty ones are
/// left out.
pub(super) fn join(blocks: impl IntoIterator<Item = String>) -> String {
    blocks.into_iter().filter(|block| !block.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// The attributes and a blank, or nothing. Escaped as the editor does: raw dashes or angle brackets
/// would end the comment (WordPress fact 39).
fn json(attributes: &[(&str, Value)]) -> String {
    if attributes.is_empty() {
        return String::new();
    }
    let map: Map<_, _> = attributes.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let json = Value::Object(map).to_string();
    // Quotes within strings come last: their backslash must not be taken for another's.
    let json = json.replace("\\\\", "\\u005c").replace("--", "\\u002d\\u002d");
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026").replace("\\\"", "\\u0022")
        + " "
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_cannot_end_the_comment() {
        let block = block("x", &[("a", Value::from("--><b> & \"q\" \\"))], "");
        assert_eq!(
            block,
            "<!-- wp:x {\"a\":\"\\u002d\\u002d\\u003e\\u003cb\\u003e \\u0026 \\u0022q\\u0022 \\u005c\"} -->\n\n<!-- /wp:x -->"
        );
    }

    #[test]
    fn empty_blocks_leave_no_gap() {
        assert_eq!(join(["a".into(), String::new(), "b".into()]), "a\n\nb");
    }
}
