//! Where pages go: the space's id, and the page that they are made below and that pictures are attached
//! to. Asked once, and remembered in the ledger.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    connection::Connection,
    find,
    pages::{self, Page},
    wire,
};
use crate::error::{Error, Result};

/// Where pages go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The id of the space.
    pub space: String,
    /// The parent page, or the space's home page; `None` for a space without either.
    pub home: Option<Home>,
}

/// The page that pages are made below and that pictures are attached to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
}

impl Home {
    /// From what the ledger remembers: `123 Title`.
    #[must_use]
    pub fn remembered(text: &str) -> Option<Self> {
        let (id, title) = text.split_once(' ')?;
        Some(Self { id: id.to_owned(), title: title.to_owned() })
    }
}

/// Asks what `known` lacks.
///
/// # Errors
/// When the site cannot be asked; a space or a parent page that is not there.
pub async fn survey(
    connection: &Connection,
    known: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>> {
    let (space, home) = (connection.config().space_key(), connection.config().home_key());
    if let (Some(space), Some(home)) = (known.get(&space), known.get(&home)) {
        connection.hint(Place { space: space.clone(), home: Home::remembered(home) });
        return Ok(BTreeMap::new());
    }
    let place = connection.place().await?;
    let remembered = place.home.as_ref().map(|home| format!("{} {}", home.id, home.title));
    Ok(BTreeMap::from([(space, place.space.clone()), (home, remembered.unwrap_or_default())]))
}

/// Asks where pages go.
///
/// # Errors
/// As for [`survey`].
pub async fn ask(connection: &Connection) -> Result<Place> {
    let config = connection.config();
    let body = connection.ask("show its space", &wire::space(config)).await?;
    let space =
        body.as_ref().and_then(|body| body.pointer("/results/0").or_else(|| body.get("id").map(|_| body)));
    let Some(space) = space else { return Err(no_space(connection)) };
    // Data Center's ids are numbers.
    let text = |at: &str| match space.pointer(at) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let id = text("/id").ok_or_else(|| connection.unreadable("show its space", space))?;
    let home = match &config.parent {
        Some(parent) => Some(parent_page(connection, &id, parent).await?),
        None => match text("/homepageId").or_else(|| text("/homepage/id")) {
            Some(home) => find::bare(connection, &home).await?,
            None => None,
        },
    };
    Ok(Place { space: id, home: home.map(|page| Home { id: page.id, title: page.title }) })
}

async fn parent_page(connection: &Connection, space: &str, parent: &str) -> Result<Page> {
    let page = if pages::is_id(parent) {
        find::bare(connection, parent).await?
    } else {
        find::titled(connection, space, parent).await?.into_iter().find(|page| !page.is_away())
    };
    page.filter(|page| !page.is_away()).ok_or_else(|| {
        Error::invalid(format!("the space `{}` has no page `{parent}`", connection.config().space))
            .code("no-parent")
            .help("`parent` is the title of a page of the space, or the number in its address")
    })
}

fn no_space(connection: &Connection) -> Error {
    Error::invalid(format!(
        "the target `{}` has no space `{}`",
        connection.target(),
        connection.config().space
    ))
    .code("no-space")
    .help("the key stands in the addresses of the space's pages, after `/spaces/` or `/display/`")
    .help("or the token's owner may not see the space")
}
