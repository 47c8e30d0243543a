//! A folder of web pages: the target that needs nothing, not even a configuration. One HTML page
//! for each note, a list, a feed and a style sheet, all with relative links, so that the folder can
//! be opened from disk, put on any web server, or shown for review.

pub mod card;
pub mod config;
pub mod disk;
pub mod feed;
pub mod index;
pub mod page;
pub mod preview;
pub mod render;
pub mod seal;
pub mod site;
pub mod template;

mod api;
mod diagnose;
mod picture;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use self::{config::Settings, site::Site};
use super::{Capabilities, Common, Driver, Finding, Target, Writer, preview::Preview};
use crate::{
    config::Table,
    error::{Error, Result},
    pictures::Format,
    render::{Context, Digest, Document, Rendering},
    secrets::Secrets,
    targets::Remote,
};

/// `kind = "folder"`.
pub struct Folder;

impl Driver for Folder {
    fn kind(&self) -> &'static str {
        "folder"
    }

    fn secrets(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    fn configure(&self, common: Common, table: Table<'_>) -> Result<Arc<dyn Target>> {
        let settings = Settings::read(&common, table)?;
        Ok(Arc::new(FolderTarget { common, settings }))
    }
}

struct FolderTarget {
    common: Common,
    settings: Settings,
}

impl Target for FolderTarget {
    fn common(&self) -> &Common {
        &self.common
    }

    fn kind(&self) -> &'static str {
        Folder.kind()
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            find: Finding::Certain,
            update: true,
            unpublish: true,
            schedules: false,
            idempotent_create: true,
            by_hand: false,
            local: true,
            private: false,
            drafts: true,
        }
    }

    fn location(&self) -> String {
        self.settings.url.as_ref().map_or_else(|| format!("{}/", self.settings.shown), ToString::to_string)
    }

    fn rendering_version(&self) -> Digest {
        let settings = &self.settings;
        Digest::of_json(&(
            render::VERSION,
            include_str!("page.html"),
            settings.address_of_folder(),
            &settings.title,
            &settings.language,
            settings.timezone.iana_name(),
        ))
    }

    fn render(&self, document: &Document, context: &Context<'_>) -> Result<Rendering, Vec<Error>> {
        render::render(&self.settings, document, context)
    }

    fn preview(&self, document: &Document, context: &Context<'_>) -> Result<Preview, Vec<Error>> {
        let rendering = self.render(document, context)?;
        Ok(preview::page(&self.settings, &rendering))
    }

    fn is_current(&self, rendering: &Rendering, remote: &Remote) -> bool {
        remote.parts.get("page") == Some(&rendering.body)
    }

    /// What browsers show.
    fn picture_formats(&self) -> &'static [Format] {
        Format::ALL
    }

    fn connect(&self, _secrets: &Secrets) -> Result<Box<dyn Writer>> {
        Ok(Box::new(Site::new(self.settings.clone(), &self.common.name)))
    }
}
