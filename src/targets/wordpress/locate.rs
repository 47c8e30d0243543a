//! From a post's address to its id.

use url::Url;

use super::{connection::Connection, find, posts::Post};
use crate::{error::Result, targets::RemoteId};

/// The id of the post at an address: a permalink, a preview's link (`?p=12`) or the editor's
/// (`post.php?post=12`). `None` for addresses of other sites and of what is no post.
///
/// # Errors
/// When the site cannot be asked.
pub async fn locate(connection: &Connection, url: &str) -> Result<Option<RemoteId>> {
    let home = &connection.config().url;
    let Some(url) = home.join(url.trim()).ok().filter(|url| is_of(url, home)) else { return Ok(None) };
    if let Some(id) = id_in(&url) {
        return Ok(Some(RemoteId(id)));
    }
    let Some(slug) = slug_in(&url) else { return Ok(None) };
    // Not `context=edit`: the post may be somebody else's, and then its editing is refused later.
    let query = [("slug", slug.as_str()), ("status", "any"), ("_fields", "id,link,slug,status")];
    let rows = find::list(connection, &query).await?;
    let here = |post: &&Post| post.link.as_deref().is_some_and(|link| same_page(link, &url));
    // A scheduled post does not tell its permalink here, but no other post has its slug.
    let waits = |post: &&Post| post.status != "publish" && rows.posts.len() == 1;
    let found = rows.posts.iter().find(here).or_else(|| rows.posts.iter().find(waits));
    Ok(found.map(|post| RemoteId(post.id.to_string())))
}

/// Whether an address is one of the blog; people copy it with and without encryption.
fn is_of(url: &Url, home: &Url) -> bool {
    let blog = home.path().trim_end_matches('/');
    url.host() == home.host() && (url.path() == blog || url.path().starts_with(home.path()))
}

fn id_in(url: &Url) -> Option<String> {
    let (_, id) = url.query_pairs().find(|(key, _)| matches!(&**key, "p" | "page_id" | "post"))?;
    (!id.is_empty() && id.bytes().all(|b| b.is_ascii_digit())).then(|| id.into_owned())
}

/// The last part of the path, as WordPress stores it: other letters percent-encoded, in lower case.
fn slug_in(url: &Url) -> Option<String> {
    let last = url.path_segments()?.rfind(|segment| !segment.is_empty())?;
    Some(last.trim_end_matches(".html").to_lowercase())
}

fn same_page(link: &str, url: &Url) -> bool {
    let path = |url: &Url| url.path().trim_end_matches('/').to_lowercase();
    Url::parse(link).is_ok_and(|link| path(&link) == path(url) && link.query().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn only_addresses_of_the_blog_are_looked_for() {
        let home = url("https://a.example/hackit/");
        assert!(is_of(&url("https://a.example/hackit/2030/01/01/x/"), &home));
        assert!(is_of(&url("http://a.example/hackit?p=3"), &home));
        assert!(!is_of(&url("https://a.example/hackney/x/"), &home));
        assert!(!is_of(&url("https://b.example/hackit/x/"), &home));
    }

    #[test]
    fn an_id_in_the_address_is_taken() {
        assert_eq!(id_in(&url("https://a.example/?p=12&preview=true")).as_deref(), Some("12"));
        assert_eq!(
            id_in(&url("https://a.example/wp-admin/post.php?post=7&action=edit")).as_deref(),
            Some("7")
        );
        assert_eq!(id_in(&url("https://a.example/?p=../users")), None);
    }

    #[test]
    fn the_slug_is_the_last_part_of_the_path() {
        assert_eq!(slug_in(&url("https://a.example/2030/01/01/week-12/")).as_deref(), Some("week-12"));
        assert_eq!(slug_in(&url("https://a.example/日本.html")).as_deref(), Some("%e6%97%a5%e6%9c%ac"));
        assert_eq!(slug_in(&url("https://a.example/")), None);
    }
}
