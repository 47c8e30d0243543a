//! What must be known of a site before anything else: its id. It is asked for in each run that has
//! something to ask, since a site that was made anew at the same address has another.

use serde_json::Value;

use super::{
    connection::Connection,
    errors::{self, Outcome, Refusal},
};
use crate::error::{Error, Result};

/// The site's id and name, by its address.
///
/// # Errors
/// When there is no such site, or the application may not see it: Graph says the same of both.
pub async fn ask(connection: &Connection) -> Result<(String, String)> {
    let config = connection.config();
    let url =
        connection.address(&format!("sites/{}", config.path()), &[("$select", "id,displayName,webUrl")])?;
    let doing = "show the site";
    let body = match connection.ask(url).await? {
        Outcome::Done(body) => body,
        Outcome::Refused(refusal @ (Refusal::NotThere | Refusal::Forbidden), words) => {
            return Err(errors::explain(connection, doing, &refusal, &words)
                .help(format!("and look whether `url` is right: {}", config.url)));
        }
        Outcome::Refused(refusal, words) => return Err(errors::explain(connection, doing, &refusal, &words)),
    };
    let text = |key: &str| body.get(key).and_then(Value::as_str).map(str::to_owned);
    match text("id") {
        Some(id) => Ok((id, text("displayName").unwrap_or_default())),
        None => Err(Error::failed(format!("the target `{}` did not {doing}", connection.target()))
            .cause(errors::one_line(&body.to_string()))),
    }
}
