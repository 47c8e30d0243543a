//! A page as the API shows it.

use std::collections::{BTreeMap, HashMap};

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

/// The pages in an answer, which may come in several parts.
#[derive(Debug, Default)]
pub struct Pages {
    /// Those that are there.
    pub pages: Vec<Page>,
    /// Whether one was asked for that is not.
    pub missing: bool,
    /// How the wiki writes the titles that it writes otherwise than they were asked for.
    pub normalised: HashMap<String, String>,
}

impl Pages {
    /// Reads the parts of an answer. Each names all pages; the text of each is in one of them.
    #[must_use]
    pub fn read(bodies: &[Value]) -> Self {
        let mut all = Self::default();
        for body in bodies {
            let pages = body.pointer("/query/pages").and_then(Value::as_array);
            for page in pages.into_iter().flatten().filter_map(|page| Page::deserialize(page).ok()) {
                all.add(page);
            }
            let names = body.pointer("/query/normalized").and_then(Value::as_array);
            let text = |entry: &Value, key: &str| Some(entry.get(key)?.as_str()?.to_owned());
            all.normalised.extend(
                names.into_iter().flatten().filter_map(|name| Some((text(name, "from")?, text(name, "to")?))),
            );
        }
        all
    }

    fn add(&mut self, page: Page) {
        if page.missing || page.pageid == 0 {
            self.missing |= page.missing;
            return;
        }
        match self.pages.iter_mut().find(|known| known.pageid == page.pageid) {
            Some(known) if known.revisions.is_empty() => *known = page,
            Some(_) => {}
            None => self.pages.push(page),
        }
    }
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

    /// Whether it carries a marker.
    #[must_use]
    pub fn carries(&self, marker: Marker) -> bool {
        self.markers().contains(&marker)
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_that_comes_in_a_later_part_is_read() {
        let text = |text: &str| json!([{"revid": 7, "slots": {"main": {"content": text}}}]);
        let pages = Pages::read(&[
            json!({"query": {"pages": [{"pageid": 1, "title": "A", "revisions": text("a")}, {"pageid": 2, "title": "B"}]}}),
            json!({"query": {"pages": [{"pageid": 1, "title": "A"}, {"pageid": 2, "title": "B", "revisions": text("b")}]}}),
        ]);
        let texts: Vec<&str> = pages.pages.iter().map(Page::content).collect();
        assert_eq!((texts, pages.missing), (vec!["a", "b"], false));
    }

    #[test]
    fn what_is_not_there_is_told() {
        let pages = Pages::read(&[json!({"query": {"pages": [{"pageid": 9, "missing": true}]}})]);
        assert!(pages.pages.is_empty() && pages.missing);
    }
}
