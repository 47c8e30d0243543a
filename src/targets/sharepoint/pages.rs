//! A page as Graph shows it, and the name by which it is a note's.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::canvas;
use crate::{
    note::Marker,
    targets::{Remote, RemoteId},
};

/// The part of a page that holds its title.
pub const TITLE: &str = "title";
/// The part that holds its text.
pub const CONTENT: &str = "content";
/// The part that holds its description.
pub const EXCERPT: &str = "excerpt";
/// The part that says whether readers see it as it is.
pub const PUBLISHED: &str = "published";
/// The value of [`PUBLISHED`] when they do.
pub const YES: &str = "yes";

/// What is asked of a page beside its properties.
pub const WITH_CANVAS: [(&str, &str); 1] = [("$expand", "canvasLayout")];

/// A page.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Page {
    /// Its id.
    pub id: String,
    /// Its file's name: `crosspost-….aspx`.
    pub name: String,
    title: Option<String>,
    description: Option<String>,
    web_url: Option<String>,
    /// What says which version of it was looked at.
    pub e_tag: Option<String>,
    publishing_state: Option<PublishingState>,
    canvas_layout: Value,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PublishingState {
    level: Option<String>,
    version_id: Option<String>,
    checked_out_by: Value,
}

impl Page {
    /// Reads a page. `None` for what is none.
    #[must_use]
    pub fn read(value: &Value) -> Option<Self> {
        Self::deserialize(value).ok().filter(|page| !page.id.is_empty())
    }

    /// Whether readers see it as it is.
    #[must_use]
    pub fn is_published(&self) -> bool {
        self.publishing_state.as_ref().and_then(|state| state.level.as_deref()) == Some("published")
    }

    /// How often it was published: the number before the point of its version.
    #[must_use]
    pub fn publications(&self) -> Option<u64> {
        let version = self.publishing_state.as_ref()?.version_id.as_deref()?;
        version.split('.').next()?.parse().ok()
    }

    /// Which person has it checked out, by name.
    #[must_use]
    pub fn holder(&self) -> Option<String> {
        let by = &self.publishing_state.as_ref()?.checked_out_by;
        let text = |pointer: &str| by.pointer(pointer).and_then(Value::as_str);
        text("/user/displayName").or_else(|| text("/user/email")).map(super::errors::one_line)
    }

    /// The page as all targets show theirs.
    #[must_use]
    pub fn remote(&self) -> Remote {
        let title = self.title.clone().unwrap_or_default();
        let (body, stamp) = canvas::read(&self.canvas_layout, &title);
        let seen = if self.is_published() { YES } else { "no" };
        Remote {
            id: RemoteId(self.id.clone()),
            url: self.web_url.clone(),
            permanent: true,
            trashed: false,
            markers: marker(&self.name).into_iter().collect(),
            stamp,
            parts: BTreeMap::from([
                (TITLE.to_owned(), title),
                (CONTENT.to_owned(), body),
                (EXCERPT.to_owned(), self.description.clone().unwrap_or_default()),
                (PUBLISHED.to_owned(), seen.to_owned()),
            ]),
        }
    }
}

/// The name of the page with this marker: SharePoint can be asked for it, and takes it only once.
#[must_use]
pub fn name(marker: Marker) -> String {
    format!("crosspost-{marker}.aspx")
}

/// The marker in a page's name.
#[must_use]
pub fn marker(name: &str) -> Option<Marker> {
    let id = name.strip_prefix("crosspost-")?.strip_suffix(".aspx")?;
    Marker::parse(id).filter(|marker| self::name(*marker) == name)
}
