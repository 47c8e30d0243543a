//! A real MediaWiki, as an account that may delete, and behind a proxy that counts and loses.

use std::sync::Arc;

use tokio::sync::Notify;

use crate::{
    conformance::{Held, Place},
    harness::{
        mediawiki::{Account, Wiki},
        program::Project,
        proxy::{Fault, Proxy, Rule, Seen},
    },
};

struct Intranet {
    wiki: Wiki,
    proxy: Proxy,
}

fn intranet() -> Intranet {
    let wiki = Wiki::shared();
    let proxy = Proxy::in_front_of(&wiki.url);
    Intranet { wiki, proxy }
}

fn body_has(seen: &Seen, text: &str) -> bool {
    String::from_utf8_lossy(&seen.body).contains(text)
}

impl Place for Intranet {
    fn table(&self) -> String {
        let user = self.wiki.user(Account::Admin);
        format!(
            "kind = \"mediawiki\"\naudience = \"internal\"\nurl = \"{}\"\nuser = \"{user}\"\ntimeout = 30\n",
            self.proxy.url
        )
    }

    fn environment(&self) -> Vec<(String, String)> {
        vec![("CROSSPOST_PLACE_PASSWORD".to_owned(), self.wiki.password())]
    }

    fn posts(&self, _project: &Project, word: &str) -> Vec<String> {
        let pages = self.wiki.pages_with(word).into_iter();
        pages
            .filter(|(_, text)| text.contains(word))
            .map(|(title, text)| format!("{title}\n{text}"))
            .collect()
    }

    fn edit(&self, _project: &Project, word: &str, from: &str, to: &str) -> bool {
        let pages = self.wiki.pages_with(word);
        let (title, text) = &pages[0];
        self.wiki.write_as(Account::Publisher, title, &text.replace(from, to));
        true
    }

    fn proxy(&self) -> Option<&Proxy> {
        Some(&self.proxy)
    }

    fn lose_next_answer(&self) -> bool {
        self.proxy.fail(Rule::when(Fault::DropAfter, |seen| body_has(seen, "createonly=1")).nth(1));
        true
    }

    fn hold_next_update(&self) -> Option<Held<'_>> {
        let is_update = |seen: &Seen| body_has(seen, "nocreate=1");
        let gate = Arc::new(Notify::new());
        self.proxy.fail(Rule::when(Fault::HoldBefore(gate.clone()), is_update).nth(1));
        Some(Held { has_come: Box::new(move || self.proxy.requests().iter().any(is_update)), gate })
    }

    fn uploads(&self, _project: &Project) -> Option<usize> {
        let uploads = |seen: &&Seen| body_has(seen, "name=\"filename\"");
        Some(self.proxy.requests().iter().filter(uploads).count())
    }
}

crate::conformance!(intranet());
