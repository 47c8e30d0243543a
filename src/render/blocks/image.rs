//! Pictures: the image block, and pictures within text.

use serde_json::Value;

use super::{escape, markup, writer::{Writer, paragraph}};
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
    pub(super) fn inline_image(&mut self, image: &Image) -> String {
        match self.shown(image) {
            Err(words) => words,
            Ok(Shown { src, id }) => {
                let class = id.map(|id| format!(" class=\"wp-image-{id}\"")).unwrap_or_default();
                let (src, alt, title) = (escape::address(&src), escape::attribute(&image.alt), title(image));
                format!("<img{class} src=\"{src}\" alt=\"{alt}\"{title}>")
            }
        }
    }

    /// An image block.
    pub(super) fn figure(&mut self, figure: &Figure) -> String {
        let shown = self.shown(&figure.image);
        let line = self.line;
        let link = figure.link.as_deref().map(|href| self.fate(href, line));
        let mut caption = self.inlines(&figure.caption);
        if let Some(LinkFate::Label(label)) = &link {
            caption = format!("{caption} {}", escape::text(label));
        }
        let caption = escape::without_shortcodes(caption.trim_matches(escape::is_blank));
        let link = match link {
            Some(LinkFate::To(href)) => Some(href),
            _ => None,
        };
        match shown {
            Ok(shown) => image_block(&shown, &figure.image, link.as_deref(), &caption),
            Err(words) => paragraph(&escape::without_shortcodes(&words)) + &lead(&paragraph(&caption)),
        }
    }
}

/// A second block after a first.
fn lead(block: &str) -> String {
    if block.is_empty() { String::new() } else { format!("\n\n{block}") }
}

fn image_block(shown: &Shown, image: &Image, link: Option<&str>, caption: &str) -> String {
    let mut attributes = Vec::new();
    if let Some(id) = shown.id {
        attributes.extend([("id", Value::from(id)), ("sizeSlug", Value::from("full"))]);
    }
    match (link, shown.id) {
        (Some(_), _) => attributes.push(("linkDestination", Value::from("custom"))),
        (None, Some(_)) => attributes.push(("linkDestination", Value::from("none"))),
        (None, None) => {}
    }
    let size = if shown.id.is_some() { " size-full" } else { "" };
    let class = shown.id.map(|id| format!(" class=\"wp-image-{id}\"")).unwrap_or_default();
    let (src, alt, title) = (escape::address(&shown.src), escape::attribute(&image.alt), title(image));
    let mut html = format!("<img src=\"{src}\" alt=\"{alt}\"{class}{title}/>");
    if let Some(href) = link {
        html = format!("<a href=\"{}\">{html}</a>", escape::address(href));
    }
    if !caption.is_empty() {
        html += &format!("<figcaption class=\"wp-element-caption\">{caption}</figcaption>");
    }
    markup::block("image", &attributes, &format!("<figure class=\"wp-block-image{size}\">{html}</figure>"))
}

fn title(image: &Image) -> String {
    let title = image.title.as_deref().map(escape::attribute).filter(|title| !title.is_empty());
    title.map(|title| format!(" title=\"{title}\"")).unwrap_or_default()
}
