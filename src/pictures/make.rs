//! Following a recipe.

use super::{
    Anatomy, Format, Original, Recipe, raster,
    vector::{self, Fonts},
};

/// The stack that [`make`] may need, in bytes: what draws an SVG goes down recursively.
pub const STACK: usize = 64 << 20;

/// What is sent for a file, by its recipe. `fonts` are for texts in what is drawn.
///
/// # Errors
/// Why it cannot be made: what stands in the file is not what its outside promised.
pub fn make(original: &Original, bytes: Vec<u8>, recipe: Recipe, fonts: &Fonts) -> Result<Vec<u8>, String> {
    match recipe {
        Recipe::AsItIs => Ok(bytes),
        Recipe::Clean => Ok(anatomy(original.format, &bytes)?.clean()),
        Recipe::Redraw { format, width, height } => {
            let upright = anatomy(original.format, &bytes)?.exif.orientation;
            raster::redraw(original.format, &bytes, upright, format, (width, height))
        }
        Recipe::Draw { max_width } => vector::draw(&bytes, max_width, fonts),
    }
}

fn anatomy(format: Format, bytes: &[u8]) -> Result<Anatomy<'_>, String> {
    Anatomy::of(format, bytes).map_err(|unfit| format!("it is {unfit:?}"))
}

/// The memory that following a recipe takes, in bytes: roughly, and not too little.
#[must_use]
pub fn memory(original: &Original, recipe: Recipe) -> u64 {
    let pixels = u64::from(original.width) * u64::from(original.height);
    let file = original.size as u64;
    match recipe {
        Recipe::AsItIs => file,
        Recipe::Clean => 2 * file,
        // The pixels of the file and, while it is scaled, four floats for half of them.
        Recipe::Redraw { .. } => file + 12 * pixels,
        Recipe::Draw { max_width } => file + 4 * u64::from(max_width) * u64::from(max_width),
    }
}
