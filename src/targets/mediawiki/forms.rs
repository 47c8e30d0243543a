//! Bodies as the API takes them.

use reqwest::header::{CONTENT_TYPE, HeaderValue};

use crate::targets::client::{Body, Request};

/// What is sent, by name.
pub type Fields = Vec<(&'static str, String)>;

/// A request that carries these fields.
#[must_use]
pub fn with_fields(request: Request, fields: &Fields) -> Request {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    let mut request =
        request.header(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    request.body = Body::Bytes(form.finish().into_bytes());
    request
}

/// A file that goes with the fields.
#[derive(Debug, Clone)]
pub struct File {
    /// The field's name.
    pub field: &'static str,
    /// The file's name: letters, digits, `-` and `.`.
    pub name: String,
    /// `image/png`.
    pub media_type: &'static str,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// What divides the parts: no file and no field has it.
const BOUNDARY: &str = "crosspost-7d2f1c9e4b8a4f5d9c3e6a1b0f7d8e2c";

/// A request that carries these fields and a file (RFC 7578).
#[must_use]
pub fn with_file(request: Request, fields: &Fields, file: &File) -> Request {
    let mut body = Vec::with_capacity(file.bytes.len() + 2048);
    for (name, value) in fields {
        body.extend(part(&format!("name=\"{name}\"")).bytes());
        body.extend(b"\r\n");
        body.extend(value.bytes());
        body.extend(b"\r\n");
    }
    body.extend(part(&format!("name=\"{}\"; filename=\"{}\"", file.field, file.name)).bytes());
    body.extend(format!("Content-Type: {}\r\n\r\n", file.media_type).bytes());
    body.extend(&file.bytes);
    body.extend(format!("\r\n--{BOUNDARY}--\r\n").bytes());
    let media_type = format!("multipart/form-data; boundary={BOUNDARY}");
    let mut request = match HeaderValue::from_str(&media_type) {
        Ok(value) => request.header(CONTENT_TYPE, value),
        Err(_) => request,
    };
    request.body = Body::Bytes(body);
    request
}

fn part(disposition: &str) -> String {
    format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n")
}
