//! From a page's address to its id.

use percent_encoding::percent_decode_str;

use super::{connection::Connection, find};
use crate::{error::Result, targets::RemoteId};

/// The id of the page at an address of the site's. `None` for addresses of other sites and of what
/// is no page.
///
/// # Errors
/// When the site cannot be asked.
pub async fn locate(connection: &Connection, url: &str) -> Result<Option<RemoteId>> {
    let home = &connection.config().url;
    let Some(url) = home.join(url.trim()).ok().filter(|url| url.origin() == home.origin()) else {
        return Ok(None);
    };
    let name = url.path().strip_prefix(home.path()).and_then(|below| below.strip_prefix("SitePages/"));
    let Some(name) = name.and_then(|name| percent_decode_str(name).decode_utf8().ok()) else {
        return Ok(None);
    };
    if name.contains('/') || !name.ends_with(".aspx") {
        return Ok(None);
    }
    Ok(find::by_name(connection, &name).await?.map(|page| RemoteId(page.id)))
}
