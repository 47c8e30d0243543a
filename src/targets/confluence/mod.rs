//! Confluence, the wiki of many intranets: Cloud through REST v2 (and v1 where v2 has nothing: who one
//! is, search, labels, attachments), Data Center through REST v1.
//!
//! A page that may not be seen is answered with 404, to a stranger too: so the first request asks as
//! whom the others will be answered ([`who`]). [`errors::outcome`] alone decides what an answer means;
//! [`wire`] alone knows how the two editions spell a request.
//!
//! A page is a note's by its mark, keeps its id when somebody renames it, and is written as the
//! version after the one that was looked at.

pub mod api;
pub mod config;
pub mod connection;
pub mod diagnose;
pub mod errors;
pub mod find;
pub mod labels;
pub mod locate;
pub mod media;
pub mod pages;
pub mod property;
pub mod render;
pub mod save;
pub mod survey;
pub mod who;
pub mod wire;

use std::sync::Arc;

use super::{Capabilities, Common, Driver, Finding, Remote, RemoteId, Target, Writer};
use crate::{
    config::Table,
    error::{Error, Result},
    note::Marker,
    render::{Context, Digest, Document, Rendering, storage},
    secrets::Secrets,
};
use config::Config;

/// The driver of `kind = "confluence"`.
pub struct Confluence;

/// The secret.
const TOKEN: &str = "token";

impl Driver for Confluence {
    fn kind(&self) -> &'static str {
        "confluence"
    }

    fn secrets(&self) -> &'static [(&'static str, &'static str)] {
        &[(
            TOKEN,
            "an API token of the `user` (Cloud), or, without a `user`, a service account's token or a personal access token (Data Center)",
        )]
    }

    fn configure(&self, common: Common, table: Table<'_>) -> Result<Arc<dyn Target>> {
        let config = Config::read(&common, table)?;
        Ok(Arc::new(Space { common, config }))
    }
}

/// A configured space.
pub struct Space {
    common: Common,
    config: Config,
}

impl Target for Space {
    fn common(&self) -> &Common {
        &self.common
    }

    fn kind(&self) -> &'static str {
        Confluence.kind()
    }

    /// A draft can be made, but no list shows drafts: one whose answer was lost could not be found.
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            find: Finding::Certain,
            update: true,
            unpublish: true,
            schedules: false,
            idempotent_create: false,
            by_hand: false,
            local: false,
            private: false,
            drafts: false,
        }
    }

    fn location(&self) -> String {
        format!("{}, space {}", self.config.site.as_str().trim_end_matches('/'), self.config.space)
    }

    fn rendering_version(&self) -> Digest {
        render::version(&self.config)
    }

    fn render(&self, document: &Document, context: &Context<'_>) -> Result<Rendering, Vec<Error>> {
        render::render(&self.config, document, context)
    }

    fn post_id(&self, url: &str) -> Option<RemoteId> {
        locate::id_in(&self.config, url)
    }

    /// A page that was sent from this rendering, then renamed or labelled otherwise, is not as it
    /// would be. Labels are set after the page, so a run that ended in between is seen here.
    fn is_current(&self, rendering: &Rendering, remote: &Remote) -> bool {
        let is_sent = remote.stamp.as_ref().is_some_and(|stamp| stamp.is_of(&rendering.digest()));
        let labels = rendering.tags.as_ref().map(|tags| pages::labels_part(tags));
        is_sent
            && remote.parts.get(pages::TITLE) == Some(&rendering.title)
            && labels.is_none_or(|labels| remote.parts.get(pages::TAGS) == Some(&labels))
    }

    fn payload(&self, rendering: &Rendering, marker: Marker) -> String {
        storage::stamped(rendering, marker)
    }

    fn connect(&self, secrets: &Secrets) -> Result<Box<dyn Writer>> {
        let token = secrets.require(&self.common.name, TOKEN)?;
        let connection = connection::Connection::new(&self.common, &self.config, &token)?;
        Ok(Box::new(api::Api::new(connection)))
    }
}
