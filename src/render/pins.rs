//! Marks in a document that come out again in whatever a target makes of it: a preview finds by them
//! where a remark belongs, and which passages are for colleagues alone. A mark is a paragraph of one
//! word that no author writes, so no dialect needs to know of it.

use std::collections::BTreeSet;

use super::{
    Document,
    document::{Block, BlockKind, Inline},
};
use crate::error::Warning;

/// What a mark stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pin {
    /// These of the rendering's warnings are about the block that follows.
    Warnings(Vec<usize>),
    /// A passage for colleagues alone begins.
    Opens,
    /// It ends.
    Closes,
    /// The block that follows holds lines for colleagues alone, among others.
    Holds,
    /// The footnotes hold such lines.
    Footnotes,
}

/// The word of a mark, by its index.
#[must_use]
pub fn word(index: usize) -> String {
    format!("crosspostpin{index}end")
}

/// The document with its marks, in order. `internal` are the lines of the note that are for
/// colleagues alone; none where the whole note is.
#[must_use]
pub fn pinned(document: &Document, warnings: &[Warning], internal: &BTreeSet<u32>) -> (Document, Vec<Pin>) {
    let mut writer = Pinner { blocks: Vec::new(), pins: Vec::new() };
    let mut inside = false;
    for (index, block) in document.blocks.iter().enumerate() {
        let range = block.line..end(document, index);
        let opens = internal.contains(&block.line);
        if inside && !opens {
            writer.pin(Pin::Closes, block.line);
        }
        let about: Vec<usize> = (0..warnings.len()).filter(|i| is_about(warnings[*i].line, &range)).collect();
        if !about.is_empty() {
            writer.pin(Pin::Warnings(about), block.line);
        }
        if opens && !inside {
            writer.pin(Pin::Opens, block.line);
        } else if !opens && internal.range(range).next().is_some() {
            writer.pin(Pin::Holds, block.line);
        }
        inside = opens;
        writer.blocks.push(block.clone());
    }
    let last = document.blocks.last().map_or(0, |block| block.line);
    if inside {
        writer.pin(Pin::Closes, last);
    }
    if document.footnotes.iter().any(|note| internal.contains(&note.line)) {
        writer.pin(Pin::Footnotes, last);
    }
    (Document { blocks: writer.blocks, ..document.clone() }, writer.pins)
}

fn is_about(line: u32, range: &std::ops::Range<u32>) -> bool {
    line > 0 && range.contains(&line)
}

/// The line after a block's last: where the next block or footnote begins.
fn end(document: &Document, index: usize) -> u32 {
    let begins = document.blocks[index].line;
    let next = document.blocks.get(index + 1).map(|block| block.line);
    let notes = document.footnotes.iter().map(|note| note.line).filter(|line| *line > begins);
    notes.chain(next).min().unwrap_or(u32::MAX)
}

struct Pinner {
    blocks: Vec<Block>,
    pins: Vec<Pin>,
}

impl Pinner {
    fn pin(&mut self, pin: Pin, line: u32) {
        let text = Inline::Text(word(self.pins.len()));
        self.blocks.push(Block { line, kind: BlockKind::Paragraph(vec![text]) });
        self.pins.push(pin);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(lines: &[u32]) -> Document {
        let block = |line: &u32| Block { line: *line, kind: BlockKind::Rule };
        Document { blocks: lines.iter().map(block).collect(), ..Document::default() }
    }

    #[test]
    fn a_warning_is_pinned_to_the_block_that_holds_its_line() {
        let warnings = [Warning::new("a", 0, ""), Warning::new("b", 6, ""), Warning::new("c", 7, "")];
        let (pinned, pins) = pinned(&document(&[3, 5, 9]), &warnings, &BTreeSet::new());
        assert_eq!(pins, [Pin::Warnings(vec![1, 2])]);
        assert_eq!(pinned.blocks.iter().map(|b| b.line).collect::<Vec<_>>(), [3, 5, 5, 9]);
    }

    #[test]
    fn a_passage_is_marked_where_it_begins_and_where_it_ends() {
        let internal = BTreeSet::from([5, 6, 9]);
        let (_, pins) = pinned(&document(&[3, 5, 6, 8]), &[], &internal);
        assert_eq!(pins, [Pin::Opens, Pin::Closes, Pin::Holds]);
        let (_, pins) = super::pinned(&document(&[3, 5]), &[], &BTreeSet::from([5]));
        assert_eq!(pins, [Pin::Opens, Pin::Closes], "at the end of the note");
    }
}
