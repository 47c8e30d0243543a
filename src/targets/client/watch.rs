//! Whoever wants to know of each request: `--verbose` shows them, `doctor` reads the sites' clocks
//! from the answers. What is told holds no secret: no header that was sent, no body, and of a query
//! its keys only.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use reqwest::{Method, StatusCode};
use url::Url;

use super::{Answer, NoAnswer, Request, shown};

/// A request and what came of it.
#[derive(Debug)]
pub struct Exchange<'a> {
    /// The target's name.
    pub target: &'a str,
    /// `GET`, `POST`, …
    pub method: &'a Method,
    /// Where to, the values of its query masked.
    pub address: String,
    /// The status; `None` where no answer came.
    pub status: Option<StatusCode>,
    /// Until the answer was there, whole.
    pub took: Duration,
    /// The answer's `Date`: the server's clock.
    pub date: Option<&'a str>,
    /// The answer's `Age`, in seconds: it comes from a cache.
    pub age: Option<&'a str>,
}

type Watcher = Arc<dyn Fn(&Exchange<'_>) + Send + Sync>;

/// The whole process's, as its log would be: a driver makes its client by itself, and has nothing
/// to do with who watches.
static WATCHERS: RwLock<Vec<Watcher>> = RwLock::new(Vec::new());

/// Tells `watcher` of every request of every target, from here on.
pub fn watch(watcher: impl Fn(&Exchange<'_>) + Send + Sync + 'static) {
    WATCHERS.write().unwrap_or_else(PoisonError::into_inner).push(Arc::new(watcher));
}

pub(super) fn tell(target: &str, request: &Request, outcome: &Result<Answer, NoAnswer>, took: Duration) {
    let watchers = WATCHERS.read().unwrap_or_else(PoisonError::into_inner).clone();
    if watchers.is_empty() {
        return;
    }
    let answer = outcome.as_ref().ok();
    let exchange = Exchange {
        target,
        method: &request.method,
        address: masked(&request.url),
        status: answer.map(|answer| answer.status),
        took,
        date: answer.and_then(|answer| answer.header("date")),
        age: answer.and_then(|answer| answer.header("age")),
    };
    watchers.iter().for_each(|watcher| watcher(&exchange));
}

/// An address with the keys of its query, and none of their values: they may be a token, or the
/// title of a note.
fn masked(url: &Url) -> String {
    let keys: Vec<String> = url.query_pairs().map(|(key, _)| format!("{key}=…")).collect();
    let query = if keys.is_empty() { String::new() } else { format!("?{}", keys.join("&")) };
    format!("{}{query}", shown(url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_without_the_values_of_its_query() {
        let url =
            Url::parse("https://u:p@blog.example/wp-json/wp/v2/posts?search=s3cret&token=t0p#x").unwrap();
        assert_eq!(masked(&url), "https://blog.example/wp-json/wp/v2/posts?search=…&token=…");
        assert_eq!(masked(&Url::parse("https://blog.example/a").unwrap()), "https://blog.example/a");
    }
}
