//! Every construct inside every other, and random nests of them.

use std::iter;

use super::assert_all_native;

/// What can stand in a container, as Markdown.
const LEAVES: &[(&str, &str)] = &[
    ("text", "Some *text* with [gallery], `[x]` and a note[^1]."),
    ("two paragraphs", "First.\n\nSecond  \nwith a break."),
    ("heading", "## A `heading` here"),
    ("first-level heading", "# One"),
    ("tight list", "- a\n- b"),
    ("loose list", "3. a\n\n4. b\n\n   more"),
    ("tasks", "- [ ] to do\n- [x] done"),
    ("quote", "> quoted"),
    ("alert", "> [!TIP]\n> Mind <this>."),
    ("code", "```rust\nlet a = b[0] && \"c\";\n\n  https://e.x\n```"),
    ("table", "| a | b |\n|:--|--:|\n| `x|` [y] | |"),
    ("picture", "![Alt [x] & \"q\"](team.png \"A caption\")"),
    ("linked picture", "[![Alt](loose.png)](https://e.x/?a=b&c=d)"),
    ("rule", "***"),
    ("details", "<details open><summary>Sum *x*</summary>\n\nHidden.\n\n</details>"),
    ("formula", "$$\na_b < c\n$$"),
    ("embed", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
    ("gist", "https://gist.github.com/someone/0123456789abcdef"),
    ("raw HTML", "<div class=\"x\">\n\nraw [gallery] **b**\n\n</div>"),
    ("descriptions", "Term\n\n: First\n\n: Second"),
];

/// A container: the prefix of its first line and of the others, or the lines around.
enum Container {
    Prefix(&'static str, &'static str),
    Around(&'static str, &'static str),
}

const CONTAINERS: &[(&str, Container)] = &[
    ("quote", Container::Prefix("> ", "> ")),
    ("alert", Container::Prefix("> [!NOTE]\n> ", "> ")),
    ("bullet", Container::Prefix("- ", "  ")),
    ("bullet after text", Container::Prefix("- text\n\n  ", "  ")),
    ("number", Container::Prefix("7. ", "   ")),
    ("number between", Container::Prefix("1. before\n2. text\n\n   ", "   ")),
    ("task", Container::Prefix("- [x] done\n\n  ", "  ")),
    ("nested list", Container::Prefix("- a\n  - b\n\n    ", "    ")),
    ("footnote", Container::Prefix("Text[^n].\n\n[^n]: Note.\n\n    ", "    ")),
    ("description", Container::Prefix("Term\n\n: ", "  ")),
    ("details", Container::Around("<details><summary>More</summary>\n\n", "\n\n</details>")),
    ("division", Container::Around("<div>\n\n", "\n\n</div>")),
];

fn within(container: &Container, inner: &str) -> String {
    match container {
        Container::Around(before, after) => format!("{before}{inner}{after}"),
        Container::Prefix(first, rest) => {
            let lines: Vec<_> = inner
                .split('\n')
                .enumerate()
                .map(|(at, line)| match (at, line) {
                    (0, line) => format!("{first}{line}"),
                    (_, "") => rest.trim_end().to_owned(),
                    (_, line) => format!("{rest}{line}"),
                })
                .collect();
            lines.join("\n")
        }
    }
}

fn note(body: &str) -> String {
    format!("{body}\n\n[^1]: A footnote.\n")
}

#[test]
fn every_construct_inside_every_other_is_native() {
    let mut notes = Vec::new();
    for (leaf, inner) in LEAVES {
        notes.push(((*leaf).to_owned(), note(inner)));
        for (outer, container) in CONTAINERS {
            let held = within(container, inner);
            notes.push((format!("{leaf} in {outer}"), note(&held)));
            notes.push((
                format!("{leaf} in {outer}, then text"),
                note(&within(container, &format!("{inner}\n\nThen."))),
            ));
        }
    }
    assert_all_native(&notes);
}

#[test]
fn every_construct_after_every_other_is_native() {
    let pairs = LEAVES.iter().flat_map(|first| LEAVES.iter().map(move |second| (first, second)));
    let notes: Vec<_> = pairs
        .map(|((a, first), (b, second))| (format!("{b} after {a}"), note(&format!("{first}\n\n{second}"))))
        .collect();
    assert_all_native(&notes);
}

#[test]
fn containers_within_containers_are_native() {
    let mut notes = Vec::new();
    for (a, outer) in CONTAINERS {
        for (b, inner) in CONTAINERS {
            for (leaf, text) in LEAVES.iter().take(10).step_by(3) {
                notes.push((format!("{leaf} in {b} in {a}"), note(&within(outer, &within(inner, text)))));
            }
        }
    }
    assert_all_native(&notes);
}

/// A generator of numbers that is the same on every machine (xorshift, Marsaglia 2003).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % bound
    }

    fn blocks(&mut self, depth: usize) -> String {
        let count = 1 + self.below(3);
        iter::repeat_with(|| self.block(depth)).take(count).collect::<Vec<_>>().join("\n\n")
    }

    fn block(&mut self, depth: usize) -> String {
        if depth == 0 || self.below(3) == 0 {
            return LEAVES[self.below(LEAVES.len())].1.to_owned();
        }
        let (_, container) = &CONTAINERS[self.below(CONTAINERS.len())];
        within(container, &self.blocks(depth - 1))
    }
}

#[test]
fn random_nests_are_native() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let notes: Vec<_> = (0..300).map(|n| (format!("nest {n}"), note(&random.blocks(4)))).collect();
    assert_all_native(&notes);
}

/// Pieces of text that mean something to Markdown, HTML, WordPress or the editor.
const PIECES: &[&str] = &[
    "a",
    "word",
    " ",
    "  ",
    "\n",
    "\\",
    "*",
    "**",
    "_",
    "~~",
    "`",
    "``",
    "[",
    "]",
    "[x]",
    "[gallery]",
    "(",
    ")",
    "](https://e.x)",
    "![",
    "](team.png)",
    "<",
    ">",
    "<b>",
    "</b>",
    "<br>",
    "<kbd>k</kbd>",
    "<span id=\"i\">",
    "</span>",
    "<!--",
    "-->",
    "<!-- wp:x -->",
    "&",
    "&amp;",
    "&lt;",
    "&copy;",
    "&nbsp;",
    ";",
    "\"",
    "'",
    "--",
    "—",
    "\u{a0}",
    "\u{200b}",
    "\u{2028}",
    "\u{feff}",
    "\t",
    "😀",
    "é",
    "https://e.x/?a=1&b=2",
    "<https://e.x>",
    "$x$",
    "$",
    "[^1]",
    "- ",
    "1. ",
    "> ",
    "# ",
    "|",
    "|---|",
    "```",
    ":tada:",
    "{",
    "}",
    "#",
    "=",
    "/",
];

#[test]
fn random_texts_are_native() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let notes = (0..1000).map(|n| {
        let length = 2 + random.below(24);
        let text: String = iter::repeat_with(|| PIECES[random.below(PIECES.len())]).take(length).collect();
        (format!("text {n}"), note(&text))
    });
    assert_all_native(&notes.collect::<Vec<_>>());
}
