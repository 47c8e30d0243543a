//! What a survey learns, and that it never writes.

use crosspost::targets::Reader;
use serde_json::json;

use super::*;
use crate::harness::{proxy::Proxy, wordpress::Flavour};

#[tokio::test]
async fn nothing_is_asked_for_nothing() {
    let site = Site::shared(Flavour::Wp71);
    let proxy = Proxy::in_front_of(&site.url);
    let api = api_at(&proxy.url, &site.user(Role::Author));
    assert!(api.survey(&rendering(marker(), "t"), &Known::new()).await.unwrap().is_empty());
    assert!(proxy.requests().is_empty());
}

#[tokio::test]
async fn existing_terms_are_found_and_missing_ones_are_not_created() {
    let site = Site::shared(Flavour::Wp61);
    let proxy = Proxy::in_front_of(&site.url);
    let (name, missing) = (unique("R&D"), unique("missing"));
    let id = site.post("wp/v2/categories", &json!({ "name": name }))["id"].to_string();
    let post = Rendering {
        categories: Some(vec![name.to_uppercase(), missing.clone()]),
        tags: Some(vec![missing.clone()]),
        ..rendering(marker(), "t")
    };
    let api = api_at(&proxy.url, &site.user(Role::Editor));
    let learned = api.survey(&post, &Known::new()).await.unwrap();
    assert_eq!(learned[&format!("term/category/{}", name.to_uppercase())], id);
    assert_eq!(learned["can/categories"], "true");
    assert_eq!(learned.len(), 2, "{learned:?}");
    let another = Rendering { tags: Some(vec![unique("other")]), ..post };
    assert!(api.survey(&another, &learned).await.unwrap().is_empty());
    assert_eq!(proxy.count("GET", "orderby=count"), 2, "each taxonomy is listed once a run");
    assert!(proxy.writes().is_empty());
}

#[tokio::test]
async fn terms_beyond_the_first_hundred_are_found() {
    let site = Site::private(&[("WP", "7.1")]);
    for number in 0..100 {
        site.post("wp/v2/tags", &json!({ "name": format!("tag {number}") }));
    }
    let id = site.post("wp/v2/tags", &json!({ "name": "zebra & <3" }))["id"].to_string();
    let post = Rendering {
        tags: Some(vec!["Zebra & <3".to_owned(), "none".to_owned()]),
        ..rendering(marker(), "t")
    };
    let learned = api(&site, Role::Author).survey(&post, &Known::new()).await.unwrap();
    assert_eq!(learned, Known::from([("term/post_tag/Zebra & <3".to_owned(), id)]));
}

#[tokio::test]
async fn a_category_that_this_user_may_not_create_is_named() {
    let site = Site::shared(Flavour::Wp71);
    let name = unique("Weeknotes");
    let post = Rendering { categories: Some(vec![name.clone()]), ..rendering(marker(), "t") };
    let error = api(&site, Role::Author).survey(&post, &Known::new()).await.unwrap_err();
    assert_eq!(error.name(), Some("no-category"));
    assert!(error.message().contains(&name), "{error}");
    site.post("wp/v2/categories", &json!({ "name": format!("{name}s") }));
    let error = api(&site, Role::Author).survey(&post, &Known::new()).await.unwrap_err();
    assert_eq!(error.hints(), [format!("did you mean `{name}s`?")]);
}

#[tokio::test]
async fn footnotes_are_asked_for_once_where_there_are_any() {
    for (flavour, has) in [(Flavour::Wp71, "true"), (Flavour::Wp71Network, "true"), (Flavour::Wp61, "false")]
    {
        let site = Site::shared(flavour);
        let mut post = rendering(marker(), "t");
        post.extra.insert("footnotes".to_owned(), json!("[]"));
        for role in [Role::Contributor, Role::Editor] {
            let learned = api(&site, role).survey(&post, &Known::new()).await.unwrap();
            assert_eq!(learned, Known::from([("footnotes".to_owned(), has.to_owned())]), "{flavour:?}");
        }
    }
}

#[tokio::test]
async fn an_author_is_set_where_the_user_may() {
    let site = Site::shared(Flavour::Wp71);
    let post = |marker, name: &str| Rendering { author: Some(name.to_owned()), ..rendering(marker, "t") };
    let one = marker();
    let editor = api(&site, Role::Editor);
    let known = editor.survey(&post(one, "arthur"), &Known::new()).await.unwrap();
    let written = create(&editor, one, &post(one, "arthur"), &known).await.unwrap();
    assert_eq!(Some(&written.remote.parts["author"]), known.get("author/arthur"));
    assert!(written.warnings.is_empty());

    let (two, three) = (marker(), marker());
    let author = api(&site, Role::Author);
    let known = author.survey(&post(two, "edith"), &Known::new()).await.unwrap();
    assert!(known.is_empty());
    let written = create(&author, two, &post(two, "edith"), &known).await.unwrap();
    assert_eq!(codes(&written), ["author-ignored"]);
    let itself = create(&author, three, &post(three, "arthur"), &known).await.unwrap();
    assert!(itself.warnings.is_empty(), "it is the author anyway");

    let by_mail = api_of(&config(&site.url, "arthur@example.test"), &site.user(Role::Author).password);
    let known = by_mail.survey(&post(marker(), "arthur"), &Known::new()).await.unwrap();
    assert!(known.contains_key("author/arthur"), "the same user by another name");
}
