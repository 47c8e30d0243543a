//! The author's feed: the ten newest public stories, and the one place where a story can be seen.

use std::collections::BTreeMap;

use reqwest::{Method, StatusCode};
use rss::{Channel, Item};
use url::Url;

use crate::{
    error::{Error, Result},
    render::{html::escape, medium::FOOTER},
    targets::{
        Found, Remote, RemoteId, Wanted,
        client::{Client, NoAnswer, Request, shown},
    },
};

/// Looks for stories in the feed, where there is one: one request for all of them.
///
/// # Errors
/// When it cannot be read.
pub(super) async fn look(
    client: &Client,
    target: &str,
    address: Option<&Url>,
    wanted: &[Wanted],
    lookalikes: bool,
) -> Result<Vec<Found>> {
    let Some(address) = address else { return Ok(vec![Found::default(); wanted.len()]) };
    let channel = fetch(client, target, address).await?;
    Ok(wanted.iter().map(|wanted| find(&channel, wanted, lookalikes)).collect())
}

/// Fetches the feed.
///
/// # Errors
/// When it cannot be read.
pub(super) async fn fetch(client: &Client, target: &str, address: &Url) -> Result<Channel> {
    // Without a token: the feed is public and may lie on another host.
    let request = Request::new(Method::GET, address.clone());
    let answer = client.send(&request).await.map_err(NoAnswer::into_error)?;
    if answer.status != StatusCode::OK {
        let what = format!("GET {}: {}: {}", shown(address), answer.status, answer.excerpt());
        return Err(Error::failed(format!("the feed of `{target}` cannot be read")).cause(what));
    }
    read(target, &answer.body)
}

/// The stories of a feed.
///
/// # Errors
/// When it is no RSS: a page of a gate, a custom domain's home page.
pub(super) fn read(target: &str, body: &[u8]) -> Result<Channel> {
    Channel::read_from(body).map_err(|e| {
        Error::failed(format!("the feed of `{target}` cannot be read"))
            .cause(e)
            .help("`feed` is the address of an RSS feed, as https://medium.com/feed/@NAME")
    })
}

/// The stories that are, or may be, the one that is wanted. That there is none proves nothing: the
/// feed ends after ten, lags behind and shows no drafts.
pub(super) fn find(channel: &Channel, wanted: &Wanted, lookalikes: bool) -> Found {
    let mut found = Found::default();
    for item in channel.items() {
        let Some(remote) = remote(item) else { continue };
        let original = item.content().and_then(original);
        if original.is_some() && original == wanted.canonical.as_deref().map(comparable) {
            found.ours.push(remote);
        } else if lookalikes && item.title().is_some_and(|title| folded(title) == folded(&wanted.title)) {
            found.lookalikes.push(remote);
        }
    }
    found
}

/// A story of the feed.
fn remote(item: &Item) -> Option<Remote> {
    let guid = item.guid().map(rss::Guid::value);
    let id = guid.and_then(story_id).or_else(|| item.link().and_then(story_id))?;
    let url = item.link().map(without_source);
    let mut parts = BTreeMap::from([("status".to_owned(), "public".to_owned())]);
    if let Some(title) = item.title() {
        parts.insert("title".to_owned(), title.to_owned());
    }
    if let Some(original) = item.content().and_then(original) {
        parts.insert("canonical".to_owned(), original);
    }
    Some(Remote {
        id,
        permanent: url.is_some(),
        url,
        trashed: false,
        markers: Vec::new(),
        stamp: None,
        parts,
    })
}

/// The id in a story's address: the hexadecimal digits at the end of its path, twelve of them or,
/// where they began with zeros, a few less. The rest of the address changes with the author's name,
/// the title and the domain.
#[must_use]
pub fn story_id(address: &str) -> Option<RemoteId> {
    let url = Url::parse(address.trim()).ok()?;
    let last = url.path_segments()?.rfind(|segment| !segment.is_empty())?;
    let id = last.rsplit('-').next().unwrap_or(last);
    let digits = id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    (digits && (8..=12).contains(&id.len())).then(|| RemoteId(id.to_owned()))
}

/// The address without what says whence a reader came.
fn without_source(link: &str) -> String {
    match Url::parse(link) {
        Ok(mut url) => {
            url.set_query(None);
            url.set_fragment(None);
            url.to_string()
        }
        Err(_) => link.to_owned(),
    }
}

/// The address of the original, from the last "Originally published at". Not from any link: another
/// story may well link to the same page.
fn original(content: &str) -> Option<String> {
    let (_, rest) = content.rsplit_once(FOOTER)?;
    let (_, rest) = rest.split_once("href=\"")?;
    let (href, _) = rest.split_once('"')?;
    Some(comparable(&href.replace("&amp;", "&")))
}

/// An address as it is compared: encoded as it is in our footer, and without the slash at its end,
/// which sites add and drop.
fn comparable(address: &str) -> String {
    let encoded = escape::address(address);
    let url = Url::parse(&encoded).map_or(encoded, String::from);
    url.split('#').next().unwrap_or(&url).trim_end_matches('/').to_owned()
}

fn folded(title: &str) -> String {
    title.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
