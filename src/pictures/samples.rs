//! Small pictures of every kind, made on the spot, for tests.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

use super::anatomy::{png, webp};

/// What no picture may carry outside.
pub const SECRET: &str = "SecretCam 4711";

/// Two colours: the left half red, the right half blue.
pub fn halves(width: u32, height: u32) -> DynamicImage {
    let colour = |x| if x < width / 2 { Rgb([220, 30, 30]) } else { Rgb([30, 30, 220]) };
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, _| colour(x)))
}

/// The right half is transparent, of a green that nobody is to see.
pub fn half_there(width: u32, height: u32) -> DynamicImage {
    let colour = |x| if x < width / 2 { Rgba([220, 30, 30, 255]) } else { Rgba([0, 255, 0, 0]) };
    DynamicImage::ImageRgba8(RgbaImage::from_fn(width, height, |x, _| colour(x)))
}

pub fn encode(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    image.write_to(&mut out, format).unwrap();
    out.into_inner()
}

pub fn jpeg(width: u32, height: u32) -> Vec<u8> {
    encode(&halves(width, height), ImageFormat::Jpeg)
}

pub fn png(width: u32, height: u32) -> Vec<u8> {
    encode(&halves(width, height), ImageFormat::Png)
}

/// Lossless.
pub fn webp(width: u32, height: u32) -> Vec<u8> {
    encode(&halves(width, height), ImageFormat::WebP)
}

/// A lossy WebP of one pixel.
pub fn lossy_webp() -> Vec<u8> {
    base64("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
}

/// An AVIF of two by two pixels, as libavif wrote it.
pub fn avif() -> Vec<u8> {
    base64(
        "AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAADybWV0YQAAAAAAAAAoaGRscgAAAAAAAAAAcGljdAAAAAAAAAAAAAAAAGxp\
         YmF2aWYAAAAADnBpdG0AAAAAAAEAAAAeaWxvYwAAAABEAAABAAEAAAABAAABGgAAAB0AAAAoaWluZgAAAAAAAQAAABppbmZlAgAAAAAB\
         AABhdjAxQ29sb3IAAAAAamlwcnAAAABLaXBjbwAAABRpc3BlAAAAAAAAAAIAAAACAAAAEHBpeGkAAAAAAwgICAAAAAxhdjFDgQ0MAAAA\
         ABNjb2xybmNseAACAAIAAYAAAAAXaXBtYQAAAAAAAAABAAEEAQKDBAAAACVtZGF0EgAKCBgANogQEAwgMg8f8D///8WfhwB8+ErK42A=",
    )
}

fn base64(text: &str) -> Vec<u8> {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.decode(text).unwrap()
}

/// A GIF of so many frames of one pixel.
pub fn gif(frames: usize) -> Vec<u8> {
    let mut out = b"GIF89a\x01\0\x01\0\x80\0\0\xff\0\0\0\0\xff".to_vec();
    out.extend(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0");
    out.extend(b"\x21\xfe\x0e");
    out.extend(SECRET.as_bytes());
    out.push(0);
    for _ in 0..frames {
        out.extend(b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0");
    }
    out.push(0x3b);
    out
}

/// Exif data of a camera that knows where it is.
pub fn exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"II\x2a\0\x08\0\0\0\x03\0".to_vec();
    let text = 8 + 2 + 3 * 12 + 4;
    let gps = text + SECRET.len() + 1;
    let mut entry = |tag: u16, kind: u16, count: usize, value: usize| {
        tiff.extend(tag.to_le_bytes());
        tiff.extend(kind.to_le_bytes());
        tiff.extend(u32::try_from(count).unwrap().to_le_bytes());
        tiff.extend(u32::try_from(value).unwrap().to_le_bytes());
    };
    entry(0x010f, 2, SECRET.len() + 1, text);
    entry(0x0112, 3, 1, orientation.into());
    entry(0x8825, 4, 1, gps);
    tiff.extend([0; 4]);
    tiff.extend(SECRET.as_bytes());
    tiff.push(0);
    // One entry, the reference of the latitude: "N".
    tiff.extend(b"\x01\0\x01\0\x02\0\x02\0\0\0N\0\0\0\0\0\0\0");
    tiff
}

fn segment(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap();
    [&[0xff, kind], &length.to_be_bytes()[..], body].concat()
}

/// A JPEG as a camera and an editor leave it: Exif data, XMP, IPTC, a comment, a film behind its end.
pub fn talkative_jpeg(width: u32, height: u32, orientation: u8) -> Vec<u8> {
    let plain = jpeg(width, height);
    let talk = [
        segment(0xe1, &[b"Exif\0\0", &*exif(orientation)].concat()),
        segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", SECRET.as_bytes()].concat()),
        segment(0xed, &[b"Photoshop 3.0\0", SECRET.as_bytes()].concat()),
        segment(0xfe, SECRET.as_bytes()),
    ];
    [&plain[..2], &talk.concat(), &plain[2..], SECRET.as_bytes()].concat()
}

/// A PNG with Exif data, a text, and what was cropped away behind its end.
pub fn talkative_png(width: u32, height: u32, orientation: u8) -> Vec<u8> {
    let plain = png(width, height);
    let text = png::chunk(*b"tEXt", &[b"Author\0", SECRET.as_bytes()].concat());
    let header = 8 + 25;
    let exif = png::chunk(*b"eXIf", &exif(orientation));
    [&plain[..header], &exif, &text, &plain[header..], SECRET.as_bytes()].concat()
}

/// A WebP in the extended format, with Exif data and XMP.
pub fn talkative_webp(width: u32, height: u32, orientation: u8) -> Vec<u8> {
    let size = |pixels: u32| (pixels - 1).to_le_bytes()[..3].to_vec();
    let flags = [&[0x0c, 0, 0, 0][..], &size(width), &size(height)].concat();
    let chunks = [
        webp::chunk(*b"VP8X", &flags),
        webp(width, height)[12..].to_vec(),
        webp::chunk(*b"EXIF", &exif(orientation)),
        webp::chunk(*b"XMP ", format!("{SECRET} GPSLatitude").as_bytes()),
    ]
    .concat();
    let length = u32::try_from(chunks.len() + 4).unwrap();
    [b"RIFF", &length.to_le_bytes()[..], b"WEBP", &chunks].concat()
}

/// An AVIF (of no pixels) with Exif data and XMP.
pub fn talkative_avif() -> Vec<u8> {
    let whole = |kind: &[u8; 4], body: &[u8]| {
        let length = u32::try_from(body.len() + 8).unwrap();
        [&length.to_be_bytes()[..], kind, body].concat()
    };
    let said = [[&[0; 4][..], &exif(1)].concat(), format!("<x>{SECRET} GPSLatitude</x>").into_bytes()];
    let size = whole(b"ispe", &[0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 6]);
    let name =
        |id: u8, kind: &[u8; 4]| whole(b"infe", &[&[2, 0, 0, 0, 0, id, 0, 0], &kind[..], b"\0\0"].concat());
    let names = [&[0, 0, 0, 0, 0, 2][..], &name(1, b"Exif"), &name(2, b"mime")].concat();
    let file = |start: usize| {
        let mut places = vec![0, 0, 0, 0, 0x44, 0, 0, 2];
        let mut at = start;
        for (id, said) in (1..).zip(&said) {
            places.extend([0, id, 0, 0, 0, 1]);
            places.extend(u32::try_from(at).unwrap().to_be_bytes());
            places.extend(u32::try_from(said.len()).unwrap().to_be_bytes());
            at += said.len();
        }
        let inner = [whole(b"iinf", &names), whole(b"iloc", &places), whole(b"iprp", &whole(b"ipco", &size))];
        let head = [
            whole(b"ftyp", b"avif\0\0\0\0avifmif1"),
            whole(b"meta", &[&[0; 4][..], &inner.concat()].concat()),
        ];
        (head.concat().len() + 8, [head.concat(), whole(b"mdat", &said.concat())].concat())
    };
    let (start, _) = file(0);
    file(start).1
}
