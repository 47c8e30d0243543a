//! The two things that crosspost wants to know of Exif data: how the picture is to be turned, and
//! whether it says where it was taken. (Exif 2.32, section 4.6; TIFF 6.0, section 2.)

/// Tag of the orientation, in the first directory.
const ORIENTATION: u16 = 0x0112;
/// Tag of the directory of the place, in the first directory.
const GPS: u16 = 0x8825;

/// What Exif data say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Exif {
    /// 1 to 8; 1 is upright.
    pub orientation: u8,
    /// Whether they say where the picture was taken.
    pub location: bool,
}

impl Exif {
    /// Of a picture that has none.
    pub const NONE: Self = Self { orientation: 1, location: false };

    /// Reads Exif data from their TIFF header on; what cannot be read says nothing.
    pub fn read(tiff: &[u8]) -> Self {
        Self::parse(tiff).unwrap_or(Self::NONE)
    }

    /// Adds what a further piece of the file says.
    pub fn learn(&mut self, more: Self) {
        self.orientation = more.orientation;
        self.location |= more.location;
    }

    fn parse(tiff: &[u8]) -> Option<Self> {
        let big = match tiff.get(..2)? {
            b"MM" => true,
            b"II" => false,
            _ => return None,
        };
        let short = |at: usize| {
            let two: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
            Some(if big { u16::from_be_bytes(two) } else { u16::from_le_bytes(two) })
        };
        let four: [u8; 4] = tiff.get(4..8)?.try_into().ok()?;
        let first = if big { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) };
        let first = usize::try_from(first).ok()?;
        let mut exif = Self::NONE;
        for entry in 0..usize::from(short(first)?) {
            let at = first.checked_add(2 + 12 * entry)?;
            match short(at) {
                Some(GPS) => exif.location = true,
                Some(ORIENTATION) => exif.orientation = orientation(short(at + 8)),
                Some(_) => {}
                None => break,
            }
        }
        Some(exif)
    }
}

fn orientation(value: Option<u16>) -> u8 {
    value.and_then(|value| u8::try_from(value).ok()).filter(|value| (1..=8).contains(value)).unwrap_or(1)
}

/// Exif data, from their TIFF header on, that say how the picture is to be turned and nothing else.
pub(super) fn only_orientation(orientation: u8) -> Vec<u8> {
    let mut tiff = b"MM\0\x2a\0\0\0\x08".to_vec();
    // One entry: the orientation, a short (type 3), one of it; then no further directory.
    tiff.extend([0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]);
    tiff
}

/// Whether an XMP packet names a place (XMP specification, part 2, "Exif schema").
pub(super) fn xmp_has_location(packet: &[u8]) -> bool {
    packet.windows(5).any(|five| five == b"GPSLa" || five == b"GPSLo")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for orientation in 1..=8 {
            assert_eq!(Exif::read(&only_orientation(orientation)), Exif { orientation, location: false });
        }
    }

    #[test]
    fn both_byte_orders_are_read_and_nonsense_says_nothing() {
        let little =
            b"II\x2a\0\x08\0\0\0\x02\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\x25\x88\x04\0\x01\0\0\0\x26\0\0\0";
        assert_eq!(Exif::read(little), Exif { orientation: 6, location: true });
        for bad in [
            &b""[..],
            b"MM",
            b"II\x2a\0\xff\xff\xff\xff",
            b"MM\0\x2a\0\0\0\x08\xff\xff",
            b"XX\0\x2a\0\0\0\x08\0\0",
        ] {
            assert_eq!(Exif::read(bad), Exif::NONE);
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_break_it(bytes in proptest::collection::vec(0u8.., 0..64)) {
            let bytes = [b"MM\0\x2a\0\0\0\x08", &*bytes].concat();
            proptest::prop_assert!((1..=8).contains(&Exif::read(&bytes).orientation));
        }
    }
}
