use std::path::Path;

use crate::config::Config as Whole;

/// The location of a wiki with this table, or the error.
fn configured(table: &str) -> Result<String, String> {
    let text =
        format!("project = \"p\"\n[targets.wiki]\nkind = \"mediawiki\"\naudience = \"internal\"\n{table}\n");
    let parsed = Whole::parse(&text, Path::new("crosspost.toml"));
    parsed.map(|config| config.targets[0].location()).map_err(|error| error.to_string())
}

#[test]
fn a_wiki_may_be_written_as_any_of_its_addresses() {
    for url in [
        "https://wiki.example",
        "https://wiki.example/api.php",
        "https://wiki.example/index.php/Main_Page?x=y#z",
        "https://wiki.example/index.php?title=A",
    ] {
        let found = configured(&format!("url = \"{url}\"\nuser = \"A@b\""));
        assert_eq!(found.as_deref(), Ok("https://wiki.example"), "{url}");
    }
    let folder = configured("url = \"https://a.example/wiki/\"\nuser = \"A@b\"");
    assert_eq!(folder.as_deref(), Ok("https://a.example/wiki"));
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    for (table, words) in [
        ("", "does not say its `url`"),
        ("url = \"wiki\"", "`url` is no address"),
        ("url = \"http://wiki.example\"", "plain HTTP"),
        ("url = \"https://a:b@wiki.example\"", "carries a user name"),
        ("url = \"https://w.example\"\nuser = \"Admin\"", "no name of a bot password"),
        ("url = \"https://w.example\"\nnamespace = \"a|b\"", "`namespace` cannot stand"),
        ("url = \"https://w.example\"\nprefix = \"#\"", "`prefix` cannot stand"),
        ("url = \"https://w.example\"\ncolour = 1", "unknown key `colour`"),
    ] {
        let error = configured(table).unwrap_err();
        assert!(error.contains(words), "{table}: {error}");
        assert!(error.contains("--> crosspost.toml:"), "{table}: {error}");
    }
}
