//! The requests of a description, each with the keys that it may have.

use std::collections::BTreeMap;

use reqwest::{
    Method,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use toml::Spanned;
use url::Url;

use super::{raw, read::Reader};
use crate::{
    error::{Error, Result},
    targets::http::{address, names::ANSWER, operation::Operation, template::Text, tree::Tree},
};

/// Headers that the client or `auth` sets: a second one would contradict it.
const OWN_HEADERS: &[&str] =
    &["host", "content-length", "transfer-encoding", "connection", "cookie", "authorization"];
/// What most servers answer for what is not there.
const ABSENT: &[u16] = &[404, 410];
/// What most servers answer for an update that is based on an old state.
const CONFLICT: &[u16] = &[409, 412];

/// What an operation is, besides its request.
pub(super) struct Kind {
    name: &'static str,
    method: Method,
    /// The methods that it may have.
    methods: &'static [Method],
    /// The keys that only some operations have.
    keys: &'static [&'static str],
}

const READS: &[Method] = &[Method::GET, Method::POST];
const WRITES: &[Method] = &[Method::POST, Method::PUT, Method::PATCH];
const DELETES: &[Method] = &[Method::DELETE, Method::POST, Method::PUT, Method::PATCH];

pub(super) const CHECK: Kind = Kind { name: "check", method: Method::GET, methods: READS, keys: &["who"] };
pub(super) const FIND: Kind =
    Kind { name: "find", method: Method::GET, methods: READS, keys: &["at", "absent_on", "list", "next"] };
pub(super) const FETCH: Kind =
    Kind { name: "fetch", method: Method::GET, methods: READS, keys: &["at", "absent_on"] };
pub(super) const CREATE: Kind =
    Kind { name: "create", method: Method::POST, methods: WRITES, keys: &["at", "exists_on", "idempotent"] };
pub(super) const UPDATE: Kind =
    Kind { name: "update", method: Method::PUT, methods: WRITES, keys: &["at", "absent_on", "conflict_on"] };
pub(super) const PUBLISH: Kind =
    Kind { name: "publish", method: Method::POST, methods: WRITES, keys: &["conflict_on"] };
pub(super) const DELETE: Kind =
    Kind { name: "delete", method: Method::DELETE, methods: DELETES, keys: &["absent_on", "conflict_on"] };
pub(super) const UPLOAD: Kind =
    Kind { name: "upload", method: Method::POST, methods: WRITES, keys: &["file", "id", "url"] };

impl Reader<'_> {
    /// A request that need not be there.
    pub fn maybe_operation(
        &self,
        kind: &Kind,
        raw: Option<&Spanned<raw::Operation>>,
        names: &[&str],
    ) -> Result<Option<Operation>> {
        raw.map(|raw| self.operation(kind, raw, names)).transpose()
    }

    /// A request that must be there.
    pub fn operation(
        &self,
        kind: &Kind,
        spanned: &Spanned<raw::Operation>,
        names: &[&str],
    ) -> Result<Operation> {
        let raw = spanned.get_ref();
        let name = kind.name;
        for (key, place) in raw.special_keys() {
            if !kind.keys.contains(&key) {
                return Err(
                    Error::invalid(format!("`{key}` means nothing in `{name}`")).at(self.places.of(&place))
                );
            }
        }
        let path = raw.path.as_ref().ok_or_else(|| {
            Error::invalid(format!("`{name}` does not say its `path`"))
                .at(self.places.of(spanned))
                .help("it is below the target's `url`, as `path = \"/posts\"`")
        })?;
        let query = raw.query.iter().map(|(name, text)| Ok((name.clone(), self.text(text, names)?)));
        let headers = raw
            .headers
            .iter()
            .map(|(name, text)| Ok((self.header_name(name, text)?, self.text(text, names)?)));
        let mut text = |value: &Spanned<String>| self.text(value, names);
        let statuses =
            |value: &Option<Spanned<Vec<u16>>>, usual: &[u16]| self.statuses(value.as_ref(), usual);
        let usual = |key: &str, usual: &'static [u16]| if kind.keys.contains(&key) { usual } else { &[] };
        Ok(Operation {
            name,
            method: self.method(kind, raw.method.as_ref())?,
            path: self.path(path, names)?,
            query: query.collect::<Result<_>>()?,
            headers: headers.collect::<Result<_>>()?,
            body: raw.body.as_ref().map(|body| Tree::read(body, &mut text)).transpose()?,
            at: self.pointer(raw.at.as_ref())?.unwrap_or_default(),
            exists_on: statuses(&raw.exists_on, &[])?,
            absent_on: statuses(&raw.absent_on, usual("absent_on", ABSENT))?,
            conflict_on: statuses(&raw.conflict_on, usual("conflict_on", CONFLICT))?,
            error_if: self.maybe_source(raw.error_if.as_ref(), ANSWER)?,
        })
    }

    fn method(&self, kind: &Kind, raw: Option<&Spanned<String>>) -> Result<Method> {
        let Some(value) = raw else { return Ok(kind.method.clone()) };
        let method = Method::from_bytes(value.get_ref().to_ascii_uppercase().as_bytes()).ok();
        method.filter(|method| kind.methods.contains(method)).ok_or_else(|| {
            let methods: Vec<&str> = kind.methods.iter().map(Method::as_str).collect();
            Error::invalid(format!("`{}` cannot be the method of `{}`", value.get_ref(), kind.name))
                .at(self.places.of(value))
                .help(format!("it can be one of: {}", methods.join(", ")))
        })
    }

    /// A path. That it stays below the target's address shows at once where it has no values in it.
    fn path(&self, value: &Spanned<String>, names: &[&str]) -> Result<Text> {
        let at = |error: Error| error.at(self.places.of(value));
        let path = value.get_ref();
        if path.contains("://") || !path.starts_with('/') {
            return Err(at(Error::invalid("a path is no address: it begins with `/`")
                .help("scheme and host come from the target's `url` alone")));
        }
        let text = self.text(value, names)?;
        let base = Url::parse("https://example.org/").map_err(|e| at(Error::invalid(e.to_string())))?;
        text.path(&self.sample).and_then(|path| address::below(&base, &path)).map_err(at)?;
        Ok(text)
    }

    fn statuses(&self, value: Option<&Spanned<Vec<u16>>>, usual: &[u16]) -> Result<Vec<u16>> {
        let Some(value) = value else { return Ok(usual.to_vec()) };
        match value.get_ref().iter().find(|status| !(100..600).contains(*status)) {
            Some(status) => {
                Err(Error::invalid(format!("`{status}` is no status of HTTP")).at(self.places.of(value)))
            }
            None => Ok(value.get_ref().clone()),
        }
    }

    /// The headers of every request.
    pub fn headers(&self, raw: &BTreeMap<String, Spanned<String>>) -> Result<HeaderMap> {
        let mut headers = HeaderMap::new();
        headers.insert("accept", HeaderValue::from_static("application/json"));
        for (name, value) in raw {
            let name = self.header_name(name, value)?;
            let value = HeaderValue::from_str(value.get_ref()).map_err(|_| {
                Error::invalid(format!("this cannot be the value of the header `{name}`"))
                    .at(self.places.of(value))
            })?;
            headers.insert(name, value);
        }
        Ok(headers)
    }

    fn header_name(&self, name: &str, value: &Spanned<String>) -> Result<HeaderName> {
        let at = |error: Error| error.at(self.places.of(value));
        let parsed: HeaderName =
            name.parse().map_err(|_| at(Error::invalid(format!("`{name}` is no name of a header"))))?;
        if OWN_HEADERS.contains(&parsed.as_str()) {
            return Err(at(Error::invalid(format!("the header `{parsed}` is not set here"))
                .help("who asks is said in `auth`, and the rest by the program")));
        }
        Ok(parsed)
    }
}
