//! The untyped tree that YAML and TOML are both read into. Scalars stay text, as typed: `no`,
//! `0755` and `2026` have no type until a key gives them one.

/// A key and its value, in the order of the file.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The key, unquoted.
    pub key: String,
    /// Byte offset of the key in the file.
    pub at: usize,
    /// Its value.
    pub value: Value,
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Value {
    /// Byte offset in the file.
    pub at: usize,
    /// What it is.
    pub data: Data,
}

/// The kinds of value.
#[derive(Debug, Clone)]
pub(super) enum Data {
    /// Nothing was written (YAML's `key:`, `~` and `null`).
    Empty,
    /// A quoted string or a block of text.
    Text(String),
    /// A bare word: a number, a date, a boolean, or YAML's unquoted text.
    Word(String),
    /// A list.
    List(Vec<Value>),
    /// A table.
    Table(Vec<Entry>),
}

impl Data {
    /// What to call it in a message.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Empty => "nothing",
            Self::Text(_) | Self::Word(_) => "text",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}
