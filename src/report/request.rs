//! A request to a site, for `--verbose`.

use anstyle::Style as Ansi;

use super::Style;
use crate::targets::client::Exchange;

/// One line: `blog: GET https://blog.example/wp-json/?_fields=… → 200, 41 ms`.
#[must_use]
pub fn line(exchange: &Exchange<'_>, style: Style) -> String {
    let Exchange { target, method, address, took, .. } = exchange;
    let status = exchange.status.map_or_else(|| "no answer".to_owned(), |status| status.as_u16().to_string());
    let text = format!("{target}: {method} {address} → {status}, {} ms", took.as_millis());
    style.paint(Ansi::new().dimmed(), &text)
}
