//! Raw HTML blocks: what has a form of its own in the document gets it, the rest is sanitised.

use comrak::nodes::{Node, NodeValue};

use super::{Converter, figure, pair};
use crate::render::{
    document::{Block, BlockKind, Figure},
    html, sanitise,
    sanitise::token::{self, Piece, Placed, Tag},
};

/// A sibling: a Markdown block, or the pieces of a raw HTML block with the note's lines.
#[derive(Debug, Clone)]
pub(super) enum Part<'a> {
    Markdown(Node<'a>),
    Html(Vec<Placed>),
}

impl<'a> Converter<'a> {
    /// What a node holds, footnote definitions left out.
    pub(super) fn parts(&self, parent: Node<'a>) -> Vec<Part<'a>> {
        let mut parts = Vec::new();
        for node in parent.children() {
            match &node.data().value {
                NodeValue::FootnoteDefinition(_) => {}
                NodeValue::HtmlBlock(html) => parts.push(Part::Html(self.pieces(node, &html.literal))),
                _ => parts.push(Part::Markdown(node)),
            }
        }
        parts
    }

    fn pieces(&self, node: Node<'a>, html: &str) -> Vec<Placed> {
        let first = node.data().sourcepos.start.line;
        let line = |after: u32| self.cleared.source_line(first + after as usize);
        token::pieces(html).into_iter().map(|placed| Placed { line: line(placed.line), ..placed }).collect()
    }

    /// The blocks that siblings make.
    pub(super) fn convert(&mut self, parts: Vec<Part<'a>>) -> Vec<Block> {
        let groups = pair::groups(&parts);
        let mut parts = parts.into_iter();
        let mut blocks = Vec::new();
        for group in groups {
            let mut members: Vec<_> = parts.by_ref().take(group.count()).collect();
            match members.as_mut_slice() {
                [Part::Markdown(node)] => blocks.extend(self.block(node)),
                [Part::Html(pieces)] => {
                    let pieces = std::mem::take(pieces);
                    blocks.extend(self.html_block(pieces));
                }
                _ => blocks.extend(self.html_group(members)),
            }
        }
        blocks
    }

    /// A raw HTML block whose tags balance, or that nothing else balances.
    fn html_block(&mut self, pieces: Vec<Placed>) -> Vec<Block> {
        let comments = pieces.iter().filter_map(|placed| self.more(placed)).collect::<Vec<_>>();
        let pieces = trimmed(pieces);
        let Some(line) = pieces.first().map(|placed| placed.line) else { return comments };
        let mut blocks = comments;
        blocks.extend(self.html_content(pieces, line));
        blocks
    }

    fn html_content(&mut self, pieces: Vec<Placed>, line: u32) -> Vec<Block> {
        if let Some(figures) = self.html_figures(&pieces) {
            return figures;
        }
        if pieces.iter().all(is_inline) {
            let content = self.html_inlines(pieces);
            return figure::paragraph(content, line);
        }
        match text_element(&pieces) {
            Some(("p", inside)) => {
                let content = self.html_inlines(inside.to_vec());
                figure::paragraph(content, line)
            }
            Some((heading, inside)) => {
                let level = heading.strip_prefix('h').and_then(|level| level.parse().ok()).unwrap_or(6);
                let content = self.html_inlines(inside.to_vec());
                vec![Block { line, kind: self.heading(level, content) }]
            }
            None => self.html_group(vec![Part::Html(pieces)]),
        }
    }

    /// `<!--more-->` at the top level.
    fn more(&self, placed: &Placed) -> Option<Block> {
        let Piece::Comment(comment) = &placed.piece else { return None };
        let words = comment.trim().strip_prefix("more")?;
        let is_more = self.depth == 1 && (words.is_empty() || words.starts_with(' '));
        let words = Some(words.trim().to_owned()).filter(|words| !words.is_empty());
        is_more.then_some(Block { line: placed.line, kind: BlockKind::More(words) })
    }

    /// Blocks that balance together.
    fn html_group(&mut self, parts: Vec<Part<'a>>) -> Vec<Block> {
        let parts: Vec<_> = parts.into_iter().map(without_blank_ends).collect();
        if is_details(&parts) { self.details(parts) } else { self.sanitised(parts) }
    }

    /// `<details>` and all that stands in it.
    fn details(&mut self, mut parts: Vec<Part<'a>>) -> Vec<Block> {
        let mut line = 0;
        let mut open = false;
        if let Some(Part::Html(pieces)) = parts.first_mut() {
            let first = pieces.remove(0);
            line = first.line;
            open = matches!(&first.piece, Piece::Open(tag) if tag.get("open").is_some());
        }
        if let Some(Part::Html(pieces)) = parts.last_mut() {
            pieces.pop();
        }
        let summary = match parts.first_mut() {
            Some(Part::Html(pieces)) => take_summary(pieces),
            _ => Vec::new(),
        };
        let summary = self.html_inlines(summary);
        let blocks = self.deeper(line, |this| this.convert(parts));
        vec![Block { line, kind: BlockKind::Details { summary, open, blocks } }]
    }

    /// What is left of raw HTML, with the Markdown in it as HTML.
    fn sanitised(&mut self, parts: Vec<Part<'a>>) -> Vec<Block> {
        let mut line = None;
        let mut raw = String::new();
        for part in parts {
            match part {
                Part::Html(pieces) => {
                    line = line.or(pieces.first().map(|placed| placed.line));
                    self.check_depth(&pieces);
                    sanitise::report(&pieces, |line| line, &mut self.warnings);
                    raw.push_str(&token::write(pieces.iter().map(|placed| &placed.piece)));
                }
                Part::Markdown(node) => {
                    line = line.or(Some(self.line(node)));
                    let blocks = self.deeper(line.unwrap_or(1), |this| this.block(node));
                    raw.push_str(&html::source_html(&blocks));
                }
            }
            raw.push('\n');
        }
        if self.too_deep.is_some() {
            return Vec::new();
        }
        let clean = sanitise::clean(&raw).trim().to_owned();
        if clean.is_empty() {
            return Vec::new();
        }
        vec![Block { line: line.unwrap_or(1), kind: BlockKind::Html(clean) }]
    }

    /// Elements that HTML closes by itself (`<p>`, `<li>`) are not counted.
    fn check_depth(&mut self, pieces: &[Placed]) {
        let mut depth = 0_usize;
        for placed in pieces {
            match &placed.piece {
                Piece::Open(tag) if !tag.is_void() && !closes_itself(&tag.name) => {
                    depth += 1;
                    self.has_room(placed.line, depth);
                }
                Piece::Close(name) if !closes_itself(name) => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
    }

    /// Pictures, wrapped in nothing but paragraphs, figures and links, perhaps with a caption.
    fn html_figures(&mut self, pieces: &[Placed]) -> Option<Vec<Block>> {
        let (pictures, caption) = split_caption(unwrapped(pieces));
        if !pictures.iter().any(|placed| is_open(placed, "img")) || !pictures.iter().all(is_picture_part) {
            return None;
        }
        let content = self.html_inlines(pictures.to_vec());
        let mut figures = figure::figures(&content)?;
        if !caption.is_empty() {
            let [Block { kind: BlockKind::Figure(Figure { caption: shown, .. }), .. }] =
                figures.as_mut_slice()
            else {
                return None;
            };
            *shown = self.html_inlines(caption.to_vec());
        }
        Some(figures)
    }
}

fn is_blank(placed: &Placed) -> bool {
    match &placed.piece {
        Piece::Text(text) => text.trim().is_empty(),
        Piece::Comment(_) => true,
        Piece::Open(_) | Piece::Close(_) => false,
    }
}

fn trim_ends(mut pieces: &[Placed]) -> &[Placed] {
    while let [first, rest @ ..] = pieces
        && is_blank(first)
    {
        pieces = rest;
    }
    while let [rest @ .., last] = pieces
        && is_blank(last)
    {
        pieces = rest;
    }
    pieces
}

fn trimmed(pieces: Vec<Placed>) -> Vec<Placed> {
    trim_ends(&pieces).to_vec()
}

fn without_blank_ends(part: Part<'_>) -> Part<'_> {
    match part {
        Part::Html(pieces) => Part::Html(trimmed(pieces)),
        markdown @ Part::Markdown(_) => markdown,
    }
}

fn is_open(placed: &Placed, name: &str) -> bool {
    matches!(&placed.piece, Piece::Open(tag) if tag.name == name)
}

fn is_close(placed: &Placed, name: &str) -> bool {
    matches!(&placed.piece, Piece::Close(closed) if closed == name)
}

fn closes_itself(name: &str) -> bool {
    matches!(
        name,
        "p" | "li"
            | "dt"
            | "dd"
            | "tr"
            | "td"
            | "th"
            | "tbody"
            | "thead"
            | "tfoot"
            | "colgroup"
            | "rt"
            | "rp"
    )
}

/// Text, or a tag of something that may stand within text.
fn is_inline(placed: &Placed) -> bool {
    let inline = |name: &str| sanitise::is_inline(name) || matches!(name, "a" | "img");
    match &placed.piece {
        Piece::Open(tag) => inline(&tag.name),
        Piece::Close(name) => inline(name),
        Piece::Text(_) | Piece::Comment(_) => true,
    }
}

/// A picture, a link around one, or blank.
fn is_picture_part(placed: &Placed) -> bool {
    match &placed.piece {
        Piece::Open(tag) => matches!(tag.name.as_str(), "img" | "a" | "br"),
        Piece::Close(name) => name == "a",
        Piece::Text(_) | Piece::Comment(_) => is_blank(placed),
    }
}

/// A paragraph or heading without attributes that holds nothing but text.
fn text_element(pieces: &[Placed]) -> Option<(&str, &[Placed])> {
    let [Placed { piece: Piece::Open(Tag { name, attributes }), .. }, inside @ .., last] = pieces else {
        return None;
    };
    let known = matches!(name.as_str(), "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
    let plain = known && attributes.is_empty() && is_close(last, name) && inside.iter().all(is_inline);
    plain.then_some((name, inside))
}

/// What stands in wrappers that say nothing but where a picture goes.
fn unwrapped(mut pieces: &[Placed]) -> &[Placed] {
    loop {
        pieces = trim_ends(pieces);
        match pieces {
            [first, inside @ .., last]
                if ["p", "div", "center", "figure"]
                    .iter()
                    .any(|name| is_open(first, name) && is_close(last, name)) =>
            {
                pieces = inside;
            }
            _ => return pieces,
        }
    }
}

/// What stands before a `<figcaption>` at the end, and what stands in it.
fn split_caption(pieces: &[Placed]) -> (&[Placed], &[Placed]) {
    let start = pieces.iter().position(|placed| is_open(placed, "figcaption"));
    let (Some(start), Some(last)) = (start, pieces.last()) else { return (pieces, &[]) };
    if !is_close(last, "figcaption") {
        return (pieces, &[]);
    }
    let caption = pieces.get(start + 1..pieces.len() - 1).unwrap_or_default();
    (pieces.get(..start).unwrap_or_default(), trim_ends(caption))
}

fn is_details(parts: &[Part<'_>]) -> bool {
    matches!(parts.first(), Some(Part::Html(pieces)) if pieces.first().is_some_and(|p| is_open(p, "details")))
        && pair::is_wrapped(parts)
}

/// Takes `<summary>…</summary>` off the front.
fn take_summary(pieces: &mut Vec<Placed>) -> Vec<Placed> {
    let first = pieces.iter().position(|placed| !is_blank(placed));
    let end = pieces.iter().position(|placed| is_close(placed, "summary"));
    let (Some(first), Some(end)) = (first, end) else { return Vec::new() };
    if !pieces.get(first).is_some_and(|placed| is_open(placed, "summary")) {
        return Vec::new();
    }
    let mut taken: Vec<_> = pieces.drain(..=end).skip(first + 1).collect();
    taken.pop();
    taken
}
