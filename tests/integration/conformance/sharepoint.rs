//! SharePoint's stand-in. Under `real`, every request of this suite is held to the vendor's
//! contract.

use std::sync::Arc;

use super::{Held, Place};
use crate::{
    fakes::sharepoint::{Fault, SECRET, SharePoint},
    harness::{program::Project, proxy::Proxy},
};

/// An intranet, which its test may keep and look at afterwards.
pub struct Intranet {
    sharepoint: Arc<SharePoint>,
    extra: &'static str,
    has_secret: bool,
    proxy: Proxy,
}

impl Intranet {
    /// One at a stand-in.
    pub fn at(sharepoint: &Arc<SharePoint>) -> Self {
        Self::with(sharepoint, "")
    }

    /// One whose table says more.
    pub fn with(sharepoint: &Arc<SharePoint>, extra: &'static str) -> Self {
        let proxy = Proxy::in_front_of(sharepoint.address());
        // Which the program names in the scope that it asks for.
        sharepoint.set(|state| state.address.clone_from(&proxy.url));
        Self { sharepoint: sharepoint.clone(), extra, has_secret: true, proxy }
    }

    /// The same for a project that has no secret.
    pub fn without_secret(self) -> Self {
        Self { has_secret: false, ..self }
    }
}

fn intranet() -> Intranet {
    Intranet::at(&Arc::new(SharePoint::start()))
}

impl Place for Intranet {
    fn table(&self) -> String {
        let table = self.sharepoint.table().replace(self.sharepoint.address(), &self.proxy.url);
        format!("{table}{}", self.extra)
    }

    fn environment(&self) -> Vec<(String, String)> {
        let secret = ("CROSSPOST_PLACE_SECRET".to_owned(), SECRET.to_owned());
        self.has_secret.then_some(secret).into_iter().collect()
    }

    fn posts(&self, _project: &Project, word: &str) -> Vec<String> {
        let pages = self.sharepoint.pages().into_iter();
        pages
            .map(|page| format!("{}\n{}", page.title, page.text()))
            .filter(|text| text.contains(word))
            .collect()
    }

    fn edit(&self, _project: &Project, word: &str, from: &str, to: &str) -> bool {
        self.sharepoint.set(|state| {
            let page = state.pages.iter_mut().find(|page| page.text().contains(word));
            page.expect("the page").edit(from, to);
        });
        true
    }

    fn proxy(&self) -> Option<&Proxy> {
        Some(&self.proxy)
    }

    fn lose_next_answer(&self) -> bool {
        self.sharepoint.fail("POST", "/pages", Fault::Lost);
        true
    }

    fn hold_next_update(&self) -> Option<Held<'_>> {
        Some(self.sharepoint.hold_next_update())
    }

    fn uploads(&self, _project: &Project) -> Option<usize> {
        Some(self.sharepoint.count("PUT", ":/content"))
    }
}

crate::conformance!(intranet());
