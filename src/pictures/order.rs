//! What a target will be sent for a picture. Decided from the outside of the file: nothing is
//! decoded.

use serde::Serialize;

use super::{Format, Original, VERSION};
use crate::{
    error::{Error, Warning},
    render::{Digest, Picture},
};

/// `[pictures]` in the configuration: what holds for all targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// `max_width`, in pixels: wider pictures are scaled down to it.
    pub max_width: u32,
}

impl Default for Limits {
    /// 2560 pixels: what WordPress itself scales to, and enough for a screen of high resolution.
    fn default() -> Self {
        Self { max_width: 2560 }
    }
}

/// How what is sent is made of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Recipe {
    /// It is the file.
    AsItIs,
    /// The file without what is private in it; not a pixel changes.
    Clean,
    /// Decoded, turned upright, scaled, encoded.
    Redraw {
        /// In this format: JPEG or PNG.
        format: Format,
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
    },
    /// An SVG drawn as PNG: twice its own size, so that it is sharp on good screens.
    Draw {
        /// Pixels: no wider than this.
        max_width: u32,
    },
}

/// What a target will be sent for a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The picture as it will be.
    pub picture: Picture,
    /// How it is made.
    pub recipe: Recipe,
    /// What becomes otherwise than in the file: a code and a sentence for each.
    remarks: Vec<(&'static str, String)>,
}

impl Order {
    /// What is to be said of it, at the line on which the note shows the picture.
    pub fn warnings(&self, line: u32) -> impl Iterator<Item = Warning> {
        self.remarks.iter().map(move |(code, message)| Warning::new(code, line, message.clone()))
    }
}

/// What a target that takes `formats` will be sent for a picture that a note calls `src`.
///
/// # Errors
/// A picture that the target does not take and that cannot be converted; without a place.
pub fn order(src: &str, original: &Original, formats: &[Format], limits: Limits) -> Result<Order, Error> {
    let recipe = recipe(original, formats, limits).ok_or_else(|| refusal(src, original, formats))?;
    let (format, width, height) = match recipe {
        Recipe::AsItIs | Recipe::Clean => (original.format, original.width, original.height),
        Recipe::Redraw { format, width, height } => (format, width, height),
        Recipe::Draw { .. } => (Format::Png, 0, 0),
    };
    let digest = match recipe {
        Recipe::AsItIs => original.digest,
        _ => Digest::of_json(&(VERSION, &original.digest, recipe)),
    };
    let file_name = format.file_name(&original.file_name);
    let picture = Picture { digest, file_name, media_type: format.media_type(), width, height };
    let remarks = remarks(src, original, format, width, limits);
    Ok(Order { picture, recipe, remarks })
}

fn recipe(original: &Original, formats: &[Format], limits: Limits) -> Option<Recipe> {
    let Original { format, width, height, animated, .. } = *original;
    let taken = formats.contains(&format);
    let too_wide = width > limits.max_width;
    let can_be_redrawn = matches!(format, Format::Jpeg | Format::Png | Format::WebP) && !animated;
    if format == Format::Svg && !taken {
        return formats.contains(&Format::Png).then_some(Recipe::Draw { max_width: limits.max_width });
    }
    if can_be_redrawn && (too_wide || !taken) {
        let (width, height) = if too_wide { scaled(width, height, limits) } else { (width, height) };
        // There is no good encoder for lossy WebP: a WebP becomes what it is most like.
        let like = if original.photo { Format::Jpeg } else { Format::Png };
        let candidates = [if format == Format::WebP { like } else { format }, Format::Png, Format::Jpeg];
        let format = candidates.into_iter().find(|format| formats.contains(format))?;
        return Some(Recipe::Redraw { format, width, height });
    }
    taken.then_some(if original.private { Recipe::Clean } else { Recipe::AsItIs })
}

/// A size within the limits, of the same shape.
fn scaled(width: u32, height: u32, limits: Limits) -> (u32, u32) {
    let exact = u64::from(height) * u64::from(limits.max_width);
    let height = (exact + u64::from(width) / 2) / u64::from(width.max(1));
    (limits.max_width, u32::try_from(height).unwrap_or(u32::MAX).max(1))
}

fn remarks(
    src: &str,
    original: &Original,
    format: Format,
    width: u32,
    limits: Limits,
) -> Vec<(&'static str, String)> {
    let mut remarks = Vec::new();
    if format != original.format {
        let (from, to) = (original.format.name(), format.name());
        remarks.push(("picture-converted", format!("the picture `{src}` is {from}: it is sent as {to}")));
    }
    if width < original.width {
        let message =
            format!("the picture `{src}` is {} pixels wide: it is scaled to {width}", original.width);
        remarks.push(("picture-scaled", message));
    } else if width > limits.max_width {
        let message = format!(
            "the picture `{src}` is {width} pixels wide, over `max_width`, and of a kind that is not scaled"
        );
        remarks.push(("picture-wide", message));
    }
    if original.location {
        let message = format!("the picture `{src}` says where it was taken: that is removed");
        remarks.push(("location-removed", message));
    }
    remarks
}

fn refusal(src: &str, original: &Original, formats: &[Format]) -> Error {
    let moving = if original.animated { "a moving " } else { "" };
    let names: Vec<&str> = formats.iter().map(|format| format.name()).collect();
    Error::invalid(format!(
        "the picture `{src}` is {moving}{}, which this target does not take and crosspost cannot convert",
        original.format.name()
    ))
    .code("picture-unsupported")
    .help(format!("convert it to one of these: {}", names.join(", ")))
}
