//! Links: within the page, within the wiki, and out of it.

use percent_encoding::percent_decode_str;
use url::Url;

use super::{
    escape::{self, Place},
    writer::Writer,
};
use crate::render::{
    LinkFate,
    document::{Inline, Link},
};

/// Schemes that MediaWiki makes links of (`$wgUrlProtocols`).
const SCHEMES: &[&str] = &[
    "bitcoin",
    "ftp",
    "ftps",
    "geo",
    "git",
    "gopher",
    "http",
    "https",
    "irc",
    "ircs",
    "magnet",
    "mailto",
    "matrix",
    "mms",
    "news",
    "nntp",
    "sftp",
    "sip",
    "sips",
    "sms",
    "ssh",
    "svn",
    "tel",
    "telnet",
    "urn",
    "worldwind",
    "xmpp",
];

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Destination {
    /// A page of this wiki or a place on this page, as stands in `[[…]]`.
    Page(String),
    /// Elsewhere, as stands in `[…]`.
    Address(String),
}

impl Writer<'_> {
    pub(super) fn link(&mut self, link: &Link) {
        if let [Inline::Image(image)] = link.content.as_slice()
            && self.pictures.get(&image.src).is_some()
        {
            self.linked_image(image, &link.href);
            return;
        }
        match self.fate(&link.href, link.line) {
            LinkFate::To(href) => match &link.title {
                None => self.linked(&href, |writer| writer.inlines(&link.content)),
                Some(title) => {
                    self.open_tag("span", &[("title".to_owned(), title.clone())]);
                    self.linked(&href, |writer| writer.inlines(&link.content));
                    self.push("</span>");
                }
            },
            LinkFate::Unlink => self.inlines(&link.content),
            // The text of a bare link is the very address that is not to be shown.
            LinkFate::Label(label) if link.bare => self.text(&label),
            LinkFate::Label(label) => {
                self.inlines(&link.content);
                self.text(&format!(" {label}"));
            }
        }
    }

    /// Text that leads somewhere; just the text where MediaWiki cannot lead there.
    pub(super) fn linked(&mut self, href: &str, write: impl FnOnce(&mut Self)) {
        let inside = Place { link: true, ..self.place };
        let text = self.apart(|writer| writer.at(inside, write));
        let shown = text.trim_start_matches(' ');
        self.push(&" ".repeat(text.len() - shown.len()));
        match destination(href, self.abilities.article.as_deref()) {
            _ if shown.is_empty() => {}
            Some(Destination::Page(page)) => self.push(&format!("[[{page}|{shown}]]")),
            Some(Destination::Address(address)) => self.push(&format!("[{address} {shown}]")),
            None => {
                self.push(shown);
                self.warn(
                    "link-removed",
                    format!("a wiki page cannot link to `{href}`: only the text is there"),
                );
            }
        }
        if !self.place.link {
            for (index, nth) in std::mem::take(&mut self.held) {
                self.reference(index, nth);
            }
        }
    }
}

/// Where an address leads from a page of the wiki whose pages are at `article`.
pub(super) fn destination(href: &str, article: Option<&str>) -> Option<Destination> {
    if let Some(anchor) = href.strip_prefix('#') {
        return Some(Destination::Page(format!("#{}", page_part(anchor)?)));
    }
    if let Some(page) = article.and_then(|article| page(href, article)) {
        return Some(Destination::Page(page));
    }
    let known = match Url::parse(href) {
        Ok(url) => SCHEMES.contains(&url.scheme()),
        Err(_) => href.starts_with("//"),
    };
    known.then(|| Destination::Address(escape::address(href)))
}

/// `:Title#anchor` of an address within the wiki.
fn page(href: &str, article: &str) -> Option<String> {
    let (before, after) = article.split_once("$1")?;
    let (address, anchor) = href.split_once('#').map_or((href, None), |(a, b)| (a, Some(b)));
    let title = address.strip_prefix(before)?.strip_suffix(after)?;
    if title.contains(['?', '&']) {
        return None;
    }
    let title = page_part(title)?.replace('_', " ");
    Some(match anchor {
        Some(anchor) => format!(":{title}#{}", page_part(anchor)?),
        None => format!(":{title}"),
    })
}

/// Part of an address, decoded, that may stand in `[[…]]`.
fn page_part(encoded: &str) -> Option<String> {
    let text = percent_decode_str(encoded).decode_utf8().ok()?;
    let stands = |c: char| !c.is_control() && !"[]{}|<>#~".contains(c);
    (!text.is_empty() && text.chars().all(stands)).then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_the_wiki_are_linked_by_title() {
        let at = |href: &str| destination(href, Some("https://w.example/wiki/$1"));
        let page = |title: &str| Some(Destination::Page(title.to_owned()));
        assert_eq!(at("https://w.example/wiki/A_b%3F#c_d"), page(":A b?#c_d"));
        assert_eq!(at("#x"), page("#x"));
        let address = |text: &str| Some(Destination::Address(text.to_owned()));
        for other in
            ["https://w.example/wiki/A?action=edit", "https://w.example/w/A", "mailto:a@b.c", "//b.c/d"]
        {
            assert_eq!(at(other), address(other));
        }
        assert_eq!(at("https://w.example/wiki/A%5Bb"), address("https://w.example/wiki/A%5Bb"));
        for nowhere in ["webcal://x.y", "/relative", "#", "#a|b", ""] {
            assert_eq!(at(nowhere), None, "{nowhere}");
        }
    }
}
