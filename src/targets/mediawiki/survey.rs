//! What must be known of a wiki before a page can be rendered: its extensions, where its pages are,
//! how it writes titles. Asked once, and remembered in the ledger.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use url::Url;

use super::connection::Connection;
use crate::{
    error::{Error, Result},
    render::wikitext::{ARTICLE, TAGS},
};

/// Whether titles begin with a capital letter: `first-letter` or `case-sensitive`.
pub const CASE: &str = "case";
/// The wiki's own namespaces and links to other wikis, in small letters, with bars between.
pub const PREFIXES: &str = "prefixes";

/// The extension tags that renderings use.
const USEFUL_TAGS: &[&str] = &["math", "ref", "references", "syntaxhighlight"];

type Known = BTreeMap<String, String>;

/// Asks what `known` lacks.
///
/// # Errors
/// When the wiki cannot be asked; a `namespace` that it does not have.
pub async fn survey(connection: &Connection, known: &Known) -> Result<Known> {
    connection.hint(known);
    if [TAGS, CASE, PREFIXES].iter().all(|key| known.contains_key(*key)) {
        return Ok(Known::new());
    }
    let query = [
        ("action", "query"),
        ("meta", "siteinfo"),
        ("siprop", "general|extensiontags|namespaces|namespacealiases|interwikimap"),
    ];
    let body = connection.query("describe itself", &query).await?;
    let site = body.get("query").cloned().unwrap_or_default();
    check_namespace(connection, &site)?;
    let mut learned = connection.learned(known).await;
    learned.insert(TAGS.to_owned(), tags(&site));
    learned.insert(PREFIXES.to_owned(), prefixes(&site));
    let case = site.pointer("/general/case").and_then(Value::as_str).unwrap_or("first-letter");
    learned.insert(CASE.to_owned(), case.to_owned());
    if let Some(article) = article(&site, &connection.config().url) {
        learned.insert(ARTICLE.to_owned(), article);
    }
    Ok(learned)
}

fn tags(site: &Value) -> String {
    let tags = site.get("extensiontags").and_then(Value::as_array);
    let names: BTreeSet<&str> = tags
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(|tag| tag.trim_matches(['<', '>']))
        .collect();
    USEFUL_TAGS.iter().copied().filter(|tag| names.contains(tag)).collect::<Vec<_>>().join(" ")
}

fn prefixes(site: &Value) -> String {
    let mut names = names_of_namespaces(site);
    let interwiki = site.get("interwikimap").and_then(Value::as_array);
    names.extend(
        interwiki.into_iter().flatten().filter_map(|entry| Some(entry.get("prefix")?.as_str()?.to_owned())),
    );
    let small: BTreeSet<String> =
        names.iter().filter(|name| !name.is_empty()).map(|name| name.to_lowercase()).collect();
    small.into_iter().collect::<Vec<_>>().join("|")
}

fn names_of_namespaces(site: &Value) -> Vec<String> {
    let text = |entry: &Value, key: &str| entry.get(key).and_then(Value::as_str).map(str::to_owned);
    let spaces = site.get("namespaces").and_then(Value::as_object);
    let own = spaces.into_iter().flat_map(|all| all.values());
    let mut names: Vec<String> =
        own.flat_map(|entry| [text(entry, "name"), text(entry, "canonical")]).flatten().collect();
    let aliases = site.get("namespacealiases").and_then(Value::as_array);
    names.extend(aliases.into_iter().flatten().filter_map(|entry| text(entry, "alias")));
    names
}

/// A namespace that the wiki does not have would become a part of the title.
pub(super) fn check_namespace(connection: &Connection, site: &Value) -> Result<()> {
    let Some(namespace) = &connection.config().namespace else { return Ok(()) };
    let spaces = site.get("namespaces").and_then(Value::as_object);
    let own = spaces.into_iter().flat_map(|all| all.values());
    let names: Vec<&str> =
        own.filter_map(|entry| entry.get("name")?.as_str()).filter(|name| !name.is_empty()).collect();
    if names.contains(&namespace.as_str()) {
        return Ok(());
    }
    Err(Error::invalid(format!("the wiki `{}` has no namespace `{namespace}`", connection.target()))
        .code("no-namespace")
        .help(format!("it has: {}", names.join(", ")))
        .help("or use `prefix`, which any wiki takes"))
}

/// The address of its pages, `$1` for the title. A server may leave out the scheme.
fn article(site: &Value, url: &Url) -> Option<String> {
    let server = site.pointer("/general/server")?.as_str()?;
    let path = site.pointer("/general/articlepath")?.as_str()?;
    let server =
        if server.starts_with("//") { format!("{}:{server}", url.scheme()) } else { server.to_owned() };
    path.contains("$1").then(|| format!("{server}{path}"))
}
