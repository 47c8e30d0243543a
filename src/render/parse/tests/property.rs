//! Whatever is written, nothing panics and the HTML is whole.

use proptest::prelude::*;

use super::{cleared, rendered};
use crate::render::{
    parse::parse,
    sanitise::{
        self,
        token::{self, Piece},
    },
};

/// Pieces of notes, thrown together at random.
fn markdown() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-z ]{1,8}",
        3 => prop::sample::select(PIECES.to_vec()).prop_map(str::to_owned),
        1 => "\\PC{1,6}",
        2 => Just("\n".to_owned()),
        2 => Just("\n\n".to_owned()),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

const PIECES: &[&str] = &[
    "# ",
    "## ",
    "- ",
    "1. ",
    "- [ ] ",
    "> ",
    "> [!NOTE]\n",
    "    ",
    "```\n",
    "~~~rust\n",
    "---\n",
    "| a | b |\n|---|:-:|\n",
    "|",
    "*",
    "**",
    "_",
    "~~",
    "`",
    "$",
    "$$",
    "[",
    "](",
    ")",
    "![",
    "[[",
    "]]",
    "[^1]",
    "\n[^1]: ",
    "<b>",
    "</b>",
    "<a href=\"x\">",
    "</a>",
    "<img src=\"y.png\">",
    "<div>\n",
    "</div>\n",
    "<p>",
    "</p>",
    "<details>\n",
    "</details>\n",
    "<summary>",
    "</summary>",
    "<script>",
    "</script>",
    "<!-- x -->",
    "<!--more-->\n",
    "<table>",
    "<td>",
    "</table>",
    "<figure>",
    "<figcaption>",
    "</figcaption>",
    "</figure>",
    "<svg>",
    "<math>",
    "<li>",
    "<ul>",
    "</ul>",
    "<br>",
    "<style>",
    "<h1>",
    "</h1>",
    "<pre>\n",
    "</pre>",
    "&amp;",
    "&lt;b&gt;",
    "\\",
    "<",
    ">",
    "\"",
    "'",
    ":tada:",
    ": ",
    "  \n",
    "https://example.org",
    "<https://e.org>",
    "javascript:alert(1)",
    "<kbd>",
    "</kbd>",
    "<span title='\">'>",
    "<select>",
    "<option>",
    "<input>",
    "<template>",
    "<center>",
    "<em>",
    "</em>",
    "<code>",
    "</code>",
    "<sup>",
];

/// Tags and texts, comments left out, and addresses too: the sanitiser parses them.
fn shape(html: &str) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    for placed in token::pieces(html) {
        match (placed.piece, out.last_mut()) {
            (Piece::Comment(_), _) => {}
            (Piece::Open(mut tag), _) => {
                tag.attributes.retain(|(name, _)| !matches!(name.as_str(), "href" | "src"));
                out.push(Piece::Open(tag));
            }
            (Piece::Text(text), Some(Piece::Text(before))) => before.push_str(&text),
            (piece, _) => out.push(piece),
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn html_of_any_note_is_what_a_browser_makes_of_it(text in markdown()) {
        if let Ok(document) = parse("note.md", &cleared(&text), None) {
            let html = rendered(&document);
            prop_assert_eq!(shape(&html), shape(&sanitise::clean(&html)), "{}", html);
        }
    }

    #[test]
    fn any_text_is_survived(text in "\\PC{0,200}") {
        if let Ok(document) = parse("note.md", &cleared(&text), None) {
            rendered(&document);
            assert!(document.text().len() <= 8 * text.len());
        }
    }
}
