//! Dates as notes write them.

use jiff::{
    Timestamp, civil,
    tz::{Offset, TimeZone},
};

/// A date as it stands in the front matter: with or without a time, with or without an offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoteDate {
    /// An instant: the note gave an offset, `Z` or a zone.
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

    /// Reads `2026-11-23`, with a time (`14:30`, `14:30:05`) after a space or `T`, with an offset
    /// (`Z`, `+01:00`, `+0100`) or a zone's name (`Europe/London`) after that.
    ///
    /// # Errors
    /// Half a sentence that says what is wrong, for a person.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (day, rest) = match text.split_at_checked(10) {
            Some((day, rest)) => (date(day)?, rest),
            None => return Err(unknown(text)),
        };
        if rest.is_empty() {
            return Ok(Self::Local(day.to_datetime(civil::Time::midnight())));
        }
        let Some(rest) = rest.strip_prefix(['T', 't', ' ']) else { return Err(unknown(text)) };
        let rest = rest.trim_start();
        let end = rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.')).unwrap_or(rest.len());
        let (clock, zone) = rest.split_at(end);
        let local = day.to_datetime(time(clock)?);
        zoned(local, zone.trim())
    }
}

fn unknown(text: &str) -> String {
    format!("`{text}` is not year-month-day")
}

fn date(text: &str) -> Result<civil::Date, String> {
    let mut parts = text.split('-');
    let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(unknown(text));
    };
    let (Some(y), Some(m), Some(d)) = (number(year, 4), number(month, 2), number(day, 2)) else {
        return Err(unknown(text));
    };
    if !(1..=12).contains(&m) {
        return Err(format!("there is no month {month}"));
    }
    let first = civil::Date::new(y, narrow(m), 1).map_err(|_| unknown(text))?;
    if d < 1 || d > i16::from(first.days_in_month()) {
        return Err(format!("{year}-{month} has {} days, and not a day {day}", first.days_in_month()));
    }
    civil::Date::new(y, narrow(m), narrow(d)).map_err(|_| unknown(text))
}

fn time(text: &str) -> Result<civil::Time, String> {
    let wrong = || format!("`{text}` is not a time of day as `14:30` or `14:30:05`");
    let (clock, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let parts: Vec<&str> = clock.split(':').collect();
    let (hour, minute, second) = match parts.as_slice() {
        [hour, minute] if !text.contains('.') => (*hour, *minute, "00"),
        [hour, minute, second] => (*hour, *minute, *second),
        _ => return Err(wrong()),
    };
    let digits = !fraction.is_empty() && fraction.bytes().all(|b| b.is_ascii_digit());
    match (number(hour, 2), number(minute, 2), number(second, 2)) {
        // Fractions of a second mean nothing to any site: read, and dropped.
        (Some(h @ 0..=23), Some(m @ 0..=59), Some(s @ 0..=59)) if digits => {
            civil::Time::new(narrow(h), narrow(m), narrow(s), 0).map_err(|_| wrong())
        }
        _ => Err(wrong()),
    }
}

fn zoned(local: civil::DateTime, zone: &str) -> Result<NoteDate, String> {
    if zone.is_empty() {
        return Ok(NoteDate::Local(local));
    }
    let zone = zone.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(zone);
    let zone = match offset(zone) {
        Some(offset) => TimeZone::fixed(offset),
        // Names are looked up in the time zone database: knowledge of the world, as Unicode's
        // tables are, though some systems keep it in files.
        None => TimeZone::get(zone).map_err(|_| format!("`{zone}` is neither an offset nor a time zone"))?,
    };
    let at = local.to_zoned(zone).map_err(|_| "it lies outside the years that can be told".to_owned())?;
    Ok(NoteDate::Instant(at.timestamp()))
}

fn offset(text: &str) -> Option<Offset> {
    if matches!(text, "Z" | "z") {
        return Some(Offset::UTC);
    }
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None => digits.split_at_checked(2)?,
    };
    let minutes = if minutes.is_empty() { "00" } else { minutes };
    let (hours @ 0..=23, minutes @ 0..=59) = (number(hours, 2)?, number(minutes, 2)?) else { return None };
    Offset::from_seconds(sign * (i32::from(hours) * 3600 + i32::from(minutes) * 60)).ok()
}

/// A number of exactly so many digits.
fn number(text: &str, digits: usize) -> Option<i16> {
    let fine = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    fine.then(|| text.parse().ok()).flatten()
}

/// For numbers that are known to be below 60.
fn narrow(n: i16) -> i8 {
    i8::try_from(n).unwrap_or(i8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        match NoteDate::parse(text) {
            Ok(NoteDate::Instant(at)) => at.to_string(),
            Ok(NoteDate::Local(at)) => at.to_string(),
            Err(reason) => format!("error: {reason}"),
        }
    }

    #[test]
    fn every_usual_form_is_read() {
        for (text, meaning) in [
            ("2026-11-23", "2026-11-23T00:00:00"),
            ("2026-11-23 14:30", "2026-11-23T14:30:00"),
            ("2026-11-23T14:30:05", "2026-11-23T14:30:05"),
            ("2026-11-23 14:30:05.123", "2026-11-23T14:30:05"),
            ("2026-11-23T14:30:05Z", "2026-11-23T14:30:05Z"),
            ("2026-11-23T14:30+01:00", "2026-11-23T13:30:00Z"),
            ("2026-11-23 14:30:05 +0100", "2026-11-23T13:30:05Z"),
            ("2026-11-23 14:30 -05", "2026-11-23T19:30:00Z"),
            ("2026-07-23 14:30 Europe/London", "2026-07-23T13:30:00Z"),
            ("2026-07-23T14:30[Europe/London]", "2026-07-23T13:30:00Z"),
            ("2026-07-23 14:30 UTC", "2026-07-23T14:30:00Z"),
            ("2024-02-29", "2024-02-29T00:00:00"),
        ] {
            assert_eq!(read(text), meaning, "{text}");
        }
    }

    #[test]
    fn what_does_not_exist_is_refused_with_the_reason() {
        for (text, reason) in [
            ("2026-02-30", "2026-02 has 28 days, and not a day 30"),
            ("2026-13-01", "there is no month 13"),
            ("2026-11-00", "2026-11 has 30 days, and not a day 00"),
            ("23/11/2026", "`23/11/2026` is not year-month-day"),
            ("2026-1-2", "`2026-1-2` is not year-month-day"),
            ("2026", "`2026` is not year-month-day"),
            ("2026-11-23 25:00", "`25:00` is not a time of day as `14:30` or `14:30:05`"),
            ("2026-11-23 14", "`14` is not a time of day as `14:30` or `14:30:05`"),
            ("2026-11-23 14:30:60", "`14:30:60` is not a time of day as `14:30` or `14:30:05`"),
            ("2026-11-23 14:30 Mars/Olympus", "`Mars/Olympus` is neither an offset nor a time zone"),
            ("2026-11-23 14:30 +25:00", "`+25:00` is neither an offset nor a time zone"),
            ("2026-11-2é", "`2026-11-2é` is not year-month-day"),
        ] {
            assert_eq!(read(text), format!("error: {reason}"), "{text}");
        }
    }

    #[test]
    fn a_local_time_in_a_gap_is_the_later_one() {
        let zone = TimeZone::get("Europe/London").unwrap();
        let date = NoteDate::parse("2026-03-29 01:30").unwrap();
        assert_eq!(date.instant(&zone).unwrap().to_string(), "2026-03-29T01:30:00Z");
    }
}
