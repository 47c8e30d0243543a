//! Medium: stories that can be created and never again be asked for, changed or taken down.
//!
//! Its API is no longer kept up but works for those who have a token. It has no key by which the
//! same request twice would make one story, so a create whose answer is lost stays uncertain: the
//! author's feed may show the story (by the link to the original in its last paragraph), but its
//! absence there proves nothing.

mod api;
mod config;
mod errors;
mod feed;
mod render;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use secrecy::SecretString;

pub use api::Api;
pub use config::{License, Settings, Visibility};
pub use feed::story_id;

use super::{Capabilities, Common, Driver, Finding, Target, Writer, client};
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
            "an integration token of the author's; Medium has given out no new ones since January 2025",
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
            local: false,
            private: false,
            drafts: true,
        }
    }

    fn location(&self) -> String {
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

    /// See [`crate::render::medium::MEDIA_TYPES`].
    fn picture_formats(&self) -> &'static [Format] {
        &[Format::Jpeg, Format::Png, Format::Gif]
    }

    fn connect(&self, secrets: &Secrets) -> Result<Box<dyn Writer>> {
        let token = secrets.require(&self.common.name, TOKEN)?;
        Ok(Box::new(self.open(&token)?))
    }
}
