//! Quotations and alerts: Medium's quotations hold paragraphs and nothing else.

use super::{Writer, escaped};
use crate::render::document::{Block, BlockKind};

impl Writer<'_> {
    /// A quotation, its first paragraph (HTML) given or not.
    pub(super) fn quote(&mut self, lead: Option<String>, blocks: &[Block]) {
        let mut waiting: Vec<String> = lead.into_iter().collect();
        self.quoted(blocks, &mut waiting);
        self.put_quote(&mut waiting);
    }

    /// An alert as a quotation that opens with its kind.
    pub(super) fn alert(&mut self, label: &str, blocks: &[Block]) {
        self.warn("alert-as-quote", "Medium has no alerts: it is a quotation that says what it is");
        self.quote(Some(format!("<strong>{}</strong>", escaped(label))), blocks);
    }

    fn quoted(&mut self, blocks: &[Block], waiting: &mut Vec<String>) {
        for block in blocks {
            self.line = block.line;
            match &block.kind {
                BlockKind::Paragraph(content) => waiting.push(self.inline(content)),
                BlockKind::Heading { content, .. } => {
                    self.warn(
                        "heading-flattened",
                        "Medium has no headings in quotations: it is a bold paragraph",
                    );
                    let text = self.inline(content);
                    waiting.push(format!("<strong>{text}</strong>"));
                }
                BlockKind::Quote(inner) => {
                    self.warn("quote-flattened", "Medium has no quotation in a quotation: the two are one");
                    self.quoted(inner, waiting);
                }
                _ => {
                    self.warn("quote-split", "Medium's quotations hold text only: this stands outside of it");
                    self.put_quote(waiting);
                    self.block(block);
                }
            }
        }
    }

    fn put_quote(&mut self, waiting: &mut Vec<String>) {
        waiting.retain(|text| !text.trim().is_empty());
        if !waiting.is_empty() {
            self.put_holding("blockquote", "p", waiting);
            waiting.clear();
        }
        self.put_pictures();
    }
}
