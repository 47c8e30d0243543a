//! The Confluence adapter against its stand-in.

mod access;
mod comments;
mod finding;
mod program;
mod saving;

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use crosspost::{
    note::{Audience, Marker, NoteId, Status},
    render::{Pictures, Rendering, storage},
    targets::{
        Common, RemoteId, Sending, Wanted, WriteError, Writer, Written,
        confluence::{api::Api, config::Config, connection::Connection},
    },
};
use secrecy::SecretString;

use crate::{
    fakes::confluence::{Confluence, Edition, SPACE, TOKEN, USER},
    harness::unique,
};

pub fn config(confluence: &Confluence) -> Config {
    let site: url::Url = format!("{}/", confluence.url()).parse().unwrap();
    let is_cloud = confluence.url().ends_with("/wiki");
    Config {
        api: site.clone(),
        site,
        edition: if is_cloud { storage::Edition::Cloud } else { storage::Edition::DataCenter },
        space: SPACE.to_owned(),
        user: is_cloud.then(|| USER.to_owned()),
        parent: None,
        labels: Vec::new(),
        notify: false,
    }
}

fn common() -> Common {
    Common {
        name: "wiki".to_owned(),
        audience: Audience::Internal,
        canonical: None,
        authors: Vec::new(),
        timeout: Duration::from_secs(30),
        concurrency: 4,
        insecure_http: false,
        ca_file: None,
        client_certificate: None,
        proxy: None,
        root: PathBuf::new(),
        timezone: jiff::tz::TimeZone::UTC,
        frame: crosspost::render::frame::Frame::default(),
    }
}

fn api_of(config: &Config, token: &str) -> Api {
    Api::new(Connection::new(&common(), config, &SecretString::from(token.to_owned())).unwrap())
}

pub fn api(confluence: &Confluence) -> Api {
    api_of(&config(confluence), TOKEN)
}

/// Both editions, one after the other.
fn editions() -> [Confluence; 2] {
    [Edition::Cloud, Edition::DataCenter].map(Confluence::start)
}

/// A marker that no other test uses.
pub fn marker() -> Marker {
    Marker::derive(&unique("project"), &NoteId::of_path("notes/a.md"), "wiki")
}

/// A page as small as can be, with its mark.
pub fn rendering(marker: Marker, title: &str) -> Rendering {
    Rendering {
        title: title.to_owned(),
        slug: None,
        excerpt: None,
        status: Status::Publish,
        date: None,
        tags: None,
        categories: None,
        author: None,
        canonical: None,
        featured: None,
        body: format!("<p>The text.</p>\n{}", storage::mark(marker)),
        extra: BTreeMap::new(),
        needs: Vec::new(),
        warnings: Vec::new(),
    }
}

/// The same with another text.
pub fn changed(rendering: &Rendering, text: &str) -> Rendering {
    Rendering { body: rendering.body.replace("The text.", text), ..rendering.clone() }
}

fn wanted(marker: Marker, title: &str) -> Wanted {
    Wanted { marker, title: title.to_owned(), slug: None, canonical: None }
}

pub async fn create(api: &Api, marker: Marker, rendering: &Rendering) -> Result<Written, WriteError> {
    let site = BTreeMap::new();
    api.create(rendering, Sending { marker, pictures: &Pictures::default(), site: &site }).await
}

pub async fn update(
    api: &Api,
    id: &RemoteId,
    marker: Marker,
    rendering: &Rendering,
) -> Result<Written, WriteError> {
    let site = BTreeMap::new();
    api.update(id, rendering, Sending { marker, pictures: &Pictures::default(), site: &site }).await
}

fn codes(written: &Written) -> Vec<&str> {
    written.warnings.iter().map(|warning| warning.code).collect()
}

/// The error of a write that was not done.
#[track_caller]
fn not_done<T: std::fmt::Debug>(outcome: Result<T, WriteError>) -> crosspost::error::Error {
    match outcome {
        Err(WriteError::NotDone(error)) => error,
        other => panic!("{other:?}"),
    }
}
