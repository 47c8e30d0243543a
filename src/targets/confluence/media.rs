//! Pictures: attachments of the parent page (or the space's home page), named by their bytes. There, and
//! not at each page that shows them, since a picture must be on the site before the first page that
//! shows it, and so that it is there once for all of them.

use serde_json::Value;

use super::{
    connection::Connection,
    errors::{self, Outcome, Refusal},
    survey::Home,
    wire,
};
use crate::{
    error::{Error, Result},
    render::{Picture, RemotePicture, storage::content_name},
    targets::{Upload, WriteError},
};

/// Looks for pictures. Those that others attached there count too.
///
/// # Errors
/// When the site cannot be asked.
pub async fn find(connection: &Connection, pictures: &[Picture]) -> Result<Vec<Option<RemotePicture>>> {
    let Some(home) = &connection.place().await?.home else { return Ok(vec![None; pictures.len()]) };
    let mut found = Vec::with_capacity(pictures.len());
    for picture in pictures {
        found.push(by_name(connection, home, &content_name(picture)).await?);
    }
    Ok(found)
}

async fn by_name(connection: &Connection, home: &Home, name: &str) -> Result<Option<RemotePicture>> {
    let call = wire::attachment(connection.config(), &home.id, name);
    let rows = connection.list("list its pictures", &call).await?;
    Ok(rows.iter().find_map(|row| attached(connection, row, name)))
}

fn attached(connection: &Connection, row: &Value, name: &str) -> Option<RemotePicture> {
    let title = row.get("title")?.as_str()?;
    let link = row.pointer("/_links/download").or_else(|| row.get("downloadLink"))?.as_str()?;
    let site = connection.config().site.as_str().trim_end_matches('/');
    (title == name).then(|| RemotePicture { id: Some(name.to_owned()), url: format!("{site}{link}") })
}

/// Attaches a picture.
///
/// # Errors
/// What the site said.
pub async fn upload(connection: &Connection, upload: Upload) -> Result<RemotePicture> {
    let home = connection.place().await?.home.as_ref().ok_or_else(|| {
        Error::invalid(format!("the space `{}` has no page to attach pictures to", connection.config().space))
            .code("no-parent")
            .help("name one in `parent`")
    })?;
    let name = content_name(&upload.picture);
    let doing = format!("take the picture `{}`", upload.picture.file_name);
    let call = wire::attach(&home.id, &name, upload.picture.media_type, &upload.bytes);
    let refused = |refusal: &Refusal, words: &str| {
        errors::explain(connection, &doing, refusal, words).help(format!(
            "pictures are attached to the page \"{}\": the token's owner must be allowed to",
            home.title
        ))
    };
    match connection.write(&call).await.map_err(WriteError::into_error)? {
        Outcome::Done(body) => body
            .pointer("/results/0")
            .and_then(|row| attached(connection, row, &name))
            .ok_or_else(|| connection.unreadable(&doing, &body)),
        // The name is made from the bytes, so a file of that name is this one.
        Outcome::Refused(Refusal::Exists, words) => {
            by_name(connection, home, &name).await?.ok_or_else(|| refused(&Refusal::Invalid, &words))
        }
        Outcome::Refused(refusal, words) => Err(refused(&refusal, &words)),
    }
}
