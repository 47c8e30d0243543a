//! The walk through the tree: which block each of its constructs becomes.

use serde_json::{Value, json};

use super::{
    BlockOutput, Options, callout, code, embed, escape,
    footnotes::{Notes, Style},
    markup, with_marker,
};
use crate::{
    error::Warning,
    render::{
        Context, Document, LinkFate,
        document::{AlertKind, Block, BlockKind, Inline, Link, Provider},
        html,
    },
};

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
        let body = self.blocks(&self.document.blocks);
        if !self.notes.are_all_in_order() {
            return None;
        }
        if self.document.footnotes.is_empty() {
            return Some(self.output(&[body], None));
        }
        let meta = self.footnotes_meta();
        Some(self.output(&[body, markup::void("footnotes")], Some(meta)))
    }

    /// The whole with footnotes as a list.
    pub(super) fn listed(mut self) -> BlockOutput {
        let body = self.blocks(&self.document.blocks);
        let list = self.footnotes_list();
        self.output(&[body, list], None)
    }

    fn output(self, parts: &[String], footnotes: Option<String>) -> BlockOutput {
        let body = with_marker(&markup::join(parts.iter().cloned()), self.context.marker);
        BlockOutput { body, footnotes, warnings: self.warnings }
    }

    pub(super) fn warn(&mut self, code: &'static str, message: impl Into<String>) {
        self.warnings.push(Warning::new(code, self.line, message));
    }

    pub(super) fn fate(&mut self, href: &str, line: u32) -> LinkFate {
        self.context.links.fate(href, line, &mut self.warnings)
    }

    /// Blocks side by side.
    pub(super) fn blocks(&mut self, blocks: &[Block]) -> String {
        markup::join(blocks.iter().map(|block| self.block(block)).collect::<Vec<_>>())
    }

    fn block(&mut self, block: &Block) -> String {
        self.line = block.line;
        match &block.kind {
            BlockKind::Paragraph(content) => paragraph(&self.rich(content)),
            BlockKind::Heading { level, content, anchor } => self.heading(*level, content, anchor),
            BlockKind::List(list) => self.list(list, block),
            BlockKind::Quote(blocks) => self.quote(blocks),
            BlockKind::Alert { kind, title, blocks } => self.alert(*kind, title.as_deref(), blocks),
            BlockKind::Code { language, text } => code::block(language.as_deref(), text),
            BlockKind::Table(table) => self.table(table),
            BlockKind::Figure(figure) => self.figure(figure),
            BlockKind::Rule => rule(),
            BlockKind::Descriptions(_) => {
                self.warn(
                    "descriptions-as-html",
                    "WordPress has no block for a description list: it is sent as HTML",
                );
                self.as_html(block)
            }
            BlockKind::Details { summary, open, blocks } => self.details(summary, *open, blocks),
            BlockKind::Math(tex) => self.math_block(tex),
            BlockKind::Embed { url, provider } => self.embed(url, *provider),
            BlockKind::More(words) => more(words.as_deref()),
            BlockKind::Html(_) => self.as_html(block),
        }
    }

    /// A heading. Its anchor stands in a `span`: where a heading's own `id` belongs, 6.8 and 7.1
    /// disagree, and either would rewrite the other's.
    fn heading(&mut self, level: u8, content: &[Inline], anchor: &str) -> String {
        let text = self.rich(content);
        if text.is_empty() {
            return String::new();
        }
        let level = self.level(level);
        let text = anchored(anchor, &text);
        let attributes = [("level", Value::from(level))];
        let attributes = if level == 2 { &[][..] } else { &attributes };
        markup::block(
            "heading",
            attributes,
            &format!("<h{level} class=\"wp-block-heading\">{text}</h{level}>"),
        )
    }

    pub(super) fn level(&self, level: u8) -> u8 {
        level.saturating_add(self.heading_shift).clamp(1, 6)
    }

    fn quote(&mut self, blocks: &[Block]) -> String {
        let inner = self.blocks(blocks);
        if inner.is_empty() {
            return inner;
        }
        markup::block(
            "quote",
            &[],
            &["<blockquote class=\"wp-block-quote\">", &inner, "</blockquote>"].concat(),
        )
    }

    fn alert(&mut self, kind: AlertKind, title: Option<&str>, blocks: &[Block]) -> String {
        let inner = markup::join([paragraph(&callout::title(kind, title)), self.blocks(blocks)]);
        callout::group(kind, &inner)
    }

    fn details(&mut self, summary: &[Inline], open: bool, blocks: &[Block]) -> String {
        let summary = self.rich(summary);
        let inner = self.blocks(blocks);
        let attributes = [("showContent", json!(true))];
        let (attributes, word) = if open { (&attributes[..], " open") } else { (&[][..], "") };
        let html = format!(
            "<details class=\"wp-block-details\"{word}><summary>{summary}</summary>{inner}</details>"
        );
        markup::block("details", attributes, &html)
    }

    fn math_block(&mut self, tex: &str) -> String {
        self.warn_math();
        code::block(Some("latex"), tex)
    }

    /// 7.1's math block holds finished `MathML`, which there is nobody to make here; 6.8 has none.
    pub(super) fn warn_math(&mut self) {
        self.warn("math-as-code", "WordPress cannot be sent a formula: its TeX is shown as code");
    }

    fn embed(&mut self, url: &str, provider: Provider) -> String {
        let link = self.bare(url);
        let fate = self.fate(url, self.line);
        if let (true, LinkFate::To(url)) = (self.options.embeds, &fate) {
            if let Some(block) = embed::block(provider, url) {
                return block;
            }
            self.warn("embed-as-link", "WordPress does not embed pages of this site: a link is sent");
        }
        let text = self.link_of(fate, &link);
        paragraph(&escape::without_shortcodes(&text))
    }

    /// A link whose text is its address.
    pub(super) fn bare(&self, url: &str) -> Link {
        let content = vec![Inline::Text(url.to_owned())];
        Link { href: url.to_owned(), title: None, content, bare: true, wiki: false, line: self.line }
    }
}

/// A paragraph block; nothing for no text.
pub(super) fn paragraph(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    markup::block("paragraph", &[], &["<p>", &escape::without_embed(text), "</p>"].concat())
}

/// Rich text that `#anchor` leads to.
pub(super) fn anchored(anchor: &str, text: &str) -> String {
    if anchor.is_empty() {
        return text.to_owned();
    }
    ["<span id=\"", &escape::attribute(anchor), "\">", text, "</span>"].concat()
}

pub(super) fn rule() -> String {
    markup::block("separator", &[], "<hr class=\"wp-block-separator has-alpha-channel-opacity\"/>")
}

fn more(words: Option<&str>) -> String {
    // The words stand in a comment, which they must not end.
    let words = words.map(|words| words.replace(['<', '>'], "").replace("--", "–"));
    match words.as_deref().map(str::trim).filter(|words| !words.is_empty()) {
        None => markup::block("more", &[], "<!--more-->"),
        Some(words) => {
            markup::block("more", &[("customText", Value::from(words))], &format!("<!--more {words}-->"))
        }
    }
}
