//! Dates as notes write them.

use jiff::{Timestamp, civil, tz::TimeZone};

/// A date as it stands in the front matter: with or without a time, with or without an offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoteDate {
    /// An instant: the note gave an offset or `Z`.
    Instant(Timestamp),
    /// A date and a time on the wall clock of the configuration's `timezone`.
    Local(civil::DateTime),
}

impl NoteDate {
    /// The instant it means. A time that a clock change skips or repeats takes jiff's "compatible"
    /// reading (RFC 5545): later in a gap, the first of two in a fold.
    ///
    /// # Errors
    /// When the date lies outside the years that can be told (-9999 to 9999).
    pub fn instant(&self, zone: &TimeZone) -> Result<Timestamp, jiff::Error> {
        match self {
            Self::Instant(at) => Ok(*at),
            Self::Local(local) => local.to_zoned(zone.clone()).map(|z| z.timestamp()),
        }
    }
}
