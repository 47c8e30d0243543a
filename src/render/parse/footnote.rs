//! Footnotes, in the order in which readers meet them.

use std::collections::HashMap;

use comrak::nodes::{Node, NodeValue};

use super::Converter;
use crate::render::document::Footnote;

/// The definitions of a note and the references to them that were met so far.
#[derive(Default)]
pub(super) struct Footnotes<'a> {
    /// All of them, in the note's order.
    all: Vec<(String, Node<'a>)>,
    /// By label; of several with one label, comrak takes the last.
    by_label: HashMap<String, Node<'a>>,
    /// Those referred to, in order of the first reference.
    used: Vec<Used<'a>>,
    /// The place in `used`, by label.
    places: HashMap<String, usize>,
}

struct Used<'a> {
    label: String,
    node: Node<'a>,
    references: u32,
}

impl<'a> Footnotes<'a> {
    pub(super) fn defined_in(root: Node<'a>) -> Self {
        let mut found = Self::default();
        for node in root.descendants() {
            if let NodeValue::FootnoteDefinition(definition) = &node.data().value {
                found.all.push((definition.name.clone(), node));
                found.by_label.insert(definition.name.clone(), node);
            }
        }
        found
    }

    /// Notes one more reference: the footnote's index and the reference's number.
    pub(super) fn refer(&mut self, label: &str) -> Option<(usize, u32)> {
        let node = *self.by_label.get(label)?;
        let index = *self.places.entry(label.to_owned()).or_insert_with(|| {
            self.used.push(Used { label: label.to_owned(), node, references: 0 });
            self.used.len() - 1
        });
        let used = self.used.get_mut(index)?;
        used.references += 1;
        Some((index, used.references))
    }

    /// Those that nothing refers to, and those that another with the same label hides.
    fn unused(&self) -> Vec<(String, Node<'a>)> {
        let shown = |label: &str, node: Node<'a>| {
            self.places.contains_key(label)
                && self.by_label.get(label).is_some_and(|known| known.same_node(node))
        };
        self.all.iter().filter(|(label, node)| !shown(label, node)).cloned().collect()
    }
}

impl Converter<'_> {
    /// Converts the footnotes that are referred to. They may themselves refer to others, which
    /// then come after them.
    pub(super) fn footnotes(&mut self) -> Vec<Footnote> {
        let mut contents = Vec::new();
        while let Some(used) = self.footnotes.used.get(contents.len()) {
            let node = used.node;
            contents.push((self.line(node), self.children(node)));
        }
        self.warn_of_unused();
        let used = self.footnotes.used.iter().zip(contents);
        used.map(|(used, (line, blocks))| Footnote {
            label: used.label.clone(),
            references: used.references,
            blocks,
            line,
        })
        .collect()
    }

    fn warn_of_unused(&mut self) {
        for (label, node) in self.footnotes.unused() {
            let line = self.line(node);
            self.warn(
                "footnote-unused",
                line,
                format!("nothing refers to the footnote [^{label}], so it is not shown"),
            );
        }
    }
}
