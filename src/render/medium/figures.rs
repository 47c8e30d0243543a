//! Pictures: Medium fetches each from a public address, or takes it as an upload.

use super::{Writer, attribute, escaped};
use crate::render::{
    Featured, LinkFate, PENDING_PICTURE,
    document::{Block, BlockKind, Document, Figure, Image, Inline},
};

/// What `POST /images` takes (Medium's API documentation, "Uploading an image").
pub const MEDIA_TYPES: &[&str] = &["image/jpeg", "image/png", "image/gif", "image/tiff"];

/// A picture that is ready to stand between two blocks.
pub(super) struct Shown {
    /// Where it is shown from.
    url: String,
    alt: String,
    /// Where a click leads.
    pub(super) link: Option<String>,
    /// HTML.
    caption: String,
}

impl Shown {
    fn html(&self) -> String {
        let mut image = format!("<img{}{}>", attribute("src", &self.url), attribute("alt", &self.alt));
        if let Some(link) = &self.link {
            image = format!("<a{}>{image}</a>", attribute("href", link));
        }
        match self.caption.as_str() {
            "" => format!("<figure>{image}</figure>"),
            caption => format!("<figure>{image}<figcaption>{caption}</figcaption></figure>"),
        }
    }
}

impl Writer<'_> {
    pub(super) fn figure(&mut self, figure: &Figure) {
        let caption = self.inline(&figure.caption);
        let link = figure.link.as_deref().and_then(|href| match self.fate(href, figure.image.line) {
            LinkFate::To(url) if !url.starts_with('#') => Some(url),
            _ => None,
        });
        match self.address(&figure.image) {
            Ok(url) => {
                let shown = Shown { url, alt: figure.image.alt.clone(), link, caption };
                self.put(&[&shown.html()]);
            }
            Err(text) => {
                let text = format!("{} {caption}", escaped(&text));
                if !text.trim().is_empty() {
                    self.put(&["<p>", text.trim(), "</p>"]);
                }
            }
        }
    }

    /// A picture within text, which will stand behind the block. Returns what is left in its place.
    pub(super) fn picture_in_text(&mut self, image: &Image) -> String {
        match self.address(image) {
            Ok(url) => {
                let caption = image.title.as_deref().map_or_else(String::new, escaped);
                self.pictures.push(Shown { url, alt: image.alt.clone(), link: None, caption });
                String::new()
            }
            Err(text) => text,
        }
    }

    /// Where Medium can fetch a picture from; else the text that stands in its place.
    pub(super) fn address(&mut self, image: &Image) -> Result<String, String> {
        self.line = if image.line > 0 { image.line } else { self.line };
        if let Some((picture, _)) = self.context.pictures.get(&image.src) {
            if !MEDIA_TYPES.contains(&picture.media_type) {
                return Err(self.unsupported(image, picture.media_type));
            }
            self.need(image);
            return Ok(self.context.pictures.url(&image.src));
        }
        match self.fate(&image.src, self.line) {
            LinkFate::To(url) if fetchable(&url) => Ok(url),
            LinkFate::To(_) => Err(self.unsupported(image, "no picture that can be fetched")),
            LinkFate::Unlink => Err(image.alt.clone()),
            LinkFate::Label(label) => Err(format!("{} {label}", image.alt).trim().to_owned()),
        }
    }

    fn unsupported(&mut self, image: &Image, what: &str) -> String {
        self.warn(
            "picture-unsupported",
            format!("Medium cannot show this picture ({what}): its alternative text stands there"),
        );
        match image.alt.trim() {
            "" => String::new(),
            alt => format!("[{alt}]"),
        }
    }

    fn need(&mut self, image: &Image) {
        if !self.needs.iter().any(|(src, _)| *src == image.src) {
            self.needs.push((image.src.clone(), image.alt.clone()));
        }
    }

    /// Puts the pictures that stood in the text of the block just written.
    pub(super) fn put_pictures(&mut self) {
        if !self.pictures.is_empty() {
            self.warn("picture-moved", "Medium has no pictures within text: they stand below it");
        }
        self.put_pictures_alone();
    }

    /// Puts pictures that had no text around them.
    pub(super) fn put_pictures_alone(&mut self) {
        for picture in std::mem::take(&mut self.pictures) {
            self.put(&[&picture.html()]);
        }
    }

    /// The featured picture opens the story, since Medium takes its first picture for the preview.
    /// One that the text shows anyway is not shown twice.
    pub(super) fn featured(&mut self, document: &Document) -> Option<Featured> {
        let meta = self.context.meta;
        let (src, alt) = (meta.image.clone()?, meta.image_alt.clone().unwrap_or_default());
        let image = Image { src, alt, title: None, width: None, line: 0 };
        let url = self.address(&image).ok()?;
        let Image { src, alt, .. } = image;
        if !shows(&document.blocks, &src) {
            let shown = Shown { url: url.clone(), alt: alt.clone(), link: None, caption: String::new() };
            self.put(&[&shown.html()]);
        }
        Some(Featured { src, url, alt })
    }
}

/// Whether a picture stands among these blocks, or in a paragraph of them.
fn shows(blocks: &[Block], src: &str) -> bool {
    blocks.iter().any(|block| match &block.kind {
        BlockKind::Figure(figure) => figure.image.src == src,
        BlockKind::Paragraph(content) => {
            content.iter().any(|inline| matches!(inline, Inline::Image(image) if image.src == src))
        }
        _ => false,
    })
}

/// An address that Medium's servers can ask for. One that they cannot is dangerous: with a bad
/// picture the story is created and no answer comes.
fn fetchable(url: &str) -> bool {
    let web = url.starts_with("https://") || url.starts_with("http://");
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let ending = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    url.starts_with(PENDING_PICTURE) || (web && !matches!(ending.as_str(), "svg" | "svgz"))
}
