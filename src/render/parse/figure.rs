//! What a paragraph really is: text, pictures that stand alone, something to embed, a formula.

use super::embed;
use crate::render::document::{Block, BlockKind, Figure, Image, Inline, Inlines};

/// Adds the block or blocks that a paragraph's content makes; none for an empty one.
pub(super) fn paragraph(content: Inlines, line: u32, blocks: &mut Vec<Block>) {
    if let Some(figures) = figures(&content) {
        blocks.extend(figures);
    } else if !content.iter().all(is_blank) {
        let kind = standing_alone(&content).unwrap_or(BlockKind::Paragraph(content));
        blocks.push(Block { line, kind });
    }
}

fn standing_alone(content: &[Inline]) -> Option<BlockKind> {
    match content {
        [Inline::Math { tex, display: true }] => Some(BlockKind::Math(tex.trim().to_owned())),
        [Inline::Link(link)] if link.bare => {
            let provider = embed::provider(&link.href)?;
            Some(BlockKind::Embed { url: link.href.clone(), provider })
        }
        _ => None,
    }
}

/// The figures of a paragraph that has nothing but pictures, one on each line.
pub(super) fn figures(content: &[Inline]) -> Option<Vec<Block>> {
    let lines = content.split(|inline| matches!(inline, Inline::SoftBreak | Inline::HardBreak));
    let figures: Option<Vec<Block>> = lines.filter(|line| !line.iter().all(is_blank)).map(figure).collect();
    figures.filter(|figures| !figures.is_empty())
}

fn figure(line: &[Inline]) -> Option<Block> {
    let mut seen = line.iter().filter(|inline| !is_blank(inline));
    let (Some(only), None) = (seen.next(), seen.next()) else { return None };
    let (image, target) = picture(only)?;
    let caption = image.title.iter().map(|title| Inline::Text(title.clone())).collect();
    let figure = Figure { image: Image { title: None, ..image.clone() }, link: target, caption };
    Some(Block { line: image.line, kind: BlockKind::Figure(Box::new(figure)) })
}

/// A picture, and where a click on it leads.
fn picture(inline: &Inline) -> Option<(&Image, Option<String>)> {
    match inline {
        Inline::Image(image) => Some((image, None)),
        Inline::Link(link) => {
            let mut seen = link.content.iter().filter(|inline| !is_blank(inline));
            match (seen.next(), seen.next()) {
                (Some(Inline::Image(image)), None) => Some((image, Some(link.href.clone()))),
                _ => None,
            }
        }
        _ => None,
    }
}

fn is_blank(inline: &Inline) -> bool {
    match inline {
        Inline::Text(text) => text.trim().is_empty(),
        Inline::SoftBreak | Inline::HardBreak => true,
        _ => false,
    }
}
