//! Pictures made ready: looked at, and where a target or the configuration asks for it cleaned of
//! what is private, scaled, or converted. Pure: bytes in, bytes out.
//!
//! **Two steps, of which a plan takes only the first.** [`Original::read`] walks over a file's
//! structure and decodes nothing; from what it finds, [`order`] says what a target will be sent: in
//! which format and size, and by which [`Recipe`]. Only an upload follows the recipe ([`make`]).
//! So a run with nothing to do never decodes a picture.
//!
//! **Identity.** A picture on a site is known by [`Picture::digest`](crate::render::Picture::digest): that of the file itself where
//! it is sent as it is; else a digest of the file's own together with the recipe and [`VERSION`].
//! What is made is not compared byte by byte, so no two machines need the same fonts or the same
//! release of an encoder to agree that a picture is there already. A changed file, and a recipe that
//! has become another, are new pictures; a limit that does not touch a picture leaves it what it was.

mod anatomy;
mod exif;
mod format;
mod make;
mod order;
mod orders;
mod raster;
#[cfg(test)]
mod tests;
mod vector;

pub use format::Format;
pub use make::{STACK, make, memory};
pub use order::{Limits, Order, Recipe, order};
pub use orders::{Found, Orders};
pub use vector::Fonts;

use crate::{error::Error, render::Digest};
use anatomy::Anatomy;

/// Raised when the same recipe makes something else of the same file, and what is on the sites is
/// to be replaced.
pub const VERSION: u32 = 1;

/// Larger pictures are refused, in pixels: a site that tried to open one would run out of memory,
/// as would this program.
pub const MAX_PIXELS: u64 = 120_000_000;

/// A picture's file, looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub struct Original {
    /// Digest of its bytes.
    pub digest: Digest,
    /// Its name, with an ending that is true: `team.jpg`.
    pub file_name: String,
    /// What it is.
    pub format: Format,
    /// Pixels as a reader sees it, turned upright; 0 where unknown (SVG).
    pub width: u32,
    /// Pixels; 0 where unknown (SVG).
    pub height: u32,
    /// More than one frame: passed on as it is, never scaled or converted.
    pub animated: bool,
    /// Lossy and without transparency.
    pub photo: bool,
    /// Whether it holds what is not sent on: who took it, with what, when; comments; what was
    /// cropped away.
    pub private: bool,
    /// Whether it says where it was taken.
    pub location: bool,
    /// Bytes.
    pub size: usize,
}

impl Original {
    /// Looks at a file. `name` is its own, without folders.
    ///
    /// # Errors
    /// What is no picture that a site could show, and what is damaged.
    pub fn read(name: &str, bytes: &[u8]) -> Result<Self, Unfit> {
        if bytes.is_empty() {
            return Err(Unfit::Empty);
        }
        let format = Format::of(bytes).ok_or_else(|| Unfit::Unknown(known_kind(bytes)))?;
        let anatomy = Anatomy::of(format, bytes)?;
        let (width, height) = anatomy.shown_size();
        if u64::from(width) * u64::from(height) > MAX_PIXELS {
            return Err(Unfit::TooLarge(width, height));
        }
        Ok(Self {
            digest: Digest::of(bytes),
            file_name: format.file_name(name),
            format,
            width,
            height,
            animated: anatomy.animated,
            photo: anatomy.photo,
            private: anatomy.private,
            location: anatomy.exif.location,
            size: bytes.len(),
        })
    }
}

/// Why a file cannot be published as a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// Nothing is in it.
    Empty,
    /// Its end is missing.
    CutOff,
    /// It is not made as its format says.
    Damaged,
    /// Width and height: more than [`MAX_PIXELS`].
    TooLarge(u32, u32),
    /// No picture, or none that sites show: what it is, as far as that can be told.
    Unknown(Option<&'static str>),
}

impl Unfit {
    /// As an error about the picture that a note calls `src`; its place is the caller's to say.
    #[must_use]
    pub fn error(&self, src: &str) -> Error {
        let again = "export it again from the program that it comes from";
        let (what, help) = match self {
            Self::Empty => ("is empty".to_owned(), again.to_owned()),
            Self::CutOff => {
                ("is cut off: its end is missing".to_owned(), "copy or download it again".to_owned())
            }
            Self::Damaged => ("is damaged".to_owned(), again.to_owned()),
            Self::TooLarge(width, height) => (
                format!("is {width} × {height} pixels large"),
                format!("make it smaller: no more than {} million pixels", MAX_PIXELS / 1_000_000),
            ),
            Self::Unknown(Some(kind)) => (
                format!("is {kind}, which sites do not show as a picture"),
                "convert it to JPEG or PNG".to_owned(),
            ),
            Self::Unknown(None) => {
                ("is no picture".to_owned(), "use PNG, JPEG, GIF, WebP, AVIF or SVG".to_owned())
            }
        };
        Error::invalid(format!("the picture `{src}` {what}")).code("picture").help(help)
    }
}

/// What a file is that is none of the formats here.
fn known_kind(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return Some("compressed (perhaps SVGZ)");
    }
    if bytes.starts_with(b"version https://git-lfs") {
        return Some("a Git LFS pointer (run `git lfs pull`)");
    }
    infer::get(bytes).map(|kind| kind.mime_type())
}
