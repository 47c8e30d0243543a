//! What a picture's file consists of, read from its structure alone: nothing is decoded, so it costs
//! no more than a walk over the file. The same walk says which of its pieces are kept when it goes
//! out: what shows the picture, and nothing of who took it, where, and with which camera. What
//! follows the picture's end (cropped-away pixels, the film of a "live" photo) goes as well.

mod avif;
mod gif;
mod jpeg;
pub(super) mod png;
pub(super) mod webp;

use std::borrow::Cow;

use super::{Format, Unfit, exif::Exif};

/// A picture's file, taken apart.
#[derive(Debug)]
pub(super) struct Anatomy<'a> {
    /// Pixels, as stored: an orientation is not applied. 0 where unknown (SVG).
    pub width: u32,
    /// As the width.
    pub height: u32,
    /// Pieces that hold pixels: 0 where none were found.
    frames: usize,
    /// More than one frame.
    pub animated: bool,
    /// Lossy and without transparency, so that JPEG is its like.
    pub photo: bool,
    /// What its Exif data say.
    pub exif: Exif,
    /// Whether something is in it that is not sent on.
    pub private: bool,
    /// The file without that, in pieces.
    kept: Vec<Cow<'a, [u8]>>,
}

impl<'a> Anatomy<'a> {
    /// Takes a file apart.
    ///
    /// # Errors
    /// A file that is cut off, or not made as its format says.
    pub fn of(format: Format, bytes: &'a [u8]) -> Result<Self, Unfit> {
        let found = match format {
            Format::Jpeg => jpeg::anatomy(bytes),
            Format::Png => png::anatomy(bytes),
            Format::Gif => gif::anatomy(bytes),
            Format::WebP => webp::anatomy(bytes),
            Format::Avif => avif::anatomy(bytes),
            Format::Svg => return Ok(Self { kept: vec![Cow::Borrowed(bytes)], ..Self::empty() }),
        }?;
        if found.frames == 0 || found.width == 0 || found.height == 0 {
            Err(Unfit::Damaged)
        } else {
            Ok(found)
        }
    }

    fn empty() -> Self {
        Self {
            width: 0,
            height: 0,
            frames: 0,
            animated: false,
            photo: false,
            exif: Exif::NONE,
            private: false,
            kept: Vec::new(),
        }
    }

    fn keep(&mut self, piece: &'a [u8]) {
        self.kept.push(Cow::Borrowed(piece));
    }

    /// The file as it goes out.
    pub fn clean(&self) -> Vec<u8> {
        self.kept.concat()
    }

    /// Width and height as a reader sees them.
    pub fn shown_size(&self) -> (u32, u32) {
        if self.exif.orientation >= 5 { (self.height, self.width) } else { (self.width, self.height) }
    }
}

/// Reads a file from its beginning to its end.
#[derive(Clone)]
struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    /// The next `count` bytes.
    fn take(&mut self, count: usize) -> Result<&'a [u8], Unfit> {
        let end = self.at.checked_add(count).ok_or(Unfit::CutOff)?;
        let taken = self.bytes.get(self.at..end).ok_or(Unfit::CutOff)?;
        self.at = end;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Unfit> {
        self.take(N)?.try_into().map_err(|_| Unfit::CutOff)
    }

    fn byte(&mut self) -> Result<u8, Unfit> {
        self.array().map(u8::from_be_bytes)
    }

    fn big16(&mut self) -> Result<u16, Unfit> {
        self.array().map(u16::from_be_bytes)
    }

    fn big32(&mut self) -> Result<u32, Unfit> {
        self.array().map(u32::from_be_bytes)
    }

    fn little32(&mut self) -> Result<u32, Unfit> {
        self.array().map(u32::from_le_bytes)
    }

    /// From `start` to here.
    fn since(&self, start: usize) -> &'a [u8] {
        self.bytes.get(start..self.at).unwrap_or_default()
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }
}

/// A length in a file as an index; one too large for this machine lies beyond any file.
fn index(length: impl TryInto<usize>) -> usize {
    length.try_into().unwrap_or(usize::MAX)
}
