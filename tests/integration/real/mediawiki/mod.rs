//! The MediaWiki adapter and its dialect against a real MediaWiki.

mod access;
mod faults;
mod finding;
mod pictures;
mod reading;
mod saving;

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use crosspost::{
    note::{Audience, Marker, NoteId, Status},
    render::{Pictures, Rendering, wikitext},
    targets::{
        Common, RemoteId, Sending, Wanted, WriteError, Writer, Written,
        mediawiki::{api::Api, config::Config, connection::Connection, session::Credentials},
    },
};
use secrecy::SecretString;

use crate::harness::{
    mediawiki::{Account, Wiki},
    unique,
};

/// What a ledger remembers of a wiki.
type Known = BTreeMap<String, String>;

fn config(url: &str, user: &str) -> Config {
    Config {
        url: format!("{}/", url.trim_end_matches('/')).parse().unwrap(),
        api: None,
        user: Some(user.to_owned()),
        namespace: None,
        prefix: String::new(),
        categories: Vec::new(),
        minor: false,
        bot: false,
        summary: "A test".to_owned(),
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

fn api_of(config: &Config, password: &str) -> Api {
    let user = config.user.clone().unwrap();
    let credentials = Credentials::password(&user, SecretString::from(password.to_owned()));
    Api::new(Connection::new(&common(), config, credentials).unwrap())
}

/// As the account that publishes, at this address of the wiki.
fn api_at(url: &str, wiki: &Wiki) -> Api {
    api_of(&config(url, &wiki.user(Account::Publisher)), &wiki.password())
}

fn api(wiki: &Wiki) -> Api {
    api_at(&wiki.url, wiki)
}

/// A marker that no other test uses.
fn marker() -> Marker {
    Marker::derive(&unique("project"), &NoteId::of_path("notes/a.md"), "wiki")
}

/// A page as small as can be, with its marker.
fn rendering(marker: Marker, title: &str) -> Rendering {
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
        body: format!("The text.\n\n{}", wikitext::marker(marker)),
        extra: BTreeMap::new(),
        needs: Vec::new(),
        warnings: Vec::new(),
    }
}

/// The same with another text.
fn changed(rendering: &Rendering, text: &str) -> Rendering {
    Rendering { body: rendering.body.replace("The text.", text), ..rendering.clone() }
}

/// A title that no other page has.
fn title() -> String {
    unique("Page")
}

fn wanted(marker: Marker, title: &str) -> Wanted {
    Wanted { marker, title: title.to_owned(), slug: None, canonical: None }
}

async fn create(api: &Api, marker: Marker, rendering: &Rendering) -> Result<Written, WriteError> {
    let site = Known::new();
    api.create(rendering, Sending { marker, pictures: &Pictures::default(), site: &site }).await
}

async fn update(
    api: &Api,
    id: &RemoteId,
    marker: Marker,
    rendering: &Rendering,
) -> Result<Written, WriteError> {
    let site = Known::new();
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
