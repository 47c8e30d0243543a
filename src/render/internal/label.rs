//! Where the label goes, and where the author has written it already.

use super::Hider;
use crate::render::{
    document::{Inline, Inlines, plain_text},
    links::InternalLinks,
};

/// What follows a piece of inline content in its block.
#[derive(Clone, Copy, Default)]
pub(super) struct Tail<'a> {
    siblings: &'a [Inline],
    outer: Option<&'a Tail<'a>>,
}

impl<'a> Tail<'a> {
    pub(super) fn new(siblings: &'a [Inline], outer: Option<&'a Tail<'a>>) -> Self {
        Self { siblings, outer }
    }

    /// The first words of it: at least so many bytes, if there are so many.
    fn text(&self, least: usize) -> String {
        let mut out = String::new();
        let mut level = Some(self);
        while let Some(Tail { siblings, outer }) = level {
            for inline in *siblings {
                out.push_str(&plain_text(std::slice::from_ref(inline)));
                if out.trim_start().len() >= least {
                    return out;
                }
            }
            level = *outer;
        }
        out
    }

    fn begins_with(&self, label: &str) -> bool {
        begins_with(&self.text(label.len() + 1), label)
    }
}

/// Whether a text begins with a label, perhaps in brackets of its own.
pub(super) fn begins_with(text: &str, label: &str) -> bool {
    let text = text.trim_start();
    let is_it = |text: &str| text.to_lowercase().starts_with(&label.to_lowercase());
    is_it(text) || text.strip_prefix('(').is_some_and(is_it)
}

impl Hider<'_> {
    /// Puts the label behind some content, unless the author wrote it there: at its end, or behind
    /// it. Councils' weeknotes say `[the plan](https://intranet…) [internal link]`.
    pub(super) fn add_label(&self, content: &mut Inlines, tail: &Tail<'_>) {
        if let Some(label) = self.label_behind(&plain_text(content), |label| tail.begins_with(label)) {
            content.push(Inline::Text(label));
        }
    }

    /// The label, and the blank before it, where one belongs behind a text.
    pub(super) fn label_behind(&self, text: &str, follows: impl Fn(&str) -> bool) -> Option<String> {
        let label = self.policy.label.as_str();
        let ends = || text.trim_end().to_lowercase().ends_with(&label.to_lowercase());
        if self.policy.links != InternalLinks::Label || label.is_empty() || ends() || follows(label) {
            return None;
        }
        let blank = if text.trim().is_empty() { "" } else { " " };
        Some(format!("{blank}{label}"))
    }

    /// What stands in place of an address that was shown: the label, also where links only lose
    /// their address, since there is no other text.
    pub(super) fn label_alone(&self, tail: &Tail<'_>) -> String {
        let label = &self.policy.label;
        if tail.begins_with(label) { String::new() } else { label.clone() }
    }

    /// Whether a link's text is the address itself, or names an internal host.
    pub(super) fn is_address(&self, text: &str, href: &str) -> bool {
        self.names_host(text) || bare(text) == bare(href)
    }
}

/// An address without its scheme and final slash, as people write it.
fn bare(address: &str) -> String {
    let address = address.trim().to_lowercase();
    let rest = address.split_once("//").map_or(address.as_str(), |(_, rest)| rest);
    rest.strip_prefix("mailto:").unwrap_or(rest).trim_end_matches('/').to_owned()
}
