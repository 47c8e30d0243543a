//! One WordPress site as a user of it: requests with credentials, to wherever its REST API is.
//!
//! Nothing is asked ahead. The first request that is needed goes to the usual place; if no API
//! answers there, it is looked for and the request sent again (only reads: see [`Connection::post`]).

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use base64::Engine;
use reqwest::{
    Method,
    header::{AUTHORIZATION, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use super::{
    config::Config,
    discovery::{self, Root},
    errors::{self, Refusal},
    who,
};
use crate::{
    error::{Error, Result},
    targets::{
        Common, RemoteId, WriteError,
        client::{Answer, Client, NoAnswer, Request},
    },
};

/// The name under which the API's root is remembered.
const REST: &str = "rest";
/// The name under which the post type's route is remembered.
const POSTS: &str = "posts";

/// A site, as the configured user.
pub struct Connection {
    client: Client,
    config: Config,
    target: String,
    /// `None` for a stranger.
    authorization: Option<HeaderValue>,
    place: Mutex<Place>,
}

/// What is known of where things are.
#[derive(Debug, Clone)]
struct Place {
    root: Root,
    /// An API answered there in this run.
    root_sure: bool,
    /// Route of the post type: `wp/v2/posts`.
    posts: String,
    /// It was told by the site, or a request to it worked.
    posts_sure: bool,
}

impl Connection {
    /// A connection that is not opened yet.
    ///
    /// # Errors
    /// Certificates that cannot be used; a user name that cannot be sent.
    pub fn new(common: &Common, config: &Config, password: &SecretString) -> Result<Self> {
        let pair = format!("{}:{}", config.user.trim(), password.expose_secret().trim());
        let basic = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair));
        let mut authorization = HeaderValue::from_str(&basic)
            .map_err(|_| Error::invalid(format!("the password of `{}` cannot be sent", common.name)))?;
        authorization.set_sensitive(true);
        Self::open(common, config, Some(authorization))
    }

    /// The same as nobody, for what a site tells everybody.
    ///
    /// # Errors
    /// Certificates that cannot be used.
    pub fn stranger(common: &Common, config: &Config) -> Result<Self> {
        Self::open(common, config, None)
    }

    fn open(common: &Common, config: &Config, authorization: Option<HeaderValue>) -> Result<Self> {
        let place = Place {
            root: Root::usual(&config.url),
            root_sure: false,
            posts: usual_route(&config.post_type),
            posts_sure: matches!(config.post_type.as_str(), "post" | "page"),
        };
        Ok(Self {
            client: Client::new(common)?,
            config: config.clone(),
            target: common.name.clone(),
            authorization,
            place: Mutex::new(place),
        })
    }

    /// The target's table.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The target's name.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    fn place(&self) -> Place {
        self.place.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_place(&self, change: impl FnOnce(&mut Place)) {
        change(&mut self.place.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Takes what the ledger remembers as a hint, unless the site itself has told better.
    pub fn hint(&self, known: &BTreeMap<String, String>) {
        let root = known.get(REST).and_then(|text| Root::parse(text, &self.config.url));
        let posts = known.get(POSTS).filter(|route| is_route(route));
        self.set_place(|place| {
            if let (Some(root), false) = (root, place.root_sure) {
                place.root = root;
            }
            if let (Some(posts), false) = (posts, place.posts_sure) {
                place.posts.clone_from(posts);
            }
        });
    }

    /// What is worth remembering of where things are: what is sure, and not as `known` or, where
    /// that says nothing, the usual has it.
    #[must_use]
    pub fn learned(&self, known: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let place = self.place();
        let usual = Root::usual(&self.config.url).to_string();
        let all = [
            (REST, place.root_sure, place.root.to_string(), usual),
            (POSTS, place.posts_sure, place.posts, usual_route(&self.config.post_type)),
        ];
        all.into_iter()
            .filter(|(key, sure, now, usual)| *sure && known.get(*key).unwrap_or(usual) != now)
            .map(|(key, _, now, _)| (key.to_owned(), now))
            .collect()
    }

    /// Whether the API is only to be had as a parameter of the query, as far as is known.
    #[must_use]
    pub fn has_plain_permalinks(&self) -> bool {
        matches!(self.place().root, Root::Query(_))
    }

    /// Sends a request with the credentials, to this site only.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn send(&self, request: Request) -> Result<Answer> {
        self.send_write(request).await.map_err(NoAnswer::into_error)
    }

    async fn send_write(&self, request: Request) -> Result<Answer, NoAnswer> {
        let request = match &self.authorization {
            Some(authorization) => request.header(AUTHORIZATION, authorization.clone()),
            None => request,
        };
        self.client.send(&request).await
    }

    /// Reads a route, wherever the API is.
    ///
    /// # Errors
    /// When there is no answer, or no API.
    pub async fn get(&self, route: &str, query: &[(&str, &str)]) -> Result<Answer> {
        self.read(Method::GET, route, query).await
    }

    /// Reads a route with a method that changes nothing.
    ///
    /// # Errors
    /// As for [`Connection::get`].
    pub async fn read(&self, method: Method, route: &str, query: &[(&str, &str)]) -> Result<Answer> {
        let place = self.place();
        let url = place.root.route(route, query);
        let answer = self.send(Request::new(method.clone(), url.clone())).await?;
        let is_rest = discovery::is_rest(&answer) && !answer.status.is_redirection();
        if is_rest {
            self.set_place(|place| place.root_sure = true);
        }
        let elsewhere = matches!(errors::refusal(&answer), Refusal::NotRest | Refusal::Redirect(_));
        if is_rest || place.root_sure || !elsewhere {
            return Ok(answer);
        }
        self.refuse_other_sites(&url, &answer)?;
        let root = discovery::discover(self).await?;
        let url = root.route(route, query);
        self.set_place(|place| (place.root, place.root_sure) = (root, true));
        self.send(Request::new(method, url)).await
    }

    /// A redirect to another server, or from HTTP to HTTPS, is the answer to every question here.
    fn refuse_other_sites(&self, url: &Url, answer: &Answer) -> Result<()> {
        let Refusal::Redirect(to) = errors::refusal(answer) else { return Ok(()) };
        match url.join(&to) {
            Ok(to) if to.origin() != url.origin() => Err(discovery::moved(&self.config.url, &to)),
            _ => Ok(()),
        }
    }

    /// The route of the post type, or of one post.
    ///
    /// # Errors
    /// An id that is no number, since it could name something else than a post.
    pub fn posts(&self, id: Option<&RemoteId>) -> Result<String> {
        let route = self.place().posts;
        match id {
            None => Ok(route),
            Some(RemoteId(id)) if !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()) => {
                Ok(format!("{route}/{id}"))
            }
            Some(RemoteId(id)) => {
                Err(Error::invalid(format!("`{id}` is no id of a WordPress post"))
                    .help("it is a number: `123`"))
            }
        }
    }

    /// Reads posts of the configured type. A type's route is nearly always its name; where it is
    /// not, the site is asked.
    ///
    /// # Errors
    /// As for [`Connection::get`], and when the site has no such type.
    pub async fn read_posts(
        &self,
        method: Method,
        id: Option<&RemoteId>,
        query: &[(&str, &str)],
    ) -> Result<Answer> {
        let answer = self.read(method.clone(), &self.posts(id)?, query).await?;
        if self.place().posts_sure || errors::refusal(&answer) != Refusal::NoRoute {
            if answer.status.is_success() {
                self.set_place(|place| place.posts_sure = true);
            }
            return Ok(answer);
        }
        let route = self.ask_route().await?;
        self.set_place(|place| (place.posts, place.posts_sure) = (route, true));
        self.read(method, &self.posts(id)?, query).await
    }

    async fn ask_route(&self) -> Result<String> {
        let name = &self.config.post_type;
        let answer = self.get(&format!("wp/v2/types/{name}"), &[]).await?;
        let body: Value = errors::parse(&answer).unwrap_or_default();
        let text = |key: &str| body.get(key).and_then(Value::as_str);
        let base = text("rest_base").filter(|_| answer.status.is_success());
        let route = base.map(|base| format!("{}/{base}", text("rest_namespace").unwrap_or("wp/v2")));
        route.filter(|route| is_route(route)).ok_or_else(|| no_post_type(name, &answer))
    }

    /// Makes sure, before a write, that the API and the route are where they are thought to be:
    /// what is posted to a wrong place may be answered with 200 and a page (WordPress fact 30).
    /// Costs nothing once anything was read.
    ///
    /// # Errors
    /// When there is no API, or it does not answer.
    pub async fn prepare(&self) -> Result<()> {
        let place = self.place();
        if !place.root_sure || !place.posts_sure {
            let query = [("per_page", "1"), ("_fields", "id")];
            let answer = self.read_posts(Method::GET, None, &query).await?;
            if !answer.status.is_success() {
                return Err(who::explain(self, "list its posts", &answer).await);
            }
        }
        Ok(())
    }

    /// Sends a write, once.
    ///
    /// # Errors
    /// [`WriteError::Unknown`] when it may have been received and there is no answer.
    pub async fn write(&self, request: Request) -> Result<Answer, WriteError> {
        self.send_write(request).await.map_err(|lost| match lost {
            NoAnswer::NotReceived(error) => WriteError::NotDone(error),
            NoAnswer::Lost(error) => WriteError::Unknown(error),
        })
    }

    /// A write with a JSON body.
    ///
    /// # Errors
    /// As for [`Connection::write`].
    pub async fn post(&self, route: &str, query: &[(&str, &str)], body: Value) -> Result<Answer, WriteError> {
        self.write(self.request(Method::POST, route, query).json(body)).await
    }

    /// A request to a route.
    #[must_use]
    pub fn request(&self, method: Method, route: &str, query: &[(&str, &str)]) -> Request {
        Request::new(method, self.place().root.route(route, query))
    }
}

/// The error for a post type that the site does not have.
pub fn no_post_type(name: &str, answer: &Answer) -> Error {
    Error::failed(format!("the site has no post type `{name}` that can be posted to"))
        .code("no-post-type")
        .cause(errors::words(answer))
        .help("check `post_type`: it is the type's name (`news`), not its label")
        .help("the type must be registered with `show_in_rest`")
}

/// The route of a type whose `rest_base` is its name, as the rule is; core's two have plurals.
fn usual_route(post_type: &str) -> String {
    match post_type {
        "post" => "wp/v2/posts".to_owned(),
        "page" => "wp/v2/pages".to_owned(),
        other => format!("wp/v2/{other}"),
    }
}

/// A route that cannot lead out of the API.
#[must_use]
pub fn is_route(text: &str) -> bool {
    let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/' | '.');
    !text.is_empty() && text.chars().all(fine) && !text.contains("..") && !text.starts_with('/')
}
