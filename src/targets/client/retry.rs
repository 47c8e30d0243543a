//! Which answers invite another attempt.

use std::time::Duration;

use reqwest::StatusCode;

use super::{Answer, Request};

/// Whether there is to be another attempt.
pub(super) enum Again {
    /// The answer stands.
    No,
    /// After a while of our own choosing.
    Soon,
    /// After so long.
    After(Duration),
}

/// Whether the answer invites another attempt, and after how long.
pub(super) fn again(request: &Request, answer: &Answer) -> Again {
    let after = answer.header("retry-after").and_then(retry_after);
    match answer.status {
        StatusCode::TOO_MANY_REQUESTS => after.map_or(Again::Soon, Again::After),
        // Without Retry-After a 503 can come from a proxy after the server did the work.
        StatusCode::SERVICE_UNAVAILABLE if after.is_some() => after.map_or(Again::No, Again::After),
        status if status.is_server_error() && request.is_read() => Again::Soon,
        _ => Again::No,
    }
}

/// The pause that the site wants where it says that it is asked too much; none is no pause.
pub(super) fn too_much(answer: &Answer) -> Option<Duration> {
    let after = answer.header("retry-after").and_then(retry_after);
    match answer.status {
        StatusCode::TOO_MANY_REQUESTS => Some(after.unwrap_or_default()),
        StatusCode::SERVICE_UNAVAILABLE => after,
        _ => None,
    }
}

/// `Retry-After` in seconds (RFC 9110, 10.2.3); its other form, a date, is read too.
fn retry_after(value: &str) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let at = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(value).ok()?;
    let wait = at.duration_since(jiff::Timestamp::now());
    Some(Duration::try_from(wait).unwrap_or(Duration::ZERO))
}
