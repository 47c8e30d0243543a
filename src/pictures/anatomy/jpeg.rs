//! JPEG: segments, each with a marker (ITU-T T.81, annex B).

use std::borrow::Cow;

use super::{Anatomy, Cursor, index};
use crate::pictures::{
    Unfit,
    exif::{Exif, only_orientation, xmp_has_location},
};

/// Start of image.
const SOI: usize = 2;
const EXIF: &[u8] = b"Exif\0\0";
const XMP: &[u8] = b"http://ns.adobe.com/";

pub(super) fn anatomy(bytes: &[u8]) -> Result<Anatomy<'_>, Unfit> {
    let mut cursor = Cursor::new(bytes, SOI);
    let mut found = Anatomy { photo: true, ..Anatomy::empty() };
    found.keep(bytes.get(..SOI).unwrap_or_default());
    // Where Exif data stand in the files of cameras; behind a JFIF header where there is one.
    let mut exif_at = 1;
    loop {
        let (start, kind) = marker(&mut cursor)?;
        match kind {
            0xd9 => {
                found.keep(cursor.since(start));
                break;
            }
            0x01 | 0xd0..=0xd7 => found.keep(cursor.since(start)),
            _ => {
                let length = cursor.big16()?;
                let body = cursor.take(index(length).checked_sub(2).ok_or(Unfit::Damaged)?)?;
                if keeps(kind, body, &mut found) {
                    found.keep(cursor.since(start));
                    exif_at = if kind == 0xe0 && found.kept.len() == 2 { 2 } else { exif_at };
                }
                if kind == 0xda {
                    found.frames += 1;
                    let start = cursor.at;
                    skip_scan(&mut cursor)?;
                    found.keep(cursor.since(start));
                }
            }
        }
    }
    finish(found, exif_at, bytes)
}

/// What is left out is private, unless it is an orientation alone, which is what stays of it.
fn finish<'a>(mut found: Anatomy<'a>, exif_at: usize, bytes: &[u8]) -> Result<Anatomy<'a>, Unfit> {
    if found.exif.orientation != 1 {
        let tiff = only_orientation(found.exif.orientation);
        let length = u16::try_from(2 + EXIF.len() + tiff.len()).map_err(|_| Unfit::Damaged)?;
        let segment = [&[0xff, 0xe1], &length.to_be_bytes()[..], EXIF, &tiff].concat();
        found.kept.insert(exif_at.min(found.kept.len()), Cow::Owned(segment));
    }
    found.private = found.kept.iter().map(|piece| piece.len()).sum::<usize>() != bytes.len();
    Ok(found)
}

/// The next marker and where it begins; bytes that belong to nothing are passed over, as every
/// decoder does.
fn marker(cursor: &mut Cursor<'_>) -> Result<(usize, u8), Unfit> {
    let skip = cursor.rest().iter().position(|byte| *byte == 0xff).ok_or(Unfit::CutOff)?;
    cursor.take(skip)?;
    loop {
        match cursor.byte()? {
            0xff => {}
            0x00 | 0xd8 => return Err(Unfit::Damaged),
            kind => return Ok((cursor.at - 2, kind)),
        }
    }
}

/// Learns from a segment; says whether it goes out.
fn keeps(kind: u8, body: &[u8], found: &mut Anatomy<'_>) -> bool {
    match kind {
        // Start of frame: precision, height, width.
        0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
            if let [_, h1, h2, w1, w2, ..] = body {
                found.height = u16::from_be_bytes([*h1, *h2]).into();
                found.width = u16::from_be_bytes([*w1, *w2]).into();
            }
            true
        }
        0xe0 => body.starts_with(b"JFIF\0"),
        0xe1 => {
            if let Some(tiff) = body.strip_prefix(EXIF) {
                found.exif.learn(Exif::read(tiff));
            } else if body.starts_with(XMP) {
                found.exif.location |= xmp_has_location(body);
            }
            false
        }
        0xe2 => body.starts_with(b"ICC_PROFILE\0"),
        // Adobe's: how the colours are stored.
        0xee => body.starts_with(b"Adobe"),
        // Every other application's, and comments.
        0xe3..=0xef | 0xfe => false,
        _ => true,
    }
}

/// Passes over the pixels, up to the next marker.
fn skip_scan(cursor: &mut Cursor<'_>) -> Result<(), Unfit> {
    loop {
        let skip = cursor.rest().iter().position(|byte| *byte == 0xff).ok_or(Unfit::CutOff)?;
        cursor.take(skip)?;
        match cursor.rest().get(1) {
            // A stuffed byte, a restart.
            Some(0x00 | 0xd0..=0xd7) => drop(cursor.take(2)?),
            Some(0xff) => drop(cursor.take(1)?),
            Some(_) => return Ok(()),
            None => return Err(Unfit::CutOff),
        }
    }
}
