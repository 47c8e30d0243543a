//! From the table as it stands in the file to one that was looked over.

use std::collections::BTreeMap;

use reqwest::{
    Method,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use toml::Spanned;
use url::Url;

use super::{Config, Find, Post, Sent, UploadOperation, raw, rules};
use crate::{
    config::{Places, Table},
    error::{Error, Place, Result, nearest},
    targets::{
        Common,
        client::require_https,
        http::{
            auth::Auth,
            names::{ANSWER, ANSWER_AND_ID, ID, NOTE, PICTURE, POST, Values, WANTED},
            operation::Operation,
            source::{self, Source},
            template::{Text, Wrong},
            tree::Tree,
        },
    },
};

/// Headers that the client or `auth` sets: a second one would contradict it.
const OWN_HEADERS: &[&str] =
    &["host", "content-length", "transfer-encoding", "connection", "cookie", "authorization"];
/// What most servers answer for what is not there.
const ABSENT: &[u16] = &[404, 410];
/// What most servers answer for an update that is based on an old state.
const CONFLICT: &[u16] = &[409, 412];

/// What an operation is, besides its request.
struct Kind {
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

struct Reader<'a> {
    places: Places<'a>,
    common: &'a Common,
    place: Option<Place>,
    sample: Values,
}

impl Reader<'_> {
    /// An error about the table as a whole.
    fn here(&self, error: Error) -> Error {
        match &self.place {
            Some(place) => error.at(place.clone()),
            None => error,
        }
    }

    fn missing(&self, key: &str, help: &str) -> Error {
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
        let operation =
            |kind: Kind, raw: &Spanned<raw::Operation>, names: &[&str]| self.operation(&kind, raw, names);
        let maybe = |raw: Option<&Spanned<raw::Operation>>, kind: Kind, names: &[&str]| {
            raw.map(|raw| self.operation(&kind, raw, names)).transpose()
        };
        let of_post = [NOTE, POST].concat();
        Ok(Config {
            auth: self.auth(raw.auth.as_ref())?,
            headers: self.headers(&raw.headers)?,
            post: self.post(&raw.post)?,
            check: operation(
                Kind { name: "check", method: Method::GET, methods: READS, keys: &["who"] },
                check,
                &[],
            )?,
            who: self.maybe_source(check.get_ref().who.as_ref(), ANSWER)?,
            find: raw.find.as_ref().map(|raw| self.find(raw)).transpose()?,
            fetch: maybe(
                raw.fetch.as_ref(),
                Kind { name: "fetch", method: Method::GET, methods: READS, keys: &["at", "absent_on"] },
                ID,
            )?,
            create: operation(
                Kind {
                    name: "create",
                    method: Method::POST,
                    methods: WRITES,
                    keys: &["at", "exists_on", "idempotent"],
                },
                create,
                NOTE,
            )?,
            idempotent: create.get_ref().idempotent.as_ref().is_some_and(|value| *value.get_ref()),
            update: maybe(
                raw.update.as_ref(),
                Kind {
                    name: "update",
                    method: Method::PUT,
                    methods: WRITES,
                    keys: &["at", "absent_on", "conflict_on"],
                },
                &of_post,
            )?,
            publish: maybe(
                raw.publish.as_ref(),
                Kind { name: "publish", method: Method::POST, methods: WRITES, keys: &["conflict_on"] },
                &of_post,
            )?,
            delete: maybe(
                raw.delete.as_ref(),
                Kind {
                    name: "delete",
                    method: Method::DELETE,
                    methods: DELETES,
                    keys: &["absent_on", "conflict_on"],
                },
                POST,
            )?,
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

    fn address(&self, key: &str, value: &Spanned<String>) -> Result<Url> {
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

    fn auth(&self, raw: Option<&Spanned<raw::Auth>>) -> Result<Auth> {
        let help = "add `auth = { kind = \"bearer\" }`, or one of: basic, header, oauth2, none";
        let raw = raw.ok_or_else(|| self.missing("auth", help))?;
        let (place, raw) = (self.places.of(raw), raw.get_ref());
        let need = |value: &Option<Spanned<String>>, key: &str| {
            value
                .as_ref()
                .map(|value| value.get_ref().clone())
                .ok_or_else(|| Error::invalid(format!("`auth` does not say its `{key}`")).at(place.clone()))
        };
        let kind = raw.kind.get_ref().as_str();
        let keys: &[&str] = match kind {
            "none" | "bearer" => &[],
            "basic" => &["user"],
            "header" => &["header", "prefix"],
            "oauth2" => &["token_url", "client_id", "scope"],
            other => {
                let kinds = ["none", "bearer", "basic", "header", "oauth2"];
                let error =
                    Error::invalid(format!("`{other}` is no kind of `auth`")).at(self.places.of(&raw.kind));
                return Err(match nearest(other, kinds) {
                    Some(near) => error.help(format!("did you mean `{near}`?")),
                    None => error.help(format!("there are: {}", kinds.join(", "))),
                });
            }
        };
        let all = [
            ("user", &raw.user),
            ("header", &raw.header),
            ("prefix", &raw.prefix),
            ("token_url", &raw.token_url),
            ("client_id", &raw.client_id),
            ("scope", &raw.scope),
        ];
        for (key, value) in all {
            if let Some(value) = value.as_ref().filter(|_| !keys.contains(&key)) {
                return Err(Error::invalid(format!("`{key}` means nothing in `auth` of the kind `{kind}`"))
                    .at(self.places.of(value)));
            }
        }
        Ok(match kind {
            "bearer" => Auth::Bearer,
            "basic" => Auth::Basic { user: need(&raw.user, "user")? },
            "header" => {
                let name = need(&raw.header, "header")?;
                let name = name.parse().map_err(|_| {
                    Error::invalid(format!("`{name}` is no name of a header")).at(place.clone())
                })?;
                let prefix = raw.prefix.as_ref().map(|p| p.get_ref().clone()).unwrap_or_default();
                Auth::Header { name, prefix }
            }
            "oauth2" => {
                need(&raw.token_url, "token_url")?;
                let token_url =
                    raw.token_url.as_ref().map(|url| self.address("token_url", url)).transpose()?;
                Auth::OAuth2 {
                    token_url: token_url.ok_or_else(|| self.missing("auth", help))?,
                    client_id: need(&raw.client_id, "client_id")?,
                    scope: raw.scope.as_ref().map(|scope| scope.get_ref().clone()),
                }
            }
            _ => Auth::None,
        })
    }

    fn headers(&self, raw: &BTreeMap<String, Spanned<String>>) -> Result<HeaderMap> {
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
        let keys = &["at", "absent_on", "list", "next"];
        let kind = Kind { name: "find", method: Method::GET, methods: READS, keys };
        let inner = raw.get_ref();
        Ok(Find {
            operation: self.operation(&kind, raw, WANTED)?,
            list: self.pointer(inner.list.as_ref())?,
            next: self.maybe_source(inner.next.as_ref(), ANSWER)?,
        })
    }

    fn upload(&self, raw: &Spanned<raw::Operation>) -> Result<UploadOperation> {
        let kind =
            Kind { name: "upload", method: Method::POST, methods: WRITES, keys: &["file", "id", "url"] };
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
            operation: self.operation(&kind, raw, PICTURE)?,
            sent,
            id: self.maybe_source(inner.id.as_ref(), ANSWER)?,
            url: self.source(url, ANSWER_AND_ID)?,
        })
    }

    fn operation(&self, kind: &Kind, spanned: &Spanned<raw::Operation>, names: &[&str]) -> Result<Operation> {
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
        text.path(&self.sample).and_then(|path| super::super::address::below(&base, &path)).map_err(at)?;
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

    fn text(&self, value: &Spanned<String>, names: &[&str]) -> Result<Text> {
        Text::new(value.get_ref(), names, &self.sample).map_err(|wrong| self.at(value, wrong))
    }

    fn source(&self, value: &Spanned<String>, names: &[&str]) -> Result<Source> {
        Source::new(value.get_ref(), names, &self.sample).map_err(|wrong| self.at(value, wrong))
    }

    fn maybe_source(&self, value: Option<&Spanned<String>>, names: &[&str]) -> Result<Option<Source>> {
        value.map(|value| self.source(value, names)).transpose()
    }

    fn pointer(&self, value: Option<&Spanned<String>>) -> Result<Option<String>> {
        value.map(|value| source::pointer(value.get_ref()).map_err(|wrong| self.at(value, wrong))).transpose()
    }

    fn at(&self, value: &Spanned<String>, wrong: Wrong) -> Error {
        wrong.error.at(self.places.line_of(value, wrong.line))
    }
}
