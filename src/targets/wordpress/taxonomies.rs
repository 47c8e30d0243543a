//! The taxonomies of the configured post type: which there are in the API, and who may add terms.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{
    connection::{Connection, is_route},
    errors,
    who::{self, User},
};
use crate::error::{Error, Result, nearest};

/// A taxonomy as the API shows it to those who may set its terms.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Shown {
    slug: String,
    hierarchical: bool,
    rest_base: String,
    rest_namespace: Option<String>,
    capabilities: BTreeMap<String, String>,
}

/// The taxonomies that posts of the configured type have.
#[derive(Debug, Default)]
pub struct Taxonomies(Vec<Shown>);

/// The name under which a taxonomy's route is remembered.
#[must_use]
pub fn key(name: &str) -> String {
    format!("taxonomy/{name}")
}

/// Asks the site which there are.
///
/// # Errors
/// When the site cannot be asked.
pub async fn ask(connection: &Connection) -> Result<Taxonomies> {
    let post_type = connection.config().post_type.as_str();
    // Without `_fields`, which would pick among the taxonomies here, not among their fields.
    let query = [("type", post_type), ("context", "edit")];
    let answer = connection.get("wp/v2/taxonomies", &query).await?;
    // So it is answered where there is none that this user may set.
    if errors::code(&answer).as_deref() == Some("rest_cannot_view") {
        who::me(connection).await?;
        return Ok(Taxonomies::default());
    }
    if !answer.status.is_success() {
        return Err(who::explain(connection, "list its taxonomies", &answer).await);
    }
    // PHP writes an empty map as an empty list.
    let all: BTreeMap<String, Shown> = errors::parse(&answer).unwrap_or_default();
    Ok(Taxonomies(all.into_values().collect()))
}

impl Taxonomies {
    fn find(&self, name: &str) -> Option<&Shown> {
        self.0.iter().find(|shown| shown.rest_base == name)
    }

    /// Where the terms of a taxonomy are.
    ///
    /// # Errors
    /// When posts of this type have no such taxonomy, or this user may not set it.
    pub fn route(&self, connection: &Connection, name: &str) -> Result<String> {
        let namespace = |shown: &Shown| shown.rest_namespace.clone().unwrap_or_else(|| "wp/v2".to_owned());
        let route = self.find(name).map(|shown| format!("{}/{name}", namespace(shown)));
        route.filter(|route| is_route(route)).ok_or_else(|| self.none(connection, name))
    }

    fn none(&self, connection: &Connection, name: &str) -> Error {
        let (target, post_type) = (connection.target(), &connection.config().post_type);
        let error = Error::failed(format!(
            "posts of the type `{post_type}` have no taxonomy `{name}` at the target `{target}`, or `{}` may not set it",
            connection.config().user
        ))
        .code("no-taxonomy");
        if let Some(shown) = self.0.iter().find(|shown| shown.slug == name) {
            return error.help(format!("the site's API calls it `{}`: write that", shown.rest_base));
        }
        let there = || self.0.iter().map(|shown| shown.rest_base.as_str());
        match nearest(name, there()) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None if self.0.is_empty() => {
                error.help("it must be registered with `show_in_rest`, for this post type")
            }
            None => error.help(format!("there are: {}", there().collect::<Vec<_>>().join(", "))),
        }
    }

    /// Whether a user may create terms: where terms have parents, that takes more than setting them.
    #[must_use]
    pub fn may_create(&self, user: &User, name: &str) -> bool {
        let Some(shown) = self.find(name) else { return false };
        let asked = if shown.hierarchical { "edit_terms" } else { "assign_terms" };
        shown.capabilities.get(asked).is_some_and(|capability| user.may(capability))
    }
}
