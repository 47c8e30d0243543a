//! Figures as HTML: pictures with captions, and what could be embedded.

use super::{LinkFate, Writer};
use crate::render::document::Figure;

impl Writer<'_> {
    /// A figure; a paragraph where the picture may not be shown.
    pub(super) fn figure(&mut self, figure: &Figure, line: u32) {
        let src = match self.picture_fate(&figure.image) {
            LinkFate::To(src) => src,
            other => {
                self.no_figure(figure, &other);
                return;
            }
        };
        self.push("<figure>");
        let fate = figure.link.as_deref().map(|href| self.fate(href, line));
        if let Some(LinkFate::To(href)) = &fate {
            self.push("<a");
            self.address("href", href);
            self.push(">");
        }
        self.image_tag(&figure.image, &src);
        match fate {
            Some(LinkFate::To(_)) => self.push("</a>"),
            Some(LinkFate::Label(label)) => self.text(&format!(" {label}")),
            Some(LinkFate::Unlink) | None => {}
        }
        if !figure.caption.is_empty() {
            self.wrapped("figcaption", &figure.caption);
        }
        self.push("</figure>");
    }

    fn no_figure(&mut self, figure: &Figure, fate: &LinkFate) {
        let before = self.out.len();
        self.push("<p>");
        self.no_image(&figure.image, fate);
        if !figure.caption.is_empty() {
            self.push(" ");
            self.inlines(&figure.caption);
        }
        self.push("</p>");
        if self.out.ends_with("<p></p>") {
            self.out.truncate(before);
        }
    }

    pub(super) fn embed(&mut self, url: &str, line: u32) {
        self.push("<figure>");
        self.bare_link(url, line);
        self.push("</figure>");
    }
}
