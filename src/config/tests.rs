use std::path::Path;

use super::Config;

fn refused(keys: &str) -> String {
    let text = format!("[targets.folder]\nkind = \"folder\"\naudience = \"public\"\n{keys}\n");
    Config::parse(&text, Path::new("crosspost.toml")).err().map(|e| e.to_string()).unwrap_or_default()
}

#[test]
fn a_header_that_cannot_be_filled_in_is_told_with_its_place() {
    insta::assert_snapshot!(refused("header = \"By {{ auther }}\""), @r"
    error: the template names `auther`, which there is not
      --> crosspost.toml:4:10
      help: did you mean `author`?
    ");
    insta::assert_snapshot!(refused("footer = \"\"\"\none\n{{ title\n\"\"\""), @r"
    error: the template is not understood
      --> crosspost.toml:6
      cause: unexpected end of input, expected end of variable block
    ");
    insta::assert_snapshot!(refused("footer = '''one\n{{ nope }}'''"), @r"
    error: the template names `nope`, which there is not
      --> crosspost.toml:5
      help: there are: title, canonical, canonical_host, date, author
    ");
    insta::assert_snapshot!(refused("footer = 7"), @r"
    error: invalid type: integer `7`, expected a string
      --> crosspost.toml:4:10
      in: [targets.folder]
    ");
}

#[test]
fn header_and_footer_are_taken_by_every_kind_of_target() {
    for target in [
        "kind = \"folder\"",
        "kind = \"medium\"",
        "kind = \"wordpress\"\nurl = \"https://blog.example.org\"\nuser = \"bot\"",
    ] {
        let text = format!(
            "[targets.t]\n{target}\naudience = \"public\"\nheader = \"a\"\nfooter = \"{{{{ title }}}}\"\n"
        );
        let config = Config::parse(&text, Path::new("crosspost.toml")).unwrap();
        let frame = &config.target("t").unwrap().common().frame;
        assert!(frame.header.is_some() && frame.footer.is_some(), "{target}");
    }
}

#[test]
fn a_proxy_is_an_address_and_its_password_stands_elsewhere() {
    for proxy in ["http://cate:zq-secret@proxy.example:3128", "http://cate@proxy.example:3128"] {
        let told = refused(&format!("proxy = \"{proxy}\""));
        assert!(told.contains("set HTTPS_PROXY=") && !told.contains("zq-secret"), "{told}");
    }
    assert!(refused("proxy = \"proxy.example:3128\"").contains("write it in full"));
    assert!(refused("proxy = \"\"").contains("crosspost.toml:4:9"));
    assert_eq!(refused("proxy = \"http://proxy.example:3128\""), "");
}
