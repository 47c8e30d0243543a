//! Blocks.

use comrak::nodes::{
    AlertType, ListType, Node, NodeAlert, NodeCodeBlock, NodeList, NodeTable, NodeValue, TableAlignment,
};

use super::{Converter, figure};
use crate::render::document::{
    AlertKind, Alignment, Block, BlockKind, Description, Inlines, Item, List, Table, plain_text,
};

impl<'a> Converter<'a> {
    /// One block node. Every kind is named: a new one in comrak must be decided here.
    pub(super) fn block(&mut self, node: Node<'a>, blocks: &mut Vec<Block>) {
        let line = self.line(node);
        let kind = match &node.data().value {
            NodeValue::Heading(heading) => {
                let content = self.inlines(node);
                match self.heading(heading.level, content, line) {
                    Some(heading) => heading,
                    None => return,
                }
            }
            NodeValue::List(list) => BlockKind::List(self.list(list, node)),
            NodeValue::BlockQuote | NodeValue::MultilineBlockQuote(_) => {
                BlockKind::Quote(self.children(node))
            }
            NodeValue::Alert(alert) => self.alert(alert, node),
            NodeValue::CodeBlock(code) => code_block(code),
            NodeValue::Table(table) => BlockKind::Table(Box::new(self.table(table, node))),
            NodeValue::ThematicBreak => BlockKind::Rule,
            NodeValue::DescriptionList => BlockKind::Descriptions(self.descriptions(node)),
            // A definition is converted where it is first referred to; comments are no content.
            NodeValue::FootnoteDefinition(_)
            | NodeValue::FrontMatter(_)
            | NodeValue::MultilineComment(_)
            | NodeValue::CommentInline(_) => return,
            // Containers that are only met inside those above, or that our options never make.
            NodeValue::Document
            | NodeValue::Item(_)
            | NodeValue::TaskItem(_)
            | NodeValue::DescriptionItem(_)
            | NodeValue::DescriptionTerm
            | NodeValue::DescriptionDetails
            | NodeValue::TableRow(_)
            | NodeValue::Callout(_)
            | NodeValue::CalloutTitle
            | NodeValue::BlockDirective(_)
            | NodeValue::HtmlBlock(_) => return blocks.extend(self.children(node)),
            // Text; the inline kinds never stand among blocks.
            NodeValue::Paragraph
            | NodeValue::Subtext
            | NodeValue::TableCell
            | NodeValue::Text(_)
            | NodeValue::SoftBreak
            | NodeValue::LineBreak
            | NodeValue::Code(_)
            | NodeValue::HtmlInline(_)
            | NodeValue::Raw(_)
            | NodeValue::Emph
            | NodeValue::Strong
            | NodeValue::Strikethrough
            | NodeValue::Highlight
            | NodeValue::Insert
            | NodeValue::Superscript
            | NodeValue::Link(_)
            | NodeValue::Image(_)
            | NodeValue::FootnoteReference(_)
            | NodeValue::ShortCode(_)
            | NodeValue::Math(_)
            | NodeValue::Escaped
            | NodeValue::WikiLink(_)
            | NodeValue::Underline
            | NodeValue::Subscript
            | NodeValue::SpoileredText
            | NodeValue::EscapedTag(_) => return figure::paragraph(self.inlines(node), line, blocks),
        };
        blocks.push(Block { line, kind });
    }

    /// A heading, unless it is empty.
    pub(super) fn heading(&mut self, level: u8, content: Inlines, line: u32) -> Option<BlockKind> {
        let anchor = self.anchors.anchorize(&plain_text(&content));
        if content.is_empty() {
            self.warn("empty-heading", line, "a heading without text was left out");
            return None;
        }
        Some(BlockKind::Heading { level, content, anchor })
    }

    fn list(&mut self, list: &NodeList, node: Node<'a>) -> List {
        let start = match list.list_type {
            ListType::Bullet => None,
            ListType::Ordered => Some(u64::try_from(list.start).unwrap_or(1)),
        };
        let items = node.children().map(|item| self.item(item)).collect();
        List { start, tight: list.tight, items }
    }

    fn item(&mut self, node: Node<'a>) -> Item {
        let task = match &node.data().value {
            NodeValue::TaskItem(task) => Some(task.symbol.is_some()),
            _ => None,
        };
        Item { line: self.line(node), task, blocks: self.children(node) }
    }

    fn alert(&mut self, alert: &NodeAlert, node: Node<'a>) -> BlockKind {
        let kind = match alert.alert_type {
            AlertType::Note => AlertKind::Note,
            AlertType::Tip => AlertKind::Tip,
            AlertType::Important => AlertKind::Important,
            AlertType::Warning => AlertKind::Warning,
            AlertType::Caution => AlertKind::Caution,
        };
        BlockKind::Alert { kind, title: alert.title.clone(), blocks: self.children(node) }
    }

    fn table(&mut self, table: &NodeTable, node: Node<'a>) -> Table {
        let alignments: Vec<_> = table.alignments.iter().copied().map(alignment).collect();
        let mut rows: Vec<Vec<Inlines>> =
            node.children().map(|row| self.row(row, alignments.len())).collect();
        let header = if rows.is_empty() { Vec::new() } else { rows.remove(0) };
        Table { alignments, header, rows }
    }

    fn row(&mut self, row: Node<'a>, columns: usize) -> Vec<Inlines> {
        let mut cells: Vec<Inlines> = row.children().map(|cell| self.inlines(cell)).collect();
        cells.resize_with(columns, Inlines::new);
        cells
    }

    fn descriptions(&mut self, node: Node<'a>) -> Vec<Description> {
        let mut entries: Vec<Description> = Vec::new();
        for entry in node.children() {
            let found = self.description(entry);
            // comrak makes an entry without a term of every description but a term's first.
            match entries.last_mut() {
                Some(before) if found.term.is_empty() => before.details.extend(found.details),
                _ => entries.push(found),
            }
        }
        entries
    }

    fn description(&mut self, entry: Node<'a>) -> Description {
        let mut found = Description { term: Inlines::new(), details: Vec::new() };
        for part in entry.children() {
            if matches!(part.data().value, NodeValue::DescriptionTerm) {
                for paragraph in part.children() {
                    found.term.extend(self.inlines(paragraph));
                }
            } else {
                found.details.push(self.children(part));
            }
        }
        found
    }
}

fn alignment(alignment: TableAlignment) -> Alignment {
    match alignment {
        TableAlignment::None => Alignment::None,
        TableAlignment::Left => Alignment::Left,
        TableAlignment::Center => Alignment::Center,
        TableAlignment::Right => Alignment::Right,
    }
}

/// A code block; one in the language `math` is a formula, as on GitHub.
fn code_block(code: &NodeCodeBlock) -> BlockKind {
    let language = code.info.split([' ', '\t', ',', '{']).next().filter(|word| !word.is_empty());
    let text = code.literal.strip_suffix('\n').unwrap_or(&code.literal).to_owned();
    if language == Some("math") {
        return BlockKind::Math(text);
    }
    BlockKind::Code { language: language.map(str::to_owned), text }
}
