use std::path::Path;

use crate::config::Config;

fn parse(extra: &str) -> Result<String, String> {
    let text = format!(
        "project = \"p\"\n[targets.intranet]\nkind = \"sharepoint\"\naudience = \"internal\"\n{extra}\n"
    );
    match Config::parse(&text, Path::new("crosspost.toml")) {
        Ok(config) => Ok(config.targets[0].location()),
        Err(error) => Err(error.to_string()),
    }
}

const IDS: &str = "tenant = \"contoso.onmicrosoft.com\"\nclient = \"11111111-2222-3333-4444-555555555555\"";

#[test]
fn the_address_of_any_page_leads_to_its_site() {
    for (copied, site) in [
        ("https://contoso.sharepoint.com/sites/intranet", "https://contoso.sharepoint.com/sites/intranet"),
        (
            "https://contoso.sharepoint.com/sites/intranet/SitePages/Home.aspx?web=1#x",
            "https://contoso.sharepoint.com/sites/intranet",
        ),
        (
            "https://contoso.sharepoint.com/sites/a/b/Shared%20Documents/Forms/AllItems.aspx",
            "https://contoso.sharepoint.com/sites/a/b",
        ),
        ("https://contoso.sharepoint.com/", "https://contoso.sharepoint.com"),
    ] {
        assert_eq!(parse(&format!("url = \"{copied}\"\n{IDS}")).unwrap(), site, "{copied}");
    }
}

#[test]
fn what_is_missing_or_cannot_be_is_told_with_what_to_write() {
    let url = "url = \"https://contoso.sharepoint.com/sites/intranet\"";
    for (table, words) in [
        (IDS.to_owned(), "does not say its `url`"),
        (format!("{url}\nclient = \"1\""), "does not say its `tenant`"),
        (format!("{url}\ntenant = \"contoso.com\""), "Application (client) ID"),
        (format!("{url}\ntenant = \"a/b\"\nclient = \"1\""), "`tenant` is neither an id nor a domain"),
        (format!("{url}\n{IDS}\nsecret = \"x\""), "secret"),
        (format!("url = \"http://contoso.example/\"\n{IDS}"), "plain HTTP"),
        (format!("{url}\n{IDS}\napi = \"graph\""), "`api` is no address"),
    ] {
        let error = parse(&table).expect_err(words);
        assert!(error.contains(words), "{words} in {error}");
    }
}
