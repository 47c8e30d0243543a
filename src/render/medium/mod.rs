//! Medium's HTML: what survives there is written as it is, the rest is converted in the best way
//! that text allows and reported with its line.
//!
//! Medium shows two levels of heading, lists of one level, quotations of plain paragraphs, code
//! without colours and pictures between paragraphs. It has no tables, footnotes, anchors, formulas,
//! task boxes or struck-out text.

mod figures;
mod inlines;
mod lists;
mod notes;
mod quotes;
mod raw;
mod tables;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use figures::MEDIA_TYPES;

use super::{
    Context, Featured, LinkFate, PENDING_LINK,
    document::{Block, BlockKind, Description, Document, Inline, plain_text},
    html::escape::{self, escaped},
};
use crate::error::Warning;
use figures::Shown;

/// Counts the changes of this dialect: a story is rendered anew when it grows.
pub const VERSION: u32 = 1;

/// The longest subtitle that Medium's editor takes, in characters.
pub const MAX_SUBTITLE: usize = 140;

/// What a table becomes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tables {
    /// A list of its rows, each cell after its column's name.
    #[default]
    List,
    /// Its text in columns, as code. A table too wide for that becomes a list.
    Code,
}

/// A story in Medium's HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// `contentFormat: html`.
    pub html: String,
    /// The subtitle that stands in it.
    pub subtitle: Option<String>,
    /// The featured picture, if Medium can show it.
    pub featured: Option<Featured>,
    /// `src` and alternative text of the local pictures in it, without repetition.
    pub needs: Vec<(String, String)>,
    /// What was converted, in order of line.
    pub warnings: Vec<Warning>,
}

/// Writes a note as a story. The title stands in it as `<h1>`, since Medium shows no other, and
/// the last paragraph names the original, which is also what the story is found by in the feed.
#[must_use]
pub fn write(document: &Document, context: &Context<'_>, tables: Tables) -> Story {
    let mut writer = Writer::new(context, tables);
    // Tags take about a quarter as much room as the text between them.
    writer.html.reserve(document.size + document.size / 4);
    writer.put(&["<h1>", &escaped(&context.meta.title), "</h1>"]);
    let subtitle = writer.subtitle(document);
    let featured = writer.featured(document);
    writer.flow(&document.blocks);
    writer.notes(&document.footnotes);
    writer.footer();
    writer.warnings.extend(document.warnings.iter().cloned());
    writer.warnings.sort();
    writer.warnings.dedup();
    Story { html: writer.html, subtitle, featured, needs: writer.needs, warnings: writer.warnings }
}

/// A story as it grows.
struct Writer<'a> {
    context: &'a Context<'a>,
    tables: Tables,
    html: String,
    needs: Vec<(String, String)>,
    warnings: Vec<Warning>,
    /// Pictures met within text: Medium shows them between paragraphs only, so they follow the
    /// block in which they stood.
    pictures: Vec<Shown>,
    /// The line that is being written, for what has none of its own.
    line: u32,
}

impl<'a> Writer<'a> {
    fn new(context: &'a Context<'a>, tables: Tables) -> Self {
        Self {
            context,
            tables,
            html: String::new(),
            needs: Vec::new(),
            warnings: Vec::new(),
            pictures: Vec::new(),
            line: 0,
        }
    }

    /// Adds an element, on a line of its own.
    fn put(&mut self, html: &[&str]) {
        self.html.extend(html.iter().copied());
        self.html.push('\n');
    }

    /// Adds an element that holds one element for each text (HTML).
    fn put_holding(&mut self, outer: &str, inner: &str, texts: &[String]) {
        self.put(&["<", outer, ">"]);
        for text in texts {
            self.put(&["<", inner, ">", text.trim(), "</", inner, ">"]);
        }
        self.put(&["</", outer, ">"]);
    }

    fn warn(&mut self, code: &'static str, message: impl Into<String>) {
        self.warnings.push(Warning::new(code, self.line, message));
    }

    fn fate(&mut self, href: &str, line: u32) -> LinkFate {
        self.context.links.fate(href, line, &mut self.warnings)
    }

    /// The excerpt as subtitle, unless it is too long for one or only repeats how the text begins.
    fn subtitle(&mut self, document: &Document) -> Option<String> {
        let excerpt = self.context.meta.excerpt.as_deref()?;
        let text = excerpt.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() || opening(document).starts_with(&text) {
            return None;
        }
        if text.chars().count() > MAX_SUBTITLE {
            self.warn(
                "excerpt-too-long",
                format!("the excerpt is left out: Medium's subtitles have at most {MAX_SUBTITLE} characters"),
            );
            return None;
        }
        self.put(&["<h2>", &escaped(&text), "</h2>"]);
        Some(text)
    }

    fn flow(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        self.line = block.line;
        match &block.kind {
            BlockKind::Paragraph(content) => self.paragraph("", content),
            BlockKind::Heading { level, content, .. } => self.heading(*level, content),
            BlockKind::List(list) => self.list(list),
            BlockKind::Quote(blocks) => self.quote(None, blocks),
            BlockKind::Alert { kind, title, blocks } => {
                self.alert(title.as_deref().unwrap_or(kind.label()), blocks);
            }
            BlockKind::Code { language, text } => self.code(language.as_deref(), text),
            BlockKind::Table(table) => self.table(table),
            BlockKind::Figure(figure) => self.figure(figure),
            BlockKind::Rule => self.put(&["<hr>"]),
            // Where a blog cuts its summary: a story has none.
            BlockKind::More(_) => {}
            BlockKind::Descriptions(list) => self.descriptions(list),
            BlockKind::Details { summary, blocks, .. } => self.details(summary, blocks),
            BlockKind::Math(tex) => {
                self.warn("math-as-code", "Medium shows no formulas: this one stands there as TeX");
                self.put(&[&preformatted(tex)]);
            }
            BlockKind::Embed { url, .. } => self.embed(url),
            BlockKind::Html(html) => self.raw(html),
        }
        self.put_pictures();
    }

    /// A paragraph, if anything is in it once its pictures are taken out.
    fn paragraph(&mut self, lead: &str, content: &[Inline]) {
        let text = self.inline(content);
        if lead.is_empty() && text.trim().is_empty() {
            self.put_pictures_alone();
        } else {
            self.put(&["<p>", lead, text.trim(), "</p>"]);
        }
    }

    fn heading(&mut self, level: u8, content: &[Inline]) {
        let text = self.inline(content);
        match level {
            0..=2 => self.put(&["<h3>", &text, "</h3>"]),
            3 | 4 => self.put(&["<h4>", &text, "</h4>"]),
            _ => {
                self.warn("heading-flattened", "Medium has no headings this deep: it is a bold paragraph");
                self.put(&["<p><strong>", &text, "</strong></p>"]);
            }
        }
    }

    fn code(&mut self, language: Option<&str>, text: &str) {
        if let Some(language) = language {
            let message = format!("Medium is not told the language of this code (`{language}`)");
            self.warn("code-language-lost", message);
        }
        self.put(&[&preformatted(text)]);
    }

    fn descriptions(&mut self, list: &[Description]) {
        self.warn(
            "descriptions-flattened",
            "Medium has no description lists: each term is a bold paragraph above its text",
        );
        for entry in list {
            let term = self.inline(&entry.term);
            self.put(&["<p><strong>", term.trim(), "</strong></p>"]);
            entry.details.iter().for_each(|blocks| self.flow(blocks));
        }
    }

    fn details(&mut self, summary: &[Inline], blocks: &[Block]) {
        self.warn("details-opened", "Medium cannot fold text away: it stands open below its summary");
        let summary = self.inline(summary);
        if !summary.trim().is_empty() {
            self.put(&["<p><strong>", summary.trim(), "</strong></p>"]);
        }
        self.flow(blocks);
    }

    /// Medium makes an embed of an address that stands alone.
    fn embed(&mut self, url: &str) {
        match self.fate(url, self.line) {
            LinkFate::To(url) => self.put(&["<p>", &escaped(&url), "</p>"]),
            LinkFate::Label(label) => self.put(&["<p>", &escaped(&label), "</p>"]),
            LinkFate::Unlink => {}
        }
    }

    /// "Originally published at …": readers see whence it comes, and the story's place in the feed
    /// can be told by it, since Medium keeps nothing else of ours.
    fn footer(&mut self) {
        let Some(canonical) = self.context.meta.canonical.as_deref() else { return };
        let (href, host) = (attribute("href", canonical), escaped(&host(canonical)));
        self.put(&["<p><em>", FOOTER, " <a", &href, ">", &host, "</a>.</em></p>"]);
    }
}

/// The words before the link to the original. The feed is searched for them: never change them.
pub const FOOTER: &str = "Originally published at";

/// What a reader is shown of the original's address; of one not known yet, the target that will
/// give it.
fn host(canonical: &str) -> String {
    if let Some(target) = canonical.strip_prefix(PENDING_LINK) {
        return target.to_owned();
    }
    let host = url::Url::parse(canonical).ok().and_then(|url| url.host_str().map(str::to_owned));
    host.unwrap_or_else(|| canonical.to_owned())
}

/// The text of the first paragraph, its spaces folded.
fn opening(document: &Document) -> String {
    // What stands on no line of the note is the target's header.
    match document.blocks.iter().find(|block| block.line > 0).map(|block| &block.kind) {
        Some(BlockKind::Paragraph(content)) => {
            plain_text(content).split_whitespace().collect::<Vec<_>>().join(" ")
        }
        _ => String::new(),
    }
}

/// ` name="value"`, the value an address where the name says so.
fn attribute(name: &str, value: &str) -> String {
    let mut out = String::new();
    match name {
        "href" | "src" => escape::attribute(name, &escape::address(value), &mut out),
        _ => escape::attribute(name, value, &mut out),
    }
    out
}

/// Text whose spaces and line ends count.
fn preformatted(text: &str) -> String {
    // A parser drops a first newline (HTML standard, 13.1.2.5): one more keeps the author's.
    let first = if text.starts_with('\n') { "\n" } else { "" };
    format!("<pre>{first}{}</pre>", escaped(text))
}
