//! What a terminal showed, as a picture: the program's own output, colours and all, drawn as SVG.

use std::fmt::Write as _;

/// Characters in a line of the terminal.
const COLUMNS: usize = 104;
/// Pixels.
const CHARACTER: usize = 8;
/// Pixels.
const LINE: usize = 19;
/// Pixels.
const MARGIN: usize = 18;

/// A picture of commands and what they printed.
pub fn svg(title: &str, screens: &[(&str, String)]) -> String {
    let mut lines: Vec<Vec<Piece>> = Vec::new();
    for (command, output) in screens {
        let prompt = format!("\x1b[2m$\x1b[0m \x1b[1m{command}\x1b[0m\n");
        lines.extend(rows(&prompt));
        lines.extend(rows(output));
        lines.push(Vec::new());
    }
    lines.pop();
    draw(title, &lines)
}

/// Text of one look.
#[derive(Clone, Default)]
struct Piece {
    column: usize,
    text: String,
    class: String,
}

/// The lines of an output, broken where a terminal breaks them.
fn rows(output: &str) -> Vec<Vec<Piece>> {
    let mut rows = Vec::new();
    let mut look = Look::default();
    for line in output.lines() {
        let (mut row, mut column) = (Vec::new(), 0);
        for (index, part) in line.split("\x1b[").enumerate() {
            let text = match part.split_once('m') {
                Some((codes, text)) if index > 0 => {
                    look.apply(codes);
                    text
                }
                _ => part,
            };
            for word in text.split_inclusive(' ') {
                let width = word.trim_end().chars().count();
                if column + width > COLUMNS && column > 0 {
                    rows.push(std::mem::take(&mut row));
                    column = 0;
                }
                add(&mut row, column, word, &look.class());
                column += word.chars().count();
            }
        }
        rows.push(row);
    }
    rows
}

/// Adds a word to what stands before it, if that looks the same.
fn add(row: &mut Vec<Piece>, column: usize, word: &str, class: &str) {
    match row.last_mut().filter(|piece| piece.class == class) {
        Some(piece) => piece.text.push_str(word),
        None => row.push(Piece { column, text: word.to_owned(), class: class.to_owned() }),
    }
}

/// What the codes so far ask for (ECMA-48, 8.3.117: "select graphic rendition").
#[derive(Default)]
struct Look {
    bold: bool,
    dim: bool,
    colour: Option<&'static str>,
}

impl Look {
    fn apply(&mut self, codes: &str) {
        for code in codes.split(';') {
            match code {
                "" | "0" => *self = Self::default(),
                "1" => self.bold = true,
                "2" => self.dim = true,
                "31" => self.colour = Some("red"),
                "32" => self.colour = Some("green"),
                "33" => self.colour = Some("yellow"),
                "35" => self.colour = Some("magenta"),
                "36" => self.colour = Some("cyan"),
                "90" => self.colour = Some("dim"),
                other => panic!("the program asks for a look that is not drawn yet: {other}"),
            }
        }
    }

    fn class(&self) -> String {
        let words = [self.bold.then_some("bold"), self.dim.then_some("dim"), self.colour];
        words.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

fn draw(title: &str, lines: &[Vec<Piece>]) -> String {
    let width = COLUMNS * CHARACTER + 2 * MARGIN;
    let height = lines.len() * LINE + 2 * MARGIN;
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="title">
<title id="title">{}</title>
<style>
text {{ font: 13.3px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #d7dae0; white-space: pre }}
.bold {{ font-weight: bold }} .dim {{ fill: #8b919c }} .red {{ fill: #f27d7d }} .green {{ fill: #8fce7f }}
.yellow {{ fill: #e2c06c }} .magenta {{ fill: #cf9be8 }} .cyan {{ fill: #74c7d6 }}
</style>
<rect width="{width}" height="{height}" rx="8" fill="#1e2127"/>
"##,
        escaped(title)
    );
    for (row, line) in lines.iter().enumerate() {
        let y = MARGIN + row * LINE + 13;
        for piece in line.iter().filter(|piece| !piece.text.trim().is_empty()) {
            // The font may be another one than it was drawn for: each piece keeps its width.
            let (x, text) = (MARGIN + piece.column * CHARACTER, piece.text.trim_end());
            let length = text.chars().count() * CHARACTER;
            let class =
                if piece.class.is_empty() { String::new() } else { format!(r#" class="{}""#, piece.class) };
            let _ = writeln!(
                svg,
                r#"<text x="{x}" y="{y}" textLength="{length}" lengthAdjust="spacingAndGlyphs" xml:space="preserve"{class}>{}</text>"#,
                escaped(text)
            );
        }
    }
    svg + "</svg>\n"
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[test]
fn colours_become_classes_and_long_lines_are_broken() {
    let lines = rows("\x1b[1mbold\x1b[0m plain \x1b[32mgreen\x1b[0m\n");
    let pieces: Vec<(usize, &str, &str)> =
        lines[0].iter().map(|p| (p.column, p.text.as_str(), p.class.as_str())).collect();
    assert_eq!(pieces, [(0, "bold", "bold"), (4, " plain ", ""), (11, "green", "green")]);
    assert_eq!(rows(&"word ".repeat(40)).len(), 2);
    assert!(svg("a < b", &[("crosspost", "x & y".to_owned())]).contains("x &amp; y"));
}
