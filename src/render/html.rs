//! The plain HTML dialect: semantic HTML5 without classes that need a style sheet to be readable.
//! The folder target shows it, WordPress takes it with `format = "html"`, and other dialects use
//! its inline half.

pub mod escape;
mod figure;
mod footnotes;
mod inline;
mod list;
mod table;

use super::{
    Context, Document, LinkFate, Links, Pictures,
    document::{Alignment, Block, BlockKind, Description, Image, Inline},
    sanitise,
};
use crate::error::Warning;

pub use footnotes::footnote_reference;

/// What may differ between users of this dialect.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// How many levels headings are lowered, to the sixth at most: see [`heading_shift`].
    pub heading_shift: u8,
    /// Task boxes as `<input type="checkbox">`, which WordPress takes from authors (WordPress fact
    /// 36); else as the characters ☐ and ☑.
    pub checkboxes: bool,
    /// No line ends within a paragraph: WordPress makes a `<br>` of each where it finds no blocks
    /// (WordPress fact 41).
    pub one_line: bool,
    /// Writes the reference to a footnote, from its index (from 0) and its number among the
    /// references to that footnote (from 1).
    pub footnote_reference: &'a dyn Fn(usize, u32) -> String,
    /// Addresses exactly as the note has them, for HTML that is a part of the document itself.
    pub(crate) verbatim: bool,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            heading_shift: 0,
            checkboxes: false,
            one_line: false,
            footnote_reference: &footnote_reference,
            verbatim: false,
        }
    }
}

/// How far headings must be lowered on a page that shows the title as its first-level heading: one
/// level where the body still has a first-level heading of its own, else none.
#[must_use]
pub fn heading_shift(document: &Document) -> u8 {
    let of_notes = document.footnotes.iter().flat_map(|note| &note.blocks);
    u8::from(document.blocks.iter().chain(of_notes).any(has_first_level))
}

/// Whether a block is, or holds, a first-level heading.
fn has_first_level(block: &Block) -> bool {
    let any = |blocks: &[Block]| blocks.iter().any(has_first_level);
    match &block.kind {
        BlockKind::Heading { level, .. } => *level == 1,
        BlockKind::Html(html) => html.contains("<h1"),
        BlockKind::List(list) => list.items.iter().any(|item| any(&item.blocks)),
        BlockKind::Quote(blocks) | BlockKind::Alert { blocks, .. } | BlockKind::Details { blocks, .. } => {
            any(blocks)
        }
        BlockKind::Descriptions(entries) => entries.iter().any(|e| e.details.iter().any(|d| any(d))),
        BlockKind::Paragraph(_)
        | BlockKind::Code { .. }
        | BlockKind::Table(_)
        | BlockKind::Figure(_)
        | BlockKind::Rule
        | BlockKind::Math(_)
        | BlockKind::Embed { .. }
        | BlockKind::More(_) => false,
    }
}

/// The element of a heading of this level, to the sixth at most.
#[must_use]
pub fn heading_element(level: u8) -> &'static str {
    match level {
        0 | 1 => "h1",
        2 => "h2",
        3 => "h3",
        4 => "h4",
        5 => "h5",
        _ => "h6",
    }
}

/// The whole body, footnotes included.
#[must_use]
pub fn render(
    document: &Document,
    context: &Context<'_>,
    options: &Options<'_>,
    warnings: &mut Vec<Warning>,
) -> String {
    let mut writer = Writer::new(context.pictures, context.links, options, warnings);
    // Tags take about a quarter as much room as the text between them.
    writer.out.reserve(document.size + document.size / 4);
    writer.blocks(&document.blocks);
    writer.footnotes(&document.footnotes);
    writer.finish()
}

/// Some blocks.
#[must_use]
pub fn blocks_html(
    blocks: &[Block],
    context: &Context<'_>,
    options: &Options<'_>,
    warnings: &mut Vec<Warning>,
) -> String {
    let mut writer = Writer::new(context.pictures, context.links, options, warnings);
    writer.blocks(blocks);
    writer.finish()
}

/// Inline content.
#[must_use]
pub fn inline_html(
    inlines: &[Inline],
    context: &Context<'_>,
    options: &Options<'_>,
    warnings: &mut Vec<Warning>,
) -> String {
    let mut writer = Writer::new(context.pictures, context.links, options, warnings);
    writer.inlines(inlines);
    writer.out
}

/// An `<img>`, or what is left of one that may not be shown.
#[must_use]
pub fn image_html(
    image: &Image,
    context: &Context<'_>,
    options: &Options<'_>,
    warnings: &mut Vec<Warning>,
) -> String {
    inline_html(&[Inline::Image(Box::new(image.clone()))], context, options, warnings)
}

/// Raw HTML of the document as a target may show it: every address mapped, headings lowered.
#[must_use]
pub fn raw_html(
    html: &str,
    line: u32,
    context: &Context<'_>,
    options: &Options<'_>,
    warnings: &mut Vec<Warning>,
) -> String {
    let mut writer = Writer::new(context.pictures, context.links, options, warnings);
    writer.raw(html, line);
    writer.out
}

/// Blocks of a document, as HTML that becomes a part of that document.
pub(super) fn source_html(blocks: &[Block]) -> String {
    let options = Options { verbatim: true, ..Options::default() };
    let (pictures, mut warnings) = (Pictures::default(), Vec::new());
    let mut writer = Writer::new(&pictures, &super::KeepLinks, &options, &mut warnings);
    writer.blocks(blocks);
    writer.finish()
}

pub(super) struct Writer<'a> {
    pictures: &'a Pictures,
    links: &'a dyn Links,
    options: &'a Options<'a>,
    warnings: &'a mut Vec<Warning>,
    out: String,
}

impl<'a> Writer<'a> {
    fn new(
        pictures: &'a Pictures,
        links: &'a dyn Links,
        options: &'a Options<'a>,
        warnings: &'a mut Vec<Warning>,
    ) -> Self {
        Self { pictures, links, options, warnings, out: String::new() }
    }

    /// The text, without the line end after the last block.
    fn finish(mut self) -> String {
        self.out.truncate(self.out.trim_end_matches('\n').len());
        self.out
    }

    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn text(&mut self, text: &str) {
        escape::text(text, &mut self.out);
    }

    fn attribute(&mut self, name: &str, value: &str) {
        escape::attribute(name, value, &mut self.out);
    }

    fn address(&mut self, name: &str, address: &str) {
        if self.options.verbatim {
            self.attribute(name, address);
        } else {
            self.attribute(name, &escape::address(address));
        }
    }

    fn fate(&mut self, href: &str, line: u32) -> LinkFate {
        self.links.fate(href, line, self.warnings)
    }

    /// Blocks, each followed by a line end.
    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        let before = self.out.len();
        match &block.kind {
            BlockKind::Paragraph(content) => self.wrapped("p", content),
            BlockKind::Heading { level, content, anchor } => self.heading(*level, content, anchor),
            BlockKind::List(list) => self.list(list),
            BlockKind::Quote(blocks) => self.container("<blockquote>", blocks, "</blockquote>"),
            BlockKind::Alert { kind, title, blocks } => {
                let title = escape::escaped(title.as_deref().unwrap_or(kind.label()));
                let name = kind.name();
                let open = format!(
                    "<div class=\"alert alert-{name}\" role=\"note\">\n\
                     <p class=\"alert-title\"><strong>{title}</strong></p>"
                );
                self.container(&open, blocks, "</div>");
            }
            BlockKind::Code { language, text } => self.code(language.as_deref(), text),
            BlockKind::Table(table) => self.table(table),
            BlockKind::Figure(figure) => self.figure(figure, block.line),
            BlockKind::Rule => self.push("<hr>"),
            BlockKind::Descriptions(entries) => self.descriptions(entries),
            BlockKind::Details { summary, open, blocks } => self.details(summary, *open, blocks),
            BlockKind::Math(tex) => {
                self.push("<pre class=\"math\">");
                self.text(tex);
                self.push("</pre>");
            }
            BlockKind::Embed { url, .. } => self.embed(url, block.line),
            BlockKind::More(words) => {
                let words = words.as_ref().map(|words| format!(" {words}")).unwrap_or_default();
                self.push(&format!("<!--more{words}-->"));
            }
            BlockKind::Html(html) => self.raw(html, block.line),
        }
        if self.out.len() > before {
            self.push("\n");
        }
    }

    fn container(&mut self, open: &str, blocks: &[Block], close: &str) {
        self.push(open);
        self.push("\n");
        self.blocks(blocks);
        self.push(close);
    }

    fn wrapped(&mut self, element: &str, content: &[Inline]) {
        self.tag("<", element);
        self.inlines(content);
        self.tag("</", element);
    }

    fn tag(&mut self, open: &str, element: &str) {
        self.out.extend([open, element, ">"]);
    }

    fn heading(&mut self, level: u8, content: &[Inline], anchor: &str) {
        let element = heading_element(level.saturating_add(self.options.heading_shift));
        self.out.extend(["<", element]);
        if !anchor.is_empty() {
            self.attribute("id", anchor);
        }
        self.push(">");
        self.inlines(content);
        self.tag("</", element);
    }

    fn code(&mut self, language: Option<&str>, text: &str) {
        self.push("<pre><code");
        if let Some(language) = language {
            self.attribute("class", &format!("language-{language}"));
        }
        self.push(">");
        self.text(text);
        self.push("</code></pre>");
    }

    fn descriptions(&mut self, entries: &[Description]) {
        self.push("<dl>\n");
        for entry in entries {
            self.wrapped("dt", &entry.term);
            self.push("\n");
            for blocks in &entry.details {
                match blocks.as_slice() {
                    [Block { kind: BlockKind::Paragraph(content), .. }] => self.wrapped("dd", content),
                    blocks => self.container("<dd>", blocks, "</dd>"),
                }
                self.push("\n");
            }
        }
        self.push("</dl>");
    }

    fn details(&mut self, summary: &[Inline], open: bool, blocks: &[Block]) {
        self.push(if open { "<details open>\n" } else { "<details>\n" });
        if !summary.is_empty() {
            self.wrapped("summary", summary);
            self.push("\n");
        }
        self.blocks(blocks);
        self.push("</details>");
    }

    fn raw(&mut self, html: &str, line: u32) {
        if self.options.verbatim {
            self.push(html);
            return;
        }
        let (pictures, links, warnings) = (self.pictures, self.links, &mut *self.warnings);
        let mut fate = |kind, address: &str| match kind {
            sanitise::AddressKind::Picture if pictures.get(address).is_some() => {
                LinkFate::To(pictures.url(address))
            }
            _ => links.fate(address, line, warnings),
        };
        let mut pieces = sanitise::map_addresses(html, &mut fate);
        if self.options.heading_shift > 0 {
            sanitise::shift_headings(&mut pieces, self.options.heading_shift);
        }
        if self.options.one_line {
            sanitise::on_one_line(&mut pieces);
        }
        self.push(sanitise::token::write(&pieces).trim());
    }
}

/// The CSS word of a column's alignment.
#[must_use]
pub fn text_align(alignment: Alignment) -> Option<&'static str> {
    match alignment {
        Alignment::None => None,
        Alignment::Left => Some("left"),
        Alignment::Center => Some("center"),
        Alignment::Right => Some("right"),
    }
}

#[cfg(test)]
pub(super) mod tests;
