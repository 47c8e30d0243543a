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
    let mut example: toml::Table = include_str!("../../config.example.toml").parse().unwrap();
    let targets = example["targets"].as_table_mut().unwrap();
    for (_, target) in targets.iter_mut() {
        let target = target.as_table_mut().unwrap();
        target.insert("header".to_owned(), "a".into());
        target.insert("footer".to_owned(), "{{ title }}".into());
    }
    let config = Config::parse(&toml::to_string(&example).unwrap(), Path::new("crosspost.toml")).unwrap();
    for driver in crate::targets::DRIVERS {
        let target = config.targets.iter().find(|target| target.kind() == driver.kind());
        let frame = &target.expect("the example has every kind").common().frame;
        assert!(frame.header.is_some() && frame.footer.is_some(), "{}", driver.kind());
    }
}

#[test]
fn a_header_for_the_public_names_no_internal_host() {
    let told = |audience: &str, header: &str| {
        let text = format!(
            "[internal]\nhosts = [\"intra.example\"]\n[targets.t]\nkind = \"folder\"\n\
             audience = \"{audience}\"\nheader = '''\nAll\n{header}\n'''\n"
        );
        Config::parse(&text, Path::new("crosspost.toml")).err().map(|e| e.to_string()).unwrap_or_default()
    };
    insta::assert_snapshot!(told("public", "[us](https://INTRA.example/plan)"), @r"
    error: a header or footer of the public target `t` names an internal host
      --> crosspost.toml:8:1
      help: take the address out: the public would read it under every note
    ");
    assert!(told("public", "<https://intra%2Eexample>").contains("internal host"));
    assert_eq!(told("internal", "[us](https://intra.example/plan)"), "");
    assert_eq!(told("public", "[us](https://extra.example/plan)"), "");
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
