//! How the two editions spell each request. The contract for Cloud's `api/v2` is Atlassian's OpenAPI
//! document; `rest/api` is its older API, which Cloud keeps for what v2 lacks and Data Center has alone.

use reqwest::{
    Method,
    header::{CONTENT_TYPE, HeaderName},
};
use serde_json::{Value, json};

use super::config::Config;
use crate::{render::storage::Edition, targets::client::Body};

/// A request, below the API's address.
#[derive(Clone)]
pub struct Call {
    /// `GET`, `POST`, …
    pub method: Method,
    /// `api/v2/pages`.
    pub path: String,
    /// Names and values.
    pub query: Vec<(String, String)>,
    /// Headers besides those of all requests.
    pub headers: Vec<(HeaderName, String)>,
    /// The body.
    pub body: Body,
}

impl Call {
    fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    fn with(mut self, query: &[(&str, &str)]) -> Self {
        self.query.extend(query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self
    }

    fn json(mut self, body: Value) -> Self {
        self.body = Body::Json(body);
        self
    }
}

/// The key of the content property.
pub const PROPERTY: &str = "crosspost";
/// What is asked of a page on Data Center.
const EXPAND: &str = "body.storage,version,space";
/// The states in which a page keeps its title or its id.
const STATES: [(&str, &str); 3] = [("status", "current"), ("status", "archived"), ("status", "trashed")];

/// What a page is to be.
#[derive(Debug, Clone, Copy)]
pub struct Draught<'a> {
    /// Its title.
    pub title: &'a str,
    /// Its body in storage format.
    pub body: &'a str,
}

/// As whom we are answered.
#[must_use]
pub fn me() -> Call {
    Call::get("rest/api/user/current")
}

/// A space by its key.
#[must_use]
pub fn space(config: &Config) -> Call {
    match config.edition {
        Edition::Cloud => Call::get("api/v2/spaces").with(&[("keys", &config.space)]),
        Edition::DataCenter => {
            Call::get(format!("rest/api/space/{}", config.space)).with(&[("expand", "homepage")])
        }
    }
}

/// What we may do in a space; only Cloud tells.
#[must_use]
pub fn operations(config: &Config, space: &str) -> Option<Call> {
    (config.edition == Edition::Cloud).then(|| Call::get(format!("api/v2/spaces/{space}/operations")))
}

/// The pages of a title, in the trash too.
#[must_use]
pub fn titled(config: &Config, space: &str, title: &str) -> Call {
    match config.edition {
        Edition::Cloud => Call::get("api/v2/pages")
            .with(&[("space-id", space), ("title", title), ("body-format", "storage")])
            .with(&STATES),
        Edition::DataCenter => Call::get("rest/api/content").with(&[
            ("type", "page"),
            ("spaceKey", &config.space),
            ("title", title),
            ("status", "any"),
            ("expand", EXPAND),
        ]),
    }
}

/// How pages are asked for by id.
pub enum Pages {
    /// A list of those that are there.
    Listed(Call),
    /// Each by itself, and "not found" for those that are not there.
    OneByOne(Vec<Call>),
}

/// Pages by id, in the trash too.
#[must_use]
pub fn pages(config: &Config, ids: &[String]) -> Pages {
    match config.edition {
        Edition::Cloud => {
            let query = ids.iter().map(|id| ("id", id.as_str())).collect::<Vec<_>>();
            let call = Call::get("api/v2/pages").with(&query);
            Pages::Listed(call.with(&[("body-format", "storage"), ("limit", "250")]).with(&STATES))
        }
        Edition::DataCenter => {
            let one = |id: &String| {
                Call::get(format!("rest/api/content/{id}")).with(&[("status", "any"), ("expand", EXPAND)])
            };
            Pages::OneByOne(ids.iter().map(one).collect())
        }
    }
}

/// The pages of the space that we made or changed, with their property (CQL).
#[must_use]
pub fn contributed(config: &Config) -> Call {
    let cql = format!("type = page and space = \"{}\" and contributor = currentUser()", config.space);
    Call::get("rest/api/content/search").with(&[
        ("cql", &cql),
        ("limit", "100"),
        ("expand", &format!("metadata.properties.{PROPERTY}")),
    ])
}

/// The pages below a page; one is enough.
#[must_use]
pub fn children(config: &Config, id: &str) -> Call {
    match config.edition {
        Edition::Cloud => Call::get(format!("api/v2/pages/{id}/children")).with(&[("limit", "1")]),
        Edition::DataCenter => Call::get(format!("rest/api/content/{id}/child/page")).with(&[("limit", "1")]),
    }
}

/// Makes a page.
#[must_use]
pub fn create(config: &Config, space: &str, parent: Option<&str>, page: Draught<'_>) -> Call {
    match config.edition {
        Edition::Cloud => {
            let mut body = json!({
                "spaceId": space,
                "status": "current",
                "title": page.title,
                "body": { "representation": "storage", "value": page.body },
            });
            if let Some(parent) = parent {
                body["parentId"] = json!(parent);
            }
            Call::new(Method::POST, "api/v2/pages").json(body)
        }
        Edition::DataCenter => {
            let mut body = json!({
                "type": "page",
                "title": page.title,
                "space": { "key": config.space },
                "body": { "storage": { "representation": "storage", "value": page.body } },
            });
            if let Some(parent) = parent {
                body["ancestors"] = json!([{ "id": parent }]);
            }
            Call::new(Method::POST, "rest/api/content").json(body)
        }
    }
}

/// Makes `version` of a page; also takes it out of the trash. It stays where it is in the tree.
#[must_use]
pub fn update(config: &Config, id: &str, version: u64, page: Draught<'_>) -> Call {
    // Without it all who watch the page get a message. v2's own document does not name it in
    // requests, only in what it answers.
    let version =
        json!({ "number": version, "message": "Published with crosspost", "minorEdit": !config.notify });
    let body = json!({ "representation": "storage", "value": page.body });
    match config.edition {
        Edition::Cloud => Call::new(Method::PUT, format!("api/v2/pages/{id}")).json(json!({
            "id": id, "status": "current", "title": page.title, "body": body, "version": version,
        })),
        Edition::DataCenter => Call::new(Method::PUT, format!("rest/api/content/{id}")).json(json!({
            "id": id, "type": "page", "status": "current", "title": page.title,
            "body": { "storage": body }, "version": version,
        })),
    }
}

/// Puts a page into the trash.
#[must_use]
pub fn trash(config: &Config, id: &str) -> Call {
    match config.edition {
        Edition::Cloud => Call::new(Method::DELETE, format!("api/v2/pages/{id}")),
        Edition::DataCenter => Call::new(Method::DELETE, format!("rest/api/content/{id}")),
    }
}

/// A page's property: a list on Cloud.
#[must_use]
pub fn property(config: &Config, id: &str) -> Call {
    match config.edition {
        Edition::Cloud => Call::get(format!("api/v2/pages/{id}/properties")).with(&[("key", PROPERTY)]),
        Edition::DataCenter => Call::get(format!("rest/api/content/{id}/property/{PROPERTY}")),
    }
}

/// Sets a page's property; `there` is the id and the version of the one that is there.
#[must_use]
pub fn set_property(config: &Config, id: &str, there: Option<(&str, u64)>, value: &Value) -> Call {
    let all = match config.edition {
        Edition::Cloud => format!("api/v2/pages/{id}/properties"),
        Edition::DataCenter => format!("rest/api/content/{id}/property"),
    };
    let Some((property, version)) = there else {
        return Call::new(Method::POST, all).json(json!({ "key": PROPERTY, "value": value }));
    };
    let one = match config.edition {
        Edition::Cloud => property,
        Edition::DataCenter => PROPERTY,
    };
    let body = json!({ "key": PROPERTY, "value": value, "version": { "number": version + 1 } });
    Call::new(Method::PUT, format!("{all}/{one}")).json(body)
}

/// A page's labels.
#[must_use]
pub fn labels(config: &Config, id: &str) -> Call {
    let call = match config.edition {
        Edition::Cloud => Call::get(format!("api/v2/pages/{id}/labels")),
        Edition::DataCenter => Call::get(format!("rest/api/content/{id}/label")),
    };
    call.with(&[("prefix", "global"), ("limit", "200")])
}

/// Adds labels to a page.
#[must_use]
pub fn add_labels(id: &str, names: &[String]) -> Call {
    let all: Vec<Value> = names.iter().map(|name| json!({ "prefix": "global", "name": name })).collect();
    Call::new(Method::POST, format!("rest/api/content/{id}/label")).json(Value::Array(all))
}

/// Takes a label from a page.
#[must_use]
pub fn remove_label(id: &str, name: &str) -> Call {
    Call::new(Method::DELETE, format!("rest/api/content/{id}/label")).with(&[("name", name)])
}

/// A page's attachment of a name: a list.
#[must_use]
pub fn attachment(config: &Config, id: &str, name: &str) -> Call {
    let call = match config.edition {
        Edition::Cloud => Call::get(format!("api/v2/pages/{id}/attachments")),
        Edition::DataCenter => Call::get(format!("rest/api/content/{id}/child/attachment")),
    };
    call.with(&[("filename", name)])
}

/// What divides the parts of a form: no picture has it.
const BOUNDARY: &str = "crosspost-0f3b6e2a91d84c7fa5c0d17e84b29c63";

/// Attaches a file to a page, as a form (RFC 7578) that says to tell nobody of it.
#[must_use]
pub fn attach(id: &str, name: &str, media_type: &str, bytes: &[u8]) -> Call {
    let mut form = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"minorEdit\"\r\n\r\ntrue\r\n\
         --{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: {media_type}\r\n\r\n"
    )
    .into_bytes();
    form.extend_from_slice(bytes);
    form.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    Call {
        headers: vec![
            (CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}")),
            // Else it is taken for a forged request.
            (HeaderName::from_static("x-atlassian-token"), "nocheck".to_owned()),
        ],
        body: Body::Bytes(form),
        ..Call::new(Method::POST, format!("rest/api/content/{id}/child/attachment"))
    }
}
