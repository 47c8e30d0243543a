use std::collections::BTreeMap;

use super::*;
use crate::{note::NoteId, render::Featured};

fn marker() -> Marker {
    Marker::derive("p", &NoteId::of_path("a.md"), "blog")
}

fn rendering() -> Rendering {
    Rendering {
        title: "Week 12".to_owned(),
        slug: None,
        excerpt: None,
        status: Status::Publish,
        date: None,
        tags: None,
        categories: None,
        author: None,
        canonical: None,
        featured: None,
        body: "<p>x</p>".to_owned(),
        extra: BTreeMap::new(),
        needs: Vec::new(),
        warnings: Vec::new(),
    }
}

fn post(json: &Value) -> Post {
    serde_json::from_value(json.clone()).unwrap()
}

#[test]
fn what_the_note_does_not_set_is_not_sent() {
    let sent = fields(&rendering(), marker(), &Ids::default());
    let names: Vec<&String> = sent.keys().collect();
    assert_eq!(names, ["title", "content", "status"]);
}

#[test]
fn what_the_note_sets_is_sent_in_the_apis_words() {
    let mut rendering = rendering();
    rendering.date = Some("2031-02-03T04:05:06.7+01:00".parse().unwrap());
    rendering.excerpt = Some("short".to_owned());
    rendering.featured = Some(Featured { src: "a.png".to_owned(), url: String::new(), alt: String::new() });
    rendering.extra.insert("footnotes".to_owned(), json!("[]"));
    let terms = BTreeMap::from([("categories".to_owned(), vec![3]), ("tags".to_owned(), vec![])]);
    let ids = Ids { terms, featured: Some(9), author: None };
    let sent = fields(&rendering, marker(), &ids);
    assert_eq!(sent["date_gmt"], "2031-02-03T03:05:06Z");
    assert_eq!((&sent["categories"], &sent["tags"]), (&json!([3]), &json!([])));
    assert_eq!((&sent["featured_media"], &sent["meta"]), (&json!(9), &json!({ "footnotes": "[]" })));
}

#[test]
fn a_scheduled_post_has_the_address_that_it_will_have() {
    let remote = post(&json!({ "id": 4, "status": "future", "slug": "he", "link": "https://a.example/?p=4",
        "permalink_template": "https://a.example/2030/01/01/%postname%/" }))
    .remote();
    assert_eq!(remote.url.as_deref(), Some("https://a.example/2030/01/01/he/"));
    assert!(remote.permanent);
    assert_eq!(remote.parts["status"], "publish", "time alone publishes it");
}

#[test]
fn a_drafts_address_is_not_permanent() {
    let remote = post(&json!({ "id": 4, "status": "draft", "link": "https://a.example/?p=4",
        "permalink_template": "https://a.example/2030/01/01/%postname%/" }))
    .remote();
    assert_eq!((remote.url.as_deref(), remote.permanent), (Some("https://a.example/?p=4"), false));
}

#[test]
fn after_a_write_only_the_parts_that_were_sent_are_told() {
    let post = post(&json!({ "id": 4, "status": "publish", "slug": "he", "excerpt": { "raw": "e" },
        "title": { "raw": "t" }, "content": { "raw": "c" }, "tags": [5, 3], "categories": [1],
        "date_gmt": "2030-01-01T00:00:00", "featured_media": 0, "author": 2, "meta": [] }));
    let all = post.remote().parts;
    assert_eq!(all["tags"], "3,5", "in one order");
    assert_eq!(all["date"], "2030-01-01T00:00:00Z");
    let sent = json!({ "title": "t", "content": "c", "status": "publish", "tags": [3, 5] });
    let parts = post.echo(sent.as_object().unwrap()).parts;
    assert_eq!(parts.keys().collect::<Vec<_>>(), ["content", "status", "tags", "title"]);
}

#[test]
fn another_slug_than_asked_for_is_told() {
    let told = |asked: &str, got: &str| slug_difference(asked, got).map(|(code, _)| code);
    assert_eq!(told("week-12", "week-12"), None);
    assert_eq!(told("日本", "%e6%97%a5%e6%9c%ac"), None);
    assert_eq!(told("week-12", "week-12-2"), Some("slug-taken"));
    assert_eq!(told("Été", "ete-3"), Some("slug-taken"));
    assert_eq!(told("Été", "ete"), Some("slug-changed"));
    assert_eq!(told("week-12", ""), Some("slug-ignored"));
}

#[test]
fn another_status_than_asked_for_is_told_and_a_scheduled_one_is_none() {
    let codes = |status: &str| -> Vec<&str> {
        let post = post(&json!({ "id": 1, "status": status }));
        differences(&rendering(), &[Taxonomy::CATEGORIES, Taxonomy::TAGS], &Map::new(), &post)
            .iter()
            .map(|w| w.code)
            .collect()
    };
    assert!(codes("future").is_empty());
    assert!(codes("publish").is_empty());
    assert_eq!(codes("pending"), ["status-changed"]);
}

#[test]
fn what_a_type_of_post_cannot_have_is_told() {
    let sent = json!({ "categories": [3], "tags": [] });
    let post = post(&json!({ "id": 1, "status": "publish", "tags": [] }));
    let warnings =
        differences(&rendering(), &[Taxonomy::CATEGORIES, Taxonomy::TAGS], sent.as_object().unwrap(), &post);
    assert_eq!(warnings.len(), 1);
    assert_eq!(warnings[0].message, "posts of this type take no categories at the site");
}

#[test]
fn a_term_that_the_site_dropped_is_told() {
    let sent = json!({ "categories": [3, 4], "tags": [] });
    let post = post(&json!({ "id": 1, "status": "publish", "categories": [3, 9], "tags": [1] }));
    let warnings =
        differences(&rendering(), &[Taxonomy::CATEGORIES, Taxonomy::TAGS], sent.as_object().unwrap(), &post);
    assert_eq!(warnings.iter().map(|w| w.code).collect::<Vec<_>>(), ["terms-dropped"]);
}
