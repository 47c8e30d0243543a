//! Any JSON API, described in the configuration: for intranets that somebody built themselves, and
//! for products that have no driver.
//!
//! A description is a handful of operations: each a request and what its answers mean. The body is a
//! tree whose texts are templates, filled in and then serialised. Where requests go is the
//! configuration's to say: no value and no answer leads out of the configured address.
//!
//! The promises are those of all targets, as far as the description goes; what it leaves out, the
//! capabilities leave out.

pub mod address;
pub mod api;
pub mod auth;
pub mod config;
pub mod connection;
pub mod diagnose;
pub mod errors;
pub mod find;
pub mod media;
pub mod names;
pub mod operation;
pub mod post;
pub mod render;
pub mod requests;
pub mod save;
pub mod source;
pub mod template;
pub mod tree;

use std::sync::Arc;

use super::{Capabilities, Common, Driver, Finding, Remote, Target, Writer};
use crate::{
    config::Table,
    error::{Error, Result},
    note::{Marker, Status},
    render::{Context, Digest, Document, Rendering},
    secrets::Secrets,
};
use config::Config;

/// The driver of `kind = "http"`.
pub struct Http;

impl Driver for Http {
    fn kind(&self) -> &'static str {
        "http"
    }

    fn secrets(&self) -> &'static [(&'static str, &'static str)] {
        &[
            (auth::TOKEN, "of `auth` by `bearer` or `header`: the token or key that the server gave out"),
            (auth::PASSWORD, "of `auth` by `basic`: the password of its `user`"),
            (auth::CLIENT_SECRET, "of `auth` by `oauth2`: the secret of its `client_id`"),
        ]
    }

    fn configure(&self, common: Common, table: Table<'_>) -> Result<Arc<dyn Target>> {
        let config = Config::read(&common, table)?;
        Ok(Arc::new(Described { common, config }))
    }
}

/// A configured API.
pub struct Described {
    common: Common,
    config: Config,
}

impl Target for Described {
    fn common(&self) -> &Common {
        &self.common
    }

    fn kind(&self) -> &'static str {
        Http.kind()
    }

    fn capabilities(&self) -> Capabilities {
        let config = &self.config;
        Capabilities {
            find: if config.find.is_some() { Finding::Certain } else { Finding::Never },
            update: config.update.is_some(),
            unpublish: config.delete.is_some(),
            schedules: false,
            idempotent_create: config.idempotent,
            by_hand: false,
            local: false,
            private: false,
            drafts: config.publish.is_some() || config.create.names("status"),
        }
    }

    fn location(&self) -> String {
        self.config.url.as_str().trim_end_matches('/').to_owned()
    }

    fn rendering_version(&self) -> Digest {
        render::version(&self.config)
    }

    fn render(&self, document: &Document, context: &Context<'_>) -> Result<Rendering, Vec<Error>> {
        render::render(&self.config, document, context)
    }

    /// A post that was sent from this rendering and then not made public is not as it would be.
    fn is_current(&self, rendering: &Rendering, remote: &Remote) -> bool {
        let is_sent = remote.stamp.as_ref().is_some_and(|stamp| stamp.is_of(&rendering.digest()));
        let waits = self.config.publish.is_some() && rendering.status == Status::Publish;
        is_sent && !(waits && remote.parts.get(post::PUBLISHED).is_some_and(|published| published == "no"))
    }

    fn requests(&self, rendering: &Rendering, marker: Marker) -> Option<String> {
        Some(requests::shown(&self.config, rendering, marker))
    }

    fn connect(&self, secrets: &Secrets) -> Result<Box<dyn Writer>> {
        let connection = connection::Connection::new(&self.common, &self.config, secrets)?;
        Ok(Box::new(api::Api::new(connection)))
    }
}
