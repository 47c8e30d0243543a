//! Code: the code block, and what stands for one within a list item.

use serde_json::Value;

use super::{escape, markup};
use crate::render::html::escape::escaped;

/// A code block. The language is a class of the block: on the inner `<code>` it would be invalid
/// (WordPress fact 45).
pub(super) fn block(language: Option<&str>, text: &str, out: &mut String) {
    let class = language.and_then(class);
    let attributes = class.iter().map(|class| ("className", Value::from(class.as_str()))).collect::<Vec<_>>();
    let classes = classes(class.as_deref());
    let html = ["<pre class=\"", &classes, "\"><code>", &content(text), "</code></pre>"];
    markup::block(out, "code", &markup::json(&attributes), &html);
}

/// Code within rich text, where line ends are `<br>`.
pub(super) fn in_text(language: Option<&str>, text: &str, out: &mut String) {
    let classes = classes(language.and_then(class).as_deref());
    let lines = clean(text).split('\n').map(escaped).collect::<Vec<_>>().join("<br>");
    let start = out.len();
    out.extend(["<pre class=\"", &classes, "\"><code>", &lines, "</code></pre>"]);
    escape::keep_shortcodes_out(out, start);
}

/// Code within a line.
pub(super) fn inline(text: &str, out: &mut String) {
    out.push_str("<code>");
    escape::push_text(text, out);
    out.push_str("</code>");
}

fn classes(class: Option<&str>) -> String {
    class.map_or_else(|| "wp-block-code".to_owned(), |class| format!("wp-block-code {class}"))
}

/// `language-rust`. A word that is no class name is left out.
fn class(language: &str) -> Option<String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_+#.".contains(c);
    (!language.is_empty() && language.chars().all(fits)).then(|| format!("language-{language}"))
}

/// Code has no control characters but tabs and line ends.
fn clean(text: &str) -> String {
    text.replace(|c: char| c.is_control() && c != '\t' && c != '\n', "")
}

/// The block's text, escaped as the editor does: every opening bracket, and the slashes of the
/// first address that is alone on its line. It leaves further ones to WordPress' autoembed, which a
/// `span` keeps away from them.
fn content(text: &str) -> String {
    let escaped = escaped(&clean(text)).replace('[', "&#91;");
    let mut first = true;
    let lines = escaped.split('\n').map(|line| match escape::is_lone_address(line) {
        false => line.to_owned(),
        true if std::mem::take(&mut first) => line.replacen("//", "&#47;&#47;", 1),
        true => line.replacen("//", "<span>//</span>", 1),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_and_lone_addresses_are_escaped_as_the_editor_does() {
        assert_eq!(
            content("a[0] < \"b\" &lt;\n  https://e.x\nhttp://e.y\nsee https://e.z"),
            "a&#91;0] &lt; \"b\" &amp;lt;\n  https:&#47;&#47;e.x\nhttp:<span>//</span>e.y\nsee https://e.z"
        );
    }

    #[test]
    fn a_language_is_a_class_of_the_block() {
        let block = |language| {
            let mut out = String::new();
            block(Some(language), "x", &mut out);
            out
        };
        assert_eq!(
            block("c++"),
            "<!-- wp:code {\"className\":\"language-c++\"} -->\n<pre class=\"wp-block-code language-c++\"><code>x</code></pre>\n<!-- /wp:code -->"
        );
        assert!(block("\"><script>").starts_with("<!-- wp:code -->"));
    }
}
