//! As whom Confluence answers. Wrong credentials may be answered as a stranger's are, to whom most pages
//! are "not found": so this is asked before anything else, and once.

use serde_json::Value;

use super::{
    connection::Connection,
    errors::{self, Outcome, Refusal},
    wire,
};
use crate::error::{Error, Result};

/// The configured user, as the site knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Me {
    /// The name that people see.
    pub name: String,
}

/// Asks who we are.
///
/// # Errors
/// When the credentials do not count, with what to do; when the site cannot be asked.
pub async fn ask(connection: &Connection) -> Result<Me> {
    let body = match errors::outcome(&connection.ask_raw(&wire::me()).await?) {
        Outcome::Done(body) => body,
        Outcome::Refused(Refusal::Stranger | Refusal::Forbidden, words) => {
            return Err(wrong_credentials(connection, &words));
        }
        // There is nothing below `rest/api`: no Confluence, or not at this address.
        Outcome::Refused(Refusal::NotThere, words) => {
            return Err(errors::explain(
                connection,
                "say who we are",
                &Refusal::NotApi { success: false },
                &words,
            ));
        }
        Outcome::Refused(refusal, words) => {
            return Err(errors::explain(connection, "say who we are", &refusal, &words));
        }
    };
    let text = |key: &str| body.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let is_known = text("type") != Some("anonymous")
        && ["accountId", "userKey", "username"].iter().any(|key| text(key).is_some());
    match text("displayName").or_else(|| text("username")) {
        Some(name) if is_known => Ok(Me { name: name.to_owned() }),
        _ if is_known => Ok(Me { name: "the token's owner".to_owned() }),
        _ => Err(wrong_credentials(connection, "the site answers as to a stranger")),
    }
}

/// The credentials do not count.
#[must_use]
pub fn wrong_credentials(connection: &Connection, words: &str) -> Error {
    let (target, config) = (connection.target(), connection.config());
    let error = match &config.user {
        Some(user) => Error::failed(format!("the target `{target}` does not accept the token of `{user}`"))
            .help("make one at https://id.atlassian.com/manage-profile/security/api-tokens; `user` is the e-mail address of the account that made it"),
        None => Error::failed(format!("the target `{target}` does not accept the token"))
            .help("a token that is sent alone is a service account's (then `api` names Atlassian's gateway) or a personal access token of Data Center; with any other, name its owner in `user`"),
    };
    error
        .code("wrong-credentials")
        .cause(words)
        .help("a token with scopes needs those that docs/targets-confluence.md lists")
}
