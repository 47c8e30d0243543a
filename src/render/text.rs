//! What a reader sees of HTML: its words, a line for each block.

use std::collections::HashSet;

/// Ends of elements after which a reader sees a new line.
const LINE_ENDS: &[&str] = &[
    "</p>",
    "</li>",
    "</h1>",
    "</h2>",
    "</h3>",
    "</h4>",
    "</h5>",
    "</h6>",
    "</tr>",
    "</pre>",
    "</figure>",
    "</figcaption>",
    "</blockquote>",
    "</dt>",
    "</dd>",
    "</summary>",
    "<br>",
    "<br/>",
    "<br />",
];

/// The visible text of HTML, comments, scripts and styles left out, one line for each block, runs of
/// white space as one blank.
#[must_use]
pub fn visible_text(html: &str) -> String {
    let mut lined = html.to_owned();
    for end in LINE_ENDS {
        lined = lined.replace(end, &format!("{end}\u{2028}"));
    }
    let mut cleaner = ammonia::Builder::empty();
    cleaner.clean_content_tags(HashSet::from(["script", "style"]));
    let escaped = cleaner.clean(&lined).to_string();
    let lines = escaped.split('\u{2028}').map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    let lines: Vec<String> = lines.filter(|line| !line.is_empty()).map(|line| unescape(&line)).collect();
    lines.join("\n")
}

/// The five characters that the cleaner escapes.
fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::visible_text;

    #[test]
    fn a_reader_sees_words_and_lines_and_no_markup() {
        let html =
            "<!-- wp:paragraph -->\n<p>a &amp;\n b<br>c</p>\n<!-- x --><ul><li>d</li></ul><script>e</script>";
        assert_eq!(visible_text(html), "a & b\nc\nd");
    }
}
