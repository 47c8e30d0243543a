//! Builds inline content from pieces that come one after the other: text, whole inlines, and raw
//! HTML tags, which are paired here.

use std::borrow::Cow;

use crate::{
    error::Warning,
    render::{
        document::{Element, Image, Inline, Inlines, Link, plain_text},
        sanitise::{self, token::Tag},
    },
};

pub(super) struct Builder {
    content: Inlines,
    open: Vec<Frame>,
    pub(super) warnings: Vec<Warning>,
}

/// An element that is open, and what stood before it.
struct Frame {
    tag: Tag,
    line: u32,
    before: Inlines,
}

impl Builder {
    /// With room for so many pieces.
    pub(super) fn with_capacity(pieces: usize) -> Self {
        Self { content: Inlines::with_capacity(pieces), open: Vec::new(), warnings: Vec::new() }
    }

    /// How many elements are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    pub(super) fn push(&mut self, inline: Inline) {
        push(&mut self.content, inline);
    }

    pub(super) fn extend(&mut self, inlines: Inlines) {
        for inline in inlines {
            self.push(inline);
        }
    }

    /// Text of raw HTML: its line ends are blanks.
    pub(super) fn html_text(&mut self, text: &str) {
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                self.push(Inline::SoftBreak);
            }
            let line = if at > 0 { line.trim_start() } else { line };
            if !line.is_empty() {
                self.push(Inline::Text(line.to_owned()));
            }
        }
    }

    /// An opening tag.
    pub(super) fn open(&mut self, tag: Tag, line: u32) {
        match tag.name.as_str() {
            "br" => self.push(Inline::HardBreak),
            "img" => self.image(&tag, line),
            "wbr" => self.element(&tag, line, Inlines::new()),
            "a" => {
                // A link cannot stand in a link: HTML ends the first where the second begins.
                self.close_if_open("a");
                self.start(tag, line);
            }
            name if sanitise::is_inline(name) || (sanitise::is_removed_whole(name) && !tag.is_void()) => {
                self.start(tag, line);
            }
            name => self.warnings.push(sanitise::removed(name, line)),
        }
    }

    fn start(&mut self, tag: Tag, line: u32) {
        let before = std::mem::take(&mut self.content);
        self.open.push(Frame { tag, line, before });
    }

    /// A closing tag. Elements that are open inside it were never closed: only their tags go.
    pub(super) fn close(&mut self, name: &str, line: u32) {
        if !self.close_if_open(name) && (sanitise::is_inline(name) || name == "a") {
            self.warnings.push(unmatched(&format!("/{name}"), line));
        }
    }

    fn close_if_open(&mut self, name: &str) -> bool {
        if !self.open.iter().any(|frame| frame.tag.name == name) {
            return false;
        }
        while let Some(frame) = self.open.pop() {
            if frame.tag.name == name {
                let inside = std::mem::replace(&mut self.content, frame.before);
                self.finished(&frame.tag, frame.line, inside);
                break;
            }
            self.dissolve(frame);
        }
        true
    }

    fn dissolve(&mut self, frame: Frame) {
        self.warnings.push(unmatched(&frame.tag.name, frame.line));
        let inside = std::mem::replace(&mut self.content, frame.before);
        self.extend(inside);
    }

    /// An element that is complete.
    fn finished(&mut self, tag: &Tag, line: u32, inside: Inlines) {
        match tag.name.as_str() {
            "a" => self.anchor(tag, line, inside),
            name if sanitise::is_removed_whole(name) => self.warnings.push(sanitise::removed(name, line)),
            "em" if tag.attributes.is_empty() => self.push(Inline::Emphasis(inside)),
            "strong" if tag.attributes.is_empty() => self.push(Inline::Strong(inside)),
            "del" | "s" if tag.attributes.is_empty() => self.push(Inline::Strikethrough(inside)),
            "code" => match inside.as_slice() {
                [] => {}
                [Inline::Text(text)] => self.push(Inline::Code(text.clone())),
                _ => self.element(tag, line, inside),
            },
            _ => self.element(tag, line, inside),
        }
    }

    fn element(&mut self, tag: &Tag, line: u32, content: Inlines) {
        let attributes = sanitise::inline_attributes(tag);
        self.warnings.extend(sanitise::lost_inline_attributes(tag, line));
        self.push(element(&tag.name, attributes, content));
    }

    /// `<a>`: a link, or a place to link to.
    fn anchor(&mut self, tag: &Tag, line: u32, content: Inlines) {
        if let Some(href) = tag.get("href") {
            let title = tag.get("title").map(str::to_owned);
            self.link(href.to_owned(), title, content, line);
        } else if let Some(id) = tag.get("id").or(tag.get("name")) {
            let attributes = vec![("id".to_owned(), id.to_owned())];
            self.push(element("span", attributes, content));
        } else {
            self.extend(content);
        }
    }

    /// A link, or its text alone where the address is not safe.
    pub(super) fn link(&mut self, href: String, title: Option<String>, content: Inlines, line: u32) {
        self.any_link(Link { href, title, content, bare: false, wiki: false, line });
    }

    pub(super) fn any_link(&mut self, mut link: Link) {
        let mut references = Inlines::new();
        if link.content.iter().any(holds_link) {
            link.content = without_links(link.content, &mut references);
        }
        if sanitise::is_safe_address(&link.href) {
            link.bare = is_bare(&link);
            self.push(Inline::Link(Box::new(link)));
        } else {
            self.warnings.push(sanitise::unsafe_address(&link.href, link.line));
            self.extend(link.content);
        }
        self.extend(references);
    }

    fn image(&mut self, tag: &Tag, line: u32) {
        let of = |name: &str| tag.get(name).unwrap_or_default().to_owned();
        if of("src").is_empty() {
            self.push(Inline::Text(of("alt")));
            return;
        }
        let width = tag.get("width").and_then(|width| width.trim_end_matches("px").parse().ok());
        let title = tag.get("title").map(str::to_owned);
        if tag.get("alt").is_none() {
            self.warnings.push(sanitise::missing_alt(&of("src"), line));
        }
        self.put_picture(Image { src: of("src"), alt: of("alt"), title, width, line });
    }

    /// A picture in Markdown, which has no way to call it mere decoration.
    pub(super) fn picture(&mut self, image: Image) {
        if image.alt.trim().is_empty() {
            self.warnings.push(sanitise::missing_alt(&image.src, image.line));
        }
        self.put_picture(image);
    }

    /// A picture, or its alternative text alone where the address is not safe.
    fn put_picture(&mut self, image: Image) {
        if sanitise::is_safe_picture(&image.src) {
            self.push(Inline::Image(Box::new(image)));
        } else {
            self.warnings.push(sanitise::unsafe_address(&image.src, image.line));
            self.push(Inline::Text(image.alt));
        }
    }

    /// The content, and what was to be said of it. Elements that are still open never were closed.
    pub(super) fn finish(mut self) -> (Inlines, Vec<Warning>) {
        while let Some(frame) = self.open.pop() {
            self.dissolve(frame);
        }
        (self.content, self.warnings)
    }
}

/// A raw element within text.
pub(super) fn element(name: &str, attributes: Vec<(String, String)>, content: Inlines) -> Inline {
    Inline::Element(Box::new(Element { name: name.to_owned(), attributes, content }))
}

fn unmatched(name: &str, line: u32) -> Warning {
    Warning::new(
        "html-removed",
        line,
        format!("the tag <{name}> was removed: it has no counterpart in this text"),
    )
}

/// Appends, joining neighbouring texts.
fn push(content: &mut Inlines, inline: Inline) {
    match (content.last_mut(), inline) {
        (_, Inline::Text(text)) if text.is_empty() => {}
        (Some(Inline::Text(before)), Inline::Text(text)) => before.push_str(&text),
        (_, inline) => content.push(inline),
    }
}

fn is_bare(link: &Link) -> bool {
    let text = match link.content.as_slice() {
        [Inline::Text(text)] => Cow::Borrowed(text.as_str()),
        content => Cow::Owned(plain_text(content)),
    };
    let rest = link.href.strip_prefix("mailto:").or(link.href.strip_prefix("http://"));
    !link.wiki && (text == link.href || Some(&*text) == rest)
}

/// Whether an inline is, or holds, what [`without_links`] takes out.
fn holds_link(inline: &Inline) -> bool {
    match inline {
        Inline::Link(_) | Inline::FootnoteRef { .. } => true,
        Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Strikethrough(inner) => {
            inner.iter().any(holds_link)
        }
        Inline::Element(raw) => raw.content.iter().any(holds_link),
        Inline::Text(_)
        | Inline::SoftBreak
        | Inline::HardBreak
        | Inline::Code(_)
        | Inline::Image(_)
        | Inline::Math { .. } => false,
    }
}

/// What a link may hold: no other links, whose text stays, and no footnote references, which go
/// behind it.
fn without_links(content: Inlines, references: &mut Inlines) -> Inlines {
    let mut out = Inlines::new();
    for inline in content {
        match inline {
            Inline::Link(inner) => {
                for inline in without_links(inner.content, references) {
                    push(&mut out, inline);
                }
            }
            reference @ Inline::FootnoteRef { .. } => references.push(reference),
            Inline::Emphasis(inner) => out.push(Inline::Emphasis(without_links(inner, references))),
            Inline::Strong(inner) => out.push(Inline::Strong(without_links(inner, references))),
            Inline::Strikethrough(inner) => out.push(Inline::Strikethrough(without_links(inner, references))),
            Inline::Element(mut raw) => {
                raw.content = without_links(raw.content, references);
                out.push(Inline::Element(raw));
            }
            other => push(&mut out, other),
        }
    }
    out
}
