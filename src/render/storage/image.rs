//! Pictures: attachments of a page, named by their content, or addresses elsewhere.

use std::fmt::Write as _;

use super::{Options, escape, writer::Writer};
use crate::render::{
    LinkFate, Picture,
    document::{Figure, Image},
};

/// The name under which a picture is attached: always the same for the same bytes.
#[must_use]
pub fn content_name(picture: &Picture) -> String {
    let ending = match picture.media_type {
        "image/jpeg" => "jpg",
        "image/svg+xml" => "svg",
        other => other.rsplit('/').next().unwrap_or("png"),
    };
    format!("crosspost-{}.{ending}", picture.digest.short())
}

/// A picture that is attached to the pictures' page. `caption` is storage format.
pub(super) fn attached(
    file_name: &str,
    attributes: &[(&str, String)],
    options: Options<'_>,
    caption: &str,
) -> String {
    let name = escape::value(file_name);
    let resource = match options.pictures_on {
        None => format!("<ri:attachment ri:filename=\"{name}\"/>"),
        Some(title) => format!(
            "<ri:attachment ri:filename=\"{name}\"><ri:page ri:content-title=\"{}\"/></ri:attachment>",
            escape::value(title)
        ),
    };
    element(&resource, attributes, caption)
}

fn element(resource: &str, attributes: &[(&str, String)], caption: &str) -> String {
    let mut all = String::new();
    for (name, value) in attributes.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = write!(all, " {name}=\"{}\"", escape::value(value));
    }
    format!("<ac:image{all}>{resource}{caption}</ac:image>")
}

impl Writer<'_> {
    /// A picture within text, or what is left of it.
    pub(super) fn image(&mut self, image: &Image) {
        self.line = image.line;
        let shown = self.picture(image, "").unwrap_or_else(|left| left);
        self.push(&shown);
    }

    /// A picture by itself, with its caption and where a click on it leads.
    pub(super) fn figure(&mut self, figure: &Figure) {
        self.line = figure.image.line;
        let caption = self.line_of(&figure.caption);
        let fate = figure.link.as_ref().map(|href| self.fate(href, figure.image.line));
        // With a caption of its own, a picture is a block, which no link can hold.
        let is_block = self.is_cloud() && fate.is_none() && !caption.is_empty();
        let own = if is_block { format!("<ac:caption><p>{caption}</p></ac:caption>") } else { String::new() };
        match self.picture(&figure.image, &own) {
            Ok(picture) if is_block => self.push(&picture),
            Ok(picture) => {
                let shown = linked(&picture, fate.as_ref());
                self.push(&format!("<p>{shown}</p>"));
                if !caption.is_empty() {
                    self.push(&format!("\n<p><em>{caption}</em></p>"));
                }
            }
            Err(left) => {
                let words = format!("{left} {caption}");
                if !words.trim().is_empty() {
                    self.push(&format!("<p>{}</p>", words.trim()));
                }
            }
        }
    }

    /// A picture; or else what stands in its place where it cannot be shown.
    fn picture(&mut self, image: &Image, caption: &str) -> Result<String, String> {
        let attributes = [
            ("ac:alt", image.alt.clone()),
            ("ac:title", image.title.clone().unwrap_or_default()),
            ("ac:width", image.width.map(|width| width.to_string()).unwrap_or_default()),
        ];
        if let Some((picture, _)) = self.pictures.get(&image.src) {
            return Ok(attached(&content_name(picture), &attributes, self.options, caption));
        }
        let alt = escape::escaped(&image.alt);
        if !is_web(&image.src) {
            self.warn(
                "picture-removed",
                "a picture that is no file beside the note became its alternative text",
            );
            return Err(alt);
        }
        match self.fate(&image.src, image.line) {
            LinkFate::To(src) => {
                let resource = format!("<ri:url ri:value=\"{}\"/>", escape::address(&src));
                Ok(element(&resource, &attributes, caption))
            }
            LinkFate::Label(label) => Err(format!("{alt} {}", escape::escaped(&label))),
            LinkFate::Unlink => Err(alt),
        }
    }
}

/// A picture that leads somewhere, if it may.
fn linked(picture: &str, fate: Option<&LinkFate>) -> String {
    match fate {
        Some(LinkFate::To(href)) => format!("<a href=\"{}\">{picture}</a>", escape::address(href)),
        Some(LinkFate::Label(label)) => format!("{picture} {}", escape::escaped(label)),
        Some(LinkFate::Unlink) | None => picture.to_owned(),
    }
}

fn is_web(src: &str) -> bool {
    src.starts_with("https://") || src.starts_with("http://")
}
