//! A body as the web parts that it becomes, and back.

use crate::render::{
    html::escape::{self, escaped},
    sanitise::token::{self, Piece, Tag},
};

/// What becomes a web part of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A text web part: HTML.
    Text(String),
    /// An image web part.
    Picture {
        /// Where it is shown from.
        src: String,
        /// Alternative text.
        alt: String,
        /// The caption, plain text; empty for none.
        caption: String,
        /// Where a click leads.
        link: Option<String>,
    },
    /// A divider.
    Divider,
}

impl Part {
    /// A picture without a caption.
    pub(super) fn picture(tag: &Tag, link: Option<String>) -> Self {
        let get = |name: &str| tag.get(name).unwrap_or_default().to_owned();
        Self::Picture { src: get("src"), alt: get("alt"), caption: String::new(), link }
    }

    fn html(&self) -> String {
        match self {
            Self::Text(html) => html.clone(),
            Self::Divider => "<hr>".to_owned(),
            Self::Picture { src, alt, caption, link } => {
                let mut image = String::from("<img");
                escape::attribute("src", src, &mut image);
                escape::attribute("alt", alt, &mut image);
                image.push('>');
                if let Some(link) = link {
                    let mut open = String::from("<a");
                    escape::attribute("href", link, &mut open);
                    image = format!("{open}>{image}</a>");
                }
                match caption.as_str() {
                    "" => format!("<figure>{image}</figure>"),
                    caption => {
                        format!("<figure>{image}<figcaption>{}</figcaption></figure>", escaped(caption))
                    }
                }
            }
        }
    }
}

/// The parts as one body.
#[must_use]
pub fn join(parts: &[Part]) -> String {
    parts.iter().map(Part::html).collect::<Vec<_>>().join("\n")
}

/// The parts of a body: it is cut at figures and rules, which text web parts cannot hold.
#[must_use]
pub fn parts(body: &str) -> Vec<Part> {
    let mut found = Vec::new();
    let mut gathered: Vec<Piece> = Vec::new();
    let flush = |gathered: &mut Vec<Piece>, found: &mut Vec<Part>| {
        let html = token::write(&std::mem::take(gathered));
        if !html.trim().is_empty() {
            found.push(Part::Text(html.trim().to_owned()));
        }
    };
    for placed in token::pieces(body) {
        match placed.piece {
            Piece::Open(tag) if tag.name == "hr" => {
                flush(&mut gathered, &mut found);
                found.push(Part::Divider);
            }
            Piece::Open(tag) if tag.name == "figure" => {
                flush(&mut gathered, &mut found);
                gathered.push(Piece::Open(tag));
            }
            Piece::Close(name) if name == "figure" => {
                let html = token::write(&std::mem::take(&mut gathered));
                found.extend(figure(&html).unwrap_or_default());
            }
            piece => gathered.push(piece),
        }
    }
    flush(&mut gathered, &mut found);
    found
}

/// A figure's picture; its caption is a paragraph below where it is more than plain text. `None`
/// where there is no picture in it.
pub(super) fn figure(html: &str) -> Option<Vec<Part>> {
    let pieces: Vec<Piece> = token::pieces(html).into_iter().map(|placed| placed.piece).collect();
    let opens =
        |piece: &Piece, wanted: &str| matches!(piece, Piece::Open(Tag { name, .. }) if name == wanted);
    let at = pieces.iter().position(|piece| opens(piece, "img"))?;
    let Piece::Open(image) = &pieces[at] else { return None };
    let link = match at.checked_sub(1).map(|before| &pieces[before]) {
        Some(Piece::Open(tag)) if tag.name == "a" => tag.get("href").map(str::to_owned),
        _ => None,
    };
    let mut picture = Part::picture(image, link);
    let inner: Vec<Piece> = pieces
        .into_iter()
        .skip_while(|piece| !opens(piece, "figcaption"))
        .skip(1)
        .take_while(|piece| !matches!(piece, Piece::Close(name) if name == "figcaption"))
        .collect();
    match (inner.as_slice(), &mut picture) {
        ([Piece::Text(text)], Part::Picture { caption, .. }) => text.trim().clone_into(caption),
        ([], _) => {}
        _ => {
            let (html, _) = super::kept::kept(&token::write(&inner));
            return Some(vec![picture, Part::Text(format!("<p>{}</p>", html.trim()))]);
        }
    }
    Some(vec![picture])
}
