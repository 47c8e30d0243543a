//! From the table as it stands in the file to one that was looked over.

use toml::Spanned;
use url::Url;

use super::{Config, Find, Post, Sent, UploadOperation, operations, raw, rules};
use crate::{
    config::{Places, Table},
    error::{Error, Place, Result},
    targets::{
        Common,
        client::require_https,
        http::{
            names::{ANSWER, ANSWER_AND_ID, ID, NOTE, PICTURE, POST, Values, WANTED},
            source::{self, Source},
            template::{Text, Wrong},
        },
    },
};

/// Reads the table.
pub(super) fn read(common: &Common, table: Table<'_>) -> Result<Config> {
    let (places, start) = (table.places(), table.error(""));
    let raw: raw::Raw = table.read()?;
    let place = start.place().cloned();
    let reader = Reader { places, common, place, sample: Values::sample() };
    let config = reader.config(&raw)?;
    rules::check(&config, &raw).map_err(|broken| match broken.place {
        Some(span) => broken.error.at(reader.places.of(&span)),
        None => reader.here(broken.error),
    })?;
    Ok(config)
}

/// Reads one target's table, and knows where what stands in it.
pub(super) struct Reader<'a> {
    /// Where things stand.
    pub places: Places<'a>,
    common: &'a Common,
    place: Option<Place>,
    /// Values to try templates with.
    pub sample: Values,
}

impl Reader<'_> {
    /// An error about the table as a whole.
    fn here(&self, error: Error) -> Error {
        match &self.place {
            Some(place) => error.at(place.clone()),
            None => error,
        }
    }

    /// An error about a key that must be there.
    pub fn missing(&self, key: &str, help: &str) -> Error {
        let name = &self.common.name;
        self.here(Error::invalid(format!("the target `{name}` does not say its `{key}`")).help(help))
    }

    fn config(&self, raw: &raw::Raw) -> Result<Config> {
        let url = raw.url.as_ref().ok_or_else(|| {
            self.missing("url", "add the API's address, as `url = \"https://intranet.example.org/api/\"`")
        })?;
        let url = self.base(url)?;
        let check = raw.check.as_ref().ok_or_else(|| {
            self.missing("check", "describe a request that only the right account gets an answer to: without it, wrong credentials would read as \"there is no such post\"")
        })?;
        let create =
            raw.create.as_ref().ok_or_else(|| self.missing("create", "describe how a post is created"))?;
        let of_post = [NOTE, POST].concat();
        Ok(Config {
            auth: self.auth(raw.auth.as_ref())?,
            headers: self.headers(&raw.headers)?,
            post: self.post(&raw.post)?,
            check: self.operation(&operations::CHECK, check, &[])?,
            who: self.maybe_source(check.get_ref().who.as_ref(), ANSWER)?,
            find: raw.find.as_ref().map(|raw| self.find(raw)).transpose()?,
            fetch: self.maybe_operation(&operations::FETCH, raw.fetch.as_ref(), ID)?,
            create: self.operation(&operations::CREATE, create, NOTE)?,
            idempotent: create.get_ref().idempotent.as_ref().is_some_and(|value| *value.get_ref()),
            update: self.maybe_operation(&operations::UPDATE, raw.update.as_ref(), &of_post)?,
            publish: self.maybe_operation(&operations::PUBLISH, raw.publish.as_ref(), &of_post)?,
            delete: self.maybe_operation(&operations::DELETE, raw.delete.as_ref(), POST)?,
            upload: raw.upload.as_ref().map(|raw| self.upload(raw)).transpose()?,
            concurrency: self.common.concurrency,
            url,
        })
    }

    fn base(&self, value: &Spanned<String>) -> Result<Url> {
        let at = |error: Error| error.at(self.places.of(value));
        let mut url = self.address("url", value)?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(at(
                Error::invalid("`url` has a `?` or a `#`").help("put it into the `query` of a request")
            ));
        }
        let path = format!("{}/", url.path().trim_end_matches('/'));
        url.set_path(&path);
        Ok(url)
    }

    /// An address of the web that a secret may be sent to.
    pub fn address(&self, key: &str, value: &Spanned<String>) -> Result<Url> {
        let at = |error: Error| error.at(self.places.of(value));
        let url = Url::parse(value.get_ref().trim()).map_err(|e| {
            at(Error::invalid(format!("`{key}` is no address of a web site"))
                .cause(e)
                .help("write it in full, as `https://intranet.example.org/api/`"))
        })?;
        require_https(&url, self.common).map_err(at)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(at(Error::invalid(format!("`{key}` carries a user name or a password"))
                .help("say in `auth` who asks, and keep the password out of this file")));
        }
        Ok(url)
    }

    fn post(&self, raw: &raw::Post) -> Result<Post> {
        let id = raw.id.as_ref().ok_or_else(|| {
            self.missing(
                "post.id",
                "say where in a post its id is, as `id = \"/id\"` in `[targets.NAME.post]`",
            )
        })?;
        let source = |value: &Option<Spanned<String>>| self.maybe_source(value.as_ref(), ANSWER_AND_ID);
        let parts =
            raw.parts.iter().map(|(name, value)| Ok((name.clone(), self.source(value, ANSWER_AND_ID)?)));
        Ok(Post {
            id: self.source(id, ANSWER)?,
            url: source(&raw.url)?,
            lock: source(&raw.lock)?,
            mark: source(&raw.mark)?,
            published: source(&raw.published)?,
            parts: parts.collect::<Result<_>>()?,
        })
    }

    fn find(&self, raw: &Spanned<raw::Operation>) -> Result<Find> {
        let inner = raw.get_ref();
        let mut operation = self.operation(&operations::FIND, raw, WANTED)?;
        if inner.list.is_some() && inner.absent_on.is_none() {
            // A list without posts is an empty list: what is not there is the path.
            operation.absent_on.clear();
        }
        Ok(Find {
            operation,
            list: self.pointer(inner.list.as_ref())?,
            next: self.maybe_source(inner.next.as_ref(), ANSWER)?,
        })
    }

    fn upload(&self, raw: &Spanned<raw::Operation>) -> Result<UploadOperation> {
        let inner = raw.get_ref();
        let url = inner.url.as_ref().ok_or_else(|| {
            Error::invalid("`upload` does not say where its answer has the picture's `url`")
                .at(self.places.of(raw))
        })?;
        let sent = match (&inner.file, &inner.body) {
            (Some(file), Some(_)) => {
                return Err(Error::invalid("`upload` has both a `file` and a `body`")
                    .at(self.places.of(file))
                    .help("`file` sends a form with the picture in that field; `body` sends JSON with `{{ data }}`"));
            }
            (Some(file), None) => Sent::File(file.get_ref().clone()),
            (None, Some(_)) => Sent::Json,
            (None, None) => Sent::Bytes,
        };
        Ok(UploadOperation {
            operation: self.operation(&operations::UPLOAD, raw, PICTURE)?,
            sent,
            id: self.maybe_source(inner.id.as_ref(), ANSWER)?,
            url: self.source(url, ANSWER_AND_ID)?,
        })
    }

    /// A template that may use these names.
    pub fn text(&self, value: &Spanned<String>, names: &[&str]) -> Result<Text> {
        Text::new(value.get_ref(), names, &self.sample).map_err(|wrong| self.at(value, wrong))
    }

    /// A place in an answer.
    pub fn source(&self, value: &Spanned<String>, names: &[&str]) -> Result<Source> {
        Source::new(value.get_ref(), names, &self.sample).map_err(|wrong| self.at(value, wrong))
    }

    /// A place in an answer that need not be said.
    pub fn maybe_source(&self, value: Option<&Spanned<String>>, names: &[&str]) -> Result<Option<Source>> {
        value.map(|value| self.source(value, names)).transpose()
    }

    /// A JSON pointer that need not be said.
    pub fn pointer(&self, value: Option<&Spanned<String>>) -> Result<Option<String>> {
        value.map(|value| source::pointer(value.get_ref()).map_err(|wrong| self.at(value, wrong))).transpose()
    }

    fn at(&self, value: &Spanned<String>, wrong: Wrong) -> Error {
        wrong.error.at(self.places.line_of(value, wrong.line))
    }
}
