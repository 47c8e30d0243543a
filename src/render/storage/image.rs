//! Pictures: attachments of a page, named by their content, or addresses elsewhere.

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
        all.push_str(&format!(" {name}=\"{}\"", escape::value(value)));
    }
    format!("<ac:image{all}>{resource}{caption}</ac:image>")
}

impl Writer<'_> {
    /// A picture within text.
    pub(super) fn image(&mut self, image: &Image) {
        self.line = image.line;
        if let Some(picture) = self.picture(image, "") {
            self.push(&picture);
        }
    }

    /// A picture by itself, with its caption and where a click on it leads.
    pub(super) fn figure(&mut self, figure: &Figure) {
        self.line = figure.image.line;
        let caption = self.line_of(&figure.caption);
        let fate = figure.link.as_ref().map(|href| self.fate(href, figure.image.line));
        let inside = match (&fate, caption.as_str()) {
            (_, "") | (Some(_), _) => String::new(),
            _ if self.is_cloud() => format!("<ac:caption><p>{caption}</p></ac:caption>"),
            _ => String::new(),
        };
        let Some(picture) = self.picture(&figure.image, &inside) else {
            let left = self.apart(|writer| writer.image_left(&figure.image));
            if !format!("{left}{caption}").is_empty() {
                self.push(&format!("<p>{}</p>", format!("{left} {caption}").trim()));
            }
            return;
        };
        let mut shown = picture;
        let mut after = String::new();
        match &fate {
            Some(LinkFate::To(href)) => {
                shown = format!("<a href=\"{}\">{shown}</a>", escape::address(href));
            }
            Some(LinkFate::Label(label)) => after = format!(" {}", escape::escaped(label)),
            Some(LinkFate::Unlink) | None => {}
        }
        // With a caption of its own, a picture is a block.
        if inside.is_empty() {
            self.push(&format!("<p>{shown}{after}</p>"));
            if !caption.is_empty() {
                self.push(&format!("\n<p><em>{caption}</em></p>"));
            }
        } else {
            self.push(&shown);
        }
    }

    /// A picture, where it can be shown.
    fn picture(&mut self, image: &Image, caption: &str) -> Option<String> {
        let mut attributes = vec![
            ("ac:alt", image.alt.clone()),
            ("ac:title", image.title.clone().unwrap_or_default()),
            ("ac:width", image.width.map(|width| width.to_string()).unwrap_or_default()),
        ];
        if let Some((picture, _)) = self.pictures.get(&image.src) {
            return Some(attached(&content_name(picture), &attributes, self.options, caption));
        }
        if !is_web(&image.src) {
            return None;
        }
        let LinkFate::To(src) = self.fate(&image.src, image.line) else { return None };
        attributes.retain(|(_, value)| !value.is_empty());
        let resource = format!("<ri:url ri:value=\"{}\"/>", escape::address(&src));
        Some(element(&resource, &attributes, caption))
    }

    /// What stands in the place of a picture that cannot be shown.
    fn image_left(&mut self, image: &Image) {
        self.text(&image.alt);
        if !is_web(&image.src) {
            self.warn(
                "picture-removed",
                "a picture that is no file beside the note became its alternative text",
            );
        } else if let LinkFate::Label(label) = self.fate(&image.src, image.line) {
            self.text(&format!(" {label}"));
        }
    }

    /// A picture within text, or what is left of it.
    pub(super) fn image_or_words(&mut self, image: &Image) {
        let before = self.out.len();
        self.image(image);
        if self.out.len() == before {
            self.image_left(image);
        }
    }
}

fn is_web(src: &str) -> bool {
    src.starts_with("https://") || src.starts_with("http://")
}
