//! A real MediaWiki, as an account that may delete, behind a proxy that counts and loses.

use std::cell::Cell;

use crate::{
    conformance::Place,
    harness::{
        mediawiki::{Account, Wiki},
        program::Project,
        proxy::{Fault, Proxy, Rule},
    },
};

struct Pages {
    wiki: Wiki,
    proxy: Proxy,
    counted: Cell<usize>,
}

fn pages() -> Pages {
    let wiki = Wiki::shared();
    let proxy = Proxy::in_front_of(&wiki.url);
    Pages { wiki, proxy, counted: Cell::new(0) }
}

impl Place for Pages {
    fn table(&self) -> String {
        let user = self.wiki.user(Account::Admin);
        format!(
            "kind = \"mediawiki\"\naudience = \"internal\"\nurl = \"{}/\"\nuser = \"{user}\"\ntimeout = 20\n",
            self.proxy.url
        )
    }

    fn environment(&self) -> Vec<(String, String)> {
        vec![("CROSSPOST_PLACE_PASSWORD".to_owned(), self.wiki.password())]
    }

    fn posts(&self, _project: &Project, word: &str) -> Vec<String> {
        self.wiki.pages_with(word).into_iter().map(|(title, text)| format!("{title}\n{text}")).collect()
    }

    fn edit(&self, _project: &Project, word: &str, from: &str, to: &str) -> bool {
        let pages = self.wiki.pages_with(word);
        let (title, text) = pages.first().expect("a page with the word");
        self.wiki.write(title, &text.replace(from, to));
        true
    }

    fn requests(&self) -> usize {
        let all = self.proxy.requests().len();
        all - self.counted.replace(all)
    }

    fn lose_next_answer(&self) -> bool {
        let is_edit = |seen: &crate::harness::proxy::Seen| {
            seen.method == "POST" && String::from_utf8_lossy(&seen.body).contains("action=edit")
        };
        self.proxy.fail(Rule::when(Fault::DropAfter, is_edit).times(1));
        true
    }

    fn uploads(&self, _project: &Project) -> Option<usize> {
        None
    }
}

crate::conformance!(pages());
