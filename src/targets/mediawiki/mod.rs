//! MediaWiki, the wiki of many intranets, through its Action API with a bot password or an
//! owner-only OAuth 2.0 token.
//!
//! Every request says as whom it must be answered (`assert`), so that a session that ended or a
//! password that is wrong is an error and never "there is no such page". The API answers errors with
//! status 200: [`errors::outcome`] alone decides what an answer means.
//!
//! A page is a note's by its marker, keeps its id when somebody renames it, and is written against
//! the revision that was looked at.

pub mod api;
pub mod config;
pub mod connection;
mod diagnose;
pub mod errors;
pub mod find;
pub mod forms;
pub mod locate;
pub mod media;
pub mod pages;
pub mod preview;
pub mod render;
pub mod save;
pub mod session;
pub mod survey;
pub mod title;

use std::sync::Arc;

use super::{Capabilities, Common, Driver, Finding, Remote, Target, Writer, preview::Preview};
use crate::{
    config::Table,
    error::{Error, Result},
    render::{Context, Digest, Document, Rendering},
    secrets::Secrets,
};
use config::Config;
use session::Credentials;

/// The driver of `kind = "mediawiki"`.
pub struct MediaWiki;

/// The secret of `user`.
const PASSWORD: &str = "password";
/// The secret in place of a user and a password.
const TOKEN: &str = "token";

impl Driver for MediaWiki {
    fn kind(&self) -> &'static str {
        "mediawiki"
    }

    fn secrets(&self) -> &'static [(&'static str, &'static str)] {
        &[
            (PASSWORD, "a bot password of the `user`, from Special:BotPasswords on the wiki"),
            (TOKEN, "where there is no `user`: the access token of an owner-only OAuth 2.0 consumer"),
        ]
    }

    fn configure(&self, common: Common, table: Table<'_>) -> Result<Arc<dyn Target>> {
        let config = Config::read(&common, table)?;
        Ok(Arc::new(Wiki { common, config }))
    }
}

/// A configured wiki.
pub struct Wiki {
    common: Common,
    config: Config,
}

impl Target for Wiki {
    fn common(&self) -> &Common {
        &self.common
    }

    fn kind(&self) -> &'static str {
        MediaWiki.kind()
    }

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
        self.config.url.as_str().trim_end_matches('/').to_owned()
    }

    fn rendering_version(&self) -> Digest {
        render::version(&self.config)
    }

    fn render(&self, document: &Document, context: &Context<'_>) -> Result<Rendering, Vec<Error>> {
        render::render(&self.config, document, context)
    }

    fn preview(&self, document: &Document, context: &Context<'_>) -> Result<Preview, Vec<Error>> {
        let rendering = self.render(document, context)?;
        Ok(preview::page(&rendering, document, context))
    }

    /// A page that was sent from this rendering and then renamed is not as it would be.
    fn is_current(&self, rendering: &Rendering, remote: &Remote) -> bool {
        let is_sent = remote.stamp.as_ref().is_some_and(|stamp| stamp.is_of(&rendering.digest()));
        is_sent && remote.parts.get(pages::TITLE) == Some(&rendering.title)
    }

    fn connect(&self, secrets: &Secrets) -> Result<Box<dyn Writer>> {
        let name = &self.common.name;
        let credentials = match &self.config.user {
            Some(user) => Credentials::password(user, secrets.require(name, PASSWORD)?),
            None => Credentials::token(name, &secrets.require(name, TOKEN)?)?,
        };
        let connection = connection::Connection::new(&self.common, &self.config, credentials)?;
        Ok(Box::new(api::Api::new(connection)))
    }
}
