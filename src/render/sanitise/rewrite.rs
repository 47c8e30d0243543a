//! Changes to sanitised HTML: heading levels, line ends, what depends on where it stands.

use super::token::{self, Piece, Tag};

/// Lowers the headings in sanitised HTML by some levels, to the sixth at most.
pub fn shift_headings(pieces: &mut [Piece], by: u8) {
    for piece in pieces {
        if let Piece::Open(Tag { name, .. }) | Piece::Close(name) = piece
            && let Some(level) = name.strip_prefix('h').and_then(|level| level.parse::<u8>().ok())
        {
            *name = format!("h{}", level.saturating_add(by).min(6));
        }
    }
}

/// Takes the line ends out of sanitised HTML, but those in preformatted text.
pub fn on_one_line(pieces: &mut [Piece]) {
    let mut preformatted = 0_usize;
    for piece in pieces {
        match piece {
            Piece::Open(tag) if tag.name == "pre" => preformatted += 1,
            Piece::Close(name) if name == "pre" => preformatted = preformatted.saturating_sub(1),
            Piece::Text(text) if preformatted == 0 => *text = text.replace('\n', " "),
            _ => {}
        }
    }
}

/// Sanitised HTML that reads the same wherever it is put, without the blank lines that removed
/// elements leave.
///
/// A line end right after `<pre>` is passed over by a parser (HTML 13.1.2.5), so one that is content
/// needs another before it, which the serialiser does not write. And an item outside of any list
/// would end the item of the list that it is put into: its tags go.
pub(super) fn settled(html: &str) -> String {
    let mut out: Vec<Piece> = Vec::new();
    let mut open: Vec<(String, bool)> = Vec::new();
    for placed in token::pieces(html) {
        match placed.piece {
            Piece::Open(mut tag) => {
                super::mend(&mut tag);
                let kept = is_at_home(&tag.name, &open);
                if !tag.is_void() {
                    open.push((tag.name.clone(), kept));
                }
                if kept {
                    out.push(Piece::Open(tag));
                }
            }
            Piece::Close(name) => {
                if open.pop().is_none_or(|(_, kept)| kept) {
                    out.push(Piece::Close(name));
                }
            }
            Piece::Text(text) => out.push(Piece::Text(settled_text(text, &open, out.last()))),
            comment @ Piece::Comment(_) => out.push(comment),
        }
    }
    token::write(&out)
}

fn settled_text(text: String, open: &[(String, bool)], before: Option<&Piece>) -> String {
    let begins_pre = matches!(before, Some(Piece::Open(tag)) if tag.name == "pre");
    if begins_pre && text.starts_with('\n') {
        format!("\n{text}")
    } else if text.matches('\n').count() > 1 && text.trim().is_empty() && !is_within(open, &["pre"]) {
        "\n".to_owned()
    } else {
        text
    }
}

/// Whether an element stands in the list that it needs.
fn is_at_home(name: &str, open: &[(String, bool)]) -> bool {
    match name {
        "li" => is_within(open, &["ul", "ol"]),
        "dt" | "dd" => is_within(open, &["dl"]),
        _ => true,
    }
}

fn is_within(open: &[(String, bool)], names: &[&str]) -> bool {
    open.iter().any(|(name, _)| names.contains(&name.as_str()))
}
