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
        let index = match self.used.iter().position(|used| used.label == label) {
            Some(index) => index,
            None => {
                let node = *self.by_label.get(label)?;
                self.used.push(Used { label: label.to_owned(), node, references: 0 });
                self.used.len() - 1
            }
        };
        let used = self.used.get_mut(index)?;
        used.references += 1;
        Some((index, used.references))
    }

    fn is_used(&self, node: Node<'a>) -> bool {
        self.used.iter().any(|used| used.node.same_node(node))
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
        let unused: Vec<_> =
            self.footnotes.all.iter().filter(|(_, node)| !self.footnotes.is_used(node)).cloned().collect();
        for (label, node) in unused {
            let line = self.line(node);
            self.warn(
                "footnote-unused",
                line,
                format!("nothing refers to the footnote [^{label}], so it is not shown"),
            );
        }
    }
}
