//! Blocks. Each ends with a blank line; a paragraph that is a tag needs none.

use super::{escape, writer::Writer};
use crate::render::{
    document::{AlertKind, Block, BlockKind, Inline},
    wikitext::escape::Place,
};

impl Writer<'_> {
    pub(super) fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            let before = self.out.len();
            self.line = block.line;
            self.block(block);
            if self.out.len() > before {
                let is_tag = self.in_item && matches!(block.kind, BlockKind::Paragraph(_));
                self.push(if is_tag { "\n" } else { "\n\n" });
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
            BlockKind::Rule => self.push("----"),
            BlockKind::Descriptions(entries) => self.descriptions(entries),
            BlockKind::Details { summary, open, blocks } => self.details(summary, *open, blocks),
            BlockKind::Math(tex) => self.math_block(tex),
            BlockKind::Embed { url, .. } => {
                let link = Inline::Link(Box::new(bare_link(url, block.line)));
                self.paragraph(&[link]);
            }
            BlockKind::More(_) => {}
            BlockKind::Html(html) => self.raw(html, block.line),
        }
    }

    pub(super) fn paragraph(&mut self, content: &[Inline]) {
        let text = self.one_line(content);
        if !text.is_empty() {
            self.paragraph_of(&text);
        }
    }

    /// A paragraph of wikitext on one line.
    pub(super) fn paragraph_of(&mut self, text: &str) {
        if self.in_item {
            self.push(&format!("<p>{text}</p>"));
        } else {
            self.push(text);
        }
    }

    /// Blocks between two tags on lines of their own.
    pub(super) fn container(&mut self, open: &str, blocks: &[Block], close: &str) {
        self.push(open);
        self.push("\n");
        let inner = self.apart(|writer| writer.blocks(blocks));
        self.push(inner.trim_end());
        self.push("\n");
        self.push(close);
    }

    fn heading(&mut self, level: u8, content: &[Inline], anchor: &str) {
        let text = self.one_line(content);
        if text.is_empty() {
            return;
        }
        let marks = "=".repeat(usize::from(level.saturating_add(self.shift).clamp(1, 6)));
        self.push(&marks);
        self.push(" ");
        if self.anchors.contains(anchor) {
            self.push(&format!("<span id=\"{}\"></span>", escape::parameter(anchor)));
        }
        match text.strip_suffix('=') {
            Some(rest) => self.push(&format!("{rest}&#61;")),
            None => self.push(&text),
        }
        self.push(" ");
        self.push(&marks);
    }

    fn alert(&mut self, kind: AlertKind, title: Option<&str>, blocks: &[Block]) {
        let colour = match kind {
            AlertKind::Note => "#36c",
            AlertKind::Tip => "#14866d",
            AlertKind::Important => "#6b4ba1",
            AlertKind::Warning => "#ac6600",
            AlertKind::Caution => "#d33",
        };
        let mut label = String::new();
        escape::text(title.unwrap_or(kind.label()), Place::default(), &mut label);
        let open = format!(
            "<div role=\"note\" style=\"border-left:4px solid {colour}; margin:1em 0; padding:0.1em 1em;\">\n\
             <p><strong>{label}</strong></p>\n"
        );
        self.container(&open, blocks, "</div>");
    }

    fn details(&mut self, summary: &[Inline], open: bool, blocks: &[Block]) {
        let collapsed = if open { "" } else { " mw-collapsed" };
        self.push(&format!("<div class=\"mw-collapsible{collapsed}\">\n"));
        let summary = self.one_line(summary);
        if !summary.is_empty() {
            self.push(&format!("<p><strong>{summary}</strong></p>\n"));
        }
        self.container("<div class=\"mw-collapsible-content\">", blocks, "</div>\n</div>");
    }
}

/// A link whose text is its address.
pub(super) fn bare_link(url: &str, line: u32) -> crate::render::document::Link {
    crate::render::document::Link {
        href: url.to_owned(),
        title: None,
        content: vec![Inline::Text(url.to_owned())],
        bare: true,
        wiki: false,
        line,
    }
}
