//! What `crosspost doctor` says of a space.

use serde_json::Value;

use super::{connection::Connection, survey::Place, wire};
use crate::{error::Result, targets::diagnosis::Diagnosis};

/// Looks at a space as somebody would who wonders why nothing arrives.
pub async fn diagnose(connection: &Connection) -> Vec<Diagnosis> {
    let me = match connection.me().await {
        Ok(me) => me,
        Err(error) => return vec![Diagnosis::from(&error)],
    };
    let mut found = vec![Diagnosis::good(format!("logged in as {}", me.name))];
    let place = match connection.place().await {
        Ok(place) => place,
        Err(error) => {
            found.push(Diagnosis::from(&error));
            return found;
        }
    };
    found.push(home(connection, place));
    match permissions(connection, place).await {
        Ok(permissions) => found.extend(permissions),
        Err(error) => found.push(Diagnosis::from(&error)),
    }
    found
}

fn home(connection: &Connection, place: &Place) -> Diagnosis {
    let space = &connection.config().space;
    match &place.home {
        Some(home) => Diagnosis::good(format!("pages go below \"{}\" in the space {space}", home.title)),
        None => Diagnosis::doubtful(format!("the space {space} has no home page that we may see"))
            .help("pictures need a page to be attached to: name one in `parent`"),
    }
}

/// What we may do in the space, as far as the site tells.
async fn permissions(connection: &Connection, place: &Place) -> Result<Vec<Diagnosis>> {
    let Some(call) = wire::operations(connection.config(), &place.space) else { return Ok(Vec::new()) };
    let body = connection.ask("say what we may do", &call).await?.unwrap_or_default();
    let may = |operation: &str, kind: &str| {
        let all = body.get("operations").and_then(Value::as_array);
        all.into_iter().flatten().any(|entry| entry["operation"] == operation && entry["targetType"] == kind)
    };
    let space = &connection.config().space;
    let help = format!("give the token's owner the permission in the space {space}");
    let mut found = vec![if may("create", "page") {
        Diagnosis::good("may create pages there")
    } else {
        Diagnosis::bad("may not create pages there").help(help.as_str())
    }];
    if !may("create", "attachment") {
        found.push(Diagnosis::doubtful("may not attach pictures there").help(help.as_str()));
    }
    if !may("delete", "page") {
        found.push(Diagnosis::doubtful("may not delete pages there: `unpublish` will not work").help(help));
    }
    Ok(found)
}
