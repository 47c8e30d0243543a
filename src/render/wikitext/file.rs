//! Pictures: files of the wiki, named by their content.

use super::{
    escape,
    link::{Destination, destination},
    writer::Writer,
};
use crate::render::{
    LinkFate, Picture, RemotePicture,
    document::{Figure, Image},
};

/// The greatest width at which a picture is shown, in pixels.
pub const LARGEST: u32 = 700;

/// The name under which a picture is put on the wiki: always the same for the same bytes.
#[must_use]
pub fn content_name(picture: &Picture) -> String {
    let ending = match picture.media_type {
        "image/jpeg" => "jpg",
        "image/svg+xml" => "svg",
        other => other.rsplit('/').next().unwrap_or("png"),
    };
    format!("Crosspost-{}.{ending}", picture.digest.short())
}

/// The name of a picture's file on the wiki.
#[must_use]
pub fn file_name(picture: &Picture, remote: Option<&RemotePicture>) -> String {
    remote.and_then(|remote| remote.id.clone()).unwrap_or_else(|| content_name(picture))
}

impl Writer<'_> {
    /// A picture within text.
    pub(super) fn image(&mut self, image: &Image) {
        self.line = image.line;
        match self.file_of(image) {
            Some(_) if self.place.link => {
                self.text(&image.alt);
                self.warn("picture-in-link", "a picture within a link's text became its alternative text");
            }
            Some((name, width)) => self.file(&name, width, &[], &image.alt, None, ""),
            None => self.foreign_image(image),
        }
    }

    /// A picture that is all there is of a link's text.
    pub(super) fn linked_image(&mut self, image: &Image, href: &str) {
        self.line = image.line;
        let fate = self.fate(href, image.line);
        let Some((name, width)) = self.file_of(image) else { return };
        self.file(&name, width, &[], &image.alt, self.leads_to(&fate).as_deref(), "");
        if let LinkFate::Label(label) = fate {
            self.text(&format!(" {label}"));
        }
    }

    /// A picture by itself, with its caption.
    pub(super) fn figure(&mut self, figure: &Figure) {
        self.line = figure.image.line;
        let mut caption = self.apart(|writer| writer.inlines(&figure.caption)).trim_matches(' ').to_owned();
        let Some((name, width)) = self.file_of(&figure.image) else {
            let image = self.apart(|writer| writer.foreign_image(&figure.image));
            let text = escape::line(&format!("{image} {caption}"));
            if !text.is_empty() {
                self.paragraph_of(&text);
            }
            return;
        };
        let fate = figure.link.as_ref().map(|href| self.fate(href, figure.image.line));
        let link = fate.as_ref().and_then(|fate| self.leads_to(fate));
        if let Some(LinkFate::Label(label)) = &fate {
            let label = self.apart(|writer| writer.text(label));
            caption = format!("{caption} {label}");
        }
        let frame = if caption.is_empty() { "frameless" } else { "thumb" };
        let width = Some(width.unwrap_or_else(|| self.natural_width(&figure.image)));
        self.file(&name, width, &[frame, "none"], &figure.image.alt, link.as_deref(), caption.trim());
    }

    /// The file's name, and the width where it is not the file's own.
    fn file_of(&self, image: &Image) -> Option<(String, Option<u32>)> {
        let (picture, remote) = self.pictures.get(&image.src)?;
        let too_large = Some(LARGEST).filter(|_| picture.width > LARGEST);
        Some((file_name(picture, remote), image.width.map(|width| width.min(LARGEST)).or(too_large)))
    }

    fn natural_width(&self, image: &Image) -> u32 {
        let picture = self.pictures.get(&image.src).map(|(picture, _)| picture);
        picture.map(|picture| picture.width).filter(|width| (1..LARGEST).contains(width)).unwrap_or(LARGEST)
    }

    fn leads_to(&self, fate: &LinkFate) -> Option<String> {
        let LinkFate::To(href) = fate else { return None };
        Some(match destination(href, self.abilities.article.as_deref())? {
            Destination::Page(page) => page.trim_start_matches(':').to_owned(),
            Destination::Address(address) => address,
        })
    }

    fn file(
        &mut self,
        name: &str,
        width: Option<u32>,
        options: &[&str],
        alt: &str,
        link: Option<&str>,
        caption: &str,
    ) {
        let mut parts = vec![format!("File:{name}")];
        parts.extend(options.iter().map(|option| (*option).to_owned()));
        parts.extend(width.map(|width| format!("{width}px")));
        parts.extend(link.map(|link| format!("link={link}")));
        parts.push(format!("alt={}", escape::parameter(alt)));
        if !caption.is_empty() {
            parts.push(unmistakable(caption));
        }
        self.push(&format!("[[{}]]", parts.join("|")));
    }

    /// A picture of another site: MediaWiki shows only its own, so it becomes a link.
    fn foreign_image(&mut self, image: &Image) {
        match self.fate(&image.src, image.line) {
            LinkFate::To(src) => self.picture_link(&src, &image.alt),
            LinkFate::Label(label) => self.text(format!("{} {label}", image.alt).trim_start()),
            LinkFate::Unlink => self.text(&image.alt),
        }
    }

    pub(super) fn picture_link(&mut self, src: &str, alt: &str) {
        let is_web = src.starts_with("https://") || src.starts_with("http://");
        if !is_web || self.place.link {
            self.text(alt);
            self.warn(
                "picture-removed",
                "a picture that is no file beside the note became its alternative text",
            );
            return;
        }
        let last = src.split(['?', '#']).next().unwrap_or(src).rsplit('/').next().unwrap_or(src);
        let text = if alt.trim().is_empty() { last } else { alt };
        self.linked(src, |writer| writer.text(text));
        self.warn(
            "picture-linked",
            "a wiki shows only pictures of its own: one of another site became a link",
        );
    }
}

/// A caption that is no parameter (`left`, `300px`, `page 3`) in any language.
fn unmistakable(caption: &str) -> String {
    let end = if caption.ends_with(']') { " " } else { "" };
    let is_long = caption.split(' ').count() > 2 && !caption.contains('=');
    let start = if is_long { "" } else { "<nowiki/>" };
    format!("{start}{caption}{end}")
}
