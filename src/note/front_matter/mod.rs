//! Front matter: YAML between `---`, TOML between `+++`, or none.
//!
//! The text between the fences (`fence`) becomes an untyped tree in which every scalar is kept
//! as the author typed it (`yaml`, `toml`); `assemble` reads the tree by the table of keys
//! ([`keys`]) and reports everything that is wrong with it at once.

mod assemble;
mod fence;
pub mod keys;
mod meta;
mod read;
mod toml;
mod tree;
mod yaml;

#[cfg(test)]
mod tests;

pub use meta::{FrontMatter, Overrides, Status, TargetChoice, Targets};

use super::Source;
use crate::error::Error;
use fence::Syntax;

/// What [`parse`] found.
#[derive(Debug)]
pub struct Parsed {
    /// The values.
    pub meta: FrontMatter,
    /// Byte offset of the body.
    pub body_start: usize,
    /// Line of the body, from 1.
    pub body_line: u32,
}

/// Reads the front matter of a note. `ignore` names keys to pass over; crosspost's own keys cannot
/// be passed over, since one of them (`audience`) keeps things inside.
///
/// # Errors
/// All problems at once, each with its place.
pub fn parse(source: &Source, ignore: &[String]) -> Result<Parsed, Vec<Error>> {
    let Some(block) = fence::find(source).map_err(|error| vec![error])? else {
        return Ok(Parsed { meta: FrontMatter::default(), body_start: 0, body_line: 1 });
    };
    let entries = match block.syntax {
        Syntax::Yaml => yaml::parse(source, block.inner.clone())?,
        Syntax::Toml => toml::parse(source, block.inner.clone())?,
    };
    let meta = assemble::front_matter(source, entries, ignore)?;
    Ok(Parsed { meta, body_start: block.body_start, body_line: block.body_line })
}

/// Where the body begins (byte offset and line, from 1), whether or not the front matter can be read;
/// `None` where it is never closed.
#[must_use]
pub fn body(source: &Source) -> Option<(usize, u32)> {
    let block = fence::find(source).ok()?;
    Some(block.map_or((0, 1), |block| (block.body_start, block.body_line)))
}
