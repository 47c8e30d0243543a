//! Pictures: files of the wiki, found again by a name made from their bytes.

use serde_json::Value;

use super::{
    connection::Connection,
    errors::{self, Outcome},
    forms::{Fields, File},
};
use crate::{
    error::{Error, Result},
    render::{
        Picture, RemotePicture,
        wikitext::{self, content_name},
    },
    targets::{Upload, WriteError},
};

/// How many files one request asks for; a name has some thirty bytes.
const BATCH: usize = 40;

/// Looks for pictures, many in one request. Those that others uploaded count too.
///
/// # Errors
/// When the wiki cannot be asked.
pub async fn find(connection: &Connection, pictures: &[Picture]) -> Result<Vec<Option<RemotePicture>>> {
    let mut found = Vec::with_capacity(pictures.len());
    for batch in pictures.chunks(BATCH) {
        let names: Vec<String> = batch.iter().map(content_name).collect();
        let there = by_names(connection, &names).await?;
        found.extend(
            names.iter().map(|name| there.iter().find(|file| file.id.as_ref() == Some(name)).cloned()),
        );
    }
    Ok(found)
}

async fn by_names(connection: &Connection, names: &[String]) -> Result<Vec<RemotePicture>> {
    let titles = names.iter().map(|name| format!("File:{name}")).collect::<Vec<_>>().join("|");
    let query =
        [("action", "query"), ("titles", &titles), ("prop", "imageinfo"), ("iiprop", "url|canonicaltitle")];
    let body = connection.query("list its pictures", &query).await?;
    let pages = body.pointer("/query/pages").and_then(Value::as_array);
    Ok(pages.into_iter().flatten().filter_map(picture).collect())
}

/// The file of a page that describes one.
fn picture(page: &Value) -> Option<RemotePicture> {
    let url = page.pointer("/imageinfo/0/url")?.as_str()?;
    let (_, name) = page.get("title")?.as_str()?.split_once(':')?;
    Some(RemotePicture { id: Some(name.to_owned()), url: url.to_owned() })
}

/// Uploads a picture. The same bytes under another name are no reason not to: the page must not
/// depend on a file that somebody else looks after.
///
/// # Errors
/// What the wiki said.
pub async fn upload(connection: &Connection, upload: Upload) -> Result<RemotePicture> {
    let name = content_name(&upload.picture);
    let doing = format!("take the picture `{}`", upload.picture.file_name);
    let fields: Fields = vec![
        ("action", "upload".to_owned()),
        ("filename", name.clone()),
        ("comment", connection.config().summary.clone()),
        ("text", wikitext::text(&upload.alt)),
    ];
    let media_type = upload.picture.media_type;
    let file = File { field: "file", name: name.clone(), media_type, bytes: upload.bytes };
    let mut answer = send(connection, &doing, &fields, Some(&file)).await?;
    if is(&answer, "Warning") {
        // The name is made from the bytes, so a file of that name is this one.
        if answer.pointer("/upload/warnings/exists").is_some()
            && let Some(there) = by_names(connection, std::slice::from_ref(&name)).await?.pop()
        {
            return Ok(there);
        }
        // The bytes wait on the wiki under a key.
        let key = answer.pointer("/upload/filekey").and_then(Value::as_str);
        let key = key.ok_or_else(|| refused(connection, &doing, &answer))?.to_owned();
        let again = [fields, vec![("filekey", key), ("ignorewarnings", "1".to_owned())]].concat();
        answer = send(connection, &doing, &again, None).await?;
    }
    let there = if is(&answer, "Success") { by_names(connection, &[name]).await?.pop() } else { None };
    there.ok_or_else(|| refused(connection, &doing, &answer))
}

async fn send(connection: &Connection, doing: &str, fields: &Fields, file: Option<&File>) -> Result<Value> {
    match connection.write(fields, file).await.map_err(WriteError::into_error)? {
        Outcome::Done(body) => Ok(body),
        Outcome::Refused(refusal, words) => {
            let error = errors::explain(connection, doing, &refusal, &words);
            Err(if words.contains("filetype") {
                error.help("the wiki does not take this type of file (`$wgFileExtensions`): convert it")
            } else if words.contains("uploaddisabled") {
                error.help("the wiki takes no files (`$wgEnableUploads`)")
            } else {
                error
            })
        }
    }
}

fn is(answer: &Value, result: &str) -> bool {
    answer.pointer("/upload/result").and_then(Value::as_str) == Some(result)
}

fn refused(connection: &Connection, doing: &str, answer: &Value) -> Error {
    Error::failed(format!("the target `{}` did not {doing}", connection.target()))
        .cause(errors::one_line(&answer.to_string()))
}
