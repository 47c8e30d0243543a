//! What `doctor` says of a site.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::header::HeaderValue;
use serde_json::Value;

use super::{connection::Connection, find, media::Library, session::Credentials, survey};
use crate::targets::diagnosis::Diagnosis;

/// The permissions with which pages can be published (Microsoft Graph, "Create sitePage").
const ENOUGH: [&str; 4] =
    ["Sites.Selected", "Sites.ReadWrite.All", "Sites.Manage.All", "Sites.FullControl.All"];

/// Looks at everything that publishing needs, in the order in which it is needed.
pub async fn diagnose(connection: &Connection, library: &Library) -> Vec<Diagnosis> {
    let mut told = Vec::new();
    let bearer = match connection.bearer().await {
        Ok(bearer) => bearer,
        Err(error) => return vec![Diagnosis::from(&error)],
    };
    told.push(Diagnosis::good(format!("a token was given out, {}", by_what(connection.credentials()))));
    told.extend(permissions(&bearer));
    match survey::ask(connection).await {
        Ok((id, name)) => {
            told.push(Diagnosis::good(format!("the site \"{name}\" is there, with the id {id}")));
        }
        Err(error) => {
            told.push(Diagnosis::from(&error));
            return told;
        }
    }
    match find::can_see_pages(connection).await {
        Ok(()) => told.push(Diagnosis::good("its pages can be listed")),
        Err(error) => {
            told.push(Diagnosis::from(&error));
            return told;
        }
    }
    told.push(match library.name(connection).await {
        Ok(name) => Diagnosis::good(format!("pictures go to the document library \"{name}\"")),
        Err(error) => Diagnosis::from(&error),
    });
    told
}

fn by_what(credentials: &Credentials) -> &'static str {
    match credentials {
        Credentials::Secret(_) => "for a client secret",
        Credentials::Assertion(_) => "for a token of the CI service",
        Credentials::Job(_) => "for this job of GitHub Actions",
    }
}

/// What the token says that the application may do. Its form is Microsoft's own affair: one that
/// cannot be read says nothing.
fn permissions(bearer: &HeaderValue) -> Option<Diagnosis> {
    let token = bearer.to_str().ok()?.strip_prefix("Bearer ")?;
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    let roles: Vec<&str> = claims.get("roles")?.as_array()?.iter().filter_map(Value::as_str).collect();
    let named = roles.join(", ");
    Some(if roles.iter().any(|role| ENOUGH.contains(role)) {
        Diagnosis::good(format!("the application has the permissions {named}"))
    } else {
        Diagnosis::doubtful(format!("the application has the permissions {named}, and needs another"))
            .help("give it `Sites.Selected` with the role `write` on this site, or `Sites.ReadWrite.All`")
            .help("as an application permission, not a delegated one, and let an administrator consent")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(claims: &str) -> Option<Diagnosis> {
        let token = format!("Bearer x.{}.x", URL_SAFE_NO_PAD.encode(claims));
        permissions(&HeaderValue::from_str(&token).unwrap())
    }

    #[test]
    fn what_a_token_allows_is_told_and_an_unreadable_one_says_nothing() {
        let good = told(r#"{"roles": ["Sites.Selected"]}"#).unwrap();
        assert_eq!(good, Diagnosis::good("the application has the permissions Sites.Selected"));
        let poor = told(r#"{"roles": ["Sites.Read.All"]}"#).unwrap();
        assert!(poor.text.contains("needs another") && poor.help[0].contains("Sites.ReadWrite.All"));
        assert_eq!(told("opaque"), None);
        assert_eq!(permissions(&HeaderValue::from_static("Bearer opaque")), None);
    }
}
