//! Raw HTML blocks: what has a form of its own in the document gets it, the rest is sanitised.

use comrak::nodes::{Node, NodeValue};

use super::{Converter, embed, figure, pair, shape};
use crate::render::{
    document::{Block, BlockKind},
    html, sanitise,
    sanitise::token::{self, Piece, Placed},
};

/// A sibling: a Markdown block, or the pieces of a raw HTML block with the note's lines.
#[derive(Debug, Clone)]
pub(super) enum Part<'a> {
    Markdown(Node<'a>),
    Html(Vec<Placed>),
}

impl<'a> Converter<'a> {
    /// What a node holds, footnote definitions left out. Each `<details>` begins a part of its own
    /// and ends one, so that it is recognised wherever it is written.
    pub(super) fn parts(&self, parent: Node<'a>) -> Vec<Part<'a>> {
        let mut parts = Vec::new();
        for node in parent.children() {
            match &node.data().value {
                NodeValue::FootnoteDefinition(_) => {}
                NodeValue::HtmlBlock(html) => {
                    let pieces = self.pieces(node, &html.literal);
                    parts.extend(shape::split_at_details(pieces).into_iter().map(Part::Html));
                }
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
        let mut blocks = Vec::with_capacity(parts.len());
        if parts.iter().all(|part| matches!(part, Part::Markdown(_))) {
            for part in parts {
                if let Part::Markdown(node) = part {
                    self.block(node, &mut blocks);
                }
            }
            return blocks;
        }
        let groups = pair::groups(&parts);
        let mut parts = parts.into_iter();
        for group in groups {
            let members: Vec<_> = parts.by_ref().take(group.count()).collect();
            match members.as_slice() {
                [Part::Markdown(node)] => self.block(node, &mut blocks),
                [Part::Html(pieces)] => blocks.extend(self.html_block(pieces)),
                _ => blocks.extend(self.html_group(members)),
            }
        }
        blocks
    }

    /// A raw HTML block whose tags balance, or that nothing else balances.
    fn html_block(&mut self, pieces: &[Placed]) -> Vec<Block> {
        let mut blocks: Vec<Block> = pieces.iter().filter_map(|placed| self.more(placed)).collect();
        let pieces = shape::trimmed(pieces);
        if let Some(line) = pieces.first().map(|placed| placed.line) {
            blocks.extend(self.html_content(pieces, line));
        }
        blocks
    }

    fn html_content(&mut self, pieces: Vec<Placed>, line: u32) -> Vec<Block> {
        if let Some(figures) = self.html_figures(&pieces) {
            return figures;
        }
        if let Some((url, provider)) = shape::player(&pieces).and_then(embed::of_player) {
            return vec![Block { line, kind: BlockKind::Embed { url, provider } }];
        }
        if pieces.iter().all(shape::is_inline) {
            return self.html_paragraph(pieces, line);
        }
        match shape::text_element(&pieces) {
            Some((None, inside)) => self.html_paragraph(inside.to_vec(), line),
            Some((Some(level), inside)) => {
                let content = self.html_inlines(inside.to_vec());
                self.heading(level, content, line).map(|kind| Block { line, kind }).into_iter().collect()
            }
            None => self.html_group(vec![Part::Html(pieces)]),
        }
    }

    fn html_paragraph(&mut self, pieces: Vec<Placed>, line: u32) -> Vec<Block> {
        let mut blocks = Vec::new();
        figure::paragraph(self.html_inlines(pieces), line, &mut blocks);
        blocks
    }

    /// `<!--more-->` at the top level.
    fn more(&mut self, placed: &Placed) -> Option<Block> {
        let Piece::Comment(comment) = &placed.piece else { return None };
        let words = shape::more(comment)?;
        if self.depth > 1 {
            self.misplaced_more(placed.line);
            return None;
        }
        let words = Some(words.to_owned()).filter(|words| !words.is_empty());
        Some(Block { line: placed.line, kind: BlockKind::More(words) })
    }

    pub(super) fn misplaced_more(&mut self, line: u32) {
        self.warn(
            "html-removed",
            line,
            "`<!--more-->` was removed: it must stand on a line of its own, outside of all else",
        );
    }

    /// Blocks that balance together.
    fn html_group(&mut self, parts: Vec<Part<'a>>) -> Vec<Block> {
        let parts: Vec<_> = parts.into_iter().map(without_blank_ends).collect();
        if is_details(&parts) { self.details(parts) } else { self.sanitised(parts) }
    }

    /// `<details>` and all that stands in it.
    fn details(&mut self, mut parts: Vec<Part<'a>>) -> Vec<Block> {
        let (mut line, mut open, mut summary) = (0, false, Vec::new());
        if let Some(Part::Html(pieces)) = parts.last_mut() {
            pieces.pop();
        }
        if let Some(Part::Html(pieces)) = parts.first_mut() {
            let first = pieces.remove(0);
            line = first.line;
            open = matches!(&first.piece, Piece::Open(tag) if tag.get("open").is_some());
            summary = shape::take_summary(pieces);
        }
        let summary = self.html_inlines(summary);
        let blocks = self.deeper(line, |this| this.convert(parts));
        vec![Block { line, kind: BlockKind::Details { summary, open, blocks } }]
    }

    /// What is left of raw HTML, with the Markdown in it as HTML.
    fn sanitised(&mut self, parts: Vec<Part<'a>>) -> Vec<Block> {
        self.warnings.extend(pair::unclosed(&parts));
        let mut raw = String::new();
        let mut line = None;
        let before = self.depth;
        for part in parts {
            line = line.or(self.first_line(&part));
            match part {
                Part::Html(pieces) => {
                    self.check_depth(&pieces, before);
                    sanitise::report(&pieces, &mut self.warnings);
                    raw.push_str(&token::write(pieces.iter().map(|placed| &placed.piece)));
                }
                Part::Markdown(node) => {
                    let mut blocks = Vec::new();
                    self.deeper(self.line(node), |this| this.block(node, &mut blocks));
                    raw.push_str(&html::source_html(&blocks));
                }
            }
            raw.push('\n');
        }
        self.depth = before;
        self.cleaned(&raw, line.unwrap_or(1))
    }

    fn cleaned(&self, raw: &str, line: u32) -> Vec<Block> {
        // The parser behind the sanitiser takes time that grows with the square of the nesting.
        if self.too_deep.is_some() {
            return Vec::new();
        }
        let clean = sanitise::clean(raw).trim().to_owned();
        if clean.is_empty() {
            return Vec::new();
        }
        vec![Block { line, kind: BlockKind::Html(clean) }]
    }

    fn first_line(&self, part: &Part<'a>) -> Option<u32> {
        match part {
            Part::Html(pieces) => pieces.first().map(|placed| placed.line),
            Part::Markdown(node) => Some(self.line(node)),
        }
    }

    /// Goes down and up with some tags, noting where it gets too deep. Elements that HTML closes by
    /// itself (`<p>`, `<li>`) are not counted.
    fn check_depth(&mut self, pieces: &[Placed], least: usize) {
        for placed in pieces {
            match &placed.piece {
                Piece::Open(tag) if !tag.is_void() && !shape::closes_itself(&tag.name) => {
                    self.has_room(placed.line, 1);
                    self.depth += 1;
                }
                Piece::Close(name) if !shape::closes_itself(name) => {
                    self.depth = self.depth.saturating_sub(1).max(least);
                }
                _ => {}
            }
        }
    }

    /// Pictures, wrapped in nothing but paragraphs, figures and links, perhaps with a caption.
    fn html_figures(&mut self, pieces: &[Placed]) -> Option<Vec<Block>> {
        let (pictures, caption) = shape::pictures(pieces)?;
        let content = self.html_inlines(pictures.to_vec());
        let mut figures = figure::figures(&content)?;
        if !caption.is_empty() {
            let [Block { kind: BlockKind::Figure(figure), .. }] = figures.as_mut_slice() else {
                return None;
            };
            figure.caption = self.html_inlines(caption.to_vec());
        }
        Some(figures)
    }
}

fn without_blank_ends(part: Part<'_>) -> Part<'_> {
    match part {
        Part::Html(pieces) => Part::Html(shape::trimmed(&pieces)),
        markdown @ Part::Markdown(_) => markdown,
    }
}

fn is_details(parts: &[Part<'_>]) -> bool {
    let begins = |pieces: &[Placed]| pieces.first().is_some_and(|first| shape::is_open(first, "details"));
    matches!(parts.first(), Some(Part::Html(pieces)) if begins(pieces)) && pair::is_wrapped(parts)
}
