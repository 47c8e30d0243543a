//! Pictures: files in a document library of the site, found again by a name made from their bytes.

use reqwest::{
    Method,
    header::{CONTENT_TYPE, HeaderValue},
};
use serde_json::Value;

use super::{
    connection::{Connection, encoded},
    errors::{self, Outcome, Refusal},
};
use crate::{
    error::{Error, Result},
    render::{Picture, RemotePicture},
    targets::{
        Upload, WriteError,
        client::{Body, Request},
    },
};

/// The folder in the library.
const FOLDER: &str = "crosspost";

/// Where the pictures are: a path below Graph's address, asked for once.
#[derive(Debug, Default)]
pub struct Library(tokio::sync::Mutex<Option<String>>);

impl Library {
    async fn path(&self, connection: &Connection) -> Result<String> {
        let mut path = self.0.lock().await;
        if let Some(path) = path.as_ref() {
            return Ok(path.clone());
        }
        let site = format!("sites/{}", encoded(connection.site().await?));
        let found = match &connection.config().library {
            None => format!("{site}/drive"),
            Some(name) => format!("drives/{}", encoded(&named(connection, &site, name).await?)),
        };
        *path = Some(found.clone());
        Ok(found)
    }

    /// The library's name, which shows that it is there.
    ///
    /// # Errors
    /// When it is not, or may not be seen.
    pub async fn name(&self, connection: &Connection) -> Result<String> {
        let url = connection.address(&self.path(connection).await?, &[("$select", "id,name")])?;
        let body = connection.query("show its document library", url).await?;
        Ok(body.get("name").and_then(Value::as_str).unwrap_or_default().to_owned())
    }
}

/// The id of the library of this name. That of a site's own pictures is hidden, unless `system` is
/// asked for.
async fn named(connection: &Connection, site: &str, name: &str) -> Result<String> {
    let url = connection.address(&format!("{site}/drives"), &[("$select", "id,name,system")])?;
    let all = connection.list("list its document libraries", url).await?;
    let text =
        |drive: &Value, key: &str| drive.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    if let Some(drive) = all.iter().find(|drive| text(drive, "name").eq_ignore_ascii_case(name)) {
        return Ok(text(drive, "id"));
    }
    let names: Vec<String> = all.iter().map(|drive| text(drive, "name")).collect();
    let target = connection.target();
    Err(Error::invalid(format!("the site `{target}` has no document library `{name}`"))
        .code("no-library")
        .help(format!("it has: {}", names.join(", ")))
        .help("or leave `library` out: then the site's first one is used"))
}

/// The name of a picture's file: the same bytes have the same name.
#[must_use]
pub fn file_name(picture: &Picture) -> String {
    let ending = picture.media_type.rsplit('/').next().unwrap_or("bin");
    format!("{}.{}", picture.digest.short(), if ending == "jpeg" { "jpg" } else { ending })
}

/// Looks for pictures, one request each.
///
/// # Errors
/// When the library cannot be asked.
pub async fn find(
    connection: &Connection,
    library: &Library,
    pictures: &[Picture],
) -> Result<Vec<Option<RemotePicture>>> {
    let mut found = Vec::with_capacity(pictures.len());
    for wanted in pictures {
        let path = format!("{}/root:/{FOLDER}/{}", library.path(connection).await?, file_name(wanted));
        let url = connection.address(&path, &[("$select", "id,name,webUrl")])?;
        found.push(match connection.ask(url).await? {
            Outcome::Done(body) => picture(&body),
            // A library that may not be seen takes no upload either, and says so.
            Outcome::Refused(Refusal::NotThere, _) => None,
            Outcome::Refused(refusal, words) => {
                return Err(errors::explain(connection, "show its pictures", &refusal, &words));
            }
        });
    }
    Ok(found)
}

fn picture(item: &Value) -> Option<RemotePicture> {
    let text = |key: &str| Some(item.get(key)?.as_str()?.to_owned());
    Some(RemotePicture { id: text("id"), url: text("webUrl")? })
}

/// Uploads a picture. One of the same name has the same bytes.
///
/// # Errors
/// What Graph said.
pub async fn upload(connection: &Connection, library: &Library, upload: Upload) -> Result<RemotePicture> {
    let doing = format!("take the picture `{}`", upload.picture.file_name);
    let name = file_name(&upload.picture);
    let path = format!("{}/root:/{FOLDER}/{name}:/content", library.path(connection).await?);
    let mut request = Request::new(Method::PUT, connection.address(&path, &[])?)
        .header(CONTENT_TYPE, HeaderValue::from_static(upload.picture.media_type));
    request.body = Body::Bytes(upload.bytes);
    match connection.send(&request).await.map_err(WriteError::into_error)? {
        Outcome::Done(body) => picture(&body).ok_or_else(|| {
            Error::failed(format!("the target `{}` did not {doing}", connection.target()))
                .cause(errors::one_line(&body.to_string()))
        }),
        Outcome::Refused(refusal, words) => Err(errors::explain(connection, &doing, &refusal, &words)),
    }
}
