//! From a page's address to its id.

use percent_encoding::percent_decode_str;
use serde_json::Value;
use url::Url;

use super::{connection::Connection, find};
use crate::{error::Result, targets::RemoteId};

/// The id of the page at an address: its own, or one of `index.php` with `title` or `curid`. `None`
/// for addresses of other sites and of what is no page.
///
/// # Errors
/// When the wiki cannot be asked.
pub async fn locate(connection: &Connection, url: &str) -> Result<Option<RemoteId>> {
    let home = &connection.config().url;
    let Some(url) = home.join(url.trim()).ok().filter(|url| url.host() == home.host()) else {
        return Ok(None);
    };
    let asked =
        |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    if let Some(id) = asked("curid").filter(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit())) {
        return Ok(Some(RemoteId(id)));
    }
    let title = match asked("title") {
        Some(title) => Some(title),
        None => title_in(&url, &article_path(connection).await?),
    };
    let Some(title) = title.filter(|title| !title.is_empty() && !title.contains('|')) else {
        return Ok(None);
    };
    let page = find::by_title(connection, &title).await?;
    Ok(page.map(|page| RemoteId(page.pageid.to_string())))
}

async fn article_path(connection: &Connection) -> Result<String> {
    let query = [("action", "query"), ("meta", "siteinfo"), ("siprop", "general")];
    let body = connection.query("describe itself", &query).await?;
    let path = body.pointer("/query/general/articlepath").and_then(Value::as_str);
    Ok(path.unwrap_or("/wiki/$1").to_owned())
}

fn title_in(url: &Url, article_path: &str) -> Option<String> {
    let (before, after) = article_path.split_once("$1")?;
    let encoded = url.path().strip_prefix(before)?.strip_suffix(after)?;
    Some(percent_decode_str(encoded).decode_utf8().ok()?.into_owned())
}
