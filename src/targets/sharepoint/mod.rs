//! SharePoint's site pages, through Microsoft Graph, as an application of the organisation's own.
//!
//! No SharePoint runs in the tests: every request is held to the vendor's contract, and to a
//! stand-in that keeps state. `docs/targets-sharepoint.md` says so.
//!
//! A page is a note's by its name, which is made from the marker, so that it can be asked for; and
//! it is seen by readers only once it is published, which follows every write. Graph answers "not
//! found" also for what one may not see: a page only counts as gone when the site shows its pages.

pub mod api;
pub mod canvas;
pub mod config;
pub mod connection;
pub mod diagnose;
pub mod errors;
pub mod find;
pub mod locate;
pub mod media;
pub mod pages;
pub mod render;
pub mod save;
pub mod session;
pub mod survey;

use std::sync::Arc;

use super::{Capabilities, Common, Driver, Finding, Remote, Target, Writer};
use crate::{
    config::Table,
    error::{Error, Result},
    note::Status,
    pictures::Format,
    render::{Context, Digest, Document, Rendering, canvas::normal},
    secrets::Secrets,
};
use config::Config;
use session::Credentials;

/// The driver of `kind = "sharepoint"`.
pub struct SharePoint;

/// The secret of the application.
pub const SECRET: &str = "secret";
/// A token of a CI service that says which job this is, in place of a secret.
pub const ID_TOKEN: &str = "id_token";

impl Driver for SharePoint {
    fn kind(&self) -> &'static str {
        "sharepoint"
    }

    fn secrets(&self) -> &'static [(&'static str, &'static str)] {
        &[
            (SECRET, "a client secret of the application `client`, from Microsoft Entra"),
            (ID_TOKEN, "in place of it, on a CI service: a token that says which job this is"),
        ]
    }

    fn configure(&self, common: Common, table: Table<'_>) -> Result<Arc<dyn Target>> {
        let config = Config::read(&common, table)?;
        Ok(Arc::new(Site { common, config }))
    }
}

/// A configured site.
pub struct Site {
    common: Common,
    config: Config,
}

impl Target for Site {
    fn common(&self) -> &Common {
        &self.common
    }

    fn kind(&self) -> &'static str {
        SharePoint.kind()
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            find: Finding::Certain,
            update: true,
            by_hand: false,
            unpublish: true,
            schedules: false,
            idempotent_create: false,
            local: false,
            private: false,
            drafts: true,
        }
    }

    fn location(&self) -> String {
        self.config.url.as_str().trim_end_matches('/').to_owned()
    }

    fn rendering_version(&self) -> Digest {
        render::version()
    }

    fn render(&self, document: &Document, context: &Context<'_>) -> Result<Rendering, Vec<Error>> {
        Ok(render::render(document, context))
    }

    fn picture_formats(&self) -> &'static [Format] {
        &[Format::Jpeg, Format::Png, Format::Gif]
    }

    /// A page that was sent and not published (a run died in between) is not as it would be. Where
    /// the site did not keep the ids that say what a page was sent from, its text says it.
    fn is_current(&self, rendering: &Rendering, remote: &Remote) -> bool {
        let part = |name: &str| remote.parts.get(name).map(String::as_str).unwrap_or_default();
        let is_sent = match &remote.stamp {
            Some(stamp) => stamp.is_of(&rendering.digest()),
            None => {
                part(pages::TITLE) == rendering.title
                    && normal(part(pages::CONTENT)) == normal(&rendering.body)
            }
        };
        let seen = part(pages::PUBLISHED) == pages::YES;
        is_sent && (seen || rendering.status != Status::Publish)
    }

    fn connect(&self, secrets: &Secrets) -> Result<Box<dyn Writer>> {
        let credentials = Credentials::load(&self.common, secrets)?;
        let connection = connection::Connection::new(&self.common, &self.config, credentials)?;
        Ok(Box::new(api::Api::new(connection)))
    }
}
