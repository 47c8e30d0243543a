//! Blocks, each on a line of its own.

use super::{escape, writer::Writer};
use crate::render::document::{AlertKind, Block, BlockKind, Description, Inline, plain_text};

impl Writer<'_> {
    pub(super) fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            let before = self.out.len();
            self.line = block.line;
            self.block(block);
            if self.out.len() > before {
                self.push("\n");
            }
        }
    }

    fn block(&mut self, block: &Block) {
        match &block.kind {
            BlockKind::Paragraph(content) => self.paragraph(content),
            BlockKind::Heading { level, content, anchor } => self.heading(*level, content, anchor),
            BlockKind::List(list) => self.list(list),
            BlockKind::Quote(blocks) => self.container("<blockquote>", blocks, "</blockquote>"),
            BlockKind::Alert { kind, title, blocks } => self.alert(*kind, title.as_deref(), blocks),
            BlockKind::Code { language, text } => self.code_block(language.as_deref(), text),
            BlockKind::Table(table) => self.table(table),
            BlockKind::Figure(figure) => self.figure(figure),
            BlockKind::Rule => self.push("<hr/>"),
            BlockKind::Descriptions(entries) => self.descriptions(entries),
            BlockKind::Details { summary, open, blocks } => self.details(summary, *open, blocks),
            BlockKind::Math(tex) => self.math_block(tex),
            BlockKind::Embed { url, provider } => self.embed(url, *provider, block.line),
            BlockKind::More(_) => {}
            BlockKind::Html(html) => self.raw(html, block.line),
        }
    }

    /// A paragraph, unless there is nothing in it.
    pub(super) fn paragraph(&mut self, content: &[Inline]) {
        let text = self.line_of(content);
        if !text.is_empty() {
            self.push(&format!("<p>{text}</p>"));
        }
    }

    /// Blocks between two tags.
    pub(super) fn container(&mut self, open: &str, blocks: &[Block], close: &str) {
        self.push(open);
        self.push("\n");
        self.blocks(blocks);
        self.push(close);
    }

    fn heading(&mut self, level: u8, content: &[Inline], anchor: &str) {
        let level = level.saturating_add(self.shift).clamp(1, 6);
        self.push(&format!("<h{level}>"));
        if self.anchors.contains(anchor) {
            self.anchor(anchor);
        }
        let text = self.line_of(content);
        self.push(&text);
        self.push(&format!("</h{level}>"));
    }

    /// The panel of the same colour. It begins with the word: Confluence's own panels say by colour
    /// alone what they are, and two of the five share one.
    fn alert(&mut self, kind: AlertKind, title: Option<&str>, blocks: &[Block]) {
        let panel = match kind {
            AlertKind::Note => "info",
            AlertKind::Tip => "tip",
            AlertKind::Important | AlertKind::Warning => "note",
            AlertKind::Caution => "warning",
        };
        let open = format!(
            "<ac:structured-macro ac:name=\"{panel}\"><ac:rich-text-body>\n<p><strong>{}</strong></p>",
            escape::escaped(title.unwrap_or(kind.label()))
        );
        self.container(&open, blocks, "</ac:rich-text-body></ac:structured-macro>");
    }

    fn details(&mut self, summary: &[Inline], open: bool, blocks: &[Block]) {
        if open {
            self.warn("details-closed", "Confluence cannot show folded text open: readers unfold it");
        }
        let summary = escape::escaped(&plain_text(summary));
        let title = match summary.trim() {
            "" => String::new(),
            title => format!("<ac:parameter ac:name=\"title\">{title}</ac:parameter>"),
        };
        let open = format!("<ac:structured-macro ac:name=\"expand\">{title}<ac:rich-text-body>");
        self.container(&open, blocks, "</ac:rich-text-body></ac:structured-macro>");
    }

    /// Storage format has no description lists: terms in bold, what they mean indented below.
    fn descriptions(&mut self, entries: &[Description]) {
        self.warn("descriptions-flattened", "a description list became bold terms and indented paragraphs");
        for entry in entries {
            let term = self.line_of(&entry.term);
            self.push(&format!("<p><strong>{term}</strong></p>\n"));
            for blocks in &entry.details {
                if let [Block { kind: BlockKind::Paragraph(content), .. }] = blocks.as_slice() {
                    let text = self.line_of(content);
                    self.push(&format!("<p style=\"margin-left: 30.0px;\">{text}</p>\n"));
                } else {
                    self.container("<blockquote>", blocks, "</blockquote>\n");
                }
            }
        }
        self.out.truncate(self.out.trim_end_matches('\n').len());
    }
}
