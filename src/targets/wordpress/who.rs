//! Who WordPress takes us for. Never asked ahead: only to explain an answer that went wrong, since
//! wrong credentials read as no credentials at all (WordPress fact 28), and to learn what the
//! user may do when a rendering depends on it.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    connection::Connection,
    errors::{self, Refusal},
    passwords::offered,
};
use crate::{
    error::{Error, Result},
    targets::client::{Answer, shown},
};

/// The user, as the site knows it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct User {
    /// Its id.
    pub id: u64,
    /// Its roles: `author`.
    pub roles: Vec<String>,
    /// What it may do, by WordPress's names.
    pub capabilities: Map<String, Value>,
}

impl User {
    /// Whether it may do something (`manage_categories`).
    #[must_use]
    pub fn may(&self, capability: &str) -> bool {
        self.capabilities.get(capability).is_some_and(|value| value == &Value::Bool(true))
    }
}

/// Asks the site who we are.
///
/// # Errors
/// When the credentials do not count, with what to do; when the site cannot be asked.
pub async fn me(connection: &Connection) -> Result<User> {
    let query = [("context", "edit"), ("_fields", "id,roles,capabilities")];
    let answer = connection.get("wp/v2/users/me", &query).await?;
    if answer.status.is_success()
        && let Ok(user) = errors::parse(&answer)
    {
        return Ok(user);
    }
    Err(stranger(connection, &answer).await)
}

/// The error for an answer that is no success. `doing` is what was tried, as `create a post`.
pub async fn explain(connection: &Connection, doing: &str, answer: &Answer) -> Error {
    let refusal = errors::refusal(answer);
    match refusal {
        Refusal::Unauthorised | Refusal::Forbidden | Refusal::AfterTheInsert => match me(connection).await {
            Ok(user) => not_allowed(connection, doing, &user, answer),
            Err(error) => error,
        },
        // A stranger may be told so of what is there.
        Refusal::NotThere => match me(connection).await {
            Ok(_) => failed(connection, doing, answer),
            Err(error) => error,
        },
        _ => failed(connection, doing, answer),
    }
}

/// The error for an answer that has nothing to do with who we are.
pub fn failed(connection: &Connection, doing: &str, answer: &Answer) -> Error {
    let error = Error::failed(format!("the target `{}` did not {doing}", connection.target()))
        .cause(errors::words(answer));
    match errors::refusal(answer) {
        Refusal::Redirect(to) => {
            let home = &connection.config().url;
            home.join(&to).map_or(error, |to| super::discovery::moved(home, &to))
        }
        Refusal::NotRest => error.help(
            "that is no answer of WordPress's REST API: a plugin, a cache or a firewall answered instead",
        ),
        Refusal::TooLarge => error.help(
            "raise the server's limits (`upload_max_filesize`, `post_max_size`), or send something smaller",
        ),
        Refusal::NotThere => error.help("it was deleted on the site"),
        Refusal::Busy => error.help("the site is busy or under maintenance: try again later"),
        Refusal::Broken => error.help("the site's own error log says more"),
        _ => error,
    }
}

/// The user is known, and may not.
fn not_allowed(connection: &Connection, doing: &str, user: &User, answer: &Answer) -> Error {
    let (target, name) = (connection.target(), &connection.config().user);
    let role = match user.roles.as_slice() {
        [] => "no role on this site".to_owned(),
        roles => format!("role: {}", roles.join(", ")),
    };
    let error =
        Error::failed(format!("at the target `{target}`, the user `{name}` may not {doing} ({role})"))
            .code("not-allowed")
            .cause(errors::words(answer));
    match errors::code(answer).as_deref() {
        _ if user.roles.is_empty() => error.help("add the user to this blog, with the role Author or Editor"),
        Some("rest_cannot_publish") => error.help(
            "give the user the role Author, or set `status: pending` in the note and let an editor publish",
        ),
        Some("rest_cannot_edit" | "rest_forbidden_context") => {
            error.help("the post belongs to somebody else: give the user the role Editor")
        }
        Some(code) if !code.starts_with("rest_") => error
            .help("the code is not WordPress's own: a plugin restricts the REST API, allow it for this user"),
        None => error
            .help("the answer is not WordPress's own: a firewall or a security plugin blocks the request"),
        _ => error.help("give the user a role that may, such as Author or Editor"),
    }
}

/// The credentials do not count: says why, as far as it can be told from outside.
async fn stranger(connection: &Connection, answer: &Answer) -> Error {
    let (target, name) = (connection.target(), &connection.config().user);
    let cause = errors::words(answer);
    let code = errors::code(answer);
    let told = match code.as_deref() {
        Some("rest_not_logged_in" | "invalid_username" | "invalid_email" | "incorrect_password") => None,
        Some("application_passwords_disabled" | "application_passwords_disabled_for_user") => Some(switched_off(target)),
        Some("rest_no_route") => Some(closed(target, "does not answer who the user is")),
        Some(_) => Some(closed(target, "is closed")),
        None if answer.status.as_u16() == 401 => Some(
            Error::failed(format!("the web server of the target `{target}` asks for a password of its own"))
                .code("server-password")
                .help("its password protection takes the place of WordPress's: let `/wp-json/` through, or use the address inside it"),
        ),
        None => Some(super::who::failed(connection, "answer who the user is", answer)),
    };
    if let Some(error) = told {
        return error.cause(cause);
    }
    match passwords_offered(connection).await {
        Some(false) => switched_off(target).cause(cause),
        _ => Error::failed(format!("the target `{target}` does not accept the user `{name}` and its password"))
            .code("wrong-credentials")
            .cause(cause)
            .help(format!(
                "check that it is an application password (not the one for logging in) of `{name}`: {}",
                shown(&profile(connection))
            ))
            .help("if both are right, the web server withholds the `Authorization` header from PHP: under Apache add `CGIPassAuth On`, or a rewrite rule that sets HTTP_AUTHORIZATION"),
    }
}

fn profile(connection: &Connection) -> url::Url {
    let mut url = connection.config().url.clone();
    url.set_path(&format!("{}wp-admin/profile.php", url.path()));
    url
}

/// Whether the site gives out application passwords; `None` where it does not say.
async fn passwords_offered(connection: &Connection) -> Option<bool> {
    let answer = connection.get("", &[("_fields", "authentication")]).await.ok()?;
    offered(&errors::parse(&answer).ok()?)
}

/// The error for a site that gives out no application passwords.
#[must_use]
pub fn switched_off(target: &str) -> Error {
    Error::failed(format!("application passwords are switched off at the target `{target}`"))
        .code("no-application-passwords")
        .help("a security plugin may do that: allow them for this user")
        .help("WordPress itself does on sites without HTTPS")
}

fn closed(target: &str, how: &str) -> Error {
    Error::failed(format!("the REST API of the target `{target}` {how}"))
        .code("rest-closed")
        .help("a plugin restricts it: allow it for users who are logged in")
}
