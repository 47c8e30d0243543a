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
