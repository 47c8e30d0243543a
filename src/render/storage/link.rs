//! Links: within the page, and by address. Pages of the same space are linked by address too: in it
//! stands the page's id, which stays when the page is renamed or moved, whereas `ri:page` knows a page
//! by a title that nobody can tell from its address.

use url::Url;

use super::{escape, footnotes::within_page, writer::Writer};
use crate::render::{
    LinkFate,
    document::{Inline, Link},
};

impl Writer<'_> {
    pub(super) fn link(&mut self, link: &Link) {
        if self.in_link {
            self.inlines(&link.content);
            return;
        }
        match self.fate(&link.href, link.line) {
            LinkFate::To(href) => self.linked(&href, link.title.as_deref(), |writer| {
                writer.inlines(&link.content);
            }),
            LinkFate::Unlink => self.inlines(&link.content),
            // The text of a bare link is the very address that is not to be shown.
            LinkFate::Label(label) if link.bare => self.text(&label),
            LinkFate::Label(label) => {
                self.inlines(&link.content);
                self.text(&format!(" {label}"));
            }
        }
    }

    /// Text that leads somewhere; just the text where a page cannot lead there.
    pub(super) fn linked(&mut self, href: &str, title: Option<&str>, write: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.in_link, true);
        let text = self.apart(write);
        self.in_link = outer;
        self.push_link(href, title, &text);
        for (index, nth) in std::mem::take(&mut self.held) {
            self.reference(index, nth);
        }
    }

    /// A link around storage format.
    pub(super) fn push_link(&mut self, href: &str, title: Option<&str>, text: &str) {
        match destination(href) {
            _ if text.trim().is_empty() => {}
            Some(Destination::Anchor(name)) => self.push(&within_page(&name, text)),
            Some(Destination::Address(address)) => {
                let title = title.map(|title| format!(" title=\"{}\"", escape::value(title)));
                let address = escape::address(&address);
                self.push(&format!("<a href=\"{address}\"{}>{text}</a>", title.unwrap_or_default()));
            }
            None => {
                self.push(text);
                self.warn("link-removed", format!("a page cannot link to `{href}`: only the text is there"));
            }
        }
    }
}

/// Where a link leads.
enum Destination {
    /// A place on this page.
    Anchor(String),
    /// Elsewhere.
    Address(String),
}

fn destination(href: &str) -> Option<Destination> {
    if let Some(name) = href.strip_prefix('#') {
        return (!name.is_empty()).then(|| Destination::Anchor(name.to_owned()));
    }
    let is_absolute = href.starts_with("//") || Url::parse(href).is_ok();
    is_absolute.then(|| Destination::Address(href.to_owned()))
}

/// A link whose text is its address.
pub(super) fn bare_link(url: &str, line: u32) -> Link {
    Link {
        href: url.to_owned(),
        title: None,
        content: vec![Inline::Text(url.to_owned())],
        bare: true,
        wiki: false,
        line,
    }
}
