//! Labels: what Confluence has for tags and categories.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    connection::Connection,
    errors::{self, Outcome},
    wire::{self, Call},
};
use crate::{error::Result, targets::WriteError};

/// What no label may hold (Confluence's own list).
const FORBIDDEN: &[char] = &[
    '!', '#', '&', '(', ')', '*', ',', '.', ':', ';', '<', '>', '?', '@', '[', ']', '^', '"', '\'', '\\',
    '/', '|',
];
/// A label's greatest length.
const LONGEST: usize = 255;

/// The label for a tag: small letters, no blanks. Empty where nothing is left.
#[must_use]
pub fn label(tag: &str) -> String {
    let plain: String = tag.chars().map(|c| if FORBIDDEN.contains(&c) { ' ' } else { c }).collect();
    let label = plain.to_lowercase().split_whitespace().collect::<Vec<_>>().join("-");
    label.chars().take(LONGEST).collect()
}

/// The labels of a page.
///
/// # Errors
/// When the site cannot be asked.
pub async fn of(connection: &Connection, page: &str) -> Result<Vec<String>> {
    let call = wire::labels(connection.config(), page);
    let rows = connection.list_of("show a page's labels", &call).await?;
    let name = |row: &Value| row.get("name").and_then(Value::as_str).map(str::to_owned);
    Ok(rows.iter().flatten().filter_map(name).collect())
}

/// Brings a page's labels to these.
///
/// # Errors
/// What the site said.
pub async fn set(connection: &Connection, page: &str, wanted: &[String]) -> Result<()> {
    let there: BTreeSet<String> = of(connection, page).await?.into_iter().collect();
    let missing: Vec<String> = wanted.iter().filter(|label| !there.contains(*label)).cloned().collect();
    if !missing.is_empty() {
        send(connection, &wire::add_labels(page, &missing)).await?;
    }
    for label in there.iter().filter(|label| !wanted.contains(label)) {
        send(connection, &wire::remove_label(page, label)).await?;
    }
    Ok(())
}

async fn send(connection: &Connection, call: &Call) -> Result<()> {
    match connection.write(call).await.map_err(WriteError::into_error)? {
        Outcome::Done(_) => Ok(()),
        Outcome::Refused(refusal, words) => {
            Err(errors::explain(connection, "set the page's labels", &refusal, &words))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn a_tag_becomes_what_a_label_can_be() {
        for (tag, expected) in [
            ("weeknotes", "weeknotes"),
            ("Digital Team", "digital-team"),
            ("R&D (2026)", "r-d-2026"),
            ("#", ""),
        ] {
            assert_eq!(label(tag), expected, "{tag}");
        }
        assert_eq!(label(&"é".repeat(300)).chars().count(), 255);
    }
}
