//! The Medium driver against the stand-in.

mod creating;
mod fake;
mod faults;
mod finding;
mod handoff;
mod pictures;

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use crosspost::{
    note::{Audience, Marker, NoteId},
    render::{Context, Document, KeepLinks, Meta, Pictures, Rendering, medium::Tables},
    targets::{
        Common, Sending, Target, WriteError, Writer, Written,
        medium::{Api, MediumTarget, Mode, Settings, Visibility},
    },
};
use secrecy::SecretString;

use crate::fakes::medium::{CATE, Medium};

/// The site record's memory, as it is before anything was sent.
const NOTHING: &BTreeMap<String, String> = &BTreeMap::new();

/// Cate's target, at a stand-in.
fn target(medium: &Medium) -> MediumTarget {
    MediumTarget { common: common(Duration::from_secs(20)), settings: settings(medium) }
}

fn common(timeout: Duration) -> Common {
    Common {
        name: "medium".to_owned(),
        audience: Audience::Public,
        canonical: None,
        authors: Vec::new(),
        timeout,
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

fn settings(medium: &Medium) -> Settings {
    Settings {
        mode: Mode::Api,
        handoff: PathBuf::new(),
        api: medium.api(),
        feed: Some(medium.feed(CATE.username)),
        publication: None,
        visibility: Visibility::Public,
        license: None,
        notify: false,
        tables: Tables::List,
    }
}

fn open(target: &MediumTarget) -> Api {
    target.open(&SecretString::from(CATE.token)).expect("a connection")
}

/// A note's values: public, with an original.
fn meta() -> Meta {
    Meta {
        title: "Week 12".to_owned(),
        stem: "week-12".to_owned(),
        tags: Some(vec!["weeknotes".to_owned(), "User Research".to_owned()]),
        excerpt: Some("What we did".to_owned()),
        canonical: Some("https://blog.example/week-12/".to_owned()),
        ..Meta::default()
    }
}

fn rendering(target: &MediumTarget, meta: &Meta) -> Rendering {
    rendering_of(target, meta, &Document::default())
}

fn rendering_of(target: &MediumTarget, meta: &Meta, document: &Document) -> Rendering {
    let context = Context {
        audience: Audience::Public,
        meta,
        marker: marker(),
        pictures: &Pictures::default(),
        links: &KeepLinks,
        site: NOTHING,
    };
    target.render(document, &context).expect("a rendering")
}

fn marker() -> Marker {
    Marker::derive("test", &NoteId::of_path("notes/week-12.md"), "medium")
}

async fn create(
    api: &Api,
    rendering: &Rendering,
    site: &BTreeMap<String, String>,
) -> Result<Written, WriteError> {
    api.create(rendering, Sending { marker: marker(), pictures: &Pictures::default(), site }).await
}

/// Posts a note with these values.
async fn post(medium: &Medium, meta: &Meta) -> Result<Written, WriteError> {
    let target = target(medium);
    create(&open(&target), &rendering(&target, meta), NOTHING).await
}

/// A write that is known not to have been done, as a person reads it.
fn refused(outcome: Result<Written, WriteError>) -> String {
    match outcome {
        Err(WriteError::NotDone(error)) => error.to_string(),
        other => panic!("not a refusal: {other:?}"),
    }
}
