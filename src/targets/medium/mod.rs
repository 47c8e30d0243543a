//! Medium: stories that can be created and never again be asked for, changed or taken down.
//!
//! Its API is no longer kept up but works for those who have a token. It has no key by which the
//! same request twice would make one story, so a create whose answer is lost stays uncertain: the
//! author's feed may show the story (by the link to the original in its last paragraph), but its
//! absence there proves nothing.
//!
//! Where nobody has a token (`mode = "handoff"`) the author brings each story there: from the
//! original's address, or from a page that is written for them to copy.

mod api;
mod config;
mod diagnose;
mod errors;
mod feed;
mod handoff;
mod preview;
mod render;
mod sheet;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use secrecy::SecretString;

pub use api::Api;
pub use config::{License, Mode, Settings, Visibility};
pub use feed::story_id;

use handoff::Handoff;

use super::{Capabilities, Common, Driver, Finding, RemoteId, Target, Writer, client, preview::Preview};
use crate::{
    config::Table,
    error::{Error, Result},
    pictures::Format,
    render::{Context, Digest, Document, Rendering},
    secrets::Secrets,
};

/// The secret's name: `CROSSPOST_<TARGET>_TOKEN`.
const TOKEN: &str = "token";

/// `kind = "medium"`.
pub struct Medium;

impl Driver for Medium {
    fn kind(&self) -> &'static str {
        "medium"
    }

    fn secrets(&self) -> &'static [(&'static str, &'static str)] {
        &[(
            TOKEN,
            "an integration token of the author's; Medium has given out no new ones since January 2025, and `mode = \"handoff\"` needs none",
        )]
    }

    fn configure(&self, common: Common, table: Table<'_>) -> Result<Arc<dyn Target>> {
        let settings = config::read(&common, table)?;
        Ok(Arc::new(MediumTarget { common, settings }))
    }
}

/// An author's stories at Medium, or a publication's.
pub struct MediumTarget {
    /// What its table says in common with others.
    pub common: Common,
    /// What it says for Medium.
    pub settings: Settings,
}

impl MediumTarget {
    /// The half that talks to Medium, with a token that is known already. Opens no connection yet.
    ///
    /// # Errors
    /// A certificate, a proxy or a token that cannot be used.
    pub fn open(&self, token: &SecretString) -> Result<Api> {
        Api::new(&self.common, &self.settings, token)
    }

    fn is_by_hand(&self) -> bool {
        self.settings.mode == Mode::Handoff
    }
}

impl Target for MediumTarget {
    fn common(&self) -> &Common {
        &self.common
    }

    fn kind(&self) -> &'static str {
        Medium.kind()
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            find: if self.settings.feed.is_some() { Finding::Hints } else { Finding::Never },
            update: false,
            unpublish: false,
            schedules: false,
            idempotent_create: false,
            by_hand: self.is_by_hand(),
            local: false,
            private: false,
            // Nobody is asked to bring a draft there.
            drafts: !self.is_by_hand(),
        }
    }

    fn location(&self) -> String {
        if self.is_by_hand() {
            return self
                .settings
                .feed
                .as_ref()
                .map_or_else(|| "https://medium.com/".to_owned(), client::shown);
        }
        let api = client::shown(&self.settings.api);
        match &self.settings.publication {
            Some(id) => format!("{}/publications/{id}", api.trim_end_matches('/')),
            None => api,
        }
    }

    fn rendering_version(&self) -> Digest {
        render::version(&self.settings)
    }

    /// What is remembered is whose token it is.
    fn renders_by(&self, _name: &str) -> bool {
        false
    }

    fn render(&self, document: &Document, context: &Context<'_>) -> Result<Rendering, Vec<Error>> {
        render::render(&self.common.name, &self.settings, document, context)
    }

    fn preview(&self, document: &Document, context: &Context<'_>) -> Result<Preview, Vec<Error>> {
        let rendering = self.render(document, context)?;
        Ok(preview::page(&self.common, &rendering, context))
    }

    /// See [`crate::render::medium::MEDIA_TYPES`].
    fn picture_formats(&self) -> &'static [Format] {
        &[Format::Jpeg, Format::Png, Format::Gif]
    }

    fn post_id(&self, url: &str) -> Option<RemoteId> {
        story_id(url)
    }

    fn by_hand(&self, rendering: &Rendering, note: &str) -> Vec<String> {
        sheet::ways(self, rendering, note)
    }

    fn connect(&self, secrets: &Secrets) -> Result<Box<dyn Writer>> {
        if self.is_by_hand() {
            return Ok(Box::new(Handoff::new(&self.common, &self.settings)?));
        }
        let token = secrets.require(&self.common.name, TOKEN)?;
        Ok(Box::new(self.open(&token)?))
    }
}
