//! The few requests that a ledger makes of a store, and the words for what can go wrong.

use std::{error::Error as _, sync::Arc};

use object_store::{
    ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload, PutResult, UpdateVersion, path::Path,
};

use super::shard::Shard;
use crate::error::{Error, Place, Result};

/// A prefix of a bucket.
pub(super) struct Store {
    bucket: Arc<dyn ObjectStore>,
    location: String,
    prefix: Path,
}

/// How a put ended.
pub(super) enum Put {
    /// It is there; the shard at its new version.
    Taken(Shard),
    /// Something else was there, perhaps this very put, whose answer was lost.
    Refused,
    /// It may or may not be there.
    Failed(Error),
}

impl Store {
    pub(super) fn new(bucket: Arc<dyn ObjectStore>, location: &str, prefix: &str) -> Self {
        Self { bucket, location: location.trim_end_matches('/').to_owned(), prefix: Path::from(prefix) }
    }

    pub(super) fn location(&self) -> &str {
        &self.location
    }

    /// An entry in a shard, as people can find it.
    pub(super) fn shown(&self, shard: &str, path: &str) -> String {
        format!("{}/shards/{shard}.json#{path}", self.location)
    }

    fn path(&self, shard: &str) -> Path {
        self.prefix.clone().join("shards").join(format!("{shard}.json"))
    }

    /// The names of all shards.
    pub(super) async fn list(&self) -> Result<Vec<String>> {
        let folder = self.prefix.clone().join("shards");
        let listed = self.bucket.list_with_delimiter(Some(&folder)).await;
        let listed = listed.map_err(|e| self.trouble("cannot be listed", &e))?;
        let names = listed.objects.iter().filter_map(|object| object.location.filename());
        Ok(names.filter_map(|name| name.strip_suffix(".json")).map(str::to_owned).collect())
    }

    /// Reads a shard; one that is not there is empty.
    pub(super) async fn get(&self, shard: &str) -> Result<Shard> {
        let cannot = |e: &object_store::Error| self.trouble("cannot be read", e);
        let found = match self.bucket.get(&self.path(shard)).await {
            Err(object_store::Error::NotFound { .. }) => return Ok(Shard::default()),
            found => found.map_err(|e| cannot(&e))?,
        };
        let version = UpdateVersion { e_tag: found.meta.e_tag.clone(), version: found.meta.version.clone() };
        let text = found.bytes().await.map_err(|e| cannot(&e))?;
        Shard::parse(&text, version, &format!("{}/shards/{shard}.json", self.location))
    }

    /// Puts a shard in the place of the one that it was read as.
    pub(super) async fn put(&self, name: &str, shard: Shard) -> Put {
        let mode = shard.version.clone().map_or(PutMode::Create, PutMode::Update);
        let text = match shard.encode() {
            Ok(text) => text,
            Err(error) => return Put::Failed(error),
        };
        match self.put_as(&self.path(name), text, mode).await {
            Ok(put) => Put::Taken(shard.at(put.into())),
            Err(e) if is_refusal(&e) => Put::Refused,
            Err(e) => Put::Failed(self.trouble("cannot be written", &e)),
        }
    }

    async fn put_as(&self, path: &Path, text: Vec<u8>, mode: PutMode) -> object_store::Result<PutResult> {
        let options = PutOptions { mode, ..PutOptions::default() };
        self.bucket.put_opts(path, PutPayload::from(text), options).await
    }

    /// Makes sure that the store honours conditions: what is there cannot be created, and what has
    /// another version cannot be updated. The object that this is tried on stays, so that later
    /// runs need two requests.
    ///
    /// # Errors
    /// When it does not; when it cannot be asked.
    pub(super) async fn probe(&self) -> Result<()> {
        let path = self.prefix.clone().join("probe");
        let text = b"crosspost tries conditional puts on this object\n";
        match self.put_as(&path, text.to_vec(), PutMode::Create).await {
            Ok(_) => self.expect_refusal(&path, text, PutMode::Create).await?,
            Err(e) if is_refusal(&e) => {}
            Err(e) => return Err(self.trouble("cannot be written", &e)),
        }
        let stale = UpdateVersion {
            e_tag: Some("\"00000000000000000000000000000000\"".to_owned()),
            version: Some("1".to_owned()),
        };
        self.expect_refusal(&path, text, PutMode::Update(stale)).await
    }

    async fn expect_refusal(&self, path: &Path, text: &[u8], mode: PutMode) -> Result<()> {
        match self.put_as(path, text.to_vec(), mode).await {
            Err(e) if is_refusal(&e) => Ok(()),
            Err(e) => Err(self.trouble("cannot be written", &e)),
            Ok(_) => Err(Error::invalid("this store cannot hold a ledger: it ignores conditional puts")
                .code("unconditional-store")
                .at(Place::file(&self.location))
                .help("two runs at the same time would overwrite each other's entries, and a note could be posted twice")
                .help("use a store that honours `If-Match` and `If-None-Match` (Amazon S3, R2, MinIO, Google, Azure), or `git:`")),
        }
    }

    fn trouble(&self, what: &str, cause: &object_store::Error) -> Error {
        use object_store::Error as E;
        let error = Error::failed(format!("the ledger {what}"))
            .at(Place::file(&self.location))
            .cause(without_queries(&chain(cause)));
        match cause {
            E::PermissionDenied { .. } | E::Unauthenticated { .. } => {
                error.help("the credentials need the rights to list, read and write below this prefix")
            }
            _ => error.help(
                "the bucket has to exist already; endpoint, region and credentials come from the environment",
            ),
        }
    }
}

/// Whether a conditional put found another state than it was made for.
fn is_refusal(error: &object_store::Error) -> bool {
    use object_store::Error as E;
    matches!(error, E::AlreadyExists { .. } | E::Precondition { .. })
}

/// An error and what lies behind it, where that says more.
fn chain(error: &object_store::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let more = inner.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        source = inner.source();
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(600).collect()
}

/// A text whose URLs have lost their queries, where signatures stand.
fn without_queries(text: &str) -> String {
    let bare = text.split(' ').map(|word| {
        let Some((url, query)) = word.split_once('?').filter(|(url, _)| url.contains("://")) else {
            return word.to_owned();
        };
        let end: String = query.chars().skip_while(|c| !matches!(c, ')' | '"' | '\'')).collect();
        format!("{url}{end}")
    });
    bare.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_shows_no_signature() {
        assert_eq!(
            without_queries("for url (https://a.example/b?sv=1&sig=s3cret): sent? (https://c/?sig=x)"),
            "for url (https://a.example/b): sent? (https://c/)"
        );
    }
}
