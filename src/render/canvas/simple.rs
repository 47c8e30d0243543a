//! A note without what a SharePoint page has no form for: each such thing becomes the nearest that
//! there is, and is reported with its line.

use super::kept::{KEPT, alias};
use crate::{
    error::Warning,
    render::{
        Pictures,
        document::{
            Block, BlockKind, Document, Element, Figure, Image, Inline, Inlines, Item, Link, List, Table,
        },
    },
};

/// What is written in its place.
pub(super) struct Simple {
    pub(super) blocks: Vec<Block>,
    pub(super) footnotes: Vec<Vec<Block>>,
}

/// Simplifies a note whose headings will be lowered by `shift` levels.
pub(super) fn simplified(
    document: &Document,
    pictures: &Pictures,
    shift: u8,
    warnings: &mut Vec<Warning>,
) -> Simple {
    let mut simplifier = Simplifier { pictures, shift, line: 0, depth: 0, moved: Vec::new(), warnings };
    let mut blocks = Vec::new();
    for block in &document.blocks {
        blocks.extend(simplifier.block(block));
        // Pictures that stood within the block follow it.
        let moved = std::mem::take(&mut simplifier.moved);
        blocks.extend(
            moved.into_iter().map(|f| Block { line: f.image.line, kind: BlockKind::Figure(Box::new(f)) }),
        );
    }
    if let Some(first) = document.footnotes.first() {
        simplifier.line = first.line;
        simplifier.warn("footnotes-as-endnotes", "footnotes stand numbered at the end, without links");
    }
    let footnotes = document.footnotes.iter().map(|note| simplifier.inside(&note.blocks)).collect();
    let moved = std::mem::take(&mut simplifier.moved);
    blocks.extend(
        moved.into_iter().map(|f| Block { line: f.image.line, kind: BlockKind::Figure(Box::new(f)) }),
    );
    Simple { blocks, footnotes }
}

struct Simplifier<'a> {
    pictures: &'a Pictures,
    shift: u8,
    line: u32,
    /// How many lists, quotations and notes are open.
    depth: u32,
    moved: Vec<Figure>,
    warnings: &'a mut Vec<Warning>,
}

/// The deepest heading of a text web part.
const DEEPEST: u8 = 4;

impl Simplifier<'_> {
    fn warn(&mut self, code: &'static str, message: &str) {
        self.warnings.push(Warning::new(code, self.line, message));
    }

    fn blocks(&mut self, blocks: &[Block]) -> Vec<Block> {
        blocks.iter().flat_map(|block| self.block(block)).collect()
    }

    fn inside(&mut self, blocks: &[Block]) -> Vec<Block> {
        self.depth += 1;
        let blocks = self.blocks(blocks);
        self.depth -= 1;
        blocks
    }

    fn block(&mut self, block: &Block) -> Vec<Block> {
        self.line = block.line;
        let kind = match &block.kind {
            BlockKind::Paragraph(content) => BlockKind::Paragraph(self.inlines(content)),
            BlockKind::Heading { level, content, anchor } => self.heading(*level, content, anchor),
            BlockKind::List(list) => BlockKind::List(self.list(list)),
            BlockKind::Quote(blocks) => BlockKind::Quote(self.inside(blocks)),
            BlockKind::Alert { kind, title, blocks } => {
                self.warn(
                    "alert-as-quote",
                    "SharePoint has no alerts: this one is a quotation that says what it is",
                );
                let title = title.as_deref().unwrap_or(kind.label()).to_owned();
                let mut all = vec![strong(block.line, vec![Inline::Text(title)])];
                all.extend(self.inside(blocks));
                BlockKind::Quote(all)
            }
            BlockKind::Code { language, text } => {
                if language.is_some() {
                    self.warn("code-language-lost", "SharePoint is not told the language of this code");
                }
                BlockKind::Code { language: None, text: text.clone() }
            }
            BlockKind::Table(table) => BlockKind::Table(Box::new(self.table(table))),
            BlockKind::Figure(figure) => return self.figure(block.line, figure),
            BlockKind::Descriptions(entries) => {
                self.warn("descriptions-flattened", "each term is a bold paragraph above its text");
                let mut all = Vec::new();
                for entry in entries {
                    all.push(strong(block.line, self.inlines(&entry.term)));
                    all.extend(entry.details.iter().flat_map(|blocks| self.blocks(blocks)));
                }
                return all;
            }
            BlockKind::Details { summary, blocks, .. } => {
                self.warn(
                    "details-opened",
                    "SharePoint cannot fold text away: it stands open below its summary",
                );
                let mut all = vec![strong(block.line, self.inlines(summary))];
                all.extend(self.blocks(blocks));
                return all;
            }
            BlockKind::Math(tex) => {
                self.math();
                BlockKind::Code { language: None, text: tex.clone() }
            }
            BlockKind::Embed { url, .. } => {
                self.warn("embed-as-link", "what could be embedded is a link");
                BlockKind::Paragraph(vec![bare_link(url, block.line)])
            }
            BlockKind::Rule if self.depth == 0 => BlockKind::Rule,
            BlockKind::Rule | BlockKind::More(_) => return Vec::new(),
            BlockKind::Html(html) => {
                self.warn(
                    "html-reduced",
                    "SharePoint takes little HTML: only its text, links and pictures stand there for certain",
                );
                BlockKind::Html(html.clone())
            }
        };
        if matches!(&kind, BlockKind::Paragraph(content) if content.is_empty()) {
            return Vec::new();
        }
        vec![Block { line: block.line, kind }]
    }

    fn heading(&mut self, level: u8, content: &[Inline], anchor: &str) -> BlockKind {
        let content = self.inlines(content);
        if level.saturating_add(self.shift) > DEEPEST {
            self.warn("heading-flattened", "SharePoint has no headings this deep: it is a bold paragraph");
            return BlockKind::Paragraph(vec![Inline::Strong(content)]);
        }
        // The page's title is its only first-level heading.
        let level = level.saturating_add(self.shift).max(2) - self.shift;
        BlockKind::Heading { level, content, anchor: anchor.to_owned() }
    }

    fn list(&mut self, list: &List) -> List {
        if let Some(task) = list.items.iter().find(|item| item.task.is_some()) {
            self.line = task.line;
            self.warn("task-boxes", "boxes to tick are the characters ☐ and ☑");
        }
        let item = |item: &Item| Item { line: item.line, task: item.task, blocks: self.inside(&item.blocks) };
        List { start: list.start, tight: list.tight, items: list.items.iter().map(item).collect() }
    }

    fn table(&mut self, table: &Table) -> Table {
        let mut cells = |cells: &[Inlines]| cells.iter().map(|cell| self.inlines(cell)).collect::<Vec<_>>();
        Table {
            alignments: table.alignments.clone(),
            header: cells(&table.header),
            rows: table.rows.iter().map(|row| cells(row)).collect(),
        }
    }

    /// A picture is a web part: it cannot stand within a list.
    fn figure(&mut self, line: u32, figure: &Figure) -> Vec<Block> {
        let figure = Figure { caption: self.inlines(&figure.caption), ..figure.clone() };
        if let Some(link) = self.foreign(&figure.image) {
            let mut content = vec![link];
            if !figure.caption.is_empty() {
                content.push(Inline::HardBreak);
                content.extend(figure.caption);
            }
            return vec![Block { line, kind: BlockKind::Paragraph(content) }];
        }
        if self.depth == 0 {
            return vec![Block { line, kind: BlockKind::Figure(Box::new(figure)) }];
        }
        self.picture_moved();
        self.moved.push(figure);
        Vec::new()
    }

    fn picture_moved(&mut self) {
        self.warn("picture-moved", "pictures stand between paragraphs: this one is below its text");
    }

    fn math(&mut self) {
        self.warn("math-as-code", "SharePoint shows no formulas: this one stands there as TeX");
    }

    fn inlines(&mut self, content: &[Inline]) -> Inlines {
        content.iter().flat_map(|inline| self.inline(inline)).collect()
    }

    fn inline(&mut self, inline: &Inline) -> Inlines {
        vec![match inline {
            Inline::Emphasis(content) => Inline::Emphasis(self.inlines(content)),
            Inline::Strong(content) => Inline::Strong(self.inlines(content)),
            Inline::Strikethrough(content) => Inline::Strikethrough(self.inlines(content)),
            Inline::Link(link) => return self.link(link),
            Inline::Image(image) => {
                let link = self.foreign(image);
                if link.is_none() {
                    self.image(image);
                }
                return link.into_iter().collect();
            }
            Inline::Math { tex, .. } => {
                self.math();
                Inline::Code(tex.clone())
            }
            Inline::Element(raw) => {
                let Element { name, attributes, content } = &**raw;
                if !KEPT.contains(&alias(name)) && name != "q" && name != "wbr" {
                    self.warn("html-reduced", "SharePoint does not know this element: its text stays");
                }
                Inline::Element(Box::new(Element {
                    name: name.clone(),
                    attributes: attributes.clone(),
                    content: self.inlines(content),
                }))
            }
            Inline::Text(_)
            | Inline::SoftBreak
            | Inline::HardBreak
            | Inline::Code(_)
            | Inline::FootnoteRef { .. } => inline.clone(),
        }]
    }

    fn link(&mut self, link: &Link) -> Inlines {
        let first = self.moved.len();
        let content = self.inlines(&link.content);
        // Pictures leave the text, and each takes along where it leads.
        for figure in self.moved.iter_mut().skip(first) {
            figure.link = Some(link.href.clone());
        }
        if link.href.starts_with('#') {
            self.warn("anchor-lost", "this link within the text is not one on a SharePoint page");
            return content;
        }
        if content.is_empty() {
            return Vec::new();
        }
        vec![Inline::Link(Box::new(Link { content: without_links(content), ..link.clone() }))]
    }

    /// A picture of another site as a link to it: an image web part takes files of the
    /// organisation's own.
    fn foreign(&mut self, image: &Image) -> Option<Inline> {
        if self.pictures.get(&image.src).is_some() {
            return None;
        }
        self.warn(
            "picture-linked",
            "SharePoint shows only pictures of its own: this one, of another site, is a link",
        );
        let text = if image.alt.trim().is_empty() { &image.src } else { &image.alt };
        let content = vec![Inline::Text(text.clone())];
        let link = Link {
            href: image.src.clone(),
            title: None,
            content,
            bare: *text == image.src,
            wiki: false,
            line: image.line,
        };
        Some(Inline::Link(Box::new(link)))
    }

    fn image(&mut self, image: &Image) {
        self.picture_moved();
        let caption = image.title.iter().map(|title| Inline::Text(title.clone())).collect();
        self.moved.push(Figure { image: image.clone(), link: None, caption });
    }
}

fn strong(line: u32, content: Inlines) -> Block {
    Block { line, kind: BlockKind::Paragraph(vec![Inline::Strong(content)]) }
}

fn bare_link(url: &str, line: u32) -> Inline {
    let content = vec![Inline::Text(url.to_owned())];
    Inline::Link(Box::new(Link { href: url.to_owned(), title: None, content, bare: true, wiki: false, line }))
}

/// A link holds none: a picture of another site within one is its text.
fn without_links(content: Inlines) -> Inlines {
    let plain = |inline| match inline {
        Inline::Link(link) => link.content,
        inline => vec![inline],
    };
    content.into_iter().flat_map(plain).collect()
}
