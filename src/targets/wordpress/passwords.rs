//! Application passwords: whether a site gives them out, and on which page (WordPress fact 29).

use serde_json::Value;
use url::Url;

use super::{
    connection::Connection,
    errors,
    who::{self, switched_off},
};
use crate::{
    error::{Error, Result},
    targets::client::Answer,
};

/// How the password is called in the user's profile, where it can be taken back.
const APP_NAME: &str = "crosspost";
/// By which WordPress tells the passwords of one program, whatever their names.
const APP_ID: &str = "7b0a6c0e-8f0d-4d53-9c52-3c1f6a2b9e41";

/// Whether the site gives out application passwords; `None` where it does not say.
pub fn offered(index: &Value) -> Option<bool> {
    // PHP writes an empty map as an empty list.
    index.get("authentication").map(|ways| ways.get("application-passwords").is_some())
}

/// The page on which a user makes one for crosspost.
///
/// # Errors
/// When the site cannot be asked, or gives out none.
pub async fn page(connection: &Connection) -> Result<Url> {
    let doing = "say where its application passwords are made";
    let answer = connection.get("", &[("_fields", "authentication")]).await?;
    let not_told = |answer: &Answer| who::failed(connection, doing, answer);
    let index: Value = errors::parse(&answer).map_err(|_| not_told(&answer))?;
    match offered(&index) {
        Some(false) => return Err(switched_off(connection.target())),
        None => return Err(not_told(&answer)),
        Some(true) => {}
    }
    let told = index.pointer("/authentication/application-passwords/endpoints/authorization");
    let page = told.and_then(Value::as_str).and_then(|told| connection.config().url.join(told).ok());
    let mut page = page
        .filter(|page| matches!(page.scheme(), "http" | "https"))
        .ok_or_else(|| Error::failed(format!("the target `{}` did not {doing}", connection.target())))?;
    page.query_pairs_mut().append_pair("app_name", APP_NAME).append_pair("app_id", APP_ID);
    Ok(page)
}
