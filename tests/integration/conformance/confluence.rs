//! The stand-in for Confluence, in both its editions.

use super::{Held, Place};
use crate::{
    fakes::confluence::{Confluence, Edition, Fault, Kind, Log, Page, SPACE, TOKEN, USER},
    harness::{program::Project, proxy::Proxy},
};

/// A space of the stand-in.
pub struct Space {
    confluence: Confluence,
    edition: Edition,
    proxy: Proxy,
}

/// A space of Cloud whose requests are written down here.
pub fn cloud(log: &Log) -> Space {
    space(Confluence::with_log(Edition::Cloud, Log::clone(log)), Edition::Cloud)
}

fn data_center() -> Space {
    space(Confluence::start(Edition::DataCenter), Edition::DataCenter)
}

fn space(confluence: Confluence, edition: Edition) -> Space {
    let proxy = Proxy::in_front_of(&confluence.url());
    Space { confluence, edition, proxy }
}

impl Space {
    fn with(&self, word: &str) -> Vec<Page> {
        self.confluence.current().into_iter().filter(|page| text(page).contains(word)).collect()
    }
}

fn text(page: &Page) -> String {
    let labels: Vec<&str> = page.labels.iter().map(String::as_str).collect();
    format!("{}\n{}\n{}", page.title, page.body, labels.join(" "))
}

impl Place for Space {
    fn table(&self) -> String {
        let own = match self.edition {
            Edition::Cloud => format!("edition = \"cloud\"\nuser = \"{USER}\"\n"),
            Edition::DataCenter => String::new(),
        };
        format!(
            "kind = \"confluence\"\naudience = \"internal\"\nurl = \"{}\"\nspace = \"{SPACE}\"\n{own}",
            self.proxy.url
        )
    }

    fn environment(&self) -> Vec<(String, String)> {
        vec![("CROSSPOST_PLACE_TOKEN".to_owned(), TOKEN.to_owned())]
    }

    fn posts(&self, _project: &Project, word: &str) -> Vec<String> {
        self.with(word).iter().map(text).collect()
    }

    fn edit(&self, _project: &Project, word: &str, from: &str, to: &str) -> bool {
        let page = &self.with(word)[0];
        self.confluence.edit(&page.id, |page| page.body = page.body.replace(from, to));
        true
    }

    fn proxy(&self) -> Option<&Proxy> {
        Some(&self.proxy)
    }

    fn lose_next_answer(&self) -> bool {
        self.confluence.fail(Kind::Create, Fault::Drop { done: true });
        true
    }

    fn hold_next_update(&self) -> Option<Held<'_>> {
        Some(self.confluence.hold_next_update())
    }

    fn uploads(&self, _project: &Project) -> Option<usize> {
        Some(self.confluence.attachments().len())
    }
}

mod on_cloud {
    crate::conformance!(super::cloud(&super::Log::default()));
}

mod on_data_center {
    crate::conformance!(super::data_center());
}
