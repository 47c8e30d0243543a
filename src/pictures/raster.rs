//! Pictures of pixels, decoded, scaled and encoded again. Colour profiles stay, so that colours do;
//! everything else that a file may say is gone.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, Limits,
    codecs::{
        jpeg::JpegEncoder,
        png::{CompressionType, FilterType, PngEncoder},
    },
    imageops,
    metadata::Orientation,
};

use super::Format;

/// Of JPEG: artefacts are hard to find, and a photo of 2560 pixels takes some 700 kB.
const QUALITY: u8 = 85;
/// The most memory a decoder may ask for: 120 million pixels of four bytes, and its tables.
const MEMORY: u64 = 640 * 1024 * 1024;

/// Decodes, turns upright (`orientation` as in Exif), scales and encodes.
///
/// # Errors
/// What cannot be decoded.
pub(super) fn redraw(
    from: Format,
    bytes: &[u8],
    orientation: u8,
    into: Format,
    size: (u32, u32),
) -> Result<Vec<u8>, String> {
    let (mut image, profile) = decode(from, bytes)?;
    image.apply_orientation(Orientation::from_exif(orientation).unwrap_or(Orientation::NoTransforms));
    if (image.width(), image.height()) != size {
        image = scale(image, size);
    }
    encode(&image, profile, into)
}

fn decode(from: Format, bytes: &[u8]) -> Result<(DynamicImage, Option<Vec<u8>>), String> {
    let format = match from {
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Png => ImageFormat::Png,
        Format::WebP => ImageFormat::WebP,
        Format::Gif | Format::Avif | Format::Svg => return Err(format!("{} is never decoded", from.name())),
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|e| e.to_string())?;
    let profile = decoder.icc_profile().ok().flatten();
    let image = DynamicImage::from_decoder(decoder).map_err(|e| e.to_string())?;
    let profile = profile.filter(|profile| fits(profile, &image));
    Ok((eight_bits(image), profile))
}

/// Whether a profile is of the colours that the decoded picture has: one of CMYK is not.
/// (ICC.1:2022, section 7.2.6: the colour space stands at byte 16.)
fn fits(profile: &[u8], image: &DynamicImage) -> bool {
    let space: &[u8] = if image.color().has_color() { b"RGB " } else { b"GRAY" };
    profile.get(16..20) == Some(space)
}

/// Eight bits for each colour are all that a page shows.
fn eight_bits(image: DynamicImage) -> DynamicImage {
    let color = image.color();
    match (color.has_color(), color.has_alpha()) {
        (false, false) => DynamicImage::ImageLuma8(image.into_luma8()),
        (false, true) => DynamicImage::ImageLumaA8(image.into_luma_alpha8()),
        (true, false) => DynamicImage::ImageRgb8(image.into_rgb8()),
        (true, true) => DynamicImage::ImageRgba8(image.into_rgba8()),
    }
}

fn scale(image: DynamicImage, (width, height): (u32, u32)) -> DynamicImage {
    let filter = imageops::FilterType::Lanczos3;
    if !image.color().has_alpha() {
        return image.resize_exact(width, height, filter);
    }
    // Colours of pixels that nobody sees must not come in at the edges.
    let mut deep = image.into_rgba16();
    for pixel in deep.pixels_mut() {
        let alpha = u32::from(pixel.0[3]);
        for colour in &mut pixel.0[..3] {
            *colour = narrow(u32::from(*colour) * alpha / u32::from(u16::MAX));
        }
    }
    let mut small = imageops::resize(&deep, width, height, filter);
    for pixel in small.pixels_mut() {
        let alpha = u32::from(pixel.0[3]).max(1);
        for colour in &mut pixel.0[..3] {
            *colour = narrow(u32::from(*colour) * u32::from(u16::MAX) / alpha);
        }
    }
    eight_bits(DynamicImage::ImageRgba16(small))
}

fn narrow(value: u32) -> u16 {
    u16::try_from(value).unwrap_or(u16::MAX)
}

fn encode(image: &DynamicImage, profile: Option<Vec<u8>>, into: Format) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let flat;
    let image = if into == Format::Jpeg && image.color().has_alpha() {
        flat = DynamicImage::ImageRgb8(image.to_rgb8());
        &flat
    } else {
        image
    };
    let written = if into == Format::Jpeg {
        write(JpegEncoder::new_with_quality(&mut out, QUALITY), image, profile)
    } else {
        let encoder = PngEncoder::new_with_quality(&mut out, CompressionType::Default, FilterType::Adaptive);
        write(encoder, image, profile)
    };
    written.map_err(|e| e.to_string())?;
    Ok(out)
}

fn write(
    mut encoder: impl ImageEncoder,
    image: &DynamicImage,
    profile: Option<Vec<u8>>,
) -> image::ImageResult<()> {
    if let Some(profile) = profile {
        // Both encoders take one.
        let _ = encoder.set_icc_profile(profile);
    }
    encoder.write_image(image.as_bytes(), image.width(), image.height(), image.color().into())
}
