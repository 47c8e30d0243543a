//! GIF: blocks (GIF89a, section 15 on). Kept are the frames and what moves them.

use super::{Anatomy, Cursor};
use crate::pictures::{Unfit, exif::xmp_has_location};

pub(super) fn anatomy(bytes: &[u8]) -> Result<Anatomy<'_>, Unfit> {
    let mut cursor = Cursor::new(bytes, 6);
    let mut found = Anatomy::empty();
    let [w1, w2, h1, h2, packed, _, _] = cursor.array()?;
    found.width = u16::from_le_bytes([w1, w2]).into();
    found.height = u16::from_le_bytes([h1, h2]).into();
    cursor.take(colours(packed))?;
    found.keep(cursor.since(0));
    loop {
        let start = cursor.at;
        let keeps = match cursor.byte()? {
            0x3b => break found.keep(cursor.since(start)),
            0x2c => {
                found.frames += 1;
                let descriptor: [u8; 9] = cursor.array()?;
                cursor.take(colours(descriptor[8]))?;
                cursor.byte()?;
                sub_blocks(&mut cursor)?;
                true
            }
            0x21 => extension(&mut cursor, &mut found)?,
            _ => return Err(Unfit::Damaged),
        };
        if keeps {
            found.keep(cursor.since(start));
        }
    }
    found.animated = found.frames > 1;
    found.private = found.kept.iter().map(|piece| piece.len()).sum::<usize>() != bytes.len();
    Ok(found)
}

/// Length of a colour table.
fn colours(packed: u8) -> usize {
    if packed & 0x80 == 0 { 0 } else { 3 << ((packed & 7) + 1) }
}

/// Passes over an extension; says whether it goes out.
fn extension<'a>(cursor: &mut Cursor<'a>, found: &mut Anatomy<'a>) -> Result<bool, Unfit> {
    let label = cursor.byte()?;
    let body = sub_blocks(cursor)?;
    Ok(match label {
        // An application's: only loops and colour profiles show.
        0xff => {
            found.exif.location |= xmp_has_location(body);
            let name = body.get(1..12).unwrap_or_default();
            [b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012"].iter().any(|known| name == *known)
        }
        0xfe => false,
        _ => true,
    })
}

fn sub_blocks<'a>(cursor: &mut Cursor<'a>) -> Result<&'a [u8], Unfit> {
    let start = cursor.at;
    loop {
        match cursor.byte()? {
            0 => return Ok(cursor.since(start)),
            length => drop(cursor.take(length.into())?),
        }
    }
}
