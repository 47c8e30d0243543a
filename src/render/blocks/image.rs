//! Pictures: the image block, and pictures within text.

use serde_json::Value;

use super::{
    escape, markup,
    writer::{Writer, paragraph},
};
use crate::render::{
    LinkFate,
    document::{Figure, Image},
};

/// A picture as it may be shown.
struct Shown {
    src: String,
    /// The attachment's id, which ties the picture to the site's library.
    id: Option<u64>,
}

impl Writer<'_> {
    /// Where to show a picture from; or else the words to write in its place.
    fn shown(&mut self, image: &Image) -> Result<Shown, String> {
        if let Some((_, remote)) = self.context.pictures.get(&image.src) {
            let id = remote.and_then(|remote| remote.id.as_deref()).and_then(|id| id.parse().ok());
            return Ok(Shown { src: self.context.pictures.url(&image.src), id });
        }
        match self.fate(&image.src, image.line) {
            LinkFate::To(src) => Ok(Shown { src, id: None }),
            LinkFate::Unlink => Err(escape::text(&image.alt)),
            LinkFate::Label(label) => Err(escape::text(format!("{} {label}", image.alt).trim_start())),
        }
    }

    /// A picture within text.
    pub(super) fn inline_image(&mut self, image: &Image, out: &mut String) {
        match self.shown(image) {
            Err(words) => out.push_str(&words),
            Ok(Shown { src, id }) => {
                let class = id.map(|id| format!(" class=\"wp-image-{id}\"")).unwrap_or_default();
                let (src, alt, title) = (escape::address(&src), escape::attribute(&image.alt), title(image));
                out.extend(["<img", &class, " src=\"", &src, "\" alt=\"", &alt, "\"", &title, ">"]);
            }
        }
    }

    /// An image block.
    pub(super) fn figure(&mut self, figure: &Figure, out: &mut String) {
        let shown = self.shown(&figure.image);
        let fate = figure.link.as_deref().map(|href| self.fate(href, self.line));
        let mut caption = String::new();
        self.rich(&figure.caption, &mut caption);
        let href = match fate {
            Some(LinkFate::To(href)) => Some(href),
            Some(LinkFate::Label(label)) => {
                if !caption.is_empty() {
                    caption.push(' ');
                }
                let start = caption.len();
                escape::push_text(&label, &mut caption);
                escape::keep_shortcodes_out(&mut caption, start);
                None
            }
            Some(LinkFate::Unlink) | None => None,
        };
        match shown {
            Ok(shown) => image_block(&shown, &figure.image, href.as_deref(), &caption, out),
            Err(words) => {
                let start = out.len();
                paragraph(out, |out| {
                    let start = out.len();
                    out.push_str(&words);
                    escape::keep_shortcodes_out(out, start);
                });
                markup::next(out, start, |out| paragraph(out, |out| out.push_str(&caption)));
            }
        }
    }
}

fn image_block(shown: &Shown, image: &Image, href: Option<&str>, caption: &str, out: &mut String) {
    let (src, alt, title) = (escape::address(&shown.src), escape::attribute(&image.alt), title(image));
    let class = shown.id.map(|id| format!(" class=\"wp-image-{id}\"")).unwrap_or_default();
    let img = format!("<img src=\"{src}\" alt=\"{alt}\"{class}{title}/>");
    let linked = match href {
        Some(href) => format!("<a href=\"{}\">{img}</a>", escape::address(href)),
        None => img,
    };
    let caption = match caption {
        "" => String::new(),
        caption => format!("<figcaption class=\"wp-element-caption\">{caption}</figcaption>"),
    };
    let size = if shown.id.is_some() { " size-full" } else { "" };
    let html = format!("<figure class=\"wp-block-image{size}\">{linked}{caption}</figure>");
    markup::block(out, "image", &markup::json(&attributes(shown.id, href.is_some())), &[&html]);
}

fn attributes(id: Option<u64>, linked: bool) -> Vec<(&'static str, Value)> {
    let mut attributes = Vec::new();
    if let Some(id) = id {
        attributes.extend([("id", Value::from(id)), ("sizeSlug", Value::from("full"))]);
    }
    if linked {
        attributes.push(("linkDestination", Value::from("custom")));
    } else if id.is_some() {
        attributes.push(("linkDestination", Value::from("none")));
    }
    attributes
}

fn title(image: &Image) -> String {
    let title = image.title.as_deref().map(escape::attribute).filter(|title| !title.is_empty());
    title.map(|title| format!(" title=\"{title}\"")).unwrap_or_default()
}
