//! SVG drawn as pixels, for targets that take none.

use std::sync::Arc;

use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{FontResolver, ImageHrefResolver, Options, Tree, fontdb},
};

/// The fonts of this machine, for the texts in drawings.
pub type Fonts = Arc<fontdb::Database>;

/// On good screens a pixel of a page is two by two.
const SHARPNESS: f32 = 2.0;

/// How deeply elements may be nested: the library behind this goes down recursively. Programs that
/// draw stay far below.
const MAX_DEPTH: usize = 500;

/// Draws an SVG as PNG, twice its own size but no wider than `max_width` pixels.
///
/// # Errors
/// What cannot be read, and texts where there are no fonts.
pub(super) fn draw(bytes: &[u8], max_width: u32, fonts: &Fonts) -> Result<Vec<u8>, String> {
    if fonts.is_empty() && mentions_text(bytes) {
        return Err("there is text in it, and this machine has no fonts to draw it with".to_owned());
    }
    if depth(bytes) > MAX_DEPTH {
        return Err(format!("its elements are nested more than {MAX_DEPTH} levels deep"));
    }
    let tree = Tree::from_data(bytes, &options(fonts)).map_err(|e| e.to_string())?;
    let (width, height) = (tree.size().width(), tree.size().height());
    #[allow(clippy::cast_precision_loss, reason = "a width in pixels is small")]
    let limit = max_width as f32;
    // A tall drawing is not to become a tower of a picture.
    let scale = SHARPNESS.min(limit / width).min(4.0 * limit / height);
    let mut pixels = Pixmap::new(whole(width * scale), whole(height * scale)).ok_or("it is too large")?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|e| e.to_string())
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates")]
fn whole(pixels: f32) -> u32 {
    (pixels.round() as u32).max(1)
}

/// What a drawing may use: the fonts, pictures within itself; never another file.
fn options(fonts: &Fonts) -> Options<'_> {
    let usual = FontResolver::default_font_selector();
    let select_font = Box::new(move |font: &_, fonts: &mut Fonts| {
        // A text in some font is better than none.
        usual(font, fonts).or_else(|| fonts.faces().next().map(|face| face.id))
    });
    Options {
        fontdb: fonts.clone(),
        font_resolver: FontResolver { select_font, ..FontResolver::default() },
        image_href_resolver: ImageHrefResolver {
            resolve_string: Box::new(|_, _| None),
            ..ImageHrefResolver::default()
        },
        ..Options::default()
    }
}

/// How deeply elements are nested at most; more rather than less where comments hold tags.
fn depth(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0usize, 0);
    for tag in bytes.split(|byte| *byte == b'<').skip(1) {
        let inside = tag.split(|byte| *byte == b'>').next().unwrap_or_default();
        match tag.first() {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(b'!' | b'?') => {}
            _ if inside.ends_with(b"/") => {}
            _ => depth += 1,
        }
        deepest = deepest.max(depth);
    }
    deepest
}

fn mentions_text(bytes: &[u8]) -> bool {
    let tags = bytes.split(|byte| *byte == b'<');
    tags.into_iter().any(|tag| {
        let name =
            tag.split(|byte| !byte.is_ascii_alphanumeric() && *byte != b':').next().unwrap_or_default();
        name == b"text" || name.ends_with(b":text")
    })
}
