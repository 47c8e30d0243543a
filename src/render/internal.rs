//! Links and pictures that lead inside, taken out of a public note's tree before any dialect sees
//! it: a link becomes its text, a picture its alternative text, each with the label that the
//! configuration gives. What is left is the same for every public target, so this is done once.
//!
//! An address never stays as text either: a link that shows its own address becomes the label
//! alone, whatever the configuration says of labels. Attributes and titles that name an internal
//! host go. Prose and code are the author's words and stay as they are: where they name a host,
//! the last look before sending refuses the note.

mod html;
mod label;

use std::collections::BTreeSet;

use comrak::Anchorizer;
use percent_encoding::percent_decode_str;

use super::{
    document::{Block, BlockKind, Document, Figure, Image, Inline, Inlines, Link, plain_text},
    links::{InternalLinks, InternalPolicy},
};
use crate::error::{Error, Place, Warning};
use label::Tail;

/// Takes everything that leads inside out of a document: to an internal host, or to one of the
/// headings whose anchors are `cut`. `note` is the note's path, for messages. What was changed is
/// added to the document's warnings; no message repeats an address, since logs may be public too.
///
/// # Errors
/// With [`InternalLinks::Refuse`], every link and picture that leads inside, with its line.
pub fn hide(
    document: &mut Document,
    policy: &InternalPolicy,
    cut: &BTreeSet<String>,
    note: &str,
) -> Result<(), Vec<Error>> {
    if policy.hosts.is_empty() && cut.is_empty() {
        return Ok(());
    }
    let mut anchors = Anchorizer::new();
    for heading in document.headings() {
        anchors.anchorize(heading.anchor);
    }
    let mut hider = Hider { policy, cut, note, anchors, line: 0, warnings: Vec::new(), refused: Vec::new() };
    hider.blocks(&mut document.blocks);
    for footnote in &mut document.footnotes {
        hider.blocks(&mut footnote.blocks);
    }
    let Hider { warnings, refused, .. } = hider;
    document.warnings.extend(warnings);
    document.warnings.sort();
    document.warnings.dedup();
    if refused.is_empty() { Ok(()) } else { Err(refused) }
}

struct Hider<'a> {
    policy: &'a InternalPolicy,
    /// Anchors of headings that colleagues alone can read.
    cut: &'a BTreeSet<String>,
    note: &'a str,
    /// Those of the document that are taken.
    anchors: Anchorizer,
    /// Of the block under way, for what has none of its own.
    line: u32,
    warnings: Vec<Warning>,
    refused: Vec<Error>,
}

/// What an address was of, for messages.
#[derive(Debug, Clone, Copy)]
enum What {
    Link,
    Picture,
    Attribute,
}

impl Hider<'_> {
    fn leads_inside(&self, address: &str) -> bool {
        self.policy.hosts.is_internal(address) || self.leads_to_cut(address)
    }

    fn leads_to_cut(&self, address: &str) -> bool {
        let Some(anchor) = address.trim().strip_prefix('#').filter(|_| !self.cut.is_empty()) else {
            return false;
        };
        self.cut.contains(&*percent_decode_str(anchor).decode_utf8_lossy().to_lowercase())
    }

    fn names_host(&self, text: &str) -> bool {
        self.policy.hosts.mentions(text).is_some()
    }

    /// Says what becomes of something that leads inside.
    fn tell(&mut self, what: What, line: u32) {
        let labelled = self.policy.links == InternalLinks::Label;
        let message = match (what, self.policy.links) {
            (What::Attribute, _) => "an attribute that names an internal address was left out",
            (What::Link, InternalLinks::Refuse) => return self.refuse("link to", line),
            (What::Picture, InternalLinks::Refuse) => return self.refuse("picture at", line),
            (What::Link, _) if labelled => "a link to an internal address became a label",
            (What::Link, _) => "a link to an internal address became plain text",
            (What::Picture, _) => "a picture at an internal address became its alternative text",
        };
        self.warnings.push(Warning::new("internal-link", line, message));
    }

    fn refuse(&mut self, what: &str, line: u32) {
        let message = format!("a {what} an internal address, in a note that goes to a public target");
        let error = Error::invalid(message)
            .code("internal-link")
            .at(Place::new(self.note, line, 0))
            .help("move it into an internal passage (`:::internal` … `:::`), or take it out");
        if !self.refused.contains(&error) {
            self.refused.push(error);
        }
    }

    fn blocks(&mut self, blocks: &mut Vec<Block>) {
        for block in blocks.iter_mut() {
            self.line = block.line;
            self.block(block);
        }
        // The parser makes no empty ones: these held nothing but what has gone.
        blocks.retain(|block| match &block.kind {
            BlockKind::Paragraph(content) => !content.is_empty(),
            BlockKind::Html(html) => !html.is_empty(),
            _ => true,
        });
    }

    fn block(&mut self, block: &mut Block) {
        match &mut block.kind {
            BlockKind::Paragraph(content) => self.text(content),
            BlockKind::Heading { content, anchor, .. } => self.heading(content, anchor),
            BlockKind::List(list) => list.items.iter_mut().for_each(|item| self.blocks(&mut item.blocks)),
            BlockKind::Quote(blocks) | BlockKind::Alert { blocks, .. } => self.blocks(blocks),
            BlockKind::Details { summary, blocks, .. } => {
                self.text(summary);
                self.blocks(blocks);
            }
            BlockKind::Table(table) => {
                table.header.iter_mut().chain(table.rows.iter_mut().flatten()).for_each(|c| self.text(c));
            }
            BlockKind::Descriptions(entries) => {
                for entry in entries {
                    self.text(&mut entry.term);
                    entry.details.iter_mut().for_each(|blocks| self.blocks(blocks));
                }
            }
            BlockKind::Figure(figure) => {
                if let Some(instead) = self.figure(figure, block.line) {
                    block.kind = BlockKind::Paragraph(instead);
                }
            }
            BlockKind::Embed { url, .. } if self.leads_inside(url) => {
                self.tell(What::Link, block.line);
                block.kind = BlockKind::Paragraph(text(self.label_alone(&Tail::default())));
            }
            BlockKind::Html(html) => self.html(html, block.line),
            BlockKind::Code { .. }
            | BlockKind::Rule
            | BlockKind::Math(_)
            | BlockKind::Embed { .. }
            | BlockKind::More(_) => {}
        }
    }

    /// A heading keeps its anchor, unless that spells an address.
    fn heading(&mut self, content: &mut Inlines, anchor: &mut String) {
        let shows_address = self.names_host(&plain_text(content));
        self.text(content);
        if shows_address {
            *anchor = self.anchors.anchorize(&plain_text(content));
        }
    }

    /// Takes what leads inside out of a figure. Where that is the picture, returns the text that
    /// stands in its place.
    fn figure(&mut self, figure: &mut Figure, line: u32) -> Option<Inlines> {
        self.text(&mut figure.caption);
        self.title(&mut figure.image.title, line);
        let link = figure.link.take_if(|link| self.leads_inside(link));
        if self.leads_inside(&figure.image.src) {
            return Some(self.no_figure(figure, line));
        }
        if link.is_some() {
            self.tell(What::Link, line);
            self.add_label(&mut figure.caption, &Tail::default());
        }
        None
    }

    fn no_figure(&mut self, figure: &mut Figure, line: u32) -> Inlines {
        let caption = std::mem::take(&mut figure.caption);
        let mut shown = self.no_picture(&figure.image, &Tail::new(&caption, None), line);
        if let Some(href) = figure.link.take() {
            let link = Link { href, title: None, content: shown, bare: false, wiki: false, line };
            shown = vec![Inline::Link(Box::new(link))];
        }
        if !shown.is_empty() && !caption.is_empty() {
            shown.push(Inline::Text(" ".to_owned()));
        }
        shown.extend(caption);
        shown
    }

    /// What stands in a picture's place.
    fn no_picture(&mut self, image: &Image, tail: &Tail<'_>, line: u32) -> Inlines {
        self.tell(What::Picture, line);
        if self.names_host(&image.alt) {
            return text(self.label_alone(tail));
        }
        let mut content = text(image.alt.clone());
        self.add_label(&mut content, tail);
        content
    }

    /// Inline content that nothing follows.
    fn text(&mut self, content: &mut Inlines) {
        self.inlines(content, None);
    }

    fn inlines(&mut self, content: &mut Inlines, outer: Option<&Tail<'_>>) {
        let mut at = 0;
        let mut changed = false;
        while let Some((inline, rest)) = content.get_mut(at..).and_then(<[Inline]>::split_first_mut) {
            match self.inline(inline, &Tail::new(rest, outer)) {
                None => at += 1,
                Some(instead) => {
                    let next = at + instead.len();
                    content.splice(at..=at, instead);
                    (at, changed) = (next, true);
                }
            }
        }
        if changed {
            join_texts(content);
        }
    }

    /// What stands in place of an inline that leads inside; what it holds is seen to.
    fn inline(&mut self, inline: &mut Inline, tail: &Tail<'_>) -> Option<Inlines> {
        match inline {
            Inline::Emphasis(content) | Inline::Strong(content) | Inline::Strikethrough(content) => {
                self.inlines(content, Some(tail));
            }
            Inline::Element(raw) => {
                self.attributes(&mut raw.attributes, self.line);
                self.inlines(&mut raw.content, Some(tail));
            }
            Inline::Link(link) if self.leads_inside(&link.href) => return Some(self.link(link, tail)),
            Inline::Link(link) => {
                self.title(&mut link.title, link.line);
                self.inlines(&mut link.content, Some(tail));
            }
            Inline::Image(image) if self.leads_inside(&image.src) => {
                return Some(self.no_picture(image, tail, image.line));
            }
            Inline::Image(image) => self.title(&mut image.title, image.line),
            Inline::Text(_)
            | Inline::SoftBreak
            | Inline::HardBreak
            | Inline::Code(_)
            | Inline::FootnoteRef { .. }
            | Inline::Math { .. } => {}
        }
        None
    }

    /// What stands in a link's place.
    fn link(&mut self, link: &mut Link, tail: &Tail<'_>) -> Inlines {
        self.tell(What::Link, link.line);
        if link.bare || self.is_address(&plain_text(&link.content), &link.href) {
            return text(self.label_alone(tail));
        }
        let mut content = std::mem::take(&mut link.content);
        self.inlines(&mut content, Some(tail));
        self.add_label(&mut content, tail);
        content
    }

    fn title(&mut self, title: &mut Option<String>, line: u32) {
        if title.as_deref().is_some_and(|title| self.names_host(title)) {
            self.tell(What::Attribute, line);
            *title = None;
        }
    }

    fn attributes(&mut self, attributes: &mut Vec<(String, String)>, line: u32) {
        let before = attributes.len();
        attributes.retain(|(_, value)| !self.names_host(value));
        if attributes.len() < before {
            self.tell(What::Attribute, line);
        }
    }
}

/// A text as inline content; nothing for no text.
fn text(text: String) -> Inlines {
    if text.is_empty() { Inlines::new() } else { vec![Inline::Text(text)] }
}

/// Neighbouring texts as one: dialects rely on it for what they escape.
fn join_texts(content: &mut Inlines) {
    content.dedup_by(|next, before| match (before, next) {
        (Inline::Text(before), Inline::Text(next)) => {
            before.push_str(next);
            true
        }
        _ => false,
    });
}

#[cfg(test)]
mod tests;
