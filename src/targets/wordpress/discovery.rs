//! Where the REST API of a blog is. It is nearly always at `URL/wp-json/`, so that is tried as
//! part of the first request that is needed anyway; only when something else answers there is the
//! front page asked (WordPress facts 30 and 31).

use std::fmt;

use reqwest::Method;
use url::Url;

use super::{connection::Connection, errors};
use crate::{
    error::{Error, Result},
    targets::client::{Answer, Request, shown},
};

/// The address that all routes start from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Root {
    /// `https://blog.example/wp-json/`: routes are paths below it.
    Path(Url),
    /// `https://blog.example/index.php`: with plain permalinks, routes are the query's
    /// `rest_route`.
    Query(Url),
}

impl Root {
    /// Where the API is unless something says otherwise.
    #[must_use]
    pub fn usual(home: &Url) -> Self {
        let mut url = home.clone();
        url.set_path(&format!("{}wp-json/", home.path()));
        Self::Path(url)
    }

    /// Reads a root as a `Link` header, a page or the ledger tells it. `None` for what is no
    /// address, or is not below the blog's own front page: that would be another blog of the same
    /// network, or another server, and the password is not for either.
    #[must_use]
    pub fn parse(text: &str, home: &Url) -> Option<Self> {
        let mut url = home.join(text).ok()?;
        // Behind a proxy that does the encryption, a site may think that it is on plain HTTP.
        if home.scheme() == "https" && url.scheme() == "http" && url.host() == home.host() {
            url.set_scheme("https").ok()?;
            url.set_port(home.port()).ok()?;
        }
        if url.origin() != home.origin() || !url.path().starts_with(home.path()) {
            return None;
        }
        url.set_fragment(None);
        if url.query_pairs().any(|(key, _)| key == "rest_route") {
            url.set_query(None);
            return Some(Self::Query(url));
        }
        url.set_query(None);
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        Some(Self::Path(url))
    }

    /// The address of a route (`wp/v2/posts`) with a query.
    #[must_use]
    pub fn route(&self, route: &str, query: &[(&str, &str)]) -> Url {
        let mut url = match self {
            Self::Path(root) => {
                let mut url = root.clone();
                url.set_path(&format!("{}{route}", root.path()));
                url
            }
            Self::Query(root) => {
                let mut url = root.clone();
                url.query_pairs_mut().append_pair("rest_route", &format!("/{route}"));
                url
            }
        };
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }
}

impl fmt::Display for Root {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(url) => url.fmt(f),
            Self::Query(url) => write!(f, "{url}?rest_route=/"),
        }
    }
}

/// Whether an answer comes from a REST API: JSON, of whatever status.
#[must_use]
pub fn is_rest(answer: &Answer) -> bool {
    errors::parse::<serde_json::Value>(answer).is_ok_and(|body| body.is_object() || body.is_array())
}

/// How many redirects within the site are followed from its front page.
const MAX_HOPS: usize = 5;

/// Asks the front page where the API is, and checks that an API answers there.
///
/// # Errors
/// When there is none; when the page, or the API, is at another address: then the help names it.
pub async fn discover(connection: &Connection) -> Result<Root> {
    let home = &connection.config().url;
    let page = front_page(connection).await?;
    let told = told_root(&page);
    let candidates = match &told {
        Some(told) => vec![Root::parse(told, home).ok_or_else(|| other_site(home, told))?],
        // A security plugin may hide where it is; this form works whatever the permalinks are.
        None => vec![Root::Query(home.clone())],
    };
    for root in candidates {
        let answer =
            connection.send(Request::new(Method::GET, root.route("", &[("_fields", "namespaces")]))).await?;
        if is_rest(&answer) {
            return Ok(root);
        }
    }
    Err(no_api(home, &page))
}

/// The front page, after redirects within the same site.
///
/// # Errors
/// When it does not answer, or leads elsewhere.
pub async fn front_page(connection: &Connection) -> Result<Answer> {
    let home = &connection.config().url;
    let mut url = home.clone();
    for _ in 0..MAX_HOPS {
        let answer = connection.send(Request::new(Method::GET, url.clone())).await?;
        if !answer.status.is_redirection() {
            return Ok(answer);
        }
        let to = answer.header("location").and_then(|to| url.join(to).ok());
        match to {
            Some(to) if to.origin() == home.origin() => url = to,
            Some(to) => return Err(moved(home, &to)),
            None => return Ok(answer),
        }
    }
    Err(Error::failed(format!("{} only redirects in a circle", shown(home))).detail("last", shown(&url)))
}

/// The API's address as the `Link` header or the page's `<link>` tells it.
#[must_use]
pub fn told_root(page: &Answer) -> Option<String> {
    let headers = page.headers.get_all("link").iter().filter_map(|value| value.to_str().ok());
    headers
        .flat_map(|value| value.split(','))
        .find_map(|link| {
            let (target, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
            parameters.contains(RELATION).then(|| target.to_owned())
        })
        .or_else(|| told_in_html(&String::from_utf8_lossy(&page.body)))
}

const RELATION: &str = "https://api.w.org/";

fn told_in_html(page: &str) -> Option<String> {
    page.split("<link").skip(1).filter_map(|rest| rest.split_once('>')).find_map(|(tag, _)| {
        let is_it = attribute(tag, "rel")? == RELATION;
        is_it.then(|| attribute(tag, "href").map(super::text::unescape))?
    })
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    ['"', '\''].into_iter().find_map(|quote| {
        let (_, rest) = tag.split_once(&format!(" {name}={quote}"))?;
        rest.split_once(quote).map(|(value, _)| value)
    })
}

/// The error for a redirect that leads to another site, or to the same one over HTTPS.
#[must_use]
pub fn moved(home: &Url, to: &Url) -> Error {
    let mut right = to.clone();
    right.set_query(None);
    right.set_fragment(None);
    let path = right.path().split("/wp-json").next().unwrap_or("/").to_owned();
    right.set_path(&path);
    Error::failed(format!("{} redirects to another address", shown(home)))
        .code("moved")
        .detail("to", shown(to))
        .help(format!(
            "if that is the same blog, set `url = \"{}\"` (a redirect is not followed: it would lose what is posted)",
            shown(&right).trim_end_matches('/')
        ))
}

fn other_site(home: &Url, told: &str) -> Error {
    let told = home.join(told).map_or_else(|_| "no address".to_owned(), String::from);
    let right = told.split("/wp-json").next().unwrap_or(&told);
    let right = right.split("/index.php").next().unwrap_or(right).trim_end_matches('/');
    Error::failed(format!("{} belongs to a WordPress at another address", shown(home)))
        .code("other-site")
        .detail("api", told.clone())
        .help(format!("if that is the blog you mean, set `url = \"{right}\"`"))
        .help("in a network of blogs, `url` is the one blog's own front page, path included")
}

fn no_api(home: &Url, page: &Answer) -> Error {
    Error::failed(format!("there is no WordPress REST API at {}", shown(home)))
        .code("no-rest-api")
        .cause(errors::words(page))
        .help("check `url`: it is the blog's front page, path included")
        .help("if the page is right, a plugin or the web server may be blocking `/wp-json/`: allow it for this user")
}

#[cfg(test)]
mod tests;
