//! This machine's clock, compared with those of the sites.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp, fmt::rfc2822::DateTimeParser};

use crate::{
    report::doctor::Section,
    targets::{
        client::{self, Exchange},
        diagnosis::Diagnosis,
    },
};

/// A difference that leases do not bear well: they hold for a minute where `timeout` is 40 s.
const TOO_MUCH: SignedDuration = SignedDuration::from_secs(30);

/// How far ahead of each target's server this machine is.
pub struct Clocks(Arc<Mutex<BTreeMap<String, SignedDuration>>>);

impl Clocks {
    /// Reads the clocks from all answers from here on.
    pub fn watch() -> Self {
        let clocks = Self(Arc::default());
        let seen = Arc::clone(&clocks.0);
        client::watch(move |exchange| {
            let Some(ahead) = ahead(exchange, Timestamp::now()) else { return };
            let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            // The smallest counts: an answer may have lain in a cache that does not say so.
            let least = seen.entry(exchange.target.to_owned()).or_insert(ahead);
            *least = (*least).min_by_size(ahead);
        });
        clocks
    }

    /// What they tell; `None` where no server told its time.
    pub fn section(&self) -> Option<Section> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let findings: Vec<Diagnosis> = seen.iter().map(|(target, ahead)| finding(target, *ahead)).collect();
        let place = String::new();
        (!findings.is_empty()).then(|| Section { name: "clock".to_owned(), place, findings })
    }
}

trait BySize {
    fn min_by_size(self, other: Self) -> Self;
}

impl BySize for SignedDuration {
    fn min_by_size(self, other: Self) -> Self {
        if other.abs() < self.abs() { other } else { self }
    }
}

/// How far ahead of a server this machine is. A server's `Date` has whole seconds.
fn ahead(exchange: &Exchange<'_>, now: Timestamp) -> Option<SignedDuration> {
    let there = DateTimeParser::new().parse_timestamp(exchange.date?).ok()?;
    let age = exchange.age.and_then(|age| age.trim().parse().ok()).unwrap_or(0);
    Some(now.duration_since(there) - SignedDuration::from_secs(age))
}

fn finding(target: &str, ahead: SignedDuration) -> Diagnosis {
    let seconds = ahead.as_secs().abs();
    if ahead.abs() <= TOO_MUCH {
        return Diagnosis::good(format!("agrees with the server of `{target}`"));
    }
    let way = if ahead.is_negative() { "behind" } else { "ahead of" };
    Diagnosis::doubtful(format!("this machine is {seconds} s {way} the server of `{target}`"))
        .code("clock")
        .help("set the clock of the machine that is wrong: two runs of crosspost tell by the time whether the other is still at work")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange<'a>(date: &'a str, age: Option<&'a str>) -> Exchange<'a> {
        let (address, took) = (String::new(), std::time::Duration::ZERO);
        let method = &reqwest::Method::GET;
        Exchange { target: "blog", method, address, status: None, took, date: Some(date), age }
    }

    #[test]
    fn a_server_whose_clock_differs_is_told_with_the_way_to_go() {
        let now: Timestamp = "2026-11-26T12:00:00Z".parse().unwrap();
        let text = |date, age| finding("blog", ahead(&exchange(date, age), now).unwrap()).text;
        assert!(text("Thu, 26 Nov 2026 12:00:20 GMT", None).starts_with("agrees"));
        assert!(text("Thu, 26 Nov 2026 12:05:00 GMT", None).contains("300 s behind"));
        assert!(text("Thu, 26 Nov 2026 11:59:00 GMT", None).contains("60 s ahead of"));
        assert!(text("Thu, 26 Nov 2026 11:00:00 GMT", Some("3590")).starts_with("agrees"));
        assert!(ahead(&exchange("yesterday", None), now).is_none());
    }
}
