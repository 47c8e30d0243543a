//! Which addresses are pages that sites can embed.

use url::{Host, Url};

use crate::render::document::Provider;

/// The service whose page this is: a video, a post or a gist, not a channel, a profile or a home
/// page.
pub(super) fn provider(address: &str) -> Option<Provider> {
    let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let Some(Host::Domain(host)) = url.host() else { return None };
    let host = ["www.", "m.", "mobile."].iter().find_map(|prefix| host.strip_prefix(prefix)).unwrap_or(host);
    let path: Vec<&str> = url.path_segments()?.filter(|segment| !segment.is_empty()).collect();
    match (host, path.as_slice()) {
        ("youtube.com", ["watch"]) if url.query_pairs().any(|(key, id)| key == "v" && !id.is_empty()) => {
            Some(Provider::YouTube)
        }
        ("youtube.com", ["shorts" | "live", _]) | ("youtu.be", [_]) => Some(Provider::YouTube),
        ("vimeo.com", [id]) if is_number(id) => Some(Provider::Vimeo),
        ("twitter.com" | "x.com", [_, "status", id]) if is_number(id) => Some(Provider::Twitter),
        ("gist.github.com", [_, id]) if id.chars().all(|c| c.is_ascii_hexdigit()) => Some(Provider::Gist),
        _ => None,
    }
}

fn is_number(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_content_are_embedded() {
        for (address, expected) in [
            ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=4s", Provider::YouTube),
            ("https://youtu.be/dQw4w9WgXcQ", Provider::YouTube),
            ("https://vimeo.com/76979871", Provider::Vimeo),
            ("https://twitter.com/rustlang/status/1", Provider::Twitter),
            ("https://x.com/rustlang/status/1?s=20", Provider::Twitter),
            ("https://gist.github.com/octocat/6cad326836d38bd3a7ae", Provider::Gist),
        ] {
            assert_eq!(provider(address), Some(expected), "{address}");
        }
    }

    #[test]
    fn other_pages_are_links() {
        for address in [
            "https://www.youtube.com/",
            "https://www.youtube.com/@rust",
            "https://www.youtube.com/watch?list=1",
            "https://youtu.be/",
            "https://vimeo.com/about",
            "https://x.com/rustlang",
            "https://x.com/rustlang/status/latest",
            "https://gist.github.com/octocat",
            "https://evil.example/youtube.com/watch?v=1",
            "https://notyoutube.com/watch?v=1",
            "ftp://youtu.be/x",
            "youtu.be/x",
        ] {
            assert_eq!(provider(address), None, "{address}");
        }
    }
}
