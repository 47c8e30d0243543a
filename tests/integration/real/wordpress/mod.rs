//! The WordPress adapter against real WordPress.

mod access;
mod faults;
mod finding;
mod notes;
pub(super) mod pictures;
mod saving;
mod surveys;

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use crosspost::{
    note::{Audience, Marker, NoteId, Status},
    render::{Pictures, Rendering},
    targets::{
        Common, RemoteId, Sending, Wanted, WriteError, Writer, Written,
        wordpress::{
            api::Api,
            config::{Config, Format},
            connection::Connection,
        },
    },
};
use secrecy::SecretString;

use crate::harness::{
    unique,
    wordpress::{Role, Site, User},
};

/// What a ledger remembers of a site.
type Known = BTreeMap<String, String>;

fn config(url: &str, user: &str) -> Config {
    Config {
        url: format!("{}/", url.trim_end_matches('/')).parse().unwrap(),
        user: user.to_owned(),
        format: Format::Blocks,
        embeds: true,
        post_type: "post".to_owned(),
        categories: Vec::new(),
        tags: Vec::new(),
        taxonomies: BTreeMap::new(),
        meta: BTreeMap::new(),
    }
}

fn common() -> Common {
    Common {
        name: "blog".to_owned(),
        audience: Audience::Public,
        canonical: None,
        authors: Vec::new(),
        timeout: Duration::from_secs(20),
        concurrency: 4,
        insecure_http: false,
        ca_file: None,
        client_certificate: None,
        proxy: None,
        frame: crosspost::render::frame::Frame::default(),
        root: PathBuf::new(),
        timezone: jiff::tz::TimeZone::UTC,
    }
}

fn api_of(config: &Config, password: &str) -> Api {
    let password = SecretString::from(password.to_owned());
    Api::new(Connection::new(&common(), config, &password).unwrap())
}

fn api_at(url: &str, user: &User) -> Api {
    api_of(&config(url, &user.name), &user.password)
}

fn api(site: &Site, role: Role) -> Api {
    api_at(&site.url, &site.user(role))
}

/// A marker that no other test uses.
fn marker() -> Marker {
    Marker::derive(&unique("project"), &NoteId::of_path("notes/a.md"), "blog")
}

/// A post as small as can be, with its marker.
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
        body: format!(
            "<!-- wp:paragraph -->\n<p>x</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:html -->\n<!-- {} -->\n<!-- /wp:html -->",
            marker.token()
        ),
        extra: BTreeMap::new(),
        needs: Vec::new(),
        warnings: Vec::new(),
    }
}

fn wanted(marker: Marker, title: &str) -> Wanted {
    Wanted { marker, title: title.to_owned(), slug: None, canonical: None }
}

async fn create(
    api: &Api,
    marker: Marker,
    rendering: &Rendering,
    site: &Known,
) -> Result<Written, WriteError> {
    api.create(rendering, Sending { marker, pictures: &Pictures::default(), site }).await
}

async fn update(
    api: &Api,
    id: &RemoteId,
    marker: Marker,
    rendering: &Rendering,
    site: &Known,
) -> Result<Written, WriteError> {
    api.update(id, rendering, Sending { marker, pictures: &Pictures::default(), site }).await
}

fn codes(written: &Written) -> Vec<&str> {
    written.warnings.iter().map(|warning| warning.code).collect()
}
