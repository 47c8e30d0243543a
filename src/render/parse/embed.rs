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

/// The page, and its service, that an `<iframe>` with this address shows.
pub(super) fn of_player(src: &str) -> Option<(String, Provider)> {
    // The code that YouTube gives out may leave out the scheme.
    let absolute = if src.starts_with("//") { format!("https:{src}") } else { src.to_owned() };
    let url = Url::parse(&absolute).ok()?;
    let path: Vec<&str> = url.path_segments()?.collect();
    let page = match (url.host_str()?, path.as_slice()) {
        ("www.youtube.com" | "youtube.com" | "www.youtube-nocookie.com", ["embed", id])
            if *id != "videoseries" =>
        {
            format!("https://www.youtube.com/watch?v={id}")
        }
        ("player.vimeo.com", ["video", id]) => format!("https://vimeo.com/{id}"),
        _ => return None,
    };
    let service = provider(&page)?;
    Some((page, service))
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
    fn players_show_their_pages() {
        let page = |src| of_player(src).map(|(page, _)| page);
        let video = Some("https://www.youtube.com/watch?v=dQw4w9WgXcQ".to_owned());
        assert_eq!(page("https://www.youtube.com/embed/dQw4w9WgXcQ?rel=0"), video);
        assert_eq!(page("//www.youtube-nocookie.com/embed/dQw4w9WgXcQ"), video);
        assert_eq!(
            page("https://player.vimeo.com/video/76979871"),
            Some("https://vimeo.com/76979871".to_owned())
        );
        assert_eq!(page("https://evil.example/embed/dQw4w9WgXcQ"), None);
        assert_eq!(page("https://www.youtube.com/embed/videoseries?list=1"), None);
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
