//! PNG: chunks (W3C PNG, third edition, section 5). Those that show the picture are kept; texts,
//! times, Exif data and what single programs add to their files are not.

use std::borrow::Cow;

use super::{Anatomy, Cursor, index};
use crate::pictures::{
    Unfit,
    exif::{Exif, only_orientation, xmp_has_location},
};

const SIGNATURE: usize = 8;

pub(super) fn anatomy(bytes: &[u8]) -> Result<Anatomy<'_>, Unfit> {
    let mut cursor = Cursor::new(bytes, 0);
    let mut found = Anatomy::empty();
    found.keep(cursor.take(SIGNATURE)?);
    loop {
        let start = cursor.at;
        let length = cursor.big32()?;
        let kind: [u8; 4] = cursor.array()?;
        let body = cursor.take(index(length))?;
        cursor.take(4)?;
        if (start == SIGNATURE) != (kind == *b"IHDR") {
            return Err(Unfit::Damaged);
        }
        if keeps(kind, body, &mut found) {
            found.keep(cursor.since(start));
        }
        if kind == *b"IEND" {
            break;
        }
    }
    if found.exif.orientation != 1 {
        // Anywhere before the pixels: right behind the header.
        let chunk = chunk(*b"eXIf", &only_orientation(found.exif.orientation));
        found.kept.insert(2.min(found.kept.len()), Cow::Owned(chunk));
    }
    found.private = found.kept.iter().map(|piece| piece.len()).sum::<usize>() != bytes.len();
    Ok(found)
}

/// Learns from a chunk; says whether it goes out.
fn keeps(kind: [u8; 4], body: &[u8], found: &mut Anatomy<'_>) -> bool {
    match &kind {
        b"IHDR" => {
            if let [w1, w2, w3, w4, h1, h2, h3, h4, ..] = body {
                found.width = u32::from_be_bytes([*w1, *w2, *w3, *w4]);
                found.height = u32::from_be_bytes([*h1, *h2, *h3, *h4]);
            }
            true
        }
        b"eXIf" => {
            found.exif.learn(Exif::read(body));
            false
        }
        b"iTXt" | b"tEXt" => {
            found.exif.location |= xmp_has_location(body);
            false
        }
        b"IDAT" => {
            found.frames += 1;
            true
        }
        b"acTL" => {
            found.animated = true;
            true
        }
        b"tRNS" | b"gAMA" | b"cHRM" | b"sRGB" | b"iCCP" | b"cICP" | b"mDCV" | b"cLLI" | b"sBIT" | b"bKGD"
        | b"hIST" | b"pHYs" | b"sPLT" | b"fcTL" | b"fdAT" => true,
        // A small first letter: a picture can be shown without it.
        [first, ..] => first.is_ascii_uppercase(),
    }
}

pub(in crate::pictures) fn chunk(kind: [u8; 4], body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap_or_default();
    let check = crc(kind.iter().chain(body));
    [&length.to_be_bytes()[..], &kind, body, &check.to_be_bytes()].concat()
}

/// The check sum of a chunk (annex D), bit by bit: it is only ever a few bytes.
fn crc<'a>(bytes: impl Iterator<Item = &'a u8>) -> u32 {
    !bytes.fold(u32::MAX, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| {
                if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 }
            },
        )
    })
}
