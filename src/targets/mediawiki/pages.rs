//! A page as the API shows it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::config::Config;
use crate::{
    note::Marker,
    render::stamp,
    targets::{Remote, RemoteId},
};

/// The part of a page that holds its title, without what the configuration puts before all.
pub const TITLE: &str = "title";
/// The part that holds its wikitext.
pub const CONTENT: &str = "content";

/// What is asked of a page.
pub const PROPERTIES: [(&str, &str); 4] =
    [("prop", "info|revisions"), ("inprop", "url"), ("rvprop", "ids|content"), ("rvslots", "main")];

/// A page.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Page {
    /// Its id, which it keeps when it is renamed; 0 where there is none.
    pub pageid: u64,
    /// Its namespace's number.
    pub ns: i64,
    /// Its whole title.
    pub title: String,
    /// There is no such page.
    pub missing: bool,
    canonicalurl: Option<String>,
    fullurl: Option<String>,
    revisions: Vec<Revision>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Revision {
    revid: u64,
    slots: BTreeMap<String, Slot>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Slot {
    content: String,
}

/// The pages in an answer, without those that are not there.
#[must_use]
pub fn all(body: &Value) -> Vec<Page> {
    let pages = body.pointer("/query/pages").and_then(Value::as_array);
    let read = pages.into_iter().flatten().filter_map(|page| Page::deserialize(page).ok());
    read.filter(|page| !page.missing && page.pageid > 0).collect()
}

impl Page {
    /// The number of the revision that was looked at.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revisions.first().map(|revision| revision.revid).unwrap_or_default()
    }

    /// Its wikitext.
    #[must_use]
    pub fn content(&self) -> &str {
        let main = self.revisions.first().and_then(|revision| revision.slots.get("main"));
        main.map(|slot| slot.content.as_str()).unwrap_or_default()
    }

    /// The markers that stand in it.
    #[must_use]
    pub fn markers(&self) -> Vec<Marker> {
        Marker::all_in(self.content())
    }

    /// Its title, without what the configuration puts before all titles.
    #[must_use]
    pub fn own_title(&self, config: &Config) -> String {
        let before = config.before_title();
        self.title.strip_prefix(before.trim_end()).map_or(self.title.as_str(), str::trim_start).to_owned()
    }

    /// The page as all targets show theirs.
    #[must_use]
    pub fn remote(&self, config: &Config) -> Remote {
        let title = self.own_title(config);
        let markers = self.markers();
        let stamp = markers.first().and_then(|marker| stamp::read(&title, self.content(), *marker));
        Remote {
            id: RemoteId(self.pageid.to_string()),
            url: self.canonicalurl.clone().or_else(|| self.fullurl.clone()),
            permanent: true,
            trashed: false,
            markers,
            stamp,
            parts: BTreeMap::from([
                (TITLE.to_owned(), title),
                (CONTENT.to_owned(), self.content().to_owned()),
            ]),
        }
    }
}
