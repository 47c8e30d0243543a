//! What a WordPress site would be sent. Pure.

use super::config::{Config, Format};
use crate::{
    error::{Error, Result},
    render::{Context, Digest, Document, Featured, Rendering},
};

pub fn has_footnotes(rendering: &Rendering) -> bool {
    rendering.extra.contains_key("footnotes")
}
pub fn version(config: &Config) -> Digest {
    Digest::of_json(&(config.format,))
}
pub fn render(config: &Config, document: &Document, context: &Context<'_>) -> Result<Rendering, Vec<Error>> {
    let _ = (config, document, context, Format::Html, None::<Featured>);
    Err(Vec::new())
}
