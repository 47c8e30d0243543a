//! What can be shown within a page: films.

use super::{escape, link::bare_link, writer::Writer};
use crate::render::{LinkFate, document::Provider};

impl Writer<'_> {
    /// A film in Confluence's own player; a link to what it has none for.
    pub(super) fn embed(&mut self, url: &str, provider: Provider, line: u32) {
        let fate = self.fate(url, line);
        let is_film = matches!(provider, Provider::YouTube | Provider::Vimeo);
        match &fate {
            LinkFate::To(url) if is_film => {
                self.push(&format!(
                    "<ac:structured-macro ac:name=\"widget\"><ac:parameter ac:name=\"url\"><ri:url ri:value=\"{}\"/></ac:parameter></ac:structured-macro>",
                    escape::address(url)
                ));
            }
            LinkFate::To(_) => {
                self.warn("embed-as-link", "Confluence does not show pages of this site within its own");
                self.within("<p>", "</p>", |writer| writer.link_as(&bare_link(url, line), fate));
            }
            LinkFate::Unlink | LinkFate::Label(_) => {
                self.within("<p>", "</p>", |writer| writer.link_as(&bare_link(url, line), fate));
            }
        }
    }
}
