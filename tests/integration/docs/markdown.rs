//! A page of documentation, as a reader meets it: blocks of code, code within text, links, headings.

use std::collections::BTreeSet;

use comrak::{Anchorizer, Arena, Options, nodes::NodeValue};

/// A page.
pub struct Document {
    /// Its path from the repository's folder.
    pub path: String,
    /// Its blocks of code.
    pub fences: Vec<Fence>,
    /// Code within text.
    pub spans: Vec<String>,
    /// Where its links and pictures lead.
    pub links: Vec<String>,
    /// The anchors of its headings.
    pub anchors: BTreeSet<String>,
}

/// A fenced block of code.
pub struct Fence {
    /// What stands behind the fence: `sh run`.
    pub info: String,
    /// What stands in it.
    pub text: String,
    /// Where it begins: `README.md:12`.
    pub place: String,
}

impl Document {
    /// Reads a page.
    pub fn parse(path: &str, text: &str) -> Self {
        let mut page = Self {
            path: path.to_owned(),
            fences: Vec::new(),
            spans: Vec::new(),
            links: Vec::new(),
            anchors: BTreeSet::new(),
        };
        let mut options = Options::default();
        options.extension.table = true;
        let (arena, mut anchors) = (Arena::new(), Anchorizer::new());
        for node in comrak::parse_document(&arena, text, &options).descendants() {
            let data = node.data.borrow();
            match &data.value {
                NodeValue::CodeBlock(code) => page.fences.push(Fence {
                    info: code.info.clone(),
                    text: code.literal.clone(),
                    place: format!("{path}:{}", data.sourcepos.start.line),
                }),
                NodeValue::Code(code) => page.spans.push(code.literal.clone()),
                NodeValue::Link(link) | NodeValue::Image(link) => page.links.push(link.url.clone()),
                NodeValue::Heading(_) => drop(page.anchors.insert(anchors.anchorize(&words(node)))),
                _ => {}
            }
        }
        page
    }

    /// The blocks whose info is these words.
    pub fn fences(&self, info: &str) -> impl Iterator<Item = &Fence> {
        self.fences.iter().filter(move |fence| fence.info.trim() == info)
    }
}

/// A heading's text.
fn words(node: comrak::nodes::Node<'_>) -> String {
    let text = node.descendants().filter_map(|node| match &node.data.borrow().value {
        NodeValue::Text(text) => Some(text.to_string()),
        NodeValue::Code(code) => Some(code.literal.clone()),
        _ => None,
    });
    text.collect()
}
