//! Pictures that nobody else's test has: their pixels spell a word.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

/// What a camera writes into its photos and nobody is to see.
pub const CAMERA: &str = "SecretCam 4711";

/// A picture in colours that follow from a word.
pub fn picture(word: &str, width: u32, height: u32) -> DynamicImage {
    let digest = crosspost::render::Digest::of(word.as_bytes());
    let digits = digest.to_string().into_bytes();
    let digit = |at: u32| digits[at as usize % digits.len()].wrapping_mul(37);
    let colour = |x: u32, y: u32| Rgb([digit(x / 16), digit(y / 16 + 20), digit((x + y) / 32 + 40)]);
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, colour))
}

/// Its bytes.
pub fn bytes(word: &str, (width, height): (u32, u32), format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture(word, width, height).write_to(&mut out, format).expect("pictures in memory can be encoded");
    out.into_inner()
}

/// A JPEG whose Exif data name its camera and the place where it was taken.
pub fn photo(word: &str, width: u32, height: u32) -> Vec<u8> {
    let plain = bytes(word, (width, height), ImageFormat::Jpeg);
    let exif = [b"Exif\0\0", &*exif()].concat();
    let length = u16::try_from(exif.len() + 2).expect("a short segment").to_be_bytes();
    [&plain[..2], &[0xff, 0xe1], &length, &exif, &plain[2..]].concat()
}

/// Make, and the reference of the latitude (Exif 2.32, sections 4.6.5 and 4.6.6).
fn exif() -> Vec<u8> {
    let text = 8 + 2 + 2 * 12 + 4;
    let gps = text + CAMERA.len() + 1;
    let entry = |tag: u16, kind: u16, count: usize, value: usize| {
        let [count, value] = [count, value].map(|number| u32::try_from(number).expect("small").to_be_bytes());
        [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count, &value].concat()
    };
    [
        b"MM\0\x2a\0\0\0\x08\0\x02".to_vec(),
        entry(0x010f, 2, CAMERA.len() + 1, text),
        entry(0x8825, 4, 1, gps),
        vec![0; 4],
        CAMERA.as_bytes().to_vec(),
        b"\0\0\x01\0\x01\0\x02\0\0\0\x02N\0\0\0\0\0\0\0".to_vec(),
    ]
    .concat()
}

/// Whether the bytes hold these words.
pub fn says(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|window| window == words.as_bytes())
}
