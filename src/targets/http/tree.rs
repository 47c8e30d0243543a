//! A body as a tree of TOML whose texts are templates. It is filled in first and serialised
//! afterwards, so no value can break out of its place.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value as Json};
use toml::Spanned;

use super::{names::Values, template::Text};
use crate::error::{Error, Result};

/// A tree as it stands in the file.
pub enum Raw {
    /// A template.
    Text(String),
    /// A number or a truth value.
    Plain(Json),
    /// A list.
    List(Vec<Spanned<Raw>>),
    /// A table.
    Table(Vec<(String, Spanned<Raw>)>),
}

/// A tree that was looked over.
#[derive(Debug, Clone, PartialEq)]
pub enum Tree {
    /// A template.
    Text(Text),
    /// A number or a truth value.
    Plain(Json),
    /// A list.
    List(Vec<Tree>),
    /// A table.
    Table(Vec<(String, Tree)>),
}

impl Tree {
    /// Looks a tree over with what `text` makes of each of its texts.
    ///
    /// # Errors
    /// What `text` says.
    pub fn read(raw: &Spanned<Raw>, text: &mut dyn FnMut(&Spanned<String>) -> Result<Text>) -> Result<Self> {
        Ok(match raw.get_ref() {
            Raw::Text(source) => Self::Text(text(&Spanned::new(raw.span(), source.clone()))?),
            Raw::Plain(json) => Self::Plain(json.clone()),
            Raw::List(items) => {
                Self::List(items.iter().map(|item| Self::read(item, text)).collect::<Result<_>>()?)
            }
            Raw::Table(entries) => {
                let mut read = Vec::with_capacity(entries.len());
                for (key, value) in entries {
                    read.push((key.clone(), Self::read(value, text)?));
                }
                Self::Table(read)
            }
        })
    }

    /// The JSON.
    ///
    /// # Errors
    /// What a template cannot be filled in with, and where in the body that is.
    pub fn fill(&self, values: &Values) -> Result<Json> {
        self.fill_at("", values)
    }

    fn fill_at(&self, at: &str, values: &Values) -> Result<Json> {
        Ok(match self {
            Self::Text(text) => text.value(values).map_err(|error| in_body(error, at))?,
            Self::Plain(json) => json.clone(),
            Self::List(items) => {
                let filled =
                    items.iter().enumerate().map(|(i, item)| item.fill_at(&format!("{at}/{i}"), values));
                Json::Array(filled.collect::<Result<_>>()?)
            }
            Self::Table(entries) => {
                let filled = entries
                    .iter()
                    .map(|(key, tree)| Ok((key.clone(), tree.fill_at(&format!("{at}/{key}"), values)?)));
                Json::Object(filled.collect::<Result<Map<_, _>>>()?)
            }
        })
    }

    /// Whether one of its texts names a value.
    #[must_use]
    pub fn names(&self, name: &str) -> bool {
        match self {
            Self::Text(text) => text.names(name),
            Self::Plain(_) => false,
            Self::List(items) => items.iter().any(|item| item.names(name)),
            Self::Table(entries) => entries.iter().any(|(_, tree)| tree.names(name)),
        }
    }

    /// The tree as it was written: what tells two descriptions apart.
    #[must_use]
    pub fn source(&self) -> Json {
        match self {
            Self::Text(text) => Json::String(text.source().to_owned()),
            Self::Plain(json) => json.clone(),
            Self::List(items) => items.iter().map(Self::source).collect(),
            Self::Table(entries) => {
                Json::Object(entries.iter().map(|(key, tree)| (key.clone(), tree.source())).collect())
            }
        }
    }
}

fn in_body(error: Error, at: &str) -> Error {
    error.detail("in the body", at.to_owned())
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number, a truth value, a list or a table")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Plain(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Plain(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Plain(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Plain(value.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut table: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = table.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Table(entries))
    }
}
