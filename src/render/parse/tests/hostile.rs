//! Notes made to break a parser.

use super::{cleared, document, rendered};
use crate::render::parse::{MAX_DEPTH, parse};

/// Whether it is refused for its nesting; whatever the answer, it comes in time and without a
/// crash.
fn refused(text: &str) -> bool {
    match parse("note.md", &cleared(text), None) {
        Ok(document) => {
            rendered(&document);
            false
        }
        Err(errors) => errors.iter().all(|error| error.name() == Some("too-deep")),
    }
}

#[test]
fn deep_nesting_is_an_error_with_its_line() {
    for deep in [
        ">".repeat(10_000),
        format!("{}x", "> ".repeat(10_000)),
        format!("{}x", "- ".repeat(5_000)),
        format!("{}x{}", "*a **b ".repeat(2_000), " c** d*".repeat(2_000)),
        format!("x {}y{}", "<b>".repeat(10_000), "</b>".repeat(10_000)),
        format!("{}y{}", "<div>\n".repeat(10_000), "</div>\n".repeat(10_000)),
        format!("{}y{}", "<div>\n\n".repeat(10_000), "\n\n</div>".repeat(10_000)),
        "<details><summary>x</summary>\n\n".repeat(2_000) + &"</details>\n\n".repeat(2_000),
        format!("{}y", "<div>".repeat(100_000)),
    ] {
        let result = parse("note.md", &cleared(&format!("first\n\n{deep}")), None);
        let error = result.err().map(|mut errors| errors.remove(0)).expect(&deep[..20]);
        assert_eq!(error.name(), Some("too-deep"), "{}", &deep[..20]);
        assert!(error.place().is_some_and(|place| place.line >= 3), "{}", &deep[..20]);
    }
}

#[test]
fn nesting_that_people_write_is_accepted() {
    let nested = |levels: usize| format!("{}x", "> ".repeat(levels));
    assert!(!refused(&nested(MAX_DEPTH - 2)));
    assert!(refused(&nested(MAX_DEPTH + 1)));
    assert!(!refused(&format!("<ul>{}</ul>", "<li>item".repeat(500))), "list items close themselves");
    assert!(!refused(&format!("{}\n", "<br>".repeat(5_000))));
}

#[test]
fn floods_of_brackets_and_tags_are_survived() {
    for flood in [
        "[".repeat(10_000),
        "]".repeat(10_000),
        "[a](".repeat(5_000),
        "![".repeat(10_000),
        "[[".repeat(5_000) + &"]]".repeat(5_000),
        "*".repeat(20_000),
        "_a ".repeat(5_000),
        "`".repeat(10_001) + &"` ".repeat(3_000),
        "$".repeat(10_001),
        "<".repeat(10_000),
        "<b ".repeat(5_000),
        "</div>\n\n".repeat(3_000),
        "<p>\n\n".repeat(3_000),
        "<b>x</i>".repeat(3_000),
        "<!--".repeat(5_000),
        "<![CDATA[".repeat(5_000),
        "<?".repeat(5_000),
        "&".repeat(10_000),
        "[^a]".repeat(5_000) + "\n\n[^a]: x[^a]",
        "|a".repeat(1_000) + "\n" + &"|-".repeat(1_000) + "\n" + &"|x\n".repeat(2_000),
        "# a\n".repeat(3_000),
        "a\n\n: b\n\n".repeat(1_000),
        ":::\n".repeat(3_000),
        "\u{0}\u{feff}\u{2028}\u{202e}".repeat(1_000),
    ] {
        refused(&flood);
    }
}

#[test]
fn footnotes_that_refer_to_each_other_end() {
    let document = document("x[^a]\n\n[^a]: see[^b]\n[^b]: see[^a] and[^b]\n");
    let labels: Vec<_> =
        document.footnotes.iter().map(|note| (note.label.as_str(), note.references)).collect();
    assert_eq!(labels, [("a", 2), ("b", 2)]);
}
