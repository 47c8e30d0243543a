//! The content property of a page: its marker and the digests of its mark, where no editor of the page
//! can lose them. It is written after the page, so the mark in the text is what counts; this is what
//! is left when somebody takes that out.

use serde_json::{Value, json};

use super::{
    connection::Connection,
    errors::{self, Outcome},
    wire,
};
use crate::{
    error::{Error, Result},
    note::Marker,
    render::Rendering,
    targets::WriteError,
};

/// A property that is there.
struct Known {
    id: String,
    version: u64,
    value: Value,
}

async fn known(connection: &Connection, page: &str) -> Result<Option<Known>> {
    let Some(body) = connection.ask("show a property", &wire::property(connection.config(), page)).await?
    else {
        return Ok(None);
    };
    let Some(property) = body.pointer("/results/0").or_else(|| body.get("key").map(|_| &body)) else {
        return Ok(None);
    };
    let text = |key: &str| property.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let version = property.pointer("/version/number").and_then(Value::as_u64).unwrap_or(1);
    Ok(Some(Known { id: text("id"), version, value: property["value"].clone() }))
}

/// The marker in a page's property.
///
/// # Errors
/// When the site cannot be asked.
pub async fn marker(connection: &Connection, page: &str) -> Result<Option<Marker>> {
    Ok(known(connection, page).await?.and_then(|known| marker_in(&known.value)))
}

/// The marker in the property of a page that a search showed.
#[must_use]
pub fn marker_of_hit(row: &Value) -> Option<Marker> {
    marker_in(row.pointer(&format!("/metadata/properties/{}/value", wire::PROPERTY))?)
}

fn marker_in(value: &Value) -> Option<Marker> {
    Marker::parse(value.get("marker")?.as_str()?)
}

/// Writes a page's property, unless it says the same already.
///
/// # Errors
/// What the site said.
pub async fn set(connection: &Connection, page: &str, rendering: &Rendering, marker: Marker) -> Result<()> {
    let value = json!({ "marker": marker.to_string(), "rendering": rendering.digest().short() });
    let known = known(connection, page).await?;
    if known.as_ref().is_some_and(|known| known.value == value) {
        return Ok(());
    }
    let there = known.as_ref().map(|known| (known.id.as_str(), known.version));
    let call = wire::set_property(connection.config(), page, there, &value);
    match connection.write(&call).await.map_err(WriteError::into_error)? {
        Outcome::Done(_) => Ok(()),
        Outcome::Refused(refusal, words) => {
            Err::<(), Error>(errors::explain(connection, "keep the page's property", &refusal, &words))
        }
    }
}
