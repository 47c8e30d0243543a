use std::{collections::BTreeMap, path::Path, sync::Arc};

use super::*;
use crate::{
    config::Config,
    error::Warning,
    note::{Audience, Marker, NoteId},
    render::{KeepLinks, LinkFate, Links, Meta, PENDING_LINK, Pictures},
};

fn configure(lines: &str) -> Result<Arc<dyn Target>> {
    let text = format!("project = \"p\"\n[targets.medium]\nkind = \"medium\"\n{lines}\n");
    let config = Config::parse(&text, Path::new("crosspost.toml"))?;
    Ok(Arc::clone(&config.targets[0]))
}

fn refusal(lines: &str) -> String {
    configure(lines).err().expect("a refusal").to_string()
}

fn meta() -> Meta {
    Meta {
        title: "Week 12".to_owned(),
        slug: Some("week-12".to_owned()),
        stem: "week-12".to_owned(),
        categories: Some(vec!["Weeknotes".to_owned()]),
        ..Meta::default()
    }
}

fn render(meta: &Meta, links: &dyn Links) -> Result<Rendering, Vec<Error>> {
    let context = Context {
        audience: Audience::Public,
        meta,
        marker: Marker::derive("p", &NoteId::of_path("a.md"), "medium"),
        pictures: &Pictures::default(),
        links,
        site: &BTreeMap::new(),
    };
    configure("audience = \"public\"").expect("a target").render(&Document::default(), &context)
}

fn rendered(meta: &Meta) -> Rendering {
    render(meta, &KeepLinks).expect("a rendering")
}

#[test]
fn a_target_needs_no_keys_of_its_own() {
    let target = configure("audience = \"public\"").expect("a target");
    assert_eq!(target.location(), "https://api.medium.com/v1");
    assert_eq!(target.capabilities().find, Finding::Never);
    assert!(!target.capabilities().update && !target.capabilities().schedules);
}

#[test]
fn a_user_name_gives_the_feed() {
    for name in ["cate.example", "@cate.example"] {
        let target = configure(&format!("audience = \"public\"\nusername = \"{name}\"")).expect("a target");
        assert_eq!(target.capabilities().find, Finding::Hints);
    }
    assert!(refusal("audience = \"public\"\nusername = \"https://medium.com/@cate\"").contains("user name"));
}

#[test]
fn nothing_on_medium_is_internal() {
    insta::assert_snapshot!(refusal("audience = \"internal\""), @r#"
    error: the target `medium` cannot be internal: Medium is not
      --> crosspost.toml:2:10
      help: set `audience = "public"`, so that internal passages are cut from what is sent there
    "#);
}

#[test]
fn mistakes_in_the_table_are_told() {
    assert!(refusal("audience = \"public\"\nfeeds = \"x\"").contains("did you mean `feed`?"));
    assert!(refusal("audience = \"public\"\napi = \"http://api.example/v1\"").contains("plain HTTP"));
    assert!(refusal("audience = \"public\"\npublication = \"../users\"").contains("id of a publication"));
    assert!(refusal("audience = \"public\"\nlicense = \"mit\"").contains("cc-40-by"));
    assert!(refusal("audience = \"public\"\ntoken = \"x\"").contains("secret"));
}

#[test]
fn every_licence_of_medium_is_known() {
    for license in [
        "all-rights-reserved",
        "cc-40-by",
        "cc-40-by-sa",
        "cc-40-by-nd",
        "cc-40-by-nc",
        "cc-40-by-nc-nd",
        "cc-40-by-nc-sa",
        "cc-40-zero",
        "public-domain",
    ] {
        configure(&format!("audience = \"public\"\nlicense = \"{license}\"")).expect(license);
    }
}

#[test]
fn only_what_changes_the_text_changes_the_rendering() {
    let version = |lines: &str| {
        configure(&format!("audience = \"public\"\n{lines}")).expect("a target").rendering_version()
    };
    assert_eq!(version(""), version("visibility = \"draft\"\nlicense = \"cc-40-by\"\nnotify = true"));
    assert_ne!(version(""), version("tables = \"code\""));
}

#[test]
fn medium_keeps_three_short_tags() {
    let tags = ["one", "One ", "a tag of more than twenty-five", "two", "", "three", "four"];
    let rendering = rendered(&Meta { tags: Some(tags.map(str::to_owned).to_vec()), ..meta() });
    assert_eq!(rendering.tags, Some(vec!["one".to_owned(), "two".to_owned(), "three".to_owned()]));
    let message =
        "Medium takes 3 tags of at most 25 characters: left out are a tag of more than twenty-five, four";
    assert_eq!(rendering.warnings, [Warning::new("tags-cut", 0, message)]);
    assert_eq!(rendered(&meta()).tags, None);
}

#[test]
fn a_long_title_is_warned_of() {
    let title = |length| Meta { title: "é".repeat(length), ..meta() };
    assert_eq!(rendered(&title(100)).warnings, []);
    let long = rendered(&title(101));
    assert_eq!(long.warnings.iter().map(|w| w.code).collect::<Vec<_>>(), ["title-too-long"]);
    assert!(long.body.contains(&"é".repeat(101)));
}

#[test]
fn what_medium_has_not_is_not_in_the_rendering() {
    let rendering = rendered(&meta());
    assert_eq!((rendering.slug, rendering.categories, rendering.author), (None, None, None));
}

struct Inside;

impl Links for Inside {
    fn fate(&self, _href: &str, _line: u32, _warnings: &mut Vec<Warning>) -> LinkFate {
        LinkFate::Unlink
    }
}

#[test]
fn an_internal_original_is_refused() {
    let with = |canonical: &str| Meta { canonical: Some(canonical.to_owned()), ..meta() };
    let errors = render(&with("https://intranet.example/a"), &Inside).expect_err("a refusal");
    assert_eq!(errors[0].name(), Some("canonical-internal"));
    assert!(!errors[0].to_string().contains("intranet"));
    // An address that is not known yet is nobody's.
    let pending = render(&with(&format!("{PENDING_LINK}blog")), &Inside).expect("a rendering");
    assert!(pending.is_pending(&Pictures::default()));
}

#[test]
fn a_story_is_told_by_the_end_of_its_address() {
    let id = |address: &str| story_id(address).map(|id| id.0);
    let expected = Some("55050649c95a".to_owned());
    for address in [
        "https://medium.com/@cate/week-12-55050649c95a",
        "https://cate.medium.com/week-12-55050649c95a?source=rss-15d8------2",
        "https://medium.com/p/55050649c95a",
        "https://blog.example/55050649c95a/",
        " https://medium.com/p/55050649c95a#more\n",
    ] {
        assert_eq!(id(address), expected, "{address}");
    }
    for address in [
        "https://medium.com/@cate",
        "https://medium.com/",
        "55050649c95a",
        "https://medium.com/a-55050649c95g",
        "https://medium.com/@cate/my-decade",
    ] {
        assert_eq!(id(address), None, "{address}");
    }
}
