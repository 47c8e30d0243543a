//! What can be shown within a page: films.

use super::{escape, link::bare_link, writer::Writer};
use crate::render::{
    LinkFate,
    document::{Inline, Provider},
};

impl Writer<'_> {
    /// A film in Confluence's own player; a link to what it has none for.
    pub(super) fn embed(&mut self, url: &str, provider: Provider, line: u32) {
        let is_film = matches!(provider, Provider::YouTube | Provider::Vimeo);
        // Whether it may be shown at all is asked, and told, only once.
        if is_film && let LinkFate::To(url) = self.fate(url, line) {
            self.push(&format!(
                "<ac:structured-macro ac:name=\"widget\"><ac:parameter ac:name=\"url\"><ri:url ri:value=\"{}\"/></ac:parameter></ac:structured-macro>",
                escape::address(&url)
            ));
            return;
        }
        if !is_film {
            self.warn("embed-as-link", "Confluence does not show pages of this site within its own");
        }
        self.paragraph(&[Inline::Link(bare_link(url, line))]);
    }
}
