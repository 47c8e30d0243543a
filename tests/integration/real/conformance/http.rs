//! Described APIs: the recipes of `examples/intranets` that a real server can be had for.

mod kinto {
    use std::sync::Arc;

    use tokio::sync::Notify;

    use crate::{
        conformance::{Held, Place},
        harness::{
            kinto::Kinto,
            program::Project,
            proxy::{Fault, Proxy, Rule, Seen},
            recipe,
        },
    };

    struct Intranet {
        kinto: Kinto,
        proxy: Proxy,
    }

    fn intranet() -> Intranet {
        let kinto = Kinto::shared();
        let proxy = Proxy::in_front_of(&kinto.url);
        Intranet { kinto, proxy }
    }

    impl Place for Intranet {
        fn example(&self) -> Option<&'static str> {
            Some("examples/intranets/kinto")
        }

        fn table(&self) -> String {
            recipe::table("kinto", &self.proxy.url)
        }

        fn environment(&self) -> Vec<(String, String)> {
            vec![("CROSSPOST_PLACE_PASSWORD".to_owned(), self.kinto.password())]
        }

        fn posts(&self, _project: &Project, word: &str) -> Vec<String> {
            let text = |record: serde_json::Value| {
                format!("{}\n{}\n{}", record["title"], record["html"].as_str().unwrap_or(""), record["tags"])
            };
            self.kinto.news_with(word).into_iter().map(text).collect()
        }

        fn edit(&self, _project: &Project, word: &str, from: &str, to: &str) -> bool {
            let record = &self.kinto.news_with(word)[0];
            let html = record["html"].as_str().unwrap_or_default().replace(from, to);
            self.kinto.edit(record["id"].as_str().expect("an id"), &serde_json::json!({ "html": html }));
            true
        }

        fn proxy(&self) -> Option<&Proxy> {
            Some(&self.proxy)
        }

        fn lose_next_answer(&self) -> bool {
            self.proxy.fail(Rule::on("PUT", "/news/records/", Fault::DropAfter).nth(1));
            true
        }

        fn hold_next_update(&self) -> Option<Held<'_>> {
            let is_update = |seen: &Seen| seen.method == "PATCH";
            let gate = Arc::new(Notify::new());
            self.proxy.fail(Rule::when(Fault::HoldBefore(gate.clone()), is_update).nth(1));
            Some(Held { has_come: Box::new(move || self.proxy.requests().iter().any(is_update)), gate })
        }

        fn uploads(&self, _project: &Project) -> Option<usize> {
            Some(self.proxy.count("POST", "/attachment$"))
        }
    }

    crate::conformance!(intranet());
}

mod wordpress {
    use serde_json::Value;

    use crate::{
        conformance::Place,
        harness::{
            program::Project,
            proxy::{Fault, Proxy, Rule},
            recipe,
            wordpress::{Flavour, Role, Site},
        },
    };

    struct Blog {
        site: Site,
        proxy: Proxy,
        finds: bool,
    }

    fn blog() -> Blog {
        let site = Site::shared(Flavour::Wp71);
        let proxy = Proxy::in_front_of(&site.url);
        Blog { site, proxy, finds: true }
    }

    /// The same as an API that has no search.
    fn without_find() -> Blog {
        Blog { finds: false, ..blog() }
    }

    impl Blog {
        fn found(&self, word: &str) -> Vec<Value> {
            let route = format!("wp/v2/posts?status=any&context=edit&per_page=20&search={word}");
            self.site.get(&route).as_array().cloned().unwrap_or_default()
        }
    }

    impl Place for Blog {
        fn example(&self) -> Option<&'static str> {
            Some("examples/intranets/wordpress-rest")
        }

        fn table(&self) -> String {
            let user = self.site.user(Role::Author).name;
            let url = format!("{}/wp-json/wp/v2/", self.proxy.url.trim_end_matches('/'));
            let table = recipe::table("wordpress-rest", &url).replace("crosspost-bot", &user);
            if self.finds {
                return table;
            }
            let (before, after) = table.split_once("[targets.place.find]").expect("it has a search");
            let (_, after) = after.split_once("[targets.place.fetch]").expect("what follows");
            format!("{before}[targets.place.fetch]{after}")
        }

        fn environment(&self) -> Vec<(String, String)> {
            vec![("CROSSPOST_PLACE_PASSWORD".to_owned(), self.site.user(Role::Author).password)]
        }

        fn posts(&self, _project: &Project, word: &str) -> Vec<String> {
            let text = |post: &Value| {
                let part = |name: &str| post[name]["raw"].as_str().unwrap_or_default().to_owned();
                format!("{}\n{}\n{}", part("title"), part("content"), part("excerpt"))
            };
            self.found(word).iter().map(text).filter(|text| text.contains(word)).collect()
        }

        fn edit(&self, _project: &Project, word: &str, from: &str, to: &str) -> bool {
            let post = &self.found(word)[0];
            let raw = post["content"]["raw"].as_str().unwrap_or_default().replace(from, to);
            self.site.post(&format!("wp/v2/posts/{}", post["id"]), &serde_json::json!({ "content": raw }));
            true
        }

        fn proxy(&self) -> Option<&Proxy> {
            Some(&self.proxy)
        }

        fn lose_next_answer(&self) -> bool {
            self.proxy.fail(Rule::on("POST", r"/wp/v2/posts$", Fault::DropAfter).nth(1));
            true
        }

        fn told(&self, word: &str) -> Option<(String, Option<String>)> {
            let found = self.found(word);
            found.first().map(|post| {
                (post["link"].as_str().expect("its address").to_owned(), Some(post["id"].to_string()))
            })
        }

        fn uploads(&self, _project: &Project) -> Option<usize> {
            Some(self.proxy.count("POST", r"/wp/v2/media"))
        }
    }

    /// At most once: a person is asked.
    mod without_find {
        #[test]
        fn interrupted() {
            crate::conformance::interrupted(super::without_find);
        }
    }

    crate::conformance!(blog());
}
