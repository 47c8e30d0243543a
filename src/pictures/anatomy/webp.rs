//! WebP: chunks in a RIFF file (RFC 9649, section 2).

use std::borrow::Cow;

use super::{Anatomy, Cursor, index};
use crate::pictures::{
    Unfit,
    exif::{Exif, only_orientation, xmp_has_location},
};

/// "RIFF", length, "WEBP".
const HEADER: usize = 12;

/// Flags of the `VP8X` chunk.
const ANIMATION: u8 = 0x02;
const XMP: u8 = 0x04;
const EXIF: u8 = 0x08;
const ALPHA: u8 = 0x10;

pub(super) fn anatomy(bytes: &[u8]) -> Result<Anatomy<'_>, Unfit> {
    let length = index(Cursor::new(bytes, 4).little32()?).checked_add(8).ok_or(Unfit::CutOff)?;
    let mut cursor = Cursor::new(bytes.get(..length).ok_or(Unfit::CutOff)?, HEADER);
    let size = imagesize::blob_size(bytes).map_err(|_| Unfit::Damaged)?;
    let mut found = Anatomy::empty();
    (found.width, found.height) = (pixels(size.width), pixels(size.height));
    // The flags of the extended format, and whether the picture is lossy and opaque.
    let (mut flags, mut photo) = (None, false);
    while !cursor.rest().is_empty() {
        let start = cursor.at;
        let kind: [u8; 4] = cursor.array()?;
        let length = index(cursor.little32()?);
        let body = cursor.take(length)?;
        // Writers forget the last chunk's filling byte.
        cursor.take((length % 2).min(cursor.rest().len()))?;
        match &kind {
            b"VP8X" => flags = Some((found.kept.len(), body)),
            b"VP8 " | b"VP8L" | b"ANMF" => {
                found.frames += 1;
                photo |= &kind == b"VP8 ";
            }
            b"EXIF" => {
                let tiff = body.strip_prefix(b"Exif\0\0").unwrap_or(body);
                found.exif.learn(Exif::read(tiff));
                continue;
            }
            b"XMP " => {
                found.exif.location |= xmp_has_location(body);
                continue;
            }
            b"ALPH" | b"ANIM" | b"ICCP" => {}
            _ => continue,
        }
        found.keep(cursor.since(start));
    }
    let set = flags.and_then(|(_, body)| body.first()).copied().unwrap_or_default();
    found.animated = set & ANIMATION != 0;
    found.photo = photo && set & ALPHA == 0;
    Ok(finish(found, flags, length, bytes))
}

/// Writes the header anew where something was left out.
fn finish<'a>(
    mut found: Anatomy<'a>,
    flags: Option<(usize, &'a [u8])>,
    length: usize,
    bytes: &'a [u8],
) -> Anatomy<'a> {
    let kept: usize = HEADER + found.kept.iter().map(|piece| piece.len()).sum::<usize>();
    found.private = kept != length || length != bytes.len();
    if !found.private {
        found.kept = vec![Cow::Borrowed(bytes)];
        return found;
    }
    if let Some((at, body)) = flags
        && let Some(piece) = found.kept.get_mut(at)
    {
        let turned = found.exif.orientation != 1;
        let mut body = body.to_vec();
        if let Some(set) = body.first_mut() {
            *set = *set & !(EXIF | XMP) | if turned { EXIF } else { 0 };
        }
        *piece = Cow::Owned(chunk(*b"VP8X", &body));
        if turned {
            found.kept.push(Cow::Owned(chunk(*b"EXIF", &only_orientation(found.exif.orientation))));
        }
    }
    let length = 4 + found.kept.iter().map(|piece| piece.len()).sum::<usize>();
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    let header = [b"RIFF", &length.to_le_bytes()[..], b"WEBP"].concat();
    found.kept.insert(0, Cow::Owned(header));
    found
}

pub(in crate::pictures) fn chunk(kind: [u8; 4], body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
    let filling = if body.len() % 2 == 1 { &[0][..] } else { &[] };
    [&kind, &length.to_le_bytes()[..], body, filling].concat()
}

fn pixels(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
