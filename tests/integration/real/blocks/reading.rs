//! What a reader sees of a rendering, against what the note says.

use crosspost::render::{Document, blocks::BlockOutput};

/// Asserts that each line of the document's text stands in the rendering.
#[track_caller]
pub fn assert_nothing_lost(name: &str, document: &Document, output: &BlockOutput) {
    let shown = squeezed(&visible(&output.body));
    for line in document.text().lines() {
        let line = squeezed(line);
        assert!(shown.contains(&line), "{name}: {line:?} is missing from\n{}", output.body);
    }
    let notes = output.footnotes.as_deref().unwrap_or(&output.body);
    let notes = squeezed(&visible(&notes.replace("\\\"", "\"").replace("\\n", "\n").replace("\\\\", "\\")));
    for note in &document.footnotes {
        for line in crosspost::render::document::blocks_text(&note.blocks).lines() {
            let line = squeezed(line);
            assert!(notes.contains(&line), "{name}: {line:?} is missing from the footnotes\n{notes}");
        }
    }
}

/// HTML's text, with the words that stand for pictures.
pub fn visible(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let end = if tag.starts_with("!--") { "-->" } else { ">" };
        let (tag, after) = tag.split_once(end).unwrap_or((tag, ""));
        rest = after;
        if let Some((_, alt)) = tag.split_once(" alt=\"").filter(|_| tag.starts_with("img")) {
            text.push_str(alt.split_once('"').map_or("", |(alt, _)| alt));
        }
    }
    text.push_str(rest);
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("＜", "<"),
        ("＞", ">"),
        ("&nbsp;", " "),
        ("&#91;", "["),
        ("&#091;", "["),
        ("&#47;", "/"),
        ("&#047;", "/"),
        ("&quot;", "\""),
        ("&amp;", "&"),
    ];
    entities.iter().fold(text, |text, (entity, c)| text.replace(entity, c))
}

/// Without blanks and invisible characters, and without digits, which footnotes add to the text.
fn squeezed(text: &str) -> String {
    let kept = |c: &char| {
        !c.is_whitespace() && !c.is_control() && !c.is_ascii_digit() && !['\u{2060}', '\u{feff}'].contains(c)
    };
    text.chars().filter(kept).collect()
}
