//! AVIF: boxes (ISO/IEC 14496-12, and 23008-12 for the items in `meta`). Since everything in the
//! file is named by its offset, Exif data and XMP are not cut out but written over.

use std::{borrow::Cow, ops::Range};

use super::{Anatomy, Cursor, index};
use crate::pictures::{
    Unfit,
    exif::{Exif, only_orientation, xmp_has_location},
};

/// More items than any picture has.
const MOST_ITEMS: usize = 4096;

/// An item that says something about the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Talk {
    Exif,
    /// XMP, or whatever else is text.
    Text,
}

pub(super) fn anatomy(bytes: &[u8]) -> Result<Anatomy<'_>, Unfit> {
    let size = imagesize::blob_size(bytes).map_err(|_| Unfit::Damaged)?;
    let mut found = Anatomy { frames: 1, ..Anatomy::empty() };
    found.width = u32::try_from(size.width).unwrap_or(u32::MAX);
    found.height = u32::try_from(size.height).unwrap_or(u32::MAX);
    found.animated = bytes.get(8..12) == Some(b"avis");
    let mut at = 0;
    for (range, talk) in talk(bytes)? {
        // Ranges that overlap belong to no picture that a program wrote.
        found.keep(bytes.get(at..range.start).ok_or(Unfit::Damaged)?);
        let said = bytes.get(range.clone()).ok_or(Unfit::CutOff)?;
        let silence = silence(talk, said.len());
        found.private |= silence != said;
        found.exif.location |= match talk {
            Talk::Exif => said.get(4..).is_some_and(|tiff| Exif::read(tiff).location),
            Talk::Text => xmp_has_location(said),
        };
        found.kept.push(Cow::Owned(silence));
        at = range.end;
    }
    found.keep(bytes.get(at..).ok_or(Unfit::Damaged)?);
    Ok(found)
}

/// What stands in the place of such an item: Exif data that say "upright", or blanks.
fn silence(talk: Talk, length: usize) -> Vec<u8> {
    let mut out = match talk {
        Talk::Exif => [&[0; 4][..], &only_orientation(1)].concat(),
        Talk::Text => vec![b' '; length],
    };
    if out.len() > length {
        out.clear();
    }
    out.resize(length, 0);
    out
}

/// Where the items stand that say something about the picture, in order.
fn talk(bytes: &[u8]) -> Result<Vec<(Range<usize>, Talk)>, Unfit> {
    let outer = boxes(bytes, 0..bytes.len())?;
    let meta = find(&outer, *b"meta").ok_or(Unfit::CutOff)?;
    // Version and flags come first.
    let inner = boxes(bytes, meta.start.saturating_add(4)..meta.end)?;
    let names = find(&inner, *b"iinf").ok_or(Unfit::Damaged)?;
    let places = find(&inner, *b"iloc").ok_or(Unfit::Damaged)?;
    let data = find(&inner, *b"idat").unwrap_or_default();
    let items = items(bytes, names)?;
    let mut found = Vec::new();
    for (id, range) in extents(bytes, places, data.start)? {
        if range.end > bytes.len() {
            return Err(Unfit::CutOff);
        }
        let Some((_, talk)) = items.iter().find(|(item, _)| *item == id) else { continue };
        let mut holders =
            outer.iter().filter(|(kind, _)| kind == b"mdat").map(|(_, body)| body).chain([&data]);
        // What would be written over must be data, not the file's own structure.
        if !holders.any(|body| body.start <= range.start && range.end <= body.end) {
            return Err(Unfit::Damaged);
        }
        found.push((range, *talk));
    }
    found.sort_by_key(|(range, _)| range.start);
    Ok(found)
}

fn find(boxes: &Boxes, wanted: [u8; 4]) -> Option<Range<usize>> {
    boxes.iter().find(|(kind, _)| *kind == wanted).map(|(_, body)| body.clone())
}

type Boxes = Vec<([u8; 4], Range<usize>)>;

/// The boxes in a range, with the ranges of what they hold.
fn boxes(bytes: &[u8], range: Range<usize>) -> Result<Boxes, Unfit> {
    let mut cursor = Cursor::new(bytes.get(..range.end).ok_or(Unfit::CutOff)?, range.start);
    let mut found = Vec::new();
    while !cursor.rest().is_empty() {
        let start = cursor.at;
        let length = cursor.big32()?;
        let kind = cursor.array()?;
        let length = match length {
            0 => range.end - start,
            1 => index(u64::from_be_bytes(cursor.array()?)),
            length => index(length),
        };
        let header = cursor.at - start;
        let body = cursor.at;
        cursor.take(length.checked_sub(header).ok_or(Unfit::Damaged)?)?;
        found.push((kind, body..cursor.at));
    }
    Ok(found)
}

/// The items that say something about the picture, by number.
fn items(bytes: &[u8], range: Range<usize>) -> Result<Vec<(u32, Talk)>, Unfit> {
    let mut cursor = Cursor::new(bytes, range.start);
    let count = if cursor.big32()? >> 24 == 0 { 2 } else { 4 };
    let mut found = Vec::new();
    for (kind, entry) in boxes(bytes, cursor.at + count..range.end)? {
        let mut cursor = Cursor::new(bytes, entry.start);
        let version = cursor.big32()? >> 24;
        if kind != *b"infe" || version < 2 {
            continue;
        }
        let id = if version == 2 { cursor.big16()?.into() } else { cursor.big32()? };
        cursor.big16()?;
        match &cursor.array()? {
            b"Exif" => found.push((id, Talk::Exif)),
            b"mime" => found.push((id, Talk::Text)),
            _ => {}
        }
    }
    Ok(found)
}

/// Where each item's bytes stand. `data` is where those stand that are kept in `meta` itself.
fn extents(bytes: &[u8], range: Range<usize>, data: usize) -> Result<Vec<(u32, Range<usize>)>, Unfit> {
    let mut cursor = Cursor::new(bytes.get(..range.end).ok_or(Unfit::CutOff)?, range.start);
    let version = cursor.big32()? >> 24;
    let sizes = cursor.big16()?;
    let [offset, length, base, nth] = [12, 8, 4, 0].map(|shift| usize::from((sizes >> shift) & 15));
    let wide = version >= 2;
    let number = |cursor: &mut Cursor<'_>| {
        if wide { cursor.big32() } else { cursor.big16().map(u32::from) }
    };
    let count = index(number(&mut cursor)?);
    let mut found = Vec::new();
    for _ in 0..count.min(MOST_ITEMS) {
        let id = number(&mut cursor)?;
        let inside = version >= 1 && cursor.big16()? & 15 == 1;
        cursor.big16()?;
        let base = sized(&mut cursor, base)?;
        for _ in 0..cursor.big16()? {
            if version >= 1 {
                sized(&mut cursor, nth)?;
            }
            let start = sized(&mut cursor, offset)?.checked_add(base);
            let start = start.and_then(|at| at.checked_add(if inside { data } else { 0 }));
            let start = start.ok_or(Unfit::Damaged)?;
            let end = start.checked_add(sized(&mut cursor, length)?).ok_or(Unfit::Damaged)?;
            found.push((id, start..end));
        }
    }
    Ok(found)
}

/// A number of so many bytes: 0, 4 or 8.
fn sized(cursor: &mut Cursor<'_>, size: usize) -> Result<usize, Unfit> {
    match size {
        0 => Ok(0),
        4 => Ok(index(cursor.big32()?)),
        8 => Ok(index(u64::from_be_bytes(cursor.array()?))),
        _ => Err(Unfit::Damaged),
    }
}
