//! The walk through the tree: which block each of its constructs becomes.

use serde_json::Value;

use super::{
    BlockOutput, Options, callout, code, embed, escape,
    footnotes::{Notes, Style},
    marker::push_marker,
    markup,
};
use crate::{
    error::Warning,
    render::{
        Context, Document, LinkFate,
        document::{AlertKind, Block, BlockKind, Inline, Link, Provider},
        html,
    },
};

/// How a quotation begins.
pub(super) const QUOTE: &str = "<blockquote class=\"wp-block-quote\">";

/// What is known on the way through a document.
pub(super) struct Writer<'a> {
    pub(super) document: &'a Document,
    pub(super) context: &'a Context<'a>,
    pub(super) notes: Notes,
    pub(super) warnings: Vec<Warning>,
    /// The line of the block that is being written.
    pub(super) line: u32,
    /// How many links are open: a link in a link is none.
    pub(super) links_open: u32,
    /// References to footnotes that wait for the end of a link.
    pub(super) waiting: String,
    pub(super) heading_shift: u8,
    options: Options,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        document: &'a Document,
        context: &'a Context<'a>,
        options: Options,
        style: Style,
    ) -> Self {
        Self {
            document,
            context,
            notes: Notes::new(context.marker, document, style),
            warnings: Vec::new(),
            line: 0,
            links_open: 0,
            waiting: String::new(),
            heading_shift: html::heading_shift(document),
            options,
        }
    }

    /// The whole with the site's own footnotes, unless its editor would lose one of them.
    pub(super) fn native(mut self) -> Option<BlockOutput> {
        let mut body = self.body();
        if !self.notes.are_all_in_order() {
            return None;
        }
        if self.document.footnotes.is_empty() {
            return Some(self.output(body, None));
        }
        let meta = self.footnotes_meta();
        markup::next(&mut body, 0, |out| markup::void(out, "footnotes"));
        Some(self.output(body, Some(meta)))
    }

    /// The whole with footnotes as a list.
    pub(super) fn listed(mut self) -> BlockOutput {
        let mut body = self.body();
        markup::next(&mut body, 0, |out| self.footnotes_list(out));
        self.output(body, None)
    }

    fn body(&mut self) -> String {
        // A post's notation takes about as much room as its text.
        let mut body = String::with_capacity(2 * self.document.size);
        self.blocks(&self.document.blocks, &mut body);
        body
    }

    fn output(self, mut body: String, footnotes: Option<String>) -> BlockOutput {
        push_marker(&mut body, self.context.marker);
        BlockOutput { body, footnotes, warnings: self.warnings }
    }

    pub(super) fn warn(&mut self, code: &'static str, message: impl Into<String>) {
        self.warnings.push(Warning::new(code, self.line, message));
    }

    pub(super) fn fate(&mut self, href: &str, line: u32) -> LinkFate {
        self.context.links.fate(href, line, &mut self.warnings)
    }

    /// Blocks side by side.
    pub(super) fn blocks(&mut self, blocks: &[Block], out: &mut String) {
        let first = out.len();
        for block in blocks {
            markup::next(out, first, |out| self.block(block, out));
        }
    }

    fn block(&mut self, block: &Block, out: &mut String) {
        self.line = block.line;
        match &block.kind {
            BlockKind::Paragraph(content) => paragraph(out, |out| self.rich(content, out)),
            BlockKind::Heading { level, content, anchor } => self.heading(*level, content, anchor, out),
            BlockKind::List(list) => self.list(list, block, out),
            BlockKind::Quote(blocks) => self.quote(blocks, out),
            BlockKind::Alert { kind, title, blocks } => self.alert(*kind, title.as_deref(), blocks, out),
            BlockKind::Code { language, text } => code::block(language.as_deref(), text, out),
            BlockKind::Table(table) => self.table(table, out),
            BlockKind::Figure(figure) => self.figure(figure, out),
            BlockKind::Rule => rule(out),
            BlockKind::Descriptions(_) => {
                self.warn(
                    "descriptions-as-html",
                    "WordPress has no block for a description list: it is sent as HTML",
                );
                self.as_html(block, out);
            }
            BlockKind::Details { summary, open, blocks } => self.details(summary, *open, blocks, out),
            BlockKind::Math(tex) => self.math_block(tex, out),
            BlockKind::Embed { url, provider } => self.embed(url, *provider, out),
            BlockKind::More(words) => more(words.as_deref(), out),
            BlockKind::Html(_) => self.as_html(block, out),
        }
    }

    /// A heading. Its anchor stands in a `span`: where a heading's own `id` belongs, 6.8 and 7.1
    /// disagree, and either would rewrite the other's.
    fn heading(&mut self, level: u8, content: &[Inline], anchor: &str, out: &mut String) {
        let attributes = match self.level(level) {
            2 => String::new(),
            level => format!("{{\"level\":{level}}}"),
        };
        markup::holding(out, "heading", &attributes, |out| {
            self.heading_element(level, content, anchor, out);
        });
    }

    /// A heading that holds something.
    pub(super) fn heading_element(&mut self, level: u8, content: &[Inline], anchor: &str, out: &mut String) {
        let element = html::heading_element(self.level(level));
        let start = ["<", element, " class=\"wp-block-heading\">"];
        let end = ["</", element, ">"];
        markup::around(out, &start, &end, |out| self.anchored(anchor, content, out));
    }

    /// Rich text that `#anchor` leads to.
    fn anchored(&mut self, anchor: &str, content: &[Inline], out: &mut String) {
        if anchor.is_empty() {
            return self.rich(content, out);
        }
        let start = ["<span id=\"", &escape::attribute(anchor), "\">"];
        markup::around(out, &start, &["</span>"], |out| self.rich(content, out));
    }

    pub(super) fn level(&self, level: u8) -> u8 {
        level.saturating_add(self.heading_shift).clamp(1, 6)
    }

    fn quote(&mut self, blocks: &[Block], out: &mut String) {
        markup::holding(out, "quote", "", |out| {
            markup::around(out, &[QUOTE], &["</blockquote>"], |out| self.blocks(blocks, out));
        });
    }

    fn alert(&mut self, kind: AlertKind, title: Option<&str>, blocks: &[Block], out: &mut String) {
        callout::open(kind, out);
        let first = out.len();
        paragraph(out, |out| callout::title(kind, title, out));
        for block in blocks {
            markup::next(out, first, |out| self.block(block, out));
        }
        callout::close(out);
    }

    fn details(&mut self, summary: &[Inline], open: bool, blocks: &[Block], out: &mut String) {
        let (attributes, word) = if open { ("{\"showContent\":true}", " open") } else { ("", "") };
        markup::open(out, "details", attributes);
        out.extend(["<details class=\"wp-block-details\"", word, "><summary>"]);
        self.rich(summary, out);
        out.push_str("</summary>");
        self.blocks(blocks, out);
        out.push_str("</details>");
        markup::close(out, "details");
    }

    fn math_block(&mut self, tex: &str, out: &mut String) {
        self.warn_math();
        code::block(Some("latex"), tex, out);
    }

    /// 7.1's math block holds finished `MathML`, which there is nobody to make here; 6.8 has none.
    pub(super) fn warn_math(&mut self) {
        self.warn("math-as-code", "WordPress cannot be sent a formula: its TeX is shown as code");
    }

    fn embed(&mut self, url: &str, provider: Provider, out: &mut String) {
        let link = self.bare(url);
        let fate = self.fate(url, self.line);
        if let (true, LinkFate::To(url)) = (self.options.embeds, &fate) {
            if embed::block(provider, url, out) {
                return;
            }
            self.warn("embed-as-link", "WordPress does not embed pages of this site: a link is sent");
        }
        paragraph(out, |out| {
            let start = out.len();
            self.link_of(fate, &link, out);
            escape::keep_shortcodes_out(out, start);
        });
    }

    /// A link whose text is its address.
    pub(super) fn bare(&self, url: &str) -> Link {
        let content = vec![Inline::Text(url.to_owned())];
        Link { href: url.to_owned(), title: None, content, bare: true, wiki: false, line: self.line }
    }
}

/// A paragraph block with the rich text that `text` writes; nothing for no text.
pub(super) fn paragraph(out: &mut String, text: impl FnOnce(&mut String)) {
    markup::holding(out, "paragraph", "", |out| {
        markup::around(out, &["<p>"], &["</p>"], |out| {
            let start = out.len();
            text(out);
            escape::keep_embed_out(out, start);
        });
    });
}

pub(super) fn rule(out: &mut String) {
    let html = "<hr class=\"wp-block-separator has-alpha-channel-opacity\"/>";
    markup::block(out, "separator", "", &[html]);
}

fn more(words: Option<&str>, out: &mut String) {
    // The words stand in a comment, which they must not end.
    let words = words.map(|words| words.replace(['<', '>'], "").replace("--", "–"));
    match words.as_deref().map(str::trim).filter(|words| !words.is_empty()) {
        None => markup::block(out, "more", "", &["<!--more-->"]),
        Some(words) => {
            let attributes = markup::json(&[("customText", Value::from(words))]);
            markup::block(out, "more", &attributes, &["<!--more ", words, "-->"]);
        }
    }
}
