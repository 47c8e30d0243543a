//! A described API's own table, checked.

mod raw;
mod read;
mod rules;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use reqwest::header::HeaderMap;
use serde_json::{Value as Json, json};
use url::Url;

use super::{auth::Auth, operation::Operation, source::Source};
use crate::{config::Table, error::Result, targets::Common};

/// What `[targets.NAME]` says of an API.
#[derive(Debug, Clone)]
pub struct Config {
    /// `url`: what all paths are below; ends in `/`.
    pub url: Url,
    /// `auth`: who asks.
    pub auth: Auth,
    /// `headers` of every request.
    pub headers: HeaderMap,
    /// `post`: how a post reads.
    pub post: Post,
    /// `check`: a request that tells who asks.
    pub check: Operation,
    /// `who` in `check`: where its answer names the account.
    pub who: Option<Source>,
    /// `find`: how a post is found by its marker.
    pub find: Option<Find>,
    /// `fetch`: how a post is looked at.
    pub fetch: Option<Operation>,
    /// `create`.
    pub create: Operation,
    /// `idempotent` in `create`: sent twice, it leaves one post.
    pub idempotent: bool,
    /// `update`.
    pub update: Option<Operation>,
    /// `publish`: makes a post public that was created or updated.
    pub publish: Option<Operation>,
    /// `delete`.
    pub delete: Option<Operation>,
    /// `upload`: how a picture is taken.
    pub upload: Option<UploadOperation>,
    /// How many questions at once.
    pub concurrency: usize,
}

/// Where things are in a post, as answers show it.
#[derive(Debug, Clone)]
pub struct Post {
    /// `id`.
    pub id: Source,
    /// `url`: where people read it.
    pub url: Option<Source>,
    /// `lock`: what an update must send back.
    pub lock: Option<Source>,
    /// `mark`: a field that holds the mark; else it is a comment in the body.
    pub mark: Option<Source>,
    /// `published`: what is there once everybody sees it.
    pub published: Option<Source>,
    /// `parts`: what edits are seen by.
    pub parts: BTreeMap<String, Source>,
}

/// `find`.
#[derive(Debug, Clone)]
pub struct Find {
    /// The request.
    pub operation: Operation,
    /// `list`: where the answer's list of posts is; else it is one post.
    pub list: Option<String>,
    /// `next`: where the address of the list's next part is.
    pub next: Option<Source>,
}

/// `upload`.
#[derive(Debug, Clone)]
pub struct UploadOperation {
    /// The request.
    pub operation: Operation,
    /// How the bytes are sent.
    pub sent: Sent,
    /// `id`: the picture's.
    pub id: Option<Source>,
    /// `url`: where it is shown from.
    pub url: Source,
}

/// How a picture's bytes are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// As they are.
    Bytes,
    /// As a file of a form, in this field.
    File(String),
    /// Within the body, in Base64.
    Json,
}

impl Config {
    /// Reads the table.
    ///
    /// # Errors
    /// Unknown keys, values that cannot be, templates that name what there is not, and operations
    /// that do not fit together; each with its place.
    pub fn read(common: &Common, table: Table<'_>) -> Result<Self> {
        read::read(common, table)
    }

    /// Whether a request that writes a post names one of a note's values.
    #[must_use]
    pub fn sends(&self, name: &str) -> bool {
        let writes = [Some(&self.create), self.update.as_ref(), self.publish.as_ref()];
        writes.into_iter().flatten().any(|operation| operation.names(name))
    }

    /// What is written of a post, as it was described: a change of it changes every post.
    #[must_use]
    pub fn shape(&self) -> Json {
        let body = |operation: &Operation| operation.body.as_ref().map(super::tree::Tree::source);
        json!([body(&self.create), self.update.as_ref().map(body), self.publish.as_ref().map(body)])
    }
}
