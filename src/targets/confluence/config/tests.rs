use std::path::Path;

use super::*;
use crate::config::Config as Whole;

/// The location of a space with this table, or the error.
fn configured(table: &str) -> Result<String, String> {
    let text =
        format!("project = \"p\"\n[targets.wiki]\nkind = \"confluence\"\naudience = \"internal\"\n{table}\n");
    let parsed = Whole::parse(&text, Path::new("crosspost.toml"));
    parsed.map(|config| config.targets[0].location()).map_err(|error| error.to_string())
}

#[test]
fn a_site_may_be_written_as_any_of_its_addresses() {
    for (url, site) in [
        ("https://a.atlassian.net", "https://a.atlassian.net/wiki"),
        ("https://a.atlassian.net/wiki/", "https://a.atlassian.net/wiki"),
        ("https://a.atlassian.net/wiki/spaces/DEV/pages/1/Title?x=y#z", "https://a.atlassian.net/wiki"),
        ("https://wiki.example.org", "https://wiki.example.org"),
        ("https://example.org/confluence/display/DEV/Title", "https://example.org/confluence"),
        ("https://wiki.example.org/pages/viewpage.action?pageId=1", "https://wiki.example.org"),
    ] {
        let found = configured(&format!("url = \"{url}\"\nspace = \"DEV\""));
        assert_eq!(found, Ok(format!("{site}, space DEV")), "{url}");
    }
}

#[test]
fn a_service_accounts_gateway_has_the_sites_addresses() {
    let at = |text: &str, edition| gateway(Url::parse(text).unwrap(), edition).to_string();
    let cloud = "https://api.atlassian.com/ex/confluence/11-22/wiki/";
    assert_eq!(at("https://api.atlassian.com/ex/confluence/11-22", Edition::Cloud), cloud);
    assert_eq!(at("https://api.atlassian.com/ex/confluence/11-22/wiki/", Edition::Cloud), cloud);
    assert_eq!(at("https://proxy.example/c", Edition::DataCenter), "https://proxy.example/c/");
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let site = "url = \"https://a.atlassian.net\"\n";
    for (table, words) in [
        (String::new(), "does not say its `url`"),
        (site.to_owned(), "does not say its `space`"),
        ("url = \"wiki\"\nspace = \"DEV\"".to_owned(), "`url` is no address"),
        ("url = \"http://wiki.example\"\nspace = \"DEV\"".to_owned(), "plain HTTP"),
        ("url = \"https://a:b@wiki.example\"\nspace = \"DEV\"".to_owned(), "carries a user name"),
        (format!("{site}space = \"a b\""), "no key of a space"),
        (format!("{site}space = \"DEV\"\nedition = \"server\""), "no edition"),
        (format!("{site}space = \"DEV\"\ncolour = 1"), "unknown key `colour`"),
    ] {
        let error = configured(&table).unwrap_err();
        assert!(error.contains(words), "{table}: {error}");
        assert!(error.contains("--> crosspost.toml:"), "{table}: {error}");
    }
}
