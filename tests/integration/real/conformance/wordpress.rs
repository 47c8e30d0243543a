//! A real WordPress, as an author and behind a proxy that counts and loses.

use crate::{
    conformance::Place,
    harness::{
        program::Project,
        proxy::{Fault, Proxy, Rule},
        wordpress::{Flavour, Role, Site},
    },
};

struct Blog {
    site: Site,
    proxy: Proxy,
}

fn blog() -> Blog {
    let site = Site::shared(Flavour::Wp71);
    let proxy = Proxy::in_front_of(&site.url);
    Blog { site, proxy }
}

impl Blog {
    fn found(&self, word: &str) -> Vec<serde_json::Value> {
        let route = format!("wp/v2/posts?status=any&context=edit&per_page=20&search={word}");
        self.site.get(&route).as_array().cloned().unwrap_or_default()
    }

    fn tag_names(&self, post: &serde_json::Value) -> String {
        let ids = post["tags"].as_array().cloned().unwrap_or_default();
        let name = |id: &serde_json::Value| self.site.get(&format!("wp/v2/tags/{id}"))["name"].to_string();
        ids.iter().map(name).collect::<Vec<_>>().join(" ")
    }
}

impl Place for Blog {
    fn table(&self) -> String {
        let user = self.site.user(Role::Author).name;
        format!(
            "kind = \"wordpress\"\naudience = \"public\"\nurl = \"{}\"\nuser = \"{user}\"\ntimeout = 20\n",
            self.proxy.url
        )
    }

    fn environment(&self) -> Vec<(String, String)> {
        vec![("CROSSPOST_PLACE_PASSWORD".to_owned(), self.site.user(Role::Author).password)]
    }

    fn posts(&self, _project: &Project, word: &str) -> Vec<String> {
        let text = |post: &serde_json::Value| {
            let part = |name: &str| post[name]["raw"].as_str().unwrap_or_default().to_owned();
            format!("{}\n{}\n{}", part("title"), part("content"), self.tag_names(post))
        };
        self.found(word).iter().map(text).filter(|text| text.contains(word)).collect()
    }

    fn edit(&self, _project: &Project, word: &str, from: &str, to: &str) -> bool {
        let posts = self.site.query(&format!(
            "SELECT ID FROM {} WHERE post_content LIKE '%{word}%' AND post_type = 'post' ORDER BY ID DESC LIMIT 1",
            self.site.table("posts")
        ));
        let post = self.site.post_by_id(&posts[0]);
        let raw = post["content"]["raw"].as_str().unwrap_or_default().replace(from, to);
        self.site.post(&format!("wp/v2/posts/{}", posts[0]), &serde_json::json!({ "content": raw }));
        true
    }

    fn proxy(&self) -> Option<&Proxy> {
        Some(&self.proxy)
    }

    fn lose_next_answer(&self) -> bool {
        self.proxy.fail(Rule::on("POST", r"/wp/v2/posts$", Fault::DropAfter).nth(1));
        true
    }

    fn uploads(&self, _project: &Project) -> Option<usize> {
        Some(self.proxy.count("POST", r"/wp/v2/media"))
    }
}

crate::conformance!(blog());
