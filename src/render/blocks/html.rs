//! What has no block of its own, as HTML.

use super::{escape, markup, writer::Writer};
use crate::render::{
    Document,
    document::{Block, BlockKind},
    html,
};

impl Writer<'_> {
    /// A `core/html` with the block in it; nothing for no HTML.
    pub(super) fn as_html(&mut self, block: &Block, out: &mut String) {
        html_block(&self.plain_html(block), out);
    }

    /// The block as HTML in which WordPress finds nothing to run.
    pub(super) fn plain_html(&mut self, block: &Block) -> String {
        let notes = self.notes.clone();
        let reference = move |index, nth| notes.plain_reference(index, nth);
        let options = html::Options {
            heading_shift: self.heading_shift,
            one_line: true,
            footnote_reference: &reference,
            ..html::Options::default()
        };
        let html = match &block.kind {
            BlockKind::Html(raw) => {
                html::raw_html(raw, block.line, self.context, &options, &mut self.warnings)
            }
            _ => html::blocks_html(std::slice::from_ref(block), self.context, &options, &mut self.warnings),
        };
        inert(&self.notes.adopted(html))
    }

    /// The footnotes as HTML, where one of them holds what a list item cannot.
    pub(super) fn footnotes_as_html(&mut self, out: &mut String) {
        let document = Document { footnotes: self.document.footnotes.clone(), ..Document::default() };
        let options =
            html::Options { heading_shift: self.heading_shift, one_line: true, ..html::Options::default() };
        html_block(&inert(&html::render(&document, self.context, &options, &mut self.warnings)), out);
    }
}

fn html_block(html: &str, out: &mut String) {
    let html = html.trim_matches(escape::is_blank);
    if !html.is_empty() {
        markup::block(out, "html", "", &[html]);
    }
}

/// HTML in which no shortcode runs, no address is embedded and no comment closes the block. The
/// editor leaves this block's text as it is, so entities will do.
fn inert(html: &str) -> String {
    let html = html.replace('[', "&#91;").replace("<!--", "&lt;!--");
    let lines = html.split('\n').map(|line| {
        if escape::is_lone_address(line) { line.replacen("//", "&#47;&#47;", 1) } else { line.to_owned() }
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_html_runs_or_ends_its_block() {
        assert_eq!(
            inert("<i title=\"[x]\">[gallery]</i>\nhttps://e.x\n<i title=\"<!-- /wp:html -->\">"),
            "<i title=\"&#91;x]\">&#91;gallery]</i>\nhttps:&#47;&#47;e.x\n<i title=\"&lt;!-- /wp:html -->\">"
        );
    }
}
