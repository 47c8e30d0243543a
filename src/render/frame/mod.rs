//! What a target sets before and after every note: its `header` and `footer`, Markdown templates.
//! They become blocks of the document, so that every dialect writes them like the note's own.

mod template;

use std::{borrow::Cow, fmt::Write as _};

use jiff::tz::TimeZone;
use minijinja::Value;
use url::Url;

pub use template::{Template, VARIABLES, Wrong};

use super::{
    Document, Meta, PENDING_LINK, Rendering,
    document::{Block, BlockKind},
    links::is_relative,
    parse,
};
use crate::{
    error::{Error, Result},
    note::{Audience, Cleared},
};

/// The header and footer of a target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frame {
    /// `header`.
    pub header: Option<Template>,
    /// `footer`.
    pub footer: Option<Template>,
}

/// Stands in a template's text for an address that is not known yet (RFC 2606 keeps `.invalid`
/// free). A rendering with it is never sent: see [`Frame::wait`].
const UNKNOWN: &str = "https://pending.invalid/";

impl Frame {
    /// The document between header and footer. `zone` is on whose calendar dates are shown.
    ///
    /// # Errors
    /// What a template needs and this note does not have.
    pub fn around<'d>(
        &self,
        document: &'d Document,
        meta: &Meta,
        zone: &TimeZone,
    ) -> Result<Cow<'d, Document>> {
        if self.header.is_none() && self.footer.is_none() {
            return Ok(Cow::Borrowed(document));
        }
        let values = values(meta, zone);
        let header = part("header", self.header.as_ref(), &values)?;
        let footer = part("footer", self.footer.as_ref(), &values)?;
        let mut framed = document.clone();
        framed.blocks.splice(0..0, header);
        framed.blocks.extend(footer);
        Ok(Cow::Owned(framed))
    }

    /// Makes a rendering wait for the address of the original if it stands in header or footer and
    /// is not known yet.
    pub fn wait(&self, rendering: &mut Rendering, meta: &Meta) {
        let names_it = |template: &Template| template.names("canonical") || template.names("canonical_host");
        let pending = meta.canonical.as_ref().filter(|url| url.starts_with(PENDING_LINK));
        if rendering.canonical.is_none() && self.header.iter().chain(&self.footer).any(names_it) {
            rendering.canonical = pending.cloned();
        }
    }
}

/// Tries a template with every value there is, and looks at what comes out.
///
/// # Errors
/// What cannot stand in a header or footer: footnotes, and addresses that start from a note's folder.
pub fn tried(template: &Template) -> Result<()> {
    let example = Meta {
        title: "Title".to_owned(),
        canonical: Some("https://example.org/post".to_owned()),
        author: Some("author".to_owned()),
        date: Some(jiff::Timestamp::UNIX_EPOCH),
        ..Meta::default()
    };
    let document = parsed("template", &template.fill(&values(&example, &TimeZone::UTC))?)?;
    if !document.footnotes.is_empty() {
        return Err(
            Error::invalid("a template has no footnotes").help("they would be numbered among the note's own")
        );
    }
    if let Some(warning) = document.warnings.first() {
        return Err(Error::invalid(format!("in a template, {}", warning.message)));
    }
    let links = document.links().into_iter().map(|link| link.href);
    let relative =
        links.chain(document.pictures().into_iter().map(|(src, _)| src)).find(|to| is_relative(to));
    match relative {
        Some(address) => Err(Error::invalid(format!("`{address}` in a template starts from no folder"))
            .help("write a whole address: `https://…`")),
        None => Ok(()),
    }
}

fn part(name: &'static str, template: Option<&Template>, values: &template::Values) -> Result<Vec<Block>> {
    let Some(template) = template else { return Ok(Vec::new()) };
    let markdown = template.fill(values).map_err(|e| e.detail("in", format!("the target's {name}")))?;
    let mut blocks = parsed(name, &markdown)?.blocks;
    for block in &mut blocks {
        // The note may have a heading of the same words, whose anchor is its own.
        if let BlockKind::Heading { anchor, .. } = &mut block.kind {
            *anchor = format!("{name}-{anchor}");
        }
    }
    Ok(blocks)
}

/// Blocks that stand on no line of the note: 0.
fn parsed(name: &str, markdown: &str) -> Result<Document> {
    let lines = vec![0; markdown.split('\n').count()];
    let cleared =
        Cleared { audience: Audience::Public, text: markdown.to_owned(), lines, removed: Vec::new() };
    // With a title that no heading has, none is taken for it.
    parse::parse(name, &cleared, Some("")).map_err(|mut errors| errors.swap_remove(0))
}

fn values(meta: &Meta, zone: &TimeZone) -> template::Values {
    let canonical = meta.canonical.as_deref().map(|url| match url.strip_prefix(PENDING_LINK) {
        Some(target) => format!("{UNKNOWN}{target}"),
        None => url.to_owned(),
    });
    let host = canonical.as_deref().and_then(|url| Url::parse(url).ok()?.host_str().map(str::to_owned));
    let date = meta.date.map(|date| date.to_zoned(zone.clone()).date().to_string());
    let all = [
        ("title", Some(Value::from(meta.title.clone()))),
        ("canonical", canonical.map(|url| Value::from_safe_string(address(&url)))),
        ("canonical_host", host.map(Value::from)),
        ("date", date.map(Value::from_safe_string)),
        ("author", meta.author.clone().map(Value::from)),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// An address that can stand anywhere in Markdown: what could end a link's destination, or be taken
/// for markup, is percent-encoded.
fn address(url: &str) -> String {
    let mut out = String::new();
    for c in url.chars() {
        match c {
            '(' | ')' | '<' | '>' | '[' | ']' | '\\' | '`' | '*' | '"' | '|' | ' ' => {
                let _ = write!(out, "%{:02X}", c as u32);
            }
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests;
