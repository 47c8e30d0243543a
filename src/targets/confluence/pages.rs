//! A page as either edition shows it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::config::Config;
use crate::{
    note::Marker,
    render::storage::{self, Edition},
    targets::{Remote, RemoteId},
};

/// The part of a page that holds its title.
pub const TITLE: &str = "title";
/// The part that holds what it says.
pub const CONTENT: &str = "content";
/// The part that holds its labels.
pub const TAGS: &str = "tags";

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its id, which it keeps when it is renamed or moved.
    pub id: String,
    /// Its title.
    pub title: String,
    /// `current`, `archived`, `trashed`.
    pub status: String,
    /// Its number, from 1.
    pub version: u64,
    /// Its body in storage format.
    pub body: String,
    /// Where it is read, below the site; `None` where it is not told.
    webui: Option<String>,
    /// Its labels, where they were asked for.
    pub labels: Option<Vec<String>>,
    /// The marker in its property, where that was asked for and is there.
    pub property: Option<Marker>,
}

impl Page {
    /// Reads a page; both editions call the same things nearly alike. `None` where something is
    /// missing without which it could be taken for another page, or for one without marker.
    #[must_use]
    pub fn read(page: &Value) -> Option<Self> {
        let text = |at: &str| page.pointer(at).and_then(Value::as_str).map(str::to_owned);
        Some(Self {
            id: text("/id").filter(|id| is_id(id))?,
            title: text("/title")?,
            status: text("/status").unwrap_or_else(|| "current".to_owned()),
            version: page.pointer("/version/number").and_then(Value::as_u64)?,
            body: text("/body/storage/value")?,
            webui: text("/_links/webui"),
            labels: None,
            property: None,
        })
    }

    /// Whether readers no longer find it. An archived page can be brought back like one in the trash.
    #[must_use]
    pub fn is_away(&self) -> bool {
        self.status != "current"
    }

    /// The markers that stand in it, or else in its property.
    #[must_use]
    pub fn markers(&self) -> Vec<Marker> {
        let mut markers = Marker::all_in(&self.body);
        markers.dedup();
        if markers.is_empty() { self.property.into_iter().collect() } else { markers }
    }

    /// Whether it carries a marker.
    #[must_use]
    pub fn carries(&self, marker: Marker) -> bool {
        self.markers().contains(&marker)
    }

    /// Where it is read: an address that a new title does not change.
    #[must_use]
    pub fn url(&self, config: &Config) -> String {
        let site = config.site.as_str().trim_end_matches('/');
        match (config.edition, &self.webui) {
            (Edition::Cloud, Some(webui)) => format!("{site}{webui}"),
            (Edition::Cloud, None) => format!("{site}/spaces/{}/pages/{}", config.space, self.id),
            (Edition::DataCenter, _) => format!("{site}/pages/viewpage.action?pageId={}", self.id),
        }
    }

    /// The page as all targets show theirs.
    #[must_use]
    pub fn remote(&self, config: &Config) -> Remote {
        let markers = self.markers();
        let stamp = markers.first().and_then(|marker| storage::read_stamp(&self.title, &self.body, *marker));
        let mut parts = BTreeMap::from([
            (TITLE.to_owned(), self.title.clone()),
            (CONTENT.to_owned(), storage::essence(&self.body)),
        ]);
        if let Some(labels) = &self.labels {
            parts.insert(TAGS.to_owned(), labels_part(labels));
        }
        Remote {
            id: RemoteId(self.id.clone()),
            url: Some(self.url(config)),
            permanent: true,
            trashed: self.is_away(),
            markers,
            stamp,
            parts,
        }
    }
}

/// Labels as a part of a page, in one order.
#[must_use]
pub fn labels_part(labels: &[String]) -> String {
    let mut sorted: Vec<&str> = labels.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.join(", ")
}

/// Whether a text names nothing but a page.
#[must_use]
pub fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_page_without_its_text_is_none() {
        let whole = json!({
            "id": "7", "status": "current", "title": "T", "version": { "number": 2 },
            "body": { "storage": { "value": "<p>a</p>" } }, "_links": { "webui": "/spaces/S/pages/7/T" },
        });
        assert_eq!(Page::read(&whole).unwrap().version, 2);
        for missing in ["id", "title", "version", "body"] {
            let mut part = whole.clone();
            part.as_object_mut().unwrap().remove(missing);
            assert_eq!(Page::read(&part), None, "{missing}");
        }
    }

    #[test]
    fn labels_have_one_order() {
        assert_eq!(labels_part(&["b".to_owned(), "a".to_owned(), "b".to_owned()]), "a, b");
    }
}
