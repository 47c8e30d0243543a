//! Pictures, where the description says how they are uploaded.

use base64::Engine;
use reqwest::header::{CONTENT_TYPE, HeaderValue};

use super::{
    address,
    config::Sent,
    connection::Connection,
    errors::{self, Outcome},
    names::Values,
    source::text,
};
use crate::{
    error::{Error, Result},
    render::RemotePicture,
    targets::{Upload, WriteError, client::Body},
};

/// Uploads a picture.
///
/// # Errors
/// What the server said; an answer that does not say where the picture is.
pub async fn upload(connection: &Connection, upload: Upload) -> Result<RemotePicture> {
    connection.check().await?;
    let config = connection.config();
    let Some(described) = &config.upload else {
        return Err(Error::invalid("the configuration does not describe how pictures are uploaded"));
    };
    let Upload { picture, alt, bytes } = upload;
    let data = match described.sent {
        Sent::Json => base64::engine::general_purpose::STANDARD.encode(&bytes),
        Sent::File(_) | Sent::Bytes => String::new(),
    };
    let values = Values::picture(&picture, &alt, &data);
    let mut request = connection.request(&described.operation, &values)?;
    match &described.sent {
        Sent::Json => {}
        Sent::File(field) => {
            request.body = Body::File {
                field: field.clone().into(),
                name: picture.file_name.clone(),
                media_type: picture.media_type.to_owned(),
                bytes,
            };
        }
        Sent::Bytes => {
            let is_set = described.operation.headers.iter().any(|(name, _)| name == CONTENT_TYPE);
            if !is_set {
                request.headers.insert(CONTENT_TYPE, HeaderValue::from_static(picture.media_type));
            }
            request.body = Body::Bytes(bytes);
        }
    }
    let doing = format!("take the picture `{}`", picture.file_name);
    let outcome = connection.write(&described.operation, &request).await.map_err(WriteError::into_error)?;
    let Outcome::Done(said) = &outcome else { return Err(errors::explain(connection, &doing, &outcome)) };
    let id = described.id.as_ref().and_then(|id| id.value(&said.whole, &said.headers, &Values::default()));
    let id = id.as_ref().map(text);
    let values = id.iter().fold(Values::default(), |values, id| values.with_text("id", id));
    let url = described.url.text(&said.whole, &said.headers, &values);
    match url.and_then(|url| address::for_people(&config.url, &url)) {
        Some(url) => Ok(RemotePicture { id, url }),
        None => Err(errors::explain(connection, &doing, &outcome).help("correct `url` in `upload`")),
    }
}
