//! Where requests go: below the configured address, and nowhere else, whatever stands in a note, in a
//! ledger or in an answer.

use url::Url;

use crate::{
    error::{Error, Result},
    targets::client::shown,
};

/// An address below a base (which ends in `/`). The path is encoded already.
///
/// # Errors
/// A path that leads out of the base, or that a server might read as another one.
pub fn below(base: &Url, path: &str) -> Result<Url> {
    let path = path.strip_prefix('/').unwrap_or(path);
    if let Some(why) = trouble(path) {
        return Err(Error::invalid("a path leads out of the target's `url`").cause(format!("`{path}` {why}")));
    }
    let mut url = base.clone();
    let whole = format!("{}{path}", base.path());
    url.set_path(&whole);
    if is_below(base, &url) { Ok(url) } else { Err(outside(&url)) }
}

fn trouble(path: &str) -> Option<&'static str> {
    let lower = path.to_ascii_lowercase();
    let plain = lower.replace("%2e", ".");
    if plain.split('/').any(|segment| segment == "." || segment == "..") {
        return Some("has a `.` or `..` as one of its parts");
    }
    if lower.contains("%2f") || lower.contains("%5c") || lower.contains('\\') {
        return Some("has a slash within one of its parts");
    }
    if path.contains(['?', '#']) {
        return Some("has a `?` or `#`: use `query`");
    }
    path.starts_with('/').then_some("begins with two slashes")
}

/// Whether an address lies below a base: same scheme, host and port, and within its path.
#[must_use]
pub fn is_below(base: &Url, url: &Url) -> bool {
    let own = url.origin() == base.origin() && url.username().is_empty() && url.password().is_none();
    own && url.path().strip_prefix(base.path()).is_some_and(|rest| trouble(rest).is_none())
}

/// An address that an answer names for the next request: relative to the one asked, and below the
/// base.
///
/// # Errors
/// Any other.
pub fn follow(base: &Url, from: &Url, to: &str) -> Result<Url> {
    let url =
        from.join(to).map_err(|e| Error::failed("the server names an address that is none").cause(e))?;
    if is_below(base, &url) { Ok(url) } else { Err(outside(&url)) }
}

/// An address for people to open, as an answer names it: on any host, but of the web.
#[must_use]
pub fn for_people(base: &Url, text: &str) -> Option<String> {
    let url = base.join(text.trim()).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.username().is_empty()).then(|| url.to_string())
}

fn outside(url: &Url) -> Error {
    Error::failed("the server leads out of the target's `url`: that is not followed")
        .code("outside-target")
        .detail("to", shown(url))
        .help("if the site has moved, correct `url`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Url {
        Url::parse("https://intranet.example.org/api/v1/").unwrap()
    }

    #[test]
    fn a_path_stays_below_the_configured_address() {
        let url = below(&base(), "/posts/a%20b").unwrap();
        assert_eq!(url.as_str(), "https://intranet.example.org/api/v1/posts/a%20b");
        for path in [
            "../admin",
            "posts/../../admin",
            "posts/%2e%2E/admin",
            ".%2e/x",
            "posts/a%2Fb",
            "posts/a%5cb",
            "posts\\..\\admin",
            "//evil.example.org/x",
            "posts?all=1",
        ] {
            assert!(below(&base(), path).is_err(), "{path}");
        }
    }

    #[test]
    fn what_an_answer_names_is_only_followed_within_the_configured_address() {
        let from = below(&base(), "posts").unwrap();
        assert_eq!(follow(&base(), &from, "?page=2").unwrap().query(), Some("page=2"));
        assert!(follow(&base(), &from, "https://intranet.example.org/api/v1/posts?x").is_ok());
        for to in [
            "https://evil.example.org/api/v1/posts",
            "http://intranet.example.org/api/v1/posts",
            "https://intranet.example.org:444/api/v1/posts",
            "https://user@intranet.example.org/api/v1/posts",
            "//evil.example.org/api/v1/",
            "/api/v2/posts",
            "../../admin",
            "file:///etc/passwd",
        ] {
            assert!(follow(&base(), &from, to).is_err(), "{to}");
        }
    }

    #[test]
    fn an_address_for_people_is_one_of_the_web() {
        let shown = |text| for_people(&base(), text);
        assert_eq!(shown("/news/1").as_deref(), Some("https://intranet.example.org/news/1"));
        assert_eq!(shown("javascript:alert(1)"), None);
        assert_eq!(shown("https://user:word@example.org/"), None);
    }
}
