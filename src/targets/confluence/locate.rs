//! From a page's address to its id.

use percent_encoding::percent_decode_str;
use url::Url;

use super::{config::Config, connection::Connection, find, pages};
use crate::{error::Result, targets::RemoteId};

/// The id in an address of the site: `/spaces/KEY/pages/123/Title`, `viewpage.action?pageId=123`.
#[must_use]
pub fn id_in(config: &Config, url: &str) -> Option<RemoteId> {
    let url = on_site(config, url)?;
    let asked = url.query_pairs().find(|(name, _)| name == "pageId").map(|(_, id)| id.into_owned());
    let mut parts = url.path_segments()?.skip_while(|part| *part != "pages").skip(1);
    // `pages/edit-v2/123` is the same page in the editor.
    let in_path = parts.find(|part| pages::is_id(part)).map(str::to_owned);
    asked.filter(|id| pages::is_id(id)).or(in_path).map(RemoteId)
}

/// The id of the page at an address. `None` for addresses of other sites and of what is no page.
///
/// # Errors
/// When the site cannot be asked.
pub async fn locate(connection: &Connection, url: &str) -> Result<Option<RemoteId>> {
    let config = connection.config();
    if let Some(id) = id_in(config, url) {
        return Ok(Some(id));
    }
    let Some(title) = on_site(config, url).and_then(|url| title_in(config, &url)) else { return Ok(None) };
    let pages = find::by_title(connection, &title).await?;
    Ok(pages.into_iter().find(|page| !page.is_away()).map(|page| RemoteId(page.id)))
}

fn on_site(config: &Config, url: &str) -> Option<Url> {
    config.site.join(url.trim()).ok().filter(|url| url.origin() == config.site.origin())
}

/// Data Center's `/display/KEY/Title+of+it`.
fn title_in(config: &Config, url: &Url) -> Option<String> {
    let mut parts = url.path_segments()?.skip_while(|part| *part != "display").skip(1);
    let space = parts.next()?;
    let title = parts.next()?.replace('+', " ");
    let title = percent_decode_str(&title).decode_utf8().ok()?.into_owned();
    (space.eq_ignore_ascii_case(&config.space) && !title.is_empty()).then_some(title)
}
