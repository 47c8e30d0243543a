//! Pictures: found again by a slug made from their bytes, uploaded once.

use reqwest::{
    Method,
    header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue},
};
use serde::Deserialize;

use super::{connection::Connection, errors, text, who};
use crate::{
    error::{Error, Result},
    render::{Picture, RemotePicture},
    targets::{
        Upload, WriteError,
        client::{Answer, Body},
    },
};

const ROUTE: &str = "wp/v2/media";
const FIELDS: &str = "id,slug,source_url";
/// Most pictures that one request asks for; their slugs make an address of some 3 kB.
const BATCH: usize = 100;

#[derive(Debug, Deserialize)]
struct Attachment {
    id: u64,
    slug: String,
    source_url: String,
}

impl Attachment {
    fn remote(&self) -> RemotePicture {
        RemotePicture { id: Some(self.id.to_string()), url: self.source_url.clone() }
    }
}

/// The slug that a picture is found again by (WordPress fact 26).
fn slug(picture: &Picture) -> String {
    format!("crosspost-{}", picture.digest.short())
}

/// Looks for pictures, many in one request. Those that others uploaded count too.
///
/// # Errors
/// When the site cannot be asked.
pub async fn find(connection: &Connection, pictures: &[Picture]) -> Result<Vec<Option<RemotePicture>>> {
    let mut found: Vec<Attachment> = Vec::new();
    for batch in pictures.chunks(BATCH) {
        let slugs = batch.iter().map(slug).collect::<Vec<_>>().join(",");
        let query = [("slug", slugs.as_str()), ("per_page", "100"), ("_fields", FIELDS)];
        let answer = connection.get(ROUTE, &query).await?;
        if !answer.status.is_success() {
            return Err(who::explain(connection, "list its pictures", &answer).await);
        }
        let more: Vec<Attachment> = errors::parse(&answer).map_err(|e| unreadable(connection, e))?;
        found.extend(more);
    }
    Ok(pictures
        .iter()
        .map(|picture| found.iter().find(|there| there.slug == slug(picture)).map(Attachment::remote))
        .collect())
}

/// Uploads a picture (WordPress fact 25).
///
/// # Errors
/// What the site said.
pub async fn upload(connection: &Connection, upload: Upload) -> Result<RemotePicture> {
    connection.prepare().await?;
    let Upload { picture, alt, bytes } = upload;
    let doing = format!("take the picture `{}`", picture.file_name);
    let title = picture.file_name.rsplit_once('.').map_or(picture.file_name.as_str(), |(stem, _)| stem);
    let slug = slug(&picture);
    let query = [("slug", slug.as_str()), ("alt_text", &alt), ("title", title), ("_fields", FIELDS)];
    let name = text::file_name(&picture.file_name, picture.media_type);
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .map_err(|e| Error::failed(format!("the picture `{}` cannot be sent", picture.file_name)).cause(e))?;
    let mut request = connection
        .request(Method::POST, ROUTE, &query)
        .header(CONTENT_DISPOSITION, disposition)
        .header(CONTENT_TYPE, HeaderValue::from_static(picture.media_type));
    request.body = Body::Bytes(bytes);
    let mut answer = connection.write(request.clone()).await.map_err(WriteError::into_error)?;
    if was_not_stored(&answer) {
        // Two pictures that arrive together both make the folder of a new month, and WordPress
        // refuses the one that came second. Nothing was stored of it, so it is sent once more.
        answer = connection.write(request).await.map_err(WriteError::into_error)?;
    }
    if answer.status.is_success() {
        let there: Attachment = errors::parse(&answer).map_err(|e| unreadable(connection, e))?;
        return Ok(there.remote());
    }
    let error = who::explain(connection, &doing, &answer).await;
    if was_not_stored(&answer) {
        return Err(error
            .help("WordPress takes PNG, JPEG, GIF and WebP; SVG only with a plugin: convert it")
            .help("where the cause speaks of a folder, the server cannot write to its uploads: tell its administrator"));
    }
    Err(error)
}

/// Whether WordPress could not put a file among its uploads: it is of a kind that it does not take,
/// or there is no folder for it. The one code covers both (WordPress fact 27).
fn was_not_stored(answer: &Answer) -> bool {
    errors::code(answer).as_deref() == Some("rest_upload_sideload_error")
}

fn unreadable(connection: &Connection, cause: String) -> Error {
    Error::failed(format!(
        "the target `{}` gave an answer about pictures that cannot be read",
        connection.target()
    ))
    .cause(cause)
}
