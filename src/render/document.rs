//! A note's body as a tree: what the dialects (HTML, blocks, Medium) are written from. Owned and
//! immutable, so that one parse serves every target.

mod walk;

pub use walk::{Address, Heading, Node, Shown, blocks_text, html_ids};

/// A cleared note, parsed.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// The text of the first H1, if the body opens with one, whether or not it is shown.
    pub heading: Option<Title>,
    /// The body. An H1 that repeats the title, or is the title, is not in it.
    pub blocks: Vec<Block>,
    /// The footnotes that are referred to, in order of their first reference.
    pub footnotes: Vec<Footnote>,
    /// What parsing itself lost or changed (raw HTML that was removed, an unsafe link).
    pub warnings: Vec<crate::error::Warning>,
    /// The length of the Markdown that it was parsed from, in bytes: how much room a rendering will
    /// need, about.
    pub size: usize,
}

/// A title that the body gave.
#[derive(Debug, Clone)]
pub struct Title {
    /// Its plain text.
    pub text: String,
    /// Its line in the note's file.
    pub line: u32,
}

/// A footnote's text.
#[derive(Debug, Clone)]
pub struct Footnote {
    /// The author's label.
    pub label: String,
    /// How many references point at it (at least 1).
    pub references: u32,
    /// Its content.
    pub blocks: Vec<Block>,
    /// Line in the note's file.
    pub line: u32,
}

/// A block, and the line of the note's file on which it begins.
#[derive(Debug, Clone)]
pub struct Block {
    /// Line in the note's file, from 1.
    pub line: u32,
    /// What it is.
    pub kind: BlockKind,
}

/// Inline content.
pub type Inlines = Vec<Inline>;

/// The kinds of block.
#[derive(Debug, Clone)]
pub enum BlockKind {
    /// Running text.
    Paragraph(Inlines),
    /// A heading of level 1 to 6. `anchor` is unique in the document, lower case, without `#`.
    Heading {
        /// 1 to 6, as written.
        level: u8,
        /// The text.
        content: Inlines,
        /// GitHub's slug of the text.
        anchor: String,
    },
    /// A list.
    List(List),
    /// A quotation.
    Quote(Vec<Block>),
    /// GitHub's `> [!NOTE]`.
    Alert {
        /// Which of the five.
        kind: AlertKind,
        /// A title of the author's own.
        title: Option<String>,
        /// The content.
        blocks: Vec<Block>,
    },
    /// A code block, fenced or indented. `text` ends without a newline.
    Code {
        /// First word of the info string.
        language: Option<String>,
        /// The code.
        text: String,
    },
    /// A table.
    Table(Box<Table>),
    /// A picture alone in its paragraph. The title, if any, is its caption.
    Figure(Box<Figure>),
    /// A thematic break.
    Rule,
    /// Terms and their descriptions.
    Descriptions(Vec<Description>),
    /// `<details>`.
    Details {
        /// The summary line.
        summary: Inlines,
        /// Whether it starts open.
        open: bool,
        /// The content.
        blocks: Vec<Block>,
    },
    /// A formula in TeX, on lines of its own.
    Math(String),
    /// A link alone on its line to a service whose pages can be embedded.
    Embed {
        /// The address as written.
        url: String,
        /// Whose it is.
        provider: Provider,
    },
    /// WordPress' `<!--more-->`, with words of the author's own for the link. Only at the top level.
    More(Option<String>),
    /// Raw HTML that has no form of its own above, sanitised, its tags balanced. Addresses in it
    /// are still the note's: a dialect maps them.
    Html(String),
}

/// A list.
#[derive(Debug, Clone)]
pub struct List {
    /// The first number of an ordered list; `None` for bullets.
    pub start: Option<u64>,
    /// No blank lines between the items: their paragraphs are not set apart.
    pub tight: bool,
    /// The items.
    pub items: Vec<Item>,
}

/// An item of a list.
#[derive(Debug, Clone)]
pub struct Item {
    /// Line in the note's file.
    pub line: u32,
    /// `Some(done)` for a task.
    pub task: Option<bool>,
    /// The content.
    pub blocks: Vec<Block>,
}

/// A table with one header row.
#[derive(Debug, Clone)]
pub struct Table {
    /// One for each column.
    pub alignments: Vec<Alignment>,
    /// The header cells.
    pub header: Vec<Inlines>,
    /// The body, each row as long as the header.
    pub rows: Vec<Vec<Inlines>>,
}

/// How a column is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alignment {
    /// As the site sees fit.
    None,
    /// `:--`
    Left,
    /// `:-:`
    Center,
    /// `--:`
    Right,
}

/// A picture with its caption.
#[derive(Debug, Clone)]
pub struct Figure {
    /// The picture.
    pub image: Image,
    /// Where a click on it leads.
    pub link: Option<String>,
    /// The caption; empty for none.
    pub caption: Inlines,
}

/// A picture.
#[derive(Debug, Clone)]
pub struct Image {
    /// As written: a path beside the note, or a URL.
    pub src: String,
    /// The alternative text, plain.
    pub alt: String,
    /// The title, where it is not a caption.
    pub title: Option<String>,
    /// The width that the author asked for, in pixels.
    pub width: Option<u32>,
    /// Line in the note's file.
    pub line: u32,
}

/// A term with its descriptions.
#[derive(Debug, Clone)]
pub struct Description {
    /// The term.
    pub term: Inlines,
    /// One or more descriptions.
    pub details: Vec<Vec<Block>>,
}

/// GitHub's five alerts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertKind {
    /// `[!NOTE]`
    Note,
    /// `[!TIP]`
    Tip,
    /// `[!IMPORTANT]`
    Important,
    /// `[!WARNING]`
    Warning,
    /// `[!CAUTION]`
    Caution,
}

impl AlertKind {
    /// The word that a reader sees.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Note => "Note",
            Self::Tip => "Tip",
            Self::Important => "Important",
            Self::Warning => "Warning",
            Self::Caution => "Caution",
        }
    }

    /// The word for class names.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Tip => "tip",
            Self::Important => "important",
            Self::Warning => "warning",
            Self::Caution => "caution",
        }
    }
}

/// A service whose pages can be embedded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// youtube.com, youtu.be
    YouTube,
    /// vimeo.com
    Vimeo,
    /// twitter.com, x.com: one post
    Twitter,
    /// gist.github.com
    Gist,
}

/// A run of text or an inline element. What is large is apart: most are text.
#[derive(Debug, Clone)]
pub enum Inline {
    /// Text, not escaped.
    Text(String),
    /// A line end in the source.
    SoftBreak,
    /// A forced line end.
    HardBreak,
    /// Code, not escaped.
    Code(String),
    /// `*…*`
    Emphasis(Inlines),
    /// `**…**`
    Strong(Inlines),
    /// `~~…~~`
    Strikethrough(Inlines),
    /// A link.
    Link(Box<Link>),
    /// A picture within text.
    Image(Box<Image>),
    /// A reference to `footnotes[index]`, its `nth` (from 1).
    FootnoteRef {
        /// Index into [`Document::footnotes`].
        index: usize,
        /// Which of the references to it, from 1.
        nth: u32,
    },
    /// A formula in TeX.
    Math {
        /// The formula.
        tex: String,
        /// Written with `$$`.
        display: bool,
    },
    /// A harmless raw HTML element of inline kind (`kbd`, `sub`, `mark`, …).
    Element(Box<Element>),
}

/// A raw HTML element within text.
#[derive(Debug, Clone)]
pub struct Element {
    /// Its name, lower case.
    pub name: String,
    /// The attributes that were kept, in order, sanitised and not escaped.
    pub attributes: Vec<(String, String)>,
    /// What it holds; empty for `wbr`. (A `br` is a [`Inline::HardBreak`].)
    pub content: Inlines,
}

/// A link.
#[derive(Debug, Clone)]
pub struct Link {
    /// As written: an address, a path to another note, `#anchor`.
    pub href: String,
    /// The title, if any.
    pub title: Option<String>,
    /// The text.
    pub content: Inlines,
    /// The text is the address itself (`<https://…>` or a bare URL).
    pub bare: bool,
    /// Written `[[so]]`: `href` names another note, however its path is spelled.
    pub wiki: bool,
    /// Line in the note's file.
    pub line: u32,
}

/// The plain text of inline content, as a reader would say it.
#[must_use]
pub fn plain_text(content: &[Inline]) -> String {
    let mut out = String::new();
    push_plain(content, &mut out);
    out
}

fn push_plain(content: &[Inline], out: &mut String) {
    for inline in content {
        match inline {
            Inline::Text(text) | Inline::Code(text) | Inline::Math { tex: text, .. } => out.push_str(text),
            Inline::SoftBreak | Inline::HardBreak => out.push(' '),
            Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Strikethrough(inner) => {
                push_plain(inner, out);
            }
            Inline::Link(link) => push_plain(&link.content, out),
            Inline::Image(image) => out.push_str(&image.alt),
            Inline::Element(raw) => push_plain(&raw.content, out),
            Inline::FootnoteRef { .. } => {}
        }
    }
}
