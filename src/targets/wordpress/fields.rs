//! Fields of the site's own (`meta`). WordPress checks them after it has stored the post, so a field
//! that it refuses would leave a post behind that the answer denies (WordPress fact 21). Therefore
//! what can be known is looked up before anything is sent, and fields are written in a request of
//! their own once the post is there.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{connection::Connection, posts::META};
use crate::{
    error::{Error, Result, nearest},
    render::Rendering,
};

/// The name under which a field's type is remembered.
fn key(field: &str) -> String {
    format!("meta/{field}")
}

/// The fields that a rendering sets.
pub fn of(rendering: &Rendering) -> impl Iterator<Item = (&str, &Value)> {
    let own = |(part, value)| Some((str::strip_prefix(part, META)?.strip_prefix('.')?, value));
    rendering.extra.iter().map(|(part, value)| (part.as_str(), value)).filter_map(own)
}

/// The fields of a rendering whose type is not known, or does not fit any more.
pub fn unsure<'r>(rendering: &'r Rendering, known: &BTreeMap<String, String>) -> Vec<(&'r str, &'r Value)> {
    let fits = |field: &str, value| known.get(&key(field)).is_some_and(|kind| is_of(kind, value));
    of(rendering).filter(|(field, value)| !fits(field, value)).collect()
}

/// Holds fields to the schema that the site shows of its posts; returns what to remember.
///
/// # Errors
/// A field that the site does not have, or that takes another type.
pub fn check(
    connection: &Connection,
    fields: &[(&str, &Value)],
    schema: &Value,
) -> Result<BTreeMap<String, String>> {
    let mut learned = BTreeMap::new();
    for (field, value) in fields {
        let Some(shown) = schema.get(*field) else { return Err(none(connection, field, schema)) };
        let kind = kind(shown);
        if !is_of(&kind, value) {
            return Err(Error::failed(format!(
                "the field `{field}` is of the type {kind} at the target `{}`, and cannot be `{value}`",
                connection.target()
            ))
            .code("wrong-field")
            .help("change it under `meta` in the target's table"));
        }
        learned.insert(key(field), kind);
    }
    Ok(learned)
}

fn none(connection: &Connection, field: &str, schema: &Value) -> Error {
    let (target, post_type) = (connection.target(), &connection.config().post_type);
    let error = Error::failed(format!(
        "posts of the type `{post_type}` have no field `{field}` at the target `{target}`"
    ))
    .code("no-field");
    let there: Vec<&str> = schema.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    match nearest(field, there.iter().copied()) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error.help(
            "the site must register it for this post type (`register_post_meta` with `show_in_rest`), and the type must support `custom-fields`",
        ),
    }
}

/// A type as it is remembered and shown: `string`, `array of string`.
fn kind(shown: &Value) -> String {
    let word = |schema: &Value| schema.get("type").and_then(Value::as_str).unwrap_or("unknown").to_owned();
    match shown.get("items") {
        Some(items) => format!("array of {}", word(items)),
        None => word(shown),
    }
}

fn is_of(kind: &str, value: &Value) -> bool {
    if let Some(items) = kind.strip_prefix("array of ") {
        return value.as_array().is_some_and(|values| values.iter().all(|value| is_of(items, value)));
    }
    match kind {
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        _ => false,
    }
}

/// The fields that a post does not have as the rendering sets them, ready to be sent.
#[must_use]
pub fn lacking(rendering: &Rendering, has: &BTreeMap<String, String>) -> Map<String, Value> {
    let same = |field: &str, value: &Value| {
        has.get(&super::posts::part(META, field)).is_some_and(|there| *there == value.to_string())
    };
    let lacking = of(rendering).filter(|(field, value)| !same(field, value));
    lacking.map(|(field, value)| (field.to_owned(), value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_fits_a_type_or_not() {
        for (kind, value, fits) in [
            ("string", json!("x"), true),
            ("string", json!(1), false),
            ("boolean", json!(true), true),
            ("boolean", json!("true"), false),
            ("integer", json!(3), true),
            ("integer", json!(3.5), false),
            ("number", json!(3.5), true),
            ("array of string", json!(["a", "b"]), true),
            ("array of string", json!("a"), false),
            ("array of integer", json!([1, "b"]), false),
            ("object", json!("a"), false),
        ] {
            assert_eq!(is_of(kind, &value), fits, "{kind} {value}");
        }
    }

    #[test]
    fn a_schemas_type_is_read() {
        assert_eq!(kind(&json!({ "type": "string" })), "string");
        assert_eq!(kind(&json!({ "type": "array", "items": { "type": "string" } })), "array of string");
        assert_eq!(kind(&json!({})), "unknown");
    }
}
