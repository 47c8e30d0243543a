//! An intranet that is a real WordPress: a post type of its own, behind the organisation's own
//! certificate authority and proxy.

mod certificates;
mod news;
mod proxies;

use crate::harness::{
    program::Project,
    proxy::Proxy,
    tls::{self, Authority},
    unique,
    wordpress::{Flavour, Role, Site},
};

/// The intranet, and a project that publishes to it.
struct Intranet {
    site: Site,
    proxy: Proxy,
    project: Project,
    /// A word that no other test has.
    word: String,
}

impl Intranet {
    /// Behind a proxy without encryption. `lines` go into the target's table.
    fn plain(role: Role, lines: &str) -> Self {
        let site = Site::shared(Flavour::Wp71);
        let proxy = Proxy::in_front_of(&site.url);
        Self::new(site, proxy, role, lines)
    }

    /// Behind a proxy whose certificate is of a new authority, in `council-ca.pem`.
    fn encrypted(role: Role, lines: &str) -> Self {
        let site = Site::shared(Flavour::Wp71);
        let authority = Authority::new("The council");
        let proxy = Proxy::encrypted(&site.url, tls::server(&authority.sign("localhost", 2999), None));
        let intranet = Self::new(site, proxy, role, lines);
        intranet.project.write("council-ca.pem", &authority.pem);
        intranet
    }

    fn new(site: Site, proxy: Proxy, role: Role, lines: &str) -> Self {
        let (word, user) = (unique("intranet"), site.user(role));
        let config = format!(
            "project = \"{word}\"\n[targets.intranet]\nkind = \"wordpress\"\nurl = \"{}\"\nuser = \"{}\"\n\
             audience = \"internal\"\npost_type = \"news\"\n{lines}",
            proxy.url, user.name
        );
        let mut project = Project::with_config(&config);
        project.env("CROSSPOST_INTRANET_PASSWORD", &user.password);
        Self { site, proxy, project, word }
    }

    /// Writes the note, whose title and text hold the word.
    fn note(&self, front: &str, text: &str) {
        let word = &self.word;
        self.project.write(
            "notes/a.md",
            format!("---\ntitle: {word}\ndate: 2026-03-02T09:00:00Z\n{front}---\n\n{text} {word}.\n"),
        );
    }

    /// The note's posts, of the type `news`.
    fn news(&self) -> Vec<serde_json::Value> {
        self.site.entries_with_marker("news", &self.word)
    }

    /// The one post.
    fn one(&self) -> serde_json::Value {
        let news = self.news();
        assert_eq!(news.len(), 1, "{news:#?}");
        news[0].clone()
    }

    /// Publishes, and returns the report; the exit code must be this.
    fn publish(&self, code: i32) -> serde_json::Value {
        self.project.run(&["publish", "--format", "json"]).expect(code).json()
    }

    /// The names of the post's terms in a taxonomy.
    fn terms(&self, taxonomy: &str) -> Vec<String> {
        let ids = self.one()[taxonomy].as_array().cloned().unwrap_or_default();
        let name = |id| self.site.get(&format!("wp/v2/{taxonomy}/{id}"))["name"].as_str().map(str::to_owned);
        ids.iter().filter_map(name).collect()
    }
}
