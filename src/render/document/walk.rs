//! Going through a document: its text, pictures, links and headings.

use super::{Block, BlockKind, Document, Image, Inline, plain_text};
use crate::render::sanitise::{
    AddressKind,
    token::{self, Piece},
};

/// Something met on the way through a document, in reading order.
#[derive(Debug, Clone, Copy)]
pub enum Node<'a> {
    /// A block, before what it holds.
    Block(&'a Block),
    /// An inline, before what it holds.
    Inline(&'a Inline),
    /// A picture, wherever it stands but in raw HTML.
    Image(&'a Image),
}

/// An address of a link, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// As the note writes it.
    pub href: String,
    /// Whether it was written `[[so]]`.
    pub wiki: bool,
    /// Line in the note's file.
    pub line: u32,
}

/// A picture, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// As the note writes it.
    pub src: String,
    /// Its alternative text.
    pub alt: String,
    /// Line in the note's file.
    pub line: u32,
}

/// A heading of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading<'a> {
    /// 1 to 6, as written.
    pub level: u8,
    /// Its plain text.
    pub text: String,
    /// Its anchor, without `#`.
    pub anchor: &'a str,
    /// Line in the note's file.
    pub line: u32,
}

impl Document {
    /// Meets every block, inline and picture, in reading order; footnotes come last.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(Node<'a>)) {
        walk_blocks(&self.blocks, visit);
        for note in &self.footnotes {
            walk_blocks(&note.blocks, visit);
        }
    }

    /// `src` and alternative text of all pictures, those in raw HTML too, in reading order, each
    /// `src` once (with the first alternative text that says something).
    #[must_use]
    pub fn pictures(&self) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = Vec::new();
        for Shown { src, alt, .. } in self.images() {
            match found.iter_mut().find(|(known, _)| *known == src) {
                Some((_, known)) if known.is_empty() => *known = alt,
                Some(_) => {}
                None => found.push((src, alt)),
            }
        }
        found
    }

    /// All pictures, those in raw HTML too, in reading order.
    #[must_use]
    pub fn images(&self) -> Vec<Shown> {
        let mut found = Vec::new();
        self.walk(&mut |node| match node {
            Node::Image(Image { src, alt, line, .. }) => {
                found.push(Shown { src: src.clone(), alt: alt.clone(), line: *line });
            }
            Node::Block(Block { line, kind: BlockKind::Html(html) }) => {
                let pictures =
                    html_addresses(html).into_iter().filter(|(kind, ..)| *kind == AddressKind::Picture);
                found.extend(pictures.map(|(_, src, alt)| Shown { src, alt, line: *line }));
            }
            Node::Block(_) | Node::Inline(_) => {}
        });
        found
    }

    /// All links, those in raw HTML and around pictures too, in reading order.
    #[must_use]
    pub fn links(&self) -> Vec<Address> {
        let mut found = Vec::new();
        let mut add = |href: &str, wiki, line| found.push(Address { href: href.to_owned(), wiki, line });
        self.walk(&mut |node| match node {
            Node::Inline(Inline::Link(link)) => add(&link.href, link.wiki, link.line),
            Node::Block(Block { line, kind }) => match kind {
                BlockKind::Figure(figure) => figure.link.iter().for_each(|href| add(href, false, *line)),
                BlockKind::Embed { url, .. } => add(url, false, *line),
                BlockKind::Html(html) => {
                    for (kind, address, _) in html_addresses(html) {
                        if kind == AddressKind::Link {
                            add(&address, false, *line);
                        }
                    }
                }
                _ => {}
            },
            Node::Inline(_) | Node::Image(_) => {}
        });
        found
    }

    /// The headings, raw HTML's left out.
    #[must_use]
    pub fn headings(&self) -> Vec<Heading<'_>> {
        let mut found = Vec::new();
        self.walk(&mut |node| {
            if let Node::Block(Block { line, kind: BlockKind::Heading { level, content, anchor } }) = node {
                found.push(Heading { level: *level, text: plain_text(content), anchor, line: *line });
            }
        });
        found
    }

    /// The plain text of the body without its footnotes: one line for each paragraph, heading,
    /// cell and line of code.
    #[must_use]
    pub fn text(&self) -> String {
        blocks_text(&self.blocks)
    }
}

/// The plain text of blocks, as [`Document::text`].
#[must_use]
pub fn blocks_text(blocks: &[Block]) -> String {
    let mut out = String::new();
    push_blocks(blocks, &mut out);
    out.truncate(out.trim_end().len());
    out
}

fn block_text(block: &Block, out: &mut String) {
    match &block.kind {
        BlockKind::Paragraph(content) | BlockKind::Heading { content, .. } => line(&plain_text(content), out),
        BlockKind::Code { text, .. } | BlockKind::Math(text) => line(text, out),
        BlockKind::Figure(figure) => line(&plain_text(&figure.caption), out),
        BlockKind::Html(html) => html_text(html).lines().for_each(|text| line(text, out)),
        BlockKind::List(list) => list.items.iter().for_each(|item| push_blocks(&item.blocks, out)),
        BlockKind::Quote(blocks) => push_blocks(blocks, out),
        BlockKind::Alert { title, blocks, .. } => {
            line(title.as_deref().unwrap_or_default(), out);
            push_blocks(blocks, out);
        }
        BlockKind::Details { summary, blocks, .. } => {
            line(&plain_text(summary), out);
            push_blocks(blocks, out);
        }
        BlockKind::Table(table) => {
            for cell in table.header.iter().chain(table.rows.iter().flatten()) {
                line(&plain_text(cell), out);
            }
        }
        BlockKind::Descriptions(entries) => {
            for entry in entries {
                line(&plain_text(&entry.term), out);
                entry.details.iter().for_each(|blocks| push_blocks(blocks, out));
            }
        }
        BlockKind::Rule | BlockKind::More(_) | BlockKind::Embed { .. } => {}
    }
}

fn push_blocks(blocks: &[Block], out: &mut String) {
    for block in blocks {
        block_text(block, out);
    }
}

/// Appends some text and a line end, if there is any.
fn line(text: &str, out: &mut String) {
    if !text.trim().is_empty() {
        out.push_str(text.trim());
        out.push('\n');
    }
}

fn html_text(html: &str) -> String {
    let texts = token::pieces(html).into_iter().filter_map(|placed| match placed.piece {
        Piece::Text(text) => Some(text),
        _ => None,
    });
    texts.collect()
}

/// Kind, address and alternative text of everything that has an address.
fn html_addresses(html: &str) -> Vec<(AddressKind, String, String)> {
    let mut found = Vec::new();
    for placed in token::pieces(html) {
        let Piece::Open(tag) = placed.piece else { continue };
        let kind = match tag.name.as_str() {
            "a" => AddressKind::Link,
            "img" => AddressKind::Picture,
            _ => AddressKind::Media,
        };
        let alt = tag.get("alt").unwrap_or_default();
        if let Some(address) = tag.get("href").or(tag.get("src")) {
            found.push((kind, address.to_owned(), alt.to_owned()));
        }
        if let Some(poster) = tag.get("poster") {
            found.push((AddressKind::Picture, poster.to_owned(), String::new()));
        }
    }
    found
}

/// The `id`s (and the `name`s of old anchors) in raw HTML.
#[must_use]
pub fn html_ids(html: &str) -> Vec<String> {
    let opened = token::pieces(html).into_iter().filter_map(|placed| match placed.piece {
        Piece::Open(tag) => Some(tag),
        _ => None,
    });
    let id = |tag: token::Tag| {
        let name = tag.get("name").filter(|_| tag.name == "a");
        tag.get("id").or(name).map(str::to_owned)
    };
    opened.filter_map(id).collect()
}

fn walk_blocks<'a>(blocks: &'a [Block], visit: &mut dyn FnMut(Node<'a>)) {
    for block in blocks {
        visit(Node::Block(block));
        walk_block(block, visit);
    }
}

fn walk_block<'a>(block: &'a Block, visit: &mut dyn FnMut(Node<'a>)) {
    match &block.kind {
        BlockKind::Paragraph(content) | BlockKind::Heading { content, .. } => walk_inlines(content, visit),
        BlockKind::List(list) => list.items.iter().for_each(|item| walk_blocks(&item.blocks, visit)),
        BlockKind::Quote(blocks) | BlockKind::Alert { blocks, .. } => walk_blocks(blocks, visit),
        BlockKind::Details { summary, blocks, .. } => {
            walk_inlines(summary, visit);
            walk_blocks(blocks, visit);
        }
        BlockKind::Table(table) => {
            for cell in table.header.iter().chain(table.rows.iter().flatten()) {
                walk_inlines(cell, visit);
            }
        }
        BlockKind::Figure(figure) => {
            visit(Node::Image(&figure.image));
            walk_inlines(&figure.caption, visit);
        }
        BlockKind::Descriptions(entries) => {
            for entry in entries {
                walk_inlines(&entry.term, visit);
                entry.details.iter().for_each(|blocks| walk_blocks(blocks, visit));
            }
        }
        BlockKind::Code { .. }
        | BlockKind::Rule
        | BlockKind::More(_)
        | BlockKind::Math(_)
        | BlockKind::Embed { .. }
        | BlockKind::Html(_) => {}
    }
}

fn walk_inlines<'a>(content: &'a [Inline], visit: &mut dyn FnMut(Node<'a>)) {
    for inline in content {
        visit(Node::Inline(inline));
        match inline {
            Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Strikethrough(inner) => {
                walk_inlines(inner, visit);
            }
            Inline::Link(link) => walk_inlines(&link.content, visit),
            Inline::Element(raw) => walk_inlines(&raw.content, visit),
            Inline::Image(image) => visit(Node::Image(image)),
            Inline::Text(_)
            | Inline::SoftBreak
            | Inline::HardBreak
            | Inline::Code(_)
            | Inline::FootnoteRef { .. }
            | Inline::Math { .. } => {}
        }
    }
}
