use std::path::Path;

use crate::{config::Config as Whole, error::Error};

fn read(table: &str) -> Result<String, Error> {
    let text =
        format!("project = \"p\"\n[targets.blog]\nkind = \"wordpress\"\naudience = \"public\"\n{table}");
    Whole::parse(&text, Path::new("crosspost.toml")).map(|config| config.targets[0].location())
}

fn message(table: &str) -> String {
    read(table).unwrap_err().to_string()
}

#[test]
fn an_address_is_taken_in_each_way_that_people_write_it() {
    for url in [
        "https://host.example/hackit",
        "https://host.example/hackit/",
        "https://host.example/hackit//",
        "https://host.example/hackit/wp-json/",
        "https://host.example/hackit/wp-admin/",
        " https://HOST.example/hackit?x#y ",
    ] {
        let location = read(&format!("url = \"{url}\"\nuser = \"bot\"")).unwrap();
        assert_eq!(location, "https://host.example/hackit", "{url}");
    }
}

#[test]
fn a_password_does_not_travel_in_the_open() {
    assert!(message("url = \"http://host.example\"\nuser = \"bot\"").contains("over plain HTTP"));
    assert!(read("url = \"http://127.0.0.1:8080\"\nuser = \"bot\"").is_ok());
    assert!(read("url = \"http://host.example\"\nuser = \"bot\"\ninsecure_http = true").is_ok());
}

#[test]
fn what_is_missing_or_wrong_is_told_with_its_place() {
    for (table, part) in [
        ("user = \"bot\"", "does not say its `url`"),
        ("url = \"https://a.example\"", "does not say its `user`"),
        ("url = \"https://a.example\"\nuser = \" \"", "does not say its `user`"),
        ("url = \"blog\"\nuser = \"bot\"", "`url` is no address of a web site"),
        ("url = \"https://me:secret@a.example\"\nuser = \"bot\"", "carries a user name or a password"),
        ("url = \"https://a.example\"\nuser = \"bot\"\npost_type = \"../users\"", "cannot be a post type"),
        ("url = \"https://a.example\"\nuser = \"bot\"\nformat = \"markdown\"", "unknown variant `markdown`"),
        ("url = \"https://a.example\"\nusr = \"bot\"", "did you mean `user`?"),
    ] {
        let message = message(table);
        assert!(message.contains(part), "{table}: {message}");
        assert!(message.contains("--> crosspost.toml:"), "{table}: {message}");
        assert!(!message.contains("secret"), "{message}");
    }
}

#[test]
fn taxonomies_and_fields_have_names_and_values_that_the_api_takes() {
    for (lines, part) in [
        ("[targets.blog.taxonomies]\ncategories = [\"x\"]", "they are `categories`"),
        ("[targets.blog.taxonomies]\npost_tag = [\"x\"]", "they are `tags`"),
        ("[targets.blog.taxonomies]\n\"News types\" = [\"x\"]", "`News types` cannot be a taxonomy"),
        ("[targets.blog.taxonomies]\nnews-types = \"x\"", "expected a sequence"),
        ("[targets.blog.meta]\nfootnotes = \"x\"", "the notes' own"),
        ("[targets.blog.meta]\n\"a.b\" = \"x\"", "`a.b` cannot be a field"),
        ("[targets.blog.meta]\na = {b = 1}", "the field `a` cannot have such a value"),
        ("[targets.blog.meta]\na = 2026-01-01", "the field `a` cannot have such a value"),
    ] {
        let message = message(&format!("url = \"https://a.example\"\nuser = \"bot\"\n{lines}"));
        assert!(message.contains(part), "{lines}: {message}");
        assert!(message.contains("--> crosspost.toml:8"), "{lines}: {message}");
    }
    let fine =
        "[targets.blog.taxonomies]\nnews-types = []\n[targets.blog.meta]\na = \"x\"\nb = [1, 2.5, true]";
    assert!(read(&format!("url = \"https://a.example\"\nuser = \"bot\"\n{fine}")).is_ok());
}
