//! The keys at the top of the file, and its small tables.

use serde::Deserialize;
use toml::Spanned;

use super::text::{ConfigText, at};
use crate::{
    error::{Error, Result},
    pictures::Limits,
    render::links::{InternalHosts, InternalLinks, InternalPolicy},
};

/// The keys at the top.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Top {
    pub project: Option<Spanned<String>>,
    pub notes: Option<Vec<String>>,
    pub state: Option<Spanned<String>>,
    pub timezone: Option<Spanned<String>>,
    pub author: Option<String>,
    #[serde(default)]
    pub templates: std::collections::BTreeMap<String, String>,
    #[serde(default)]
    pub internal: Internal,
    #[serde(default)]
    pub pictures: Pictures,
    #[serde(default)]
    pub front_matter: FrontMatter,
}

/// `[pictures]`: what pictures are brought to before they go out.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pictures {
    max_width: Option<Spanned<u32>>,
}

impl Pictures {
    /// What it says, within reason.
    pub fn limits(&self, text: &ConfigText) -> Result<Limits> {
        let Some(value) = &self.max_width else { return Ok(Limits::default()) };
        let max_width = *value.get_ref();
        if (200..=16_000).contains(&max_width) {
            return Ok(Limits { max_width });
        }
        Err(at(text, value, Error::invalid("`max_width` must lie between 200 and 16000 pixels")))
    }
}

/// `[front_matter]`.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FrontMatter {
    pub ignore: Vec<String>,
}

/// `[internal]`: what is inside, and what public targets show in its place.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Internal {
    /// Hosts (globs) of the inside.
    hosts: Vec<String>,
    /// What becomes of a link to one of them in a public target.
    links: InternalLinks,
    /// The label of `links = "label"`.
    label: String,
}

impl Internal {
    /// What it says, with patterns that are hosts.
    pub fn policy(self) -> Result<InternalPolicy, String> {
        Ok(InternalPolicy { hosts: InternalHosts::new(&self.hosts)?, links: self.links, label: self.label })
    }
}

impl Default for Internal {
    fn default() -> Self {
        Self { hosts: Vec::new(), links: InternalLinks::default(), label: "[internal link]".to_owned() }
    }
}
