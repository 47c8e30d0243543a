//! Lists pasted from a word processor: `•` at the beginning of lines is no list to anybody but the
//! eye.

use crate::{
    check::{Code, Edit, Facts, Lint, Look, Problem, Spot, Subject, locate::Finder, subject::Cut},
    render::document::{Block, BlockKind, Inline, Node},
};

const PASTED_BULLET: Code =
    Code::warning("pasted-bullet", "a line that begins with a bullet character and is no list item");

/// The lint.
pub const LINT: Lint = Lint { codes: &[&PASTED_BULLET], look: Look::Text(look) };

/// Bullets of word processors, the private character of Word's Symbol font among them.
const BULLETS: &[char] = &['•', '◦', '▪', '▫', '●', '○', '■', '□', '‣', '⁃', '∙', '\u{f0b7}', '\u{f0a7}'];
/// Signs that are bullets where they stand above each other, and else punctuation.
const DASHES: &[char] = &['·', '–'];

/// A line that begins with a bullet.
struct Pasted {
    line: u32,
    /// What stands before it: white space, the marks of quotations.
    indent: String,
    bullet: char,
    /// The white space behind it.
    gap: String,
}

fn look(cut: &Cut, subject: &Subject<'_>, _: &Facts<'_>) -> Vec<Problem> {
    let finder = subject.finder();
    let mut found: Vec<Pasted> = Vec::new();
    cut.document.walk(&mut |node| {
        if let Node::Block(Block { line, kind: BlockKind::Paragraph(content) }) = node {
            let lines = *line..=line.saturating_add(breaks(content));
            found.extend(lines.filter_map(|line| pasted(line, finder.line(line)?)));
        }
    });
    let stands_with_others = |one: &&Pasted| {
        let beside =
            |other: &Pasted| other.bullet == one.bullet && (1..=2).contains(&other.line.abs_diff(one.line));
        !DASHES.contains(&one.bullet) || found.iter().any(beside)
    };
    found.iter().filter(stands_with_others).map(|one| problem(one, &finder, subject.note.path())).collect()
}

/// How many line ends a paragraph has at the least.
fn breaks(content: &[Inline]) -> u32 {
    let of = |inline: &Inline| match inline {
        Inline::SoftBreak | Inline::HardBreak => 1,
        Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Strikethrough(inner) => breaks(inner),
        Inline::Link(link) => breaks(&link.content),
        Inline::Element(raw) => breaks(&raw.content),
        _ => 0,
    };
    content.iter().map(of).sum()
}

fn pasted(line: u32, text: &str) -> Option<Pasted> {
    let rest = text.trim_start_matches([' ', '\t', '>']);
    let bullet = rest.chars().next()?;
    let after = rest.get(bullet.len_utf8()..)?;
    let words = after.trim_start();
    let spaced = words.len() < after.len();
    let is_bullet = BULLETS.contains(&bullet) || (DASHES.contains(&bullet) && spaced);
    (is_bullet && !words.is_empty()).then(|| Pasted {
        line,
        indent: text[..text.len() - rest.len()].to_owned(),
        bullet,
        gap: after[..after.len() - words.len()].to_owned(),
    })
}

fn problem(pasted: &Pasted, finder: &Finder<'_>, path: &str) -> Problem {
    let Pasted { line, indent, bullet, gap } = pasted;
    let text = finder.line(*line).unwrap_or_default();
    let spot = Spot::of(*line, text, indent.len()..indent.len() + bullet.len_utf8());
    let fix = Edit { line: *line, before: format!("{indent}{bullet}{gap}"), after: format!("{indent}- ") };
    let problem = Problem::new(&PASTED_BULLET, path, spot, format!("`{bullet}` does not make a list item"))
        .help("begin the line with `- `; `crosspost check --fix` does it");
    Problem { fix: Some(fix), ..problem }
}
