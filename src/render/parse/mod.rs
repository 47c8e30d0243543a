//! From a cleared note to a [`Document`]: comrak parses, this converts its tree into ours, every
//! kind of node by name, so that nothing is lost unsaid.

mod block;
mod builder;
mod embed;
mod figure;
mod footnote;
mod inline;
mod pair;
mod raw;
mod shape;
mod title;

use comrak::{Anchorizer, Arena, Options, nodes::Node};

use super::document::{Block, Document};
use crate::{
    error::{Error, Place, Warning},
    note::Cleared,
};
use footnote::Footnotes;

/// How deeply lists, quotes, emphasis and HTML elements may be nested in one another, all
/// together. Nobody writes as much by hand, and every dialect walks the tree recursively.
pub const MAX_DEPTH: usize = 64;

/// Parses a note's cleared body. `path` is the note's, for messages; `title` is the one of its
/// front matter: a first-level heading at the very start that repeats it, or that stands in for
/// it, is the document's [`heading`](Document::heading) and no block.
///
/// # Errors
/// Nesting beyond [`MAX_DEPTH`], with its line.
pub fn parse(path: &str, cleared: &Cleared, title: Option<&str>) -> Result<Document, Vec<Error>> {
    let arena = Arena::new();
    let root = comrak::parse_document(&arena, &cleared.text, &options());
    let mut converter = Converter {
        path,
        cleared,
        footnotes: Footnotes::defined_in(root),
        anchors: Anchorizer::new(),
        warnings: Vec::new(),
        too_deep: None,
        depth: 0,
    };
    let (heading, blocks) = converter.body(root, title);
    let footnotes = converter.footnotes();
    let size = cleared.text.len();
    converter.finish(Document { heading, blocks, footnotes, warnings: Vec::new(), size })
}

/// The specification's Markdown with GitHub's extensions, footnotes, alerts, description lists, formulas, emoji
/// names and `[[links]]`. Typographic quotes are left to the author and the site.
#[must_use]
pub fn options() -> Options<'static> {
    let mut options = Options::default();
    let extension = &mut options.extension;
    extension.strikethrough = true;
    extension.table = true;
    extension.autolink = true;
    extension.tasklist = true;
    extension.footnotes = true;
    extension.alerts = true;
    extension.description_lists = true;
    extension.math_dollars = true;
    extension.math_code = true;
    extension.shortcodes = true;
    extension.wikilinks_title_after_pipe = true;
    // Definitions stay where they are: those that nobody refers to are to be told.
    options.parse.leave_footnote_definitions = true;
    options
}

struct Converter<'a> {
    path: &'a str,
    cleared: &'a Cleared,
    footnotes: Footnotes<'a>,
    anchors: Anchorizer,
    warnings: Vec<Warning>,
    /// The first line that is nested too deeply.
    too_deep: Option<u32>,
    depth: usize,
}

impl<'a> Converter<'a> {
    /// The line of the note on which a node begins.
    fn line(&self, node: Node<'a>) -> u32 {
        self.cleared.source_line(node.data().sourcepos.start.line)
    }

    fn warn(&mut self, code: &'static str, line: u32, message: impl Into<String>) {
        self.warnings.push(Warning::new(code, line, message));
    }

    /// Goes one level down for the time of `inside`; past the limit, notes the line and returns
    /// nothing.
    fn deeper<T: Default>(&mut self, line: u32, inside: impl FnOnce(&mut Self) -> T) -> T {
        if !self.has_room(line, 1) {
            return T::default();
        }
        self.depth += 1;
        let result = inside(self);
        self.depth -= 1;
        result
    }

    /// Whether so many more levels are within the limit; if not, notes the line.
    fn has_room(&mut self, line: u32, levels: usize) -> bool {
        let room = self.depth + levels <= MAX_DEPTH;
        if !room {
            self.too_deep.get_or_insert(line);
        }
        room
    }

    /// The blocks that a node holds.
    fn children(&mut self, parent: Node<'a>) -> Vec<Block> {
        let line = self.line(parent);
        self.deeper(line, |this| {
            let parts = this.parts(parent);
            this.convert(parts)
        })
    }

    fn finish(mut self, mut document: Document) -> Result<Document, Vec<Error>> {
        if let Some(line) = self.too_deep {
            let message = format!("this is nested more than {MAX_DEPTH} levels deep");
            return Err(vec![
                Error::invalid(message)
                    .code("too-deep")
                    .at(Place::new(self.path, line, 0))
                    .help("lists, quotes and HTML elements within one another all count"),
            ]);
        }
        self.warnings.sort();
        self.warnings.dedup();
        document.warnings = self.warnings;
        Ok(document)
    }
}

#[cfg(test)]
mod tests;
