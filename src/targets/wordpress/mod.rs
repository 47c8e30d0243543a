//! WordPress, through its REST API and an application password.
//!
//! Requests are counted: a first create of a note with new pictures is one look-up, the uploads
//! and one create; an update is one look and one update. Whether the credentials count is told by
//! those same answers, which a stranger would not get.

pub mod api;
pub mod config;
pub mod connection;
mod diagnose;
pub mod discovery;
pub mod errors;
pub mod fields;
pub mod find;
pub mod locate;
pub mod media;
mod passwords;
pub mod posts;
pub mod preview;
pub mod render;
pub mod save;
pub mod survey;
pub mod taxonomies;
pub mod terms;
pub mod text;
pub mod who;

use std::sync::Arc;

use async_trait::async_trait;
use url::Url;

use super::{Capabilities, Common, Driver, Finding, Remote, Target, Writer, preview::Preview};
use crate::{
    config::Table,
    error::{Error, Result},
    pictures::Format,
    render::{Context, Digest, Document, Rendering},
    secrets::Secrets,
};
use config::Config;

/// The driver of `kind = "wordpress"`.
pub struct WordPress;

/// The name of its secret.
const PASSWORD: &str = "password";

impl Driver for WordPress {
    fn kind(&self) -> &'static str {
        "wordpress"
    }

    fn secrets(&self) -> &'static [(&'static str, &'static str)] {
        &[(
            PASSWORD,
            "an application password of the user, from Users → Profile → Application Passwords on the site",
        )]
    }

    fn configure(&self, common: Common, table: Table<'_>) -> Result<Arc<dyn Target>> {
        let config = Config::read(&common, table)?;
        Ok(Arc::new(Blog { common, config }))
    }
}

/// A configured WordPress site.
pub struct Blog {
    common: Common,
    config: Config,
}

#[async_trait]
impl Target for Blog {
    fn common(&self) -> &Common {
        &self.common
    }

    fn kind(&self) -> &'static str {
        "wordpress"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            find: Finding::Certain,
            update: true,
            unpublish: true,
            schedules: true,
            idempotent_create: false,
            by_hand: false,
            local: false,
            private: true,
            drafts: true,
        }
    }

    fn location(&self) -> String {
        self.config.url.as_str().trim_end_matches('/').to_owned()
    }

    fn rendering_version(&self) -> Digest {
        render::version(&self.config)
    }

    /// Terms and authors are looked up when a post is sent.
    fn renders_by(&self, name: &str) -> bool {
        name == crate::render::blocks::FOOTNOTES
    }

    fn render(&self, document: &Document, context: &Context<'_>) -> Result<Rendering, Vec<Error>> {
        render::render(&self.config, document, context)
    }

    fn preview(&self, document: &Document, context: &Context<'_>) -> Result<Preview, Vec<Error>> {
        let rendering = self.render(document, context)?;
        Ok(preview::page(&self.common, &self.config, &rendering, context))
    }

    /// What 6.5 and later take; an older one says itself that it takes no AVIF. SVG it refuses
    /// (WordPress fact 27).
    fn picture_formats(&self) -> &'static [Format] {
        &[Format::Jpeg, Format::Png, Format::Gif, Format::WebP, Format::Avif]
    }

    /// Its own fields are written last, so a post may have its text and lack them.
    fn is_current(&self, rendering: &Rendering, remote: &Remote) -> bool {
        remote.stamp.as_ref().is_some_and(|stamp| stamp.is_of(&rendering.digest()))
            && fields::lacking(rendering, &remote.parts).is_empty()
    }

    async fn secret_page(&self) -> Result<Option<Url>> {
        let stranger = connection::Connection::stranger(&self.common, &self.config)?;
        passwords::page(&stranger).await.map(Some)
    }

    fn connect(&self, secrets: &Secrets) -> Result<Box<dyn Writer>> {
        let password = secrets.require(&self.common.name, PASSWORD)?;
        let connection = connection::Connection::new(&self.common, &self.config, &password)?;
        Ok(Box::new(api::Api::new(connection)))
    }
}
